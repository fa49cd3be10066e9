"""What leaves this computer, and where it goes: for the doctor and for the screens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from agents.models import ROLES, Role, configured, is_loopback
from memory.settings import Settings

CONTENT: Mapping[Role, Mapping[str, str]] = {
    "quizzer": {
        "ask wordings": "the question",
        "point": "the point that a follow-up aims at, with its hints",
        "said quote": "your last three answers to it",
        "past": "how it went the last time",
        "avoid": "what the tutor said last",
        "profile": "a summary of what you know",
        "passage title drafts": "when you import prose, its passages and the cards made of them so far",
    },
    "explainer": {
        "ask answer points errors hidden": "the question with its answer, points and misconceptions",
        "said credited": "your last answers to it",
        "learner talk": "what you ask or say to the tutor, and the talk before it",
        "past": "how it went with what you look back at",
        "evidence": "passages of your decks and documents and earlier turns that fit, also those it "
        "looks up itself with its two tools",
        "avoid": "what the tutor said last",
        "profile": "a summary of what you know",
        "facts": "for the recap, how each question of the session went, with your words",
    },
    "evaluator": {
        "ask points errors": "the question, its points and misconceptions",
        "answer": "your answer",
    },
}
"""What each role's model is sent: the fields of its requests, and what they hold."""
MEMORY = (
    "memory: all that happened (your words and the tutor's), what is reckoned of what you know, and the "
    "passages of your decks and documents, with their vectors"
)


@dataclass(frozen=True, slots=True)
class Sent:
    """`what` goes to `where`; `away` says whether that is another computer."""

    what: str
    where: str
    away: bool


def what_is_sent(settings: Settings) -> tuple[Sent, ...]:
    """Everything that is sent anywhere with these settings; empty if nothing leaves the process."""
    sent = []
    models = configured(settings)
    for role in ROLES:
        config = models.get(role)
        if config is not None and not config.problem():
            where = f"{config.model} at {config.address}"
            what = "; ".join(CONTENT[role].values())
            sent.append(Sent(f"{role}: {what}", where, not config.local))
    if settings.memory:
        sent.append(Sent(MEMORY, settings.memory, not is_loopback(settings.memory)))
    return tuple(sent)
