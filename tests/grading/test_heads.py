"""The shipped weights fit the code, and the numpy forms compute what they claim."""

from __future__ import annotations

import numpy as np

from agents.grading.heads import PlainHeads
from agents.grading.network import SIGNALS, Network, Pair
from agents.grading.trained import TrainedHeads, load_heads
from agents.grading.trees import Logistic, Trees
from memory import minilm


def test_the_shipped_heads_are_for_the_shipped_embedder() -> None:
    name = f"{minilm.NAME}/{minilm.SHA256[:8]}/{minilm.WIDTH}"
    assert isinstance(load_heads(name), TrainedHeads)
    assert isinstance(load_heads("another/1"), PlainHeads)


def test_trees_follow_their_nodes() -> None:
    trees = Trees(
        {
            "feature": np.array([[0, -1, -1]]),
            "threshold": np.array([[0.5, 0, 0]]),
            "left": np.array([[1, 0, 0]]),
            "right": np.array([[2, 0, 0]]),
            "value": np.array([[0.0, 1.0, -1.0]]),
            "class": np.array([0]),
            "base": np.zeros(2),
        }
    )
    p = trees(np.array([[0.5], [0.6]], np.float32))
    assert p[0, 0] > 0.5 > p[1, 0]
    assert np.allclose(p.sum(axis=1), 1)


def test_logistic_regression_is_clipped() -> None:
    head = Logistic(
        {
            "mean": np.zeros(1),
            "deviation": np.ones(1),
            "weights": np.array([[1.0, -1.0]]),
            "bias": np.zeros(2),
        }
    )
    p = head(np.array([[0.0], [5.0], [500.0]], np.float32))
    assert p[0, 0] == 0.5
    assert p[1, 0] == p[2, 0]


def test_a_pair_is_judged_alike_in_any_batch() -> None:
    rng = np.random.default_rng(0)
    width, inner, features = 8, 4, 3
    shapes = {
        "project": (inner, width),
        "attend": (inner, inner),
        "compare": (inner, 4 * inner + len(SIGNALS)),
        "features": (5, features),
        "hidden": (6, 4 * inner + 5),
        "out": (4, 6),
    }
    weights = {f"{k}.weight": rng.normal(size=s) for k, s in shapes.items()}
    weights |= {f"{k}.bias": rng.normal(size=s[0]) for k, s in shapes.items()}
    weights |= {"sharpness": np.array(4.0), "mean": np.zeros(features)}
    weights |= {"deviation": np.ones(features)}
    pairs = [
        Pair(
            rng.normal(size=(n, width)).astype(np.float32),
            rng.random((n, len(SIGNALS))).astype(np.float32),
            rng.normal(size=(m, width)).astype(np.float32),
            rng.random((m, len(SIGNALS))).astype(np.float32),
        )
        for n, m in ((3, 5), (9, 1), (1, 12))
    ]
    x = rng.normal(size=(3, features)).astype(np.float32)
    network = Network([weights])
    together = network(pairs, x)
    alone = np.concatenate([network([p], x[i : i + 1]) for i, p in enumerate(pairs)])
    assert np.allclose(together, alone, atol=1e-5)
    assert np.allclose(together[:, :3].sum(axis=1), 1, atol=1e-5)
