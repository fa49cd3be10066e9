"""What a model's words must pass before a learner sees them."""

from __future__ import annotations

from agents.briefs import ExplainBrief, PointBrief, QuizBrief
from agents.leaks import gives_away

WORDS = {"ask": 60, "challenge": 40}


def fits_quiz(text: str, brief: QuizBrief) -> bool:
    """Whether `text` is one short question that gives nothing away."""
    if not text.strip() or len(text.split()) > WORDS.get(brief.task, 40) or text.count("?") > 1:
        return False
    if brief.task == "ask":
        return True
    return brief.point is None or not gives_away(text, brief.point, brief.ask)


def fits_explanation(text: str, brief: ExplainBrief) -> bool:
    """Whether `text` keeps to its length and gives away nothing that is still open."""
    limit = max(brief.words, 200) if brief.task == "more" else round(brief.words * 1.2)
    if not text.strip() or len(text.split()) > limit:
        return False
    return not any(gives_away(text, PointBrief(id="", text=hidden)) for hidden in brief.hidden)
