"""Evidence for an agent, chosen to a budget: most useful first, nothing said twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from corpus.words import content

T = TypeVar("T")

CHARACTERS = 4
"""Characters to a token, about, in English text."""
SAME = 0.8
"""Share of content words from which two texts say the same."""


def tokens(text: str) -> int:
    """About how many tokens a model sees in `text`."""
    return len(text) // CHARACTERS + 1


def within(items: Iterable[T], budget: int, text: Callable[[T], str]) -> list[T]:
    """The items, best first as given, that fit together into `budget` tokens.

    One that is too long for what is left is passed over, as is one that says what a kept one says.
    """
    kept: list[T] = []
    seen: list[frozenset[str]] = []
    for item in items:
        cost, words = tokens(text(item)), content(text(item))
        if cost > budget or any(_same(words, other) for other in seen):
            continue
        kept.append(item)
        seen.append(words)
        budget -= cost
    return kept


def _same(one: frozenset[str], other: frozenset[str]) -> bool:
    least = min(len(one), len(other))
    return bool(least) and len(one & other) / least >= SAME
