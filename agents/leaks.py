"""Whether words meant to elicit a point give it away."""

from __future__ import annotations

from functools import lru_cache

from agents.briefs import PointBrief
from corpus.words import content

SHARE = 0.4
"""Share of an expectation's content stems from which a text says it rather than asks for it."""

content_stems = lru_cache(maxsize=4096)(content)


def gives_away(text: str, point: PointBrief, question: str = "") -> bool:
    """Whether `text` holds one of the point's words, or too many stems of one of its wordings; the
    words of `question` are free."""
    known = content_stems(question)
    stems = content_stems(text) - known
    if any(content_stems(word) and content_stems(word) <= stems for word in point.words):
        return True
    for wording in (point.text, *point.wordings):
        wanted = content_stems(wording) - known
        if wanted and len(wanted & stems) / len(wanted) > SHARE:
            return True
    return False
