"""The learner's turns as one text whose words know their turn, and windows of it to quote from."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

import numpy as np

from agents.grading.text import Text, joined

Made = TypeVar("Made")
# A wider window must explain this much more of the expectation to be preferred.
_WIDER_PAYS = 0.06
_WIDEST = 3


@dataclass(frozen=True)
class View:
    """`text` holds the words that may earn credit; `turn` is each word's turn."""

    text: Text
    turn: np.ndarray

    @cached_property
    def clauses(self) -> list[Text]:
        """The clauses as texts of their own."""
        return [self.text.part(start, end) for start, end in self.text.clauses]

    @cached_property
    def _made(self) -> dict[Hashable, Any]:
        return {}

    def once(self, key: Hashable, make: Callable[[View], Made]) -> Made:
        """What was made of this view under a key before, or what `make` makes of it now."""
        if key not in self._made:
            self._made[key] = make(self)
        return self._made[key]

    @cached_property
    def _windows(self) -> dict[tuple[int, int], Text]:
        return {}

    def window(self, start: int, end: int) -> Text:
        """The words from `start` to `end` as a text of their own, made once."""
        if (start, end) not in self._windows:
            self._windows[start, end] = self.text.part(start, end)
        return self._windows[start, end]

    def quote(self, window: tuple[int, int], turns: Sequence[str]) -> str:
        """The words of a window as they stand in their turn."""
        start, end = window
        source = turns[int(self.turn[start])]
        return source[self.text.spans[start][0] : self.text.spans[end - 1][1]]


def view(texts: Sequence[Text], keep: Sequence[np.ndarray]) -> View:
    """Join turns, leaving out the words not kept."""
    parts: list[Text] = []
    owners: list[int] = []
    for index, (text, kept) in enumerate(zip(texts, keep, strict=True)):
        for start, end in _runs(kept):
            parts.append(text if end - start == len(text) else text.part(start, end))
            owners.append(index)
    if not parts:
        return View(texts[0].part(0, 0), np.zeros(0, int))
    turn = np.repeat(owners, [len(part) for part in parts])
    return View(joined(parts), turn)


def _runs(kept: np.ndarray) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], kept.astype(np.int8), [0]])))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def soft(similarity: np.ndarray) -> np.ndarray:
    """Similarity as evidence: nothing below 0.3, full from 0.8."""
    return np.clip((similarity - 0.3) * 2, 0, 1)


def clause_evidence(seen: View, evidence: np.ndarray) -> np.ndarray:
    """From evidence per content word of the answer (columns) to evidence per clause."""
    clauses, picks = seen.text.clauses, seen.text.picks
    starts = np.searchsorted(picks, [start for start, _ in clauses])
    ends = np.searchsorted(picks, [end for _, end in clauses])
    filled = np.flatnonzero(ends > starts)
    reach = np.zeros((len(evidence), len(clauses)), np.float32)
    if len(filled):
        reach[:, filled] = np.maximum.reduceat(evidence, starts[filled], axis=1)
    return reach


@dataclass(frozen=True)
class Windows:
    """Per reference its best window, as first clause and width in clauses, the share of its (new)
    rarity that the window explains, and the share that each clause alone does [references, clauses]."""

    first: np.ndarray
    width: np.ndarray
    score: np.ndarray
    alone: np.ndarray

    def range(self, seen: View, reference: int) -> tuple[int, int]:
        """The words of a reference's window."""
        clauses, first = seen.text.clauses, int(self.first[reference])
        return clauses[first][0], clauses[first + int(self.width[reference]) - 1][1]


def best_windows(
    seen: View, reach: np.ndarray, new: np.ndarray, starts: np.ndarray, totals: np.ndarray
) -> Windows:
    """The clause, or up to three neighbouring clauses of one turn, that explains each reference best.

    `reach` is the evidence per reference word and clause, `new` the words' rarities, `starts` where
    each reference's words begin among them, `totals` the sum of each. Linear in the number of words.
    """
    clauses = seen.text.clauses
    turns = np.array([seen.turn[start] for start, _ in clauses])
    rows = np.arange(len(starts))
    first, widths = np.zeros(len(starts), int), np.ones(len(starts), int)
    best = np.full(len(starts), -1.0)
    joint, alone = reach, reach[:0]
    for width in range(1, min(_WIDEST, len(clauses)) + 1):
        if width > 1:
            joint = np.maximum(joint[:, :-1], reach[:, width - 1 :])
        scores = np.add.reduceat(new[:, None] * joint, starts, axis=0) / totals[:, None]
        if width == 1:
            alone = scores
        else:
            scores = np.where(turns[width - 1 :] == turns[: scores.shape[1]], scores, -1.0)
        at = scores.argmax(axis=1)
        found = scores[rows, at]
        better = found > (best + (_WIDER_PAYS if width > 1 else 0)).astype(np.float32)
        best, first = np.where(better, found, best), np.where(better, at, first)
        widths[better] = width
    return Windows(first, widths, best, alone)
