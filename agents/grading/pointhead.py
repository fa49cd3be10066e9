"""The head for points: each judged alone, then beside the other points of the same answer."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from agents.grading.trees import Logistic, Trees

PARTS = 3
"""Logistic regression, boosted trees, network."""


class Duo:
    """Logistic regression and boosted trees fitted to the same rows."""

    def __init__(self, arrays: Mapping[str, np.ndarray], prefix: str) -> None:
        self._linear = Logistic(arrays, prefix + "logistic.")
        self._trees = Trees(arrays, prefix + "trees.")

    def __call__(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The odds by each, [n, classes] both."""
        return self._linear(rows), self._trees(rows)


class Context:
    """The second look: logistic regression over what the points of an answer say of each other, boosted
    trees over that and the point's own features."""

    def __init__(self, arrays: Mapping[str, np.ndarray], prefix: str) -> None:
        self._linear = Logistic(arrays, prefix + "logistic.")
        self._trees = Trees(arrays, prefix + "trees.")

    def __call__(self, seen: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """The odds, [n, classes]."""
        return (self._linear(seen) + self._trees(np.concatenate([seen, rows], axis=1))) / 2


class PointHead:
    """Odds of credit, contradiction and neither: three parts of a first look at each point, and a
    second look at all of them together."""

    def __init__(self, arrays: Mapping[str, np.ndarray], prefix: str) -> None:
        self._first = Duo(arrays, prefix)
        self._second = Context(arrays, prefix + "second.")

    def alone(self, rows: np.ndarray, network: np.ndarray) -> np.ndarray:
        """Odds per point, whatever else the answer says, by each part: [n, PARTS, 3]."""
        return np.stack([*self._first(rows), network], axis=1)

    def beside(self, seen: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """Odds [n, 3] from what `second_look` makes of the points of answers, and from their own rows."""
        return self._second(seen, rows)
