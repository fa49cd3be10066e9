"""What leaves this computer, and where it goes: for the doctor and for the screens."""

from __future__ import annotations

from dataclasses import dataclass

from agents.models import ROLES, configured
from memory.settings import Settings

CONTENT = {
    "quizzer": (
        "the question, the point a follow-up aims at, your last three answers to it, what the tutor "
        "said last and a summary of what you know; when you import prose, its passages"
    ),
    "explainer": (
        "the question and its points, your last three answers to it, what you ask, passages of your "
        "decks and documents and earlier turns that fit, and a summary of what you know"
    ),
    "evaluator": "the question, its points and misconceptions, and your answer",
}


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
            sent.append(Sent(f"{role}: {CONTENT[role]}", where, not config.local))
    if settings.memory:
        sent.append(Sent("memory: all events", settings.memory, True))
    return tuple(sent)
