"""What a model's words must pass before a learner sees them."""

from __future__ import annotations

from agents.briefs import ExplainBrief, PointBrief, QuizBrief
from agents.language import looks_english
from agents.leaks import content_stems, gives_away
from corpus.words import tokens

WORDS = {"ask": 60, "challenge": 40}
KEPT = 0.5
"""Share of a question's content words that a rewording must keep to be the same question."""


def fits_quiz(text: str, brief: QuizBrief) -> bool:
    """Whether `text` is one short question, in the question's language, that gives nothing away and,
    for a planned question, still asks it; a hint has to come with its question."""
    if not text.strip() or len(text.split()) > WORDS.get(brief.task, 40) or text.count("?") > 1:
        return False
    if brief.task == "hint" and "?" not in text and "___" not in text:
        return False
    if not same_language(text, brief.ask) or repeats(text, brief.avoid):
        return False
    if brief.task == "ask":
        return any(keeps(text, wording) for wording in (brief.ask, *brief.wordings))
    return brief.point is None or not gives_away(text, brief.point, brief.ask)


def fits_explanation(text: str, brief: ExplainBrief) -> bool:
    """Whether `text` keeps to its length and language and gives away nothing that is still open."""
    limit = max(brief.words, 200) if brief.task == "more" else round(brief.words * 1.2)
    if not text.strip() or len(text.split()) > limit or text.count("?") > 1:
        return False
    known = brief.ask or brief.learner
    if known and not same_language(text, known):
        return False
    return not any(gives_away(text, PointBrief(id="", text=hidden)) for hidden in brief.hidden)


def keeps(text: str, wording: str) -> bool:
    """Whether `text` holds enough of the content words of `wording`."""
    wanted = content_stems(wording)
    return not wanted or len(wanted & content_stems(text)) / len(wanted) >= KEPT


def repeats(text: str, used: tuple[str, ...]) -> bool:
    """Whether `text` was said before, word for word."""
    words = tokens(text)
    return any(words == tokens(other) for other in used)


def same_language(text: str, other: str) -> bool:
    """Whether `text` can be in the language of `other`; judged only where `other` is English."""
    return not looks_english(other) or looks_english(text)
