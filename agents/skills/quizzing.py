"""The built-in Quizzer: authored probes first, then templates; a short, honest lead-in."""

from __future__ import annotations

from agents.briefs import PointBrief, QuizBrief, Words
from agents.leaks import gives_away
from agents.skills.leads import LEADS
from agents.skills.phrases import fresh, quoted

PUMPS = (
    "What else belongs in the answer?",
    "Can you say more about how that works?",
    "What would you add if an examiner kept silent?",
    "Which part have you not mentioned yet?",
    "Can you make that more concrete?",
    "What would you draw on a whiteboard next?",
)
HINTS = (
    "Think of what happens just before and just after the step you described.",
    "Think of the cause behind it rather than the effect.",
    "Compare it with what would happen without it.",
    "Follow one example through from beginning to end.",
    "Ask yourself who pays for it, and with what.",
)
PROMPTS = (
    "Which single term names the piece that is missing?",
    "What is the key word an examiner would wait for here?",
    "Which one word would complete your answer?",
    "What would the heading in a textbook say?",
)
CLARIFY = (
    "Can you put that in one plain sentence?",
    "What exactly do you mean by it?",
    "How does that come about?",
    "What would that look like in one example?",
    "Can you say how it works, step by step?",
    "Which part of that matters here?",
)
CHALLENGES = (
    "What would have to be different for that not to hold?",
    "Where does that stop working in practice?",
    "How would you notice in production that it had gone wrong?",
    "What would you give up if you could keep only half of it?",
    "How would you test that in an afternoon?",
    "Which assumption behind that would you check first?",
)
REPEAT_LEADS = (
    "Back to one you have met.",
    "You have seen this before, in other words.",
    "Once more, from another side.",
    "An old acquaintance.",
    "This one comes round again.",
)
LADDER: dict[str, tuple[str, tuple[str, ...]]] = {
    "pump": ("probe", PUMPS),
    "hint": ("hint", HINTS),
    "prompt": ("prompt", PROMPTS),
}


def quiz(brief: QuizBrief) -> Words:
    """The words for the move in `brief`."""
    if brief.task == "ask":
        return Words(text=_ask(brief))
    # What to do about another language is said first in full, later in short.
    start = 0 if brief.mood == "language" else brief.turn
    lead = fresh(LEADS.get(brief.mood, ()), brief.avoid, start) if brief.mood else ""
    return Words(text=f"{lead} {_follow_up(brief)}".strip())


def _ask(brief: QuizBrief) -> str:
    wordings = (brief.ask, *brief.wordings)
    text = wordings[brief.seen % len(wordings)]
    if not brief.seen:
        return text
    lead = brief.past or fresh(REPEAT_LEADS, brief.avoid, brief.turn)
    return f"{lead} {text}".strip()


def _follow_up(brief: QuizBrief) -> str:
    if brief.task == "challenge":
        return _about_own_words(brief, CHALLENGES)
    if brief.task == "clarify":
        return _clarify(brief)
    field, templates = LADDER[brief.task]
    own = _authored(brief.point, field)
    if own and fresh([own], brief.avoid, 0):
        return own
    return fresh(templates, brief.avoid, brief.turn) or own or templates[0]


def _clarify(brief: QuizBrief) -> str:
    """Asks what the learner's own words meant; about a point they did not touch, the probe."""
    if brief.point and brief.point.quote:
        return _about_own_words(brief, CLARIFY)
    own = _authored(brief.point, "probe")
    if own and fresh([own], brief.avoid, 0):
        return own
    return fresh(CLARIFY, brief.avoid, brief.turn) or CLARIFY[0]


def _about_own_words(brief: QuizBrief, questions: tuple[str, ...]) -> str:
    point = brief.point
    question = fresh(questions, brief.avoid, brief.turn) or questions[0]
    words = quoted(point.quote) if point else ""
    text = f"You said {words}. {question}" if words else question
    leaks = point is not None and gives_away(text, point, " ".join((brief.ask, point.quote)))
    return question if leaks else text


def _authored(point: PointBrief | None, field: str) -> str:
    return str(getattr(point, field)) if point else ""
