"""Whether words were copied from what the tutor showed."""

from __future__ import annotations

from collections.abc import Iterable

from agents.grading import guards
from corpus.words import tokens

RUN = 5
"""Words in a row that make a copy."""
SHARE = 0.6
"""Share of a text's words in such runs from which it is a copy."""


def copied_from(text: str, sources: Iterable[str]) -> bool:
    """Whether most of `text` stands word for word in one of `sources`."""
    words = tokens(text)
    same = guards.copied(words, [tokens(source) for source in sources], RUN)
    return len(words) >= 4 and bool(same.mean() >= SHARE)
