"""Train the grader's heads and write agents/grading/weights/heads.npz.

    python -m bench.train_grader --work DIR [--data DIR]       everything but the network
    python -m bench.train_network --work DIR                   the network (needs torch)
    python -m bench.train_grader --work DIR [--data DIR]       again, to bring all together

Data: see agents/grading/MODEL_CARD.md. Of the decks' answers only those with split "train" are
read. The memory of known questions is fitted to what held-out answers leave unexplained.
"""

from __future__ import annotations

import argparse
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression

from agents.grading.reader import Reader
from agents.grading.trained import WEIGHTS
from agents.grading.trees import Logistic, Trees
from bench import grading_data as data
from bench.grading_made import made_up
from bench.grading_rows import (
    PointRows,
    Stored,
    WholeRow,
    kept,
    point_rows,
    rarity,
    whole_rows,
)
from memory.embedder import load_embedder

log = logging.getLogger("train")
VERSION = "1"
FOLDS = 4
SHARES = (0.4, 0.2, 0.4)  # trees, logistic regression, network
CONTRADICTORY_WEIGHT = 1.8
MEMORY_RIDGE = 1.5
MEMORY_LEAST = 5
MADE_WEIGHT = 0.1
PARTIAL_WEIGHT = 0.5
SCORE = (0.5, 0.5, 0.0)  # of p_correct, the network's score, a constant


@dataclass
class Set:
    """The whole-answer training set as arrays; `y` is -1 where only a score is known."""

    rows: list[WholeRow]
    x: np.ndarray
    y: np.ndarray
    score: np.ndarray
    qid: np.ndarray
    domain: np.ndarray
    corpus: np.ndarray


def whole_set(reader: Reader, folder: Path, work: Path) -> Set:
    answers = data.answers(folder)
    rows = kept(work / "whole.pkl", lambda: whole_rows(reader, answers))
    pairs = [(row, one) for row, one in zip(rows, answers, strict=True) if row is not None]
    labels = {label: n for n, label in enumerate(data.LABELS)}
    return Set(
        [row for row, _ in pairs],
        np.nan_to_num(np.stack([row.row for row, _ in pairs])),
        np.array([labels.get(one.label, -1) for _, one in pairs]),
        np.array([one.score for _, one in pairs]),
        np.array([one.qid for _, one in pairs]),
        np.array([one.domain for _, one in pairs]),
        np.array([one.corpus for _, one in pairs]),
    )


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


