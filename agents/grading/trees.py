"""Boosted trees and logistic regression as arrays, for inference without the library they came from."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np


def softmax(x: np.ndarray) -> np.ndarray:
    """Rows to probabilities."""
    e = np.exp(x - x.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


class Trees:
    """Gradient-boosted trees for several classes.

    Arrays per tree and node: `feature` (-1 at a leaf), `threshold`, `left`, `right`, `value`; `class`
    per tree; `base` per class. A row goes left where its feature is at most the threshold.
    """

    def __init__(self, arrays: Mapping[str, np.ndarray], prefix: str = "") -> None:
        self._feature = arrays[prefix + "feature"].astype(np.int64)
        self._threshold = arrays[prefix + "threshold"].astype(np.float32)
        self._left = arrays[prefix + "left"].astype(np.int64)
        self._right = arrays[prefix + "right"].astype(np.int64)
        self._value = arrays[prefix + "value"].astype(np.float32)
        self._base = arrays[prefix + "base"].astype(np.float32)
        classes = arrays[prefix + "class"].astype(np.int64)
        self._votes = np.eye(len(self._base), dtype=np.float32)[classes]

    def __call__(self, rows: np.ndarray) -> np.ndarray:
        """Probabilities [n, classes]."""
        tree = np.arange(len(self._feature))[None, :]
        node = np.zeros((len(rows), len(self._feature)), np.int64)
        row = np.arange(len(rows))[:, None]
        while True:
            feature = self._feature[tree, node]
            inner = feature >= 0
            if not inner.any():
                return softmax(self._base + self._value[tree, node] @ self._votes)
            low = rows[row, np.maximum(feature, 0)] <= self._threshold[tree, node]
            following = np.where(low, self._left[tree, node], self._right[tree, node])
            node = np.where(inner, following, node)


class Logistic:
    """Multinomial logistic regression over standardised features, clipped at five deviations."""

    def __init__(self, arrays: Mapping[str, np.ndarray], prefix: str = "") -> None:
        self._mean = arrays[prefix + "mean"].astype(np.float32)
        self._deviation = arrays[prefix + "deviation"].astype(np.float32)
        self._weights = arrays[prefix + "weights"].astype(np.float32)
        self._bias = arrays[prefix + "bias"].astype(np.float32)

    def __call__(self, rows: np.ndarray) -> np.ndarray:
        """Probabilities [n, classes]."""
        scaled = np.clip((rows - self._mean) / self._deviation, -5, 5)
        return softmax(scaled @ self._weights + self._bias)
