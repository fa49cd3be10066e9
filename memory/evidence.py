"""Evidence for an agent: the most useful first, nothing twice, within a budget of tokens."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TypeVar

T = TypeVar("T")

ALIKE = 0.8
"""Share of words in common from which a text adds nothing to another."""
SHORTEST = 24
"""Tokens below which a cut text is left out rather than cut."""
_PER_TOKEN = 3.6
"""Characters per token, on the careful side for English prose in the usual tokenisers."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A text that may serve, and how useful it is (any scale, higher is better)."""

    id: str
    text: str
    score: float


def tokens(text: str) -> int:
    """About how many tokens a model makes of `text`; rather too many than too few."""
    ascii_count = sum(char < "\x80" for char in text)
    return int(ascii_count / _PER_TOKEN + (len(text) - ascii_count)) + 1


def choose(pieces: Iterable[Piece], budget: int) -> list[Piece]:
    """The pieces to show in `budget` tokens, most useful first. The last may be cut to fit."""
    chosen, seen, left = list[Piece](), list[frozenset[str]](), budget
    for piece in sorted(pieces, key=lambda piece: (-piece.score, piece.id)):
        words = frozenset(re.findall(r"\w+", piece.text.lower()))
        if not words or any(_alike(words, other) for other in seen):
            continue
        need = tokens(piece.text)
        if need > left:
            if left < SHORTEST or any(one.text.endswith("…") for one in chosen):
                continue
            piece = replace(piece, text=_cut(piece.text, left))
            need = left
        chosen.append(piece)
        seen.append(words)
        left -= need
    return chosen


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


def _cut(text: str, budget: int) -> str:
    """The beginning of a text that fits, ended at a word."""
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if tokens(text[:middle] + "…") <= budget:
            low = middle
        else:
            high = middle - 1
    kept = text[:low]
    return (kept.rsplit(None, 1)[0] if " " in kept else kept) + "…"
