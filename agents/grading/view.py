"""The learner's turns as one text whose words know their turn, and windows of it to quote from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from agents.grading.features import Alignment
from agents.grading.text import Text, joined

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


def clause_evidence(seen: View, alignment: Alignment) -> np.ndarray:
    """Per word of the reference and clause of the answer how well the clause explains the word."""
    clauses, picks = seen.text.clauses, seen.text.picks
    starts = np.searchsorted(picks, [start for start, _ in clauses])
    ends = np.searchsorted(picks, [end for _, end in clauses])
    filled = np.flatnonzero(ends > starts)
    reach = np.zeros((len(alignment.new), len(clauses)), np.float32)
    if len(filled):
        reach[:, filled] = np.maximum.reduceat(soft(alignment.hybrid), starts[filled], axis=1)
    return reach


def best_window(seen: View, alignment: Alignment) -> tuple[tuple[int, int], float]:
    """The clause, or up to three neighbouring clauses of one turn, that explains a reference best.

    Returns word indices and the share of the reference's (new) rarity it explains. Linear in the
    number of words.
    """
    clauses = seen.text.clauses
    total = float(alignment.new.sum()) + 1e-6
    reach = clause_evidence(seen, alignment)
    turns = np.array([seen.turn[start] for start, _ in clauses])
    best, place, wide = -1.0, 0, 1
    joint = reach
    for width in range(1, min(_WIDEST, len(clauses)) + 1):
        if width > 1:
            joint = np.maximum(joint[:, :-1], reach[:, width - 1 :])
        scores = alignment.new @ joint / total
        if width > 1:
            scores = np.where(turns[width - 1 :] == turns[: len(scores)], scores, -1.0)
        at = int(scores.argmax())
        if scores[at] > best + (_WIDER_PAYS if width > 1 else 0):
            best, place, wide = float(scores[at]), at, width
    return (clauses[place][0], clauses[place + wide - 1][1]), best
