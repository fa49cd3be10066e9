"""Fitting with scikit-learn, handed on as the arrays that `agents.grading.trees` reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.ensemble import (  # pyright: ignore[reportMissingImports]
    HistGradientBoostingClassifier,
)
from sklearn.linear_model import LogisticRegression  # pyright: ignore[reportMissingImports]


def logistic_arrays(
    x: np.ndarray, y: np.ndarray, weight: np.ndarray, c: float
) -> dict[str, np.ndarray]:
    """Multinomial logistic regression as the arrays of `agents.grading.trees.Logistic`."""
    mean, deviation = x.mean(axis=0), x.std(axis=0) + 1e-4
    scaled = np.clip((x - mean) / deviation, -5, 5)
    model = LogisticRegression(C=c, max_iter=500).fit(scaled, y, sample_weight=weight)
    weights, bias = model.coef_.T, model.intercept_
    if weights.shape[1] == 1:  # two classes: sklearn keeps the second's margin only
        weights = np.concatenate([-weights / 2, weights / 2], axis=1)
        bias = np.array([-bias[0] / 2, bias[0] / 2])
    return {"mean": mean, "deviation": deviation, "weights": weights, "bias": bias}


@dataclass(frozen=True)
class Growth:
    """How boosted trees grow: how many, how far each goes, how many leaves it has, how many rows a leaf
    needs, and how much leaves are held back."""

    trees: int = 220
    rate: float = 0.05
    leaves: int = 12
    least: int = 25
    held: float = 3.0


def tree_arrays(
    x: np.ndarray, y: np.ndarray, weight: np.ndarray, growth: Growth | None = None
) -> dict[str, np.ndarray]:
    """Boosted trees as the arrays of `agents.grading.trees.Trees`."""
    growth = growth or Growth()
    model: Any = HistGradientBoostingClassifier(
        max_iter=growth.trees,
        learning_rate=growth.rate,
        max_leaf_nodes=growth.leaves,
        min_samples_leaf=growth.least,
        l2_regularization=growth.held,
        max_features=0.3,
        random_state=0,
    ).fit(x, y, sample_weight=weight)
    trees = [(tree.nodes, k) for stage in model._predictors for k, tree in enumerate(stage)]
    size = max(len(nodes) for nodes, _ in trees)
    shape = (len(trees), size)
    out = {
        "feature": np.full(shape, -1, np.int16),
        "threshold": np.zeros(shape, np.float32),
        "left": np.zeros(shape, np.int16),
        "right": np.zeros(shape, np.int16),
        "value": np.zeros(shape, np.float32),
        "class": np.array([k for _, k in trees], np.int8),
        "base": np.asarray(model._baseline_prediction, np.float32).ravel(),
    }
    for n, (nodes, _) in enumerate(trees):
        leaf = nodes["is_leaf"].astype(bool)
        count = len(nodes)
        out["feature"][n, :count] = np.where(leaf, -1, nodes["feature_idx"])
        out["threshold"][n, :count] = np.where(leaf, 0, nodes["num_threshold"])
        out["left"][n, :count] = nodes["left"]
        out["right"][n, :count] = nodes["right"]
        out["value"][n, :count] = np.where(leaf, nodes["value"], 0)
    return out


def grouped(names: np.ndarray, rng: np.random.Generator, count: int) -> np.ndarray:
    """A fold per name, as even as can be, so that what bears one name stays together."""
    distinct, place = np.unique(names, return_inverse=True)
    return (rng.permutation(len(distinct)) % count)[place]