def tree_arrays(x: np.ndarray, y: np.ndarray, weight: np.ndarray) -> dict[str, np.ndarray]:
    """Boosted trees as the arrays of `agents.grading.trees.Trees`."""
    model: Any = HistGradientBoostingClassifier(
        max_iter=220,
        learning_rate=0.05,
        max_leaf_nodes=12,
        min_samples_leaf=25,
        l2_regularization=3,
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


def fit_whole(s: Set, rows: np.ndarray) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Trees and logistic regression on those of `rows` that carry a label."""
    rows = rows[s.y[rows] >= 0]
    weight = np.where(s.y[rows] == 1, CONTRADICTORY_WEIGHT, 1.0)
    return tree_arrays(s.x[rows], s.y[rows], weight), logistic_arrays(
        s.x[rows], s.y[rows], weight, 0.01
    )


def protocols(s: Set) -> dict[str, np.ndarray]:
    """What is held out, as a fold number per answer: other answers to the same questions, whole
    questions, whole domains."""
    rng = np.random.default_rng(1)
    return {
        "answers": rng.integers(0, FOLDS, len(s.y)),
        "questions": _grouped(s.qid, rng, 5),
        "domains": _grouped(s.domain, rng, 6),
    }


def _grouped(names: np.ndarray, rng: np.random.Generator, count: int) -> np.ndarray:
    distinct, place = np.unique(names, return_inverse=True)
    return (rng.permutation(len(distinct)) % count)[place]


def held_out(s: Set, folds: np.ndarray, network: np.ndarray) -> np.ndarray:
    """Odds of each answer by heads that did not see it: [n, 4] with the score last."""
    odds = np.zeros((len(s.y), 4))
    for fold in np.unique(folds):
        rest, held = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        trees, logistic = fit_whole(s, rest)
        odds[held] = blend(Trees(trees)(s.x[held]), Logistic(logistic)(s.x[held]), network[held])
    return odds


def blend(trees: np.ndarray, logistic: np.ndarray, network: np.ndarray) -> np.ndarray:
    parts = (trees, logistic, network[:, :3])
    return np.concatenate(
        [sum(share * part for share, part in zip(SHARES, parts, strict=True)), network[:, 3:]],
        axis=1,
    )


def memory_arrays(s: Set, odds: np.ndarray, rows: np.ndarray) -> dict[str, np.ndarray]:
    """Per question a ridge regression from its answers to what the heads leave unexplained."""
    keys = np.array([row.key for row in s.rows])
    found: list[tuple[int, np.ndarray, np.ndarray]] = []
    for key in np.unique(keys[rows]):
        mine = rows[keys[rows] == key]
        if len(mine) < MEMORY_LEAST:
            continue
        x = np.stack([s.rows[i].vector for i in mine]).astype(np.float64)
        mean = x.mean(axis=0)
        x = np.concatenate([x - mean, np.full((len(mine), 1), 0.5)], axis=1)
        wanted = np.zeros((len(mine), 4))
        labelled = s.y[mine] >= 0
        wanted[labelled, :3] = np.eye(3)[s.y[mine][labelled]] - odds[mine][labelled, :3]
        wanted[:, 3] = s.score[mine] - odds[mine, 3]
        gram = x @ x.T + MEMORY_RIDGE * np.eye(len(mine))
        found.append((int(key), mean, x.T @ np.linalg.solve(gram, wanted)))
    return {
        "keys": np.array([key for key, _, _ in found], np.int64),
        "mean": np.stack([mean for _, mean, _ in found]).astype(np.float16),
        "weights": np.stack([weights for _, _, weights in found]).astype(np.float16),
    }


def point_heads(sets: list[PointRows]) -> dict[str, np.ndarray]:
    """The heads for points (credit, contradicted, neither), content units and misconceptions."""
    x = np.concatenate([one.rows for one in sets])
    verdict = np.array([v for one in sets for v in one.verdicts])
    corpus = np.array([one.of.corpus for one in sets for _ in one.verdicts])
    unit = corpus == "units"
    y = np.select([np.isin(verdict, ["covered", "partial"]), verdict == "contradicted"], [0, 1], 2)
    weight = np.where(corpus == "made", MADE_WEIGHT, 1.0)
    weight = np.where(verdict == "partial", weight * PARTIAL_WEIGHT, weight)
    credit = logistic_arrays(x[~unit], y[~unit], weight[~unit], 0.03)
    units = logistic_arrays(x[unit], (y[unit] != 0).astype(int), weight[unit], 0.03)
    decks = [one for one in sets if one.of.corpus == "decks" and len(one.error_rows)]
    errors = np.concatenate([one.error_rows for one in decks])
    hits = np.array([hit for one in decks for hit in one.hits])
    error = logistic_arrays(errors, (~hits).astype(int), np.ones(len(hits)), 0.01)
    return {
        f"{name}.{key}": value
        for name, arrays in (
            ("point", credit),
            ("unit", units),
            ("error", error),
        )
        for key, value in arrays.items()
    }


def point_sets(reader: Reader, folder: Path, work: Path) -> list[PointRows]:
    decks = [one for one in data.deck_answers() if one.split == "train"]
    units = kept(work / "units.pkl", lambda: point_rows(reader, data.content_units(folder)))
    own = kept(work / "decks.pkl", lambda: point_rows(reader, decks))
    made = kept(work / "made.pkl", lambda: point_rows(reader, made_up(data.bundled().values())))
    return units + own + made


def prepared(folder: Path, work: Path) -> tuple[Stored, Reader, dict[str, float], float]:
    """The stored embedder and a reader with the rarity of the training texts."""
    embedder = Stored(load_embedder(), work / "vectors.pkl")
    table, unseen = kept(work / "rarity.pkl", lambda: rarity(_texts(folder)))
    return embedder, Reader(embedder, table, unseen, room=60_000), table, unseen


def _texts(folder: Path) -> list[str]:
    texts = []
    for one in data.answers(folder):
        texts += [one.task.question, *one.task.turns, *one.task.references]
    decks = [one for one in data.deck_answers() if one.split == "train"]
    for one in [*data.content_units(folder), *decks]:
        texts += one.task.turns
        texts += [text for p in one.task.points for text in (p.text, *p.wordings)]
    return texts


def main() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=data.DATA)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument(
        "--points", action="store_true", help="train the point heads only, keep the others"
    )
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    embedder, reader, table, unseen = prepared(options.data, options.work)
    points = point_sets(reader, options.data, options.work)
    log.info("answers judged point by point: %d", len(points))
    arrays: dict[str, Any] = {
        "version": VERSION,
        "embedder": embedder.name,
        "rarity.stems": np.frombuffer("\n".join(table).encode(), np.uint8),
        "rarity.values": np.array(list(table.values()), np.float16),
        "rarity.unseen": np.float32(unseen),
    }
    arrays |= {key: value.astype(np.float32) for key, value in point_heads(points).items()}
    arrays |= network_arrays(options.work)
    if options.points:
        with np.load(WEIGHTS / "heads.npz") as archive:
            kept_arrays = {key: archive[key] for key in archive.files}
        arrays = {
            key: v for key, v in kept_arrays.items() if not key.startswith("network.")
        } | arrays
    else:
        s = whole_set(reader, options.data, options.work)
        embedder.save()
        log.info("whole answers: %d", len(s.rows))
        found = whole_arrays(s, options.work)
        if found is None:
            log.info("now run bench.train_network")
            return
        arrays |= found
    WEIGHTS.mkdir(exist_ok=True)
    np.savez_compressed(WEIGHTS / "heads.npz", **arrays)
    log.info("written: %d kB", (WEIGHTS / "heads.npz").stat().st_size // 1024)


def network_arrays(work: Path) -> dict[str, np.ndarray]:
    """The members that `bench.train_network` left in the work folder, if it has run."""
    file = work / "network.npz"
    if not file.is_file():
        return {}
    with np.load(file) as archive:
        return {f"network.{key}": archive[key] for key in archive.files}


def whole_arrays(s: Set, work: Path) -> dict[str, Any] | None:
    """The whole-answer heads and the memory; None before the network's held-out odds exist."""
    answers = work / "network_answers.npy"
    if not answers.is_file():
        return None
    odds = held_out(s, protocols(s)["answers"], np.load(answers))
    trees, logistic = fit_whole(s, np.arange(len(s.y)))
    memory = memory_arrays(s, odds, np.arange(len(s.y)))
    arrays: dict[str, Any] = {
        "whole.shares": np.array(SHARES, np.float32),
        "whole.score": np.array(SCORE, np.float32),
    }
    arrays |= {f"whole.trees.{key}": value for key, value in trees.items()}
    arrays |= {f"whole.logistic.{key}": value.astype(np.float32) for key, value in logistic.items()}
    return arrays | {f"memory.{key}": value for key, value in memory.items()}


if __name__ == "__main__":
    main()
