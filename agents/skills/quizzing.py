"""The built-in Quizzer: authored probes first, then templates; a short, honest lead-in."""

from __future__ import annotations

from agents.briefs import PointBrief, QuizBrief, Words
from agents.skills.phrases import fresh

LEADS: dict[str, tuple[str, ...]] = {
    "gained": (
        "That counts.",
        "Yes, that belongs here.",
        "Right, one step further.",
        "Good, that is part of it.",
        "That point stands.",
        "Noted, and correct.",
        "That takes you further.",
    ),
    "nothing": (
        "Not there yet.",
        "That leaves the main thing open.",
        "Let us look closer.",
        "I am still missing something.",
        "There is more to it.",
        "Stay with it a moment.",
        "Let us try from another side.",
    ),
    "contradicted": (
        "Careful, part of that is the wrong way round.",
        "One of those statements does not hold.",
        "Check the direction of what you said.",
        "Something there contradicts how it works.",
    ),
    "gave_up": (
        "No harm done.",
        "Then a smaller step.",
        "Fine, let us narrow it down.",
        "Let us take it in pieces.",
        "All right, one piece at a time.",
    ),
    "unsure": (
        "I may be misreading you.",
        "I am not certain I got your meaning.",
        "I would rather ask than guess.",
        "That could be read two ways.",
    ),
}

PUMPS = (
    "What else belongs in the answer?",
    "Can you say more about how that works?",
    "What would you add if an examiner kept silent?",
    "Which part have you not mentioned yet?",
    "Can you make that more concrete?",
)
HINTS = (
    "Think of what happens just before and just after the step you described.",
    "Think of the cause behind it rather than the effect.",
    "Compare it with what would happen without it.",
    "Follow one example through from beginning to end.",
)
PROMPTS = (
    "Which single term names the piece that is missing?",
    "What is the key word an examiner would wait for here?",
    "Which one word would complete your answer?",
)
CLARIFY = (
    "Can you put that point in one plain sentence?",
    "How would you say that to somebody who has not read about it?",
    "What exactly do you mean there?",
    "Can you state that once more, with the mechanism in it?",
)
CHALLENGES = (
    "What would have to change for the opposite to be true?",
    "Where does this stop working in practice?",
    "How would you notice in production that you had this wrong?",
    "What would you give up if you could keep only half of it?",
    "How would you test that claim in an afternoon?",
)
REPEAT_LEADS = (
    "Back to one you have met.",
    "You have seen this before, in other words.",
    "Once more, from another side.",
    "An old acquaintance.",
)


def quiz(brief: QuizBrief) -> Words:
    """The words for the move in `brief`."""
    if brief.task == "ask":
        return Words(text=_ask(brief))
    lead = fresh(LEADS.get(brief.mood, ()), brief.avoid, brief.turn) if brief.mood else ""
    return Words(text=f"{lead} {_follow_up(brief)}".strip())


def _ask(brief: QuizBrief) -> str:
    wordings = (brief.ask, *brief.wordings)
    text = wordings[brief.seen % len(wordings)]
    if not brief.seen:
        return text
    lead = brief.past or fresh(REPEAT_LEADS, brief.avoid, brief.turn)
    return f"{lead} {text}".strip()


def _follow_up(brief: QuizBrief) -> str:
    point = brief.point
    if brief.task == "challenge":
        return fresh(CHALLENGES, brief.avoid, brief.turn) or CHALLENGES[0]
    if brief.task == "clarify":
        return fresh(CLARIFY, brief.avoid, brief.turn) or _authored(point, "probe") or CLARIFY[0]
    field, templates = {
        "pump": ("probe", PUMPS),
        "hint": ("hint", HINTS),
        "prompt": ("prompt", PROMPTS),
    }[brief.task]
    own = _authored(point, field)
    if own and fresh([own], brief.avoid, 0):
        return own
    return fresh(templates, brief.avoid, brief.turn) or own or templates[0]


def _authored(point: PointBrief | None, field: str) -> str:
    return str(getattr(point, field)) if point else ""
