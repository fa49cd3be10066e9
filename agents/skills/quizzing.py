"""The built-in Quizzer: what was said is taken up in a few words, then one question is asked, the
deck's own first, then one made from templates."""

from __future__ import annotations

from agents.briefs import PointBrief, QuizBrief, Words
from agents.leaks import content_stems, gives_away
from agents.skills.leads import LEADS, UNQUOTED
from agents.skills.phrases import fresh, lower_first, quoted, sentence
from corpus.followups import asks_for_missing_word

LONGEST = 40
"""Words of a follow-up, with all that stands around its question."""
RECENT = 24
"""Turns of the tutor after which a lead may come again: nobody remembers it."""
PUMPS = (
    "What else belongs in the answer?",
    "Can you say more about how that works?",
    "Which part have you not mentioned yet?",
    "Can you make that more concrete?",
    "What would you add if you had one more sentence?",
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
    "Which technical term belongs here?",
)
NAMED = (
    "The key word is there. What does it do here?",
    "The right term has been said. Which part of the thought is still missing?",
    "You have the word for it. What is still to be said about it?",
)
"""Instead of a prompt for a word that is called missing, where it has been said."""
CLARIFY = (
    "Can you put that in one plain sentence?",
    "What exactly do you mean by it?",
    "How does that come about?",
    "What would that look like in one example?",
    "Can you say how it works, step by step?",
)
ONWARD = (
    "With that in mind, {question}",
    "So {question}",
    "Starting from there, {question}",
    "And now: {question}",
    "Knowing that, {question}",
    "Now again: {question}",
)
"""How a hint leads back to the question it belongs to."""
SHORT = (
    "What does that point to?",
    "What follows from that here?",
    "Can you name it now?",
    "What would you say now?",
    "Where does that lead you?",
    "What would you answer, then?",
)
"""Questions after a hint with no question of its own that would fit."""
GAPS = ("Fill the gap:", "Complete this:", "Finish the sentence:", "One word is missing:")
CHALLENGES = (
    "What would have to be different for that not to hold?",
    "Where does that stop working in practice?",
    "How would you notice that it had gone wrong?",
    "What would happen if one left it out altogether?",
    "How could one test that with little effort?",
    "Which assumption behind that would you check first?",
)
REPEAT_LEADS = (
    "Back to one you have met.",
    "You have seen this before, in other words.",
    "Once more, from another side.",
    "This one comes round again.",
)


def quiz(brief: QuizBrief) -> Words:
    """The words for the move in `brief`."""
    if brief.task == "ask":
        return Words(text=_ask(brief))
    body = _follow_up(brief)
    return Words(text=_fitting(_lead(brief), body))


def _ask(brief: QuizBrief) -> str:
    wordings = (brief.ask, *brief.wordings)
    text = wordings[brief.seen % len(wordings)]
    if not brief.seen:
        return text
    lead = brief.past or fresh(REPEAT_LEADS, brief.avoid, brief.turn)
    return f"{lead} {text}".strip()


def _lead(brief: QuizBrief) -> str:
    """What there is to say about the learner's last turn; empty if nothing new."""
    recent = brief.avoid[-RECENT:]
    # What to do about another language is said first in full, later in short.
    start = 0 if brief.mood == "language" else brief.turn
    words = quoted(brief.quote)
    frames = LEADS if words else {**LEADS, **UNQUOTED}
    lead = fresh(frames.get(brief.mood, ("",)), recent, start)
    if words and not lead and brief.mood == "gained":
        lead = "Credited: {said}."
    lead = lead.format(said=words)
    point = brief.point
    leaks = point is not None and gives_away(lead, point, " ".join((brief.ask, *brief.said)))
    return "" if leaks else lead


def _fitting(lead: str, body: str) -> str:
    """Lead and question, or the question alone where both are too long."""
    text = f"{lead} {body}".strip()
    return text if len(text.split()) <= LONGEST else body


def _follow_up(brief: QuizBrief) -> str:
    match brief.task:
        case "challenge":
            return _about_own_words(brief, CHALLENGES)
        case "hint":
            return _hint(brief)
        case "prompt":
            return _prompt(brief)
        case "clarify":
            return _own(brief, "probe") or fresh(CLARIFY, brief.avoid, brief.turn) or CLARIFY[0]
    return _own(brief, "probe") or fresh(PUMPS, brief.avoid, brief.turn) or PUMPS[0]


def _hint(brief: QuizBrief) -> str:
    """The hint, and the question it belongs to, so that the learner knows what to say."""
    hint = _own(brief, "hint") or fresh(HINTS, brief.avoid, brief.turn) or HINTS[0]
    if "?" in hint:
        return hint
    hint = sentence(hint)
    probe = brief.point.probe if brief.point else ""
    question = lower_first(probe) if probe.endswith("?") and probe.count("?") == 1 else ""
    if question:
        onward = fresh(ONWARD, brief.avoid[-RECENT:], brief.turn) or ONWARD[0]
        text = f"{hint} {onward.format(question=question)}"
        if len(text.split()) <= LONGEST:
            return text
    return f"{hint} {fresh(SHORT, brief.avoid[-RECENT:], brief.turn) or SHORT[0]}"


def _prompt(brief: QuizBrief) -> str:
    point = brief.point
    if point and asks_for_missing_word(point.prompt):
        spoken = content_stems(point.quote)
        named = any(content_stems(word) <= spoken for word in point.words)
        if named and (text := fresh(NAMED, brief.avoid, brief.turn)):
            return text
    prompt = _own(brief, "prompt") or fresh(PROMPTS, brief.avoid, brief.turn) or PROMPTS[0]
    return f"{GAPS[brief.turn % len(GAPS)]} {prompt}" if "___" in prompt else prompt


def _own(brief: QuizBrief, field: str) -> str:
    """What the deck has for this rung, if it was not said before."""
    text = _authored(brief.point, field)
    return fresh([text], brief.avoid, 0) if text else ""


def _about_own_words(brief: QuizBrief, questions: tuple[str, ...]) -> str:
    point = brief.point
    question = fresh(questions, brief.avoid, brief.turn) or questions[0]
    words = quoted(point.quote) if point else ""
    text = f"You said {words}. {question}" if words else question
    leaks = point is not None and gives_away(text, point, " ".join((brief.ask, point.quote)))
    return question if leaks else text


def _authored(point: PointBrief | None, field: str) -> str:
    return str(getattr(point, field)) if point else ""
