"""What a learner's words are, besides an answer: giving up, or asking back."""

from __future__ import annotations

import re

from agents.grading.guards import UNKNOWN
from corpus.words import content

_ASKS = re.compile(
    r"^\W*(?:sorry\W+|wait\W+|hm+\W+)?(?:"
    r"what\s+(?:do|does|did)\s+(?:you|this|that|it)\s+mean|what\s+is\s+meant|"
    r"(?:can|could|would)\s+you\s+(?:please\s+)?(?:explain|clarify|rephrase|repeat|reword|give)|"
    r"i\s+(?:do\s*n[o']t|don['’]t|do\s+not)\s+(?:understand|get)\s+(?:the|this|that|your)\s+question|"
    r"(?:do|are)\s+you\s+(?:mean|ask|asking|talking)\b)",
    re.IGNORECASE,
)
_SHORT_QUESTION = re.compile(
    r"^\W*(?:what\s*['’]?s|what\s+(?:is|are|was|does|do)|why|how|which|where|who|when)\b[^.!]*\?\s*$",
    re.IGNORECASE,
)


def gives_up(text: str) -> bool:
    """Whether a short answer says no more than that the learner does not know."""
    return bool(UNKNOWN.match(text)) and len(content(text)) <= 6


def asks_back(text: str) -> bool:
    """Whether the words ask about the question instead of answering it."""
    words = len(text.split())
    return (words <= 30 and bool(_ASKS.match(text))) or (
        words <= 12 and bool(_SHORT_QUESTION.match(text))
    )
