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


class PointHead:
    """Odds of credit, contradiction and neither: three parts of a first look at each point, and a
    second look at all of them together."""

    def __init__(self, arrays: Mapping[str, np.ndarray], prefix: str) -> None:
        self._first = Duo(arrays, prefix)
        self._second = Duo(arrays, prefix + "second.")

    def alone(self, rows: np.ndarray, network: np.ndarray) -> np.ndarray:
        """Odds per point, whatever else the answer says, by each part: [n, PARTS, 3]."""
        return np.stack([*self._first(rows), network], axis=1)

    def beside(self, seen: np.ndarray) -> np.ndarray:
        """Odds [n, 3] from the rows that `second_look` makes of the points of answers."""
        linear, trees = self._second(seen)
        return (linear + trees) / 2
