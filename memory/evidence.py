"""Evidence for an agent: the most useful first, nothing twice, within a budget of tokens."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TypeVar

T = TypeVar("T")

ALIKE = 0.8
"""Share of words in common from which a text adds nothing to another."""
_PER_TOKEN = 3.6
"""Characters per token, on the careful side for English prose in the usual tokenisers."""


def tokens(text: str) -> int:
    """About how many tokens a model makes of `text`; rather too many than too few."""
    ascii_count = sum(char < "\x80" for char in text)
    return int(ascii_count / _PER_TOKEN + (len(text) - ascii_count)) + 1


def within(items: Iterable[T], budget: int, text: Callable[[T], str]) -> list[T]:
    """The items, best first as given, that fit whole into `budget` tokens together.

    One that is too long for what is left is passed over, as is one that says what a kept one says.
    """
    kept, seen = list[T](), list[frozenset[str]]()
    for item in items:
        words = frozenset(re.findall(r"\w+", text(item).lower()))
        if tokens(text(item)) > budget or any(_alike(words, other) for other in seen):
            continue
        kept.append(item)
        seen.append(words)
        budget -= tokens(text(item))
    return kept


def _alike(words: frozenset[str], other: frozenset[str]) -> bool:
    return len(words & other) >= ALIKE * min(len(words), len(other)) and (
        len(words & other) >= ALIKE * len(words)
    )
