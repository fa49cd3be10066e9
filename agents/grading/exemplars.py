"""Points that training met: the learner's words beside what others said for the same point.

Alignment with a few wordings says little about the words of a learner who puts it differently; what
dozens of answers to the same point said, and how they were judged, says more. Of each training answer
one vector is kept per point, of the words found for it, with the verdict and with what the heads that
did not know the question left unexplained.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from agents.grading.trees import Logistic
from agents.grading.whole import text_key
from memory.vectors import unit

_SHARPNESS = (4.0, 12.0)  # of likeness: the whole neighbourhood, and the nearest
_WORDED = 8.0
_FAR = -0.3  # where there is no exemplar of a kind
_LEAST, _MOST = 0.003, 0.997
SCALE = 127.0
"""Vectors are kept in whole numbers: a unit vector times this."""


@dataclass(frozen=True)
class Exemplars:
    """What is known of one point, a row per answer: unit `vectors` [n, dimension], the classes of the
    verdicts, `verdict` [n] (0 credit, 1 contradicted, 2 neither), and `unexplained` [n, 2], verdict less
    odds of the first two. `right` and `wrong` are the vectors of its wordings and denials."""

    vectors: np.ndarray
    verdict: np.ndarray
    unexplained: np.ndarray
    right: np.ndarray
    wrong: np.ndarray

    def without(self, place: int) -> Exemplars:
        """All but one."""
        keep = np.arange(len(self.verdict)) != place
        return replace(
            self,
            vectors=self.vectors[keep],
            verdict=self.verdict[keep],
            unexplained=self.unexplained[keep],
        )


def compared(said: np.ndarray, odds: np.ndarray, known: Exemplars) -> np.ndarray:
    """Features of the third look at a point from the unit vector of the words `said` for it, the `odds`
    [3] after the second look and what is known of the point."""
    like = known.vectors @ said
    first = np.log(np.clip(odds[:2], _LEAST, _MOST) / (1 - np.clip(odds[:2], _LEAST, _MOST)))
    nearest = [like[known.verdict == kind].max(initial=_FAR) for kind in range(3)]
    credit, against, neither = (max(float(one), _FAR) for one in nearest)
    row = [
        *first, credit, against, neither, credit - against, credit - neither, against - neither
    ]  # fmt: skip
    kinds = np.eye(3)[known.verdict]
    for sharpness in _SHARPNESS:
        weight = np.exp(sharpness * like)
        weight /= weight.sum() + 1.0
        rest = weight @ known.unexplained
        row += [*rest, *(weight @ kinds)[:2], *(rest * odds[:2])]
    row += _worded(known.right @ said, known.wrong @ said)
    if len(like):
        best = int(like.argmax())
        row += (known.unexplained[best] * np.clip(like[best], 0, 1) ** 2).tolist()
    else:
        row += [0.0, 0.0]
    return np.array(row, np.float32)


def _worded(right: np.ndarray, wrong: np.ndarray) -> list[float]:
    """How like the words are to the point's wordings and to its denials."""
    near, far = float(right.max(initial=_FAR)), float(wrong.max(initial=_FAR))
    one, other = np.exp(_WORDED * right).sum(), np.exp(_WORDED * wrong).sum()
    return [near, far, near - far, float(right.mean()), float(one / (one + other + 1.0))]


class KnownPoints:
    """The third look, for points that training met, by their text."""

    def __init__(self, arrays: Mapping[str, np.ndarray], prefix: str) -> None:
        self._basis = arrays[prefix + "basis"].astype(np.float32)
        self._mean = arrays[prefix + "mean"].astype(np.float32)
        self._head = Logistic(arrays, prefix + "logistic.")
        self._place = {int(key): n for n, key in enumerate(arrays[prefix + "keys"])}
        self._answers = _slices(arrays[prefix + "answers"])
        self._wordings = _slices(arrays[prefix + "wordings"])
        self._denials = _slices(arrays[prefix + "denials"])
        self._right = arrays[prefix + "right"]
        self._wrong = arrays[prefix + "wrong"]
        self._vectors = arrays[prefix + "vectors"]
        self._verdict = arrays[prefix + "verdict"].astype(np.int64)
        self._unexplained = arrays[prefix + "unexplained"].astype(np.float32)

    def again(self, text: str, said: np.ndarray, odds: np.ndarray) -> np.ndarray:
        """Odds [3] of a point once more, where its text is known; `said` is the vector of the words
        found for it (`Text.mean`)."""
        place = self._place.get(text_key(text))
        if place is None:
            return odds
        rows = self._answers[place]
        known = Exemplars(
            _unit(self._vectors[rows]),
            self._verdict[rows],
            self._unexplained[rows],
            _unit(self._right[self._wordings[place]]),
            _unit(self._wrong[self._denials[place]]),
        )
        row = compared(reduced(said[None], self._mean, self._basis)[0], odds, known)
        return self._head(row[None])[0]


def _slices(counts: np.ndarray) -> list[slice]:
    edges = np.cumsum([0, *counts.tolist()]).tolist()
    return [slice(start, end) for start, end in pairwise(edges)]


def _unit(kept: np.ndarray) -> np.ndarray:
    return kept.astype(np.float32) / SCALE


def reduced(said: np.ndarray, mean: np.ndarray, basis: np.ndarray) -> np.ndarray:
    """Vectors in the fewer dimensions of the exemplars, of unit length."""
    return unit((said - mean) @ basis)
