"""The head for points: each judged alone, then beside the other points of the same answer.

Who contradicts one point is likelier to contradict another, and a misconception voiced anywhere
makes credit near it less likely. That second look is a logistic regression of its own.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from agents.grading.trees import Logistic, Trees

PARTS = 3
"""Logistic regression, boosted trees, network."""
_NO_OTHERS = (0.05, 0.05, 0.3, 0.3)  # what stands for the other points where there are none


def context(odds: np.ndarray, worst: float) -> np.ndarray:
    """Features of the second look, [n, 13], from an answer's odds of credit and contradiction
    [n, 2 or more] and the odds of its likeliest misconception."""
    own = odds[:, :2].astype(np.float64)
    margin = np.log(np.clip(own, 1e-3, 1 - 1e-3) / np.clip(1 - own, 1e-3, 1 - 1e-3))
    rest = np.tile(np.array([*_NO_OTHERS, worst, 0.0]), (len(own), 1))
    if len(own) > 1:
        for i in range(len(own)):
            others = np.delete(own, i, axis=0)
            rest[i, :4] = [
                others[:, 1].max(), others[:, 1].mean(), others[:, 0].max(), others[:, 0].mean()
            ]  # fmt: skip
            rest[i, 5] = len(others)
    crosses = np.stack(
        [margin[:, 0] * rest[:, 0], margin[:, 1] * rest[:, 1], own[:, 0] * rest[:, 4]], axis=1
    )
    return np.concatenate([margin, own, rest, crosses], axis=1).astype(np.float32)


def contexts(parts: np.ndarray, worst: float) -> np.ndarray:
    """The features of every part's odds [n, PARTS, 3], side by side."""
    return np.concatenate([context(parts[:, n], worst) for n in range(parts.shape[1])], axis=1)


class PointHead:
    """Odds of credit, contradiction and neither, by three parts and a second look at them together."""

    def __init__(self, arrays: Mapping[str, np.ndarray], prefix: str) -> None:
        self._linear = Logistic(arrays, prefix + "logistic.")
        self._trees = Trees(arrays, prefix + "trees.")
        self._context = Logistic(arrays, prefix + "context.")

    def alone(self, rows: np.ndarray, network: np.ndarray) -> np.ndarray:
        """Odds per point, whatever else the answer says, by each part: [n, PARTS, 3]."""
        return np.stack([self._linear(rows), self._trees(rows), network], axis=1)

    def beside(self, parts: np.ndarray, worst: float) -> np.ndarray:
        """Odds [n, 3] of the points of one answer, seen together; `parts` as from `alone`."""
        return self._context(contexts(parts, worst))
