"""Train the grader's heads and write agents/grading/weights/heads.npz.

    python -m bench.train_grader --work DIR [--data DIR]       everything but the network
    python -m bench.train_network --work DIR                   the networks (needs torch)
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

from agents.grading.reader import Reader
from agents.grading.trained import WEIGHTS
from agents.grading.trees import Logistic, Trees
from agents.grading.whole import WHOLE_NAMES
from bench import grading_data as data
from bench.fitting import grouped, logistic_arrays, tree_arrays
from bench.grading_rows import Stored, WholeRow, kept, rarity, whole_rows
from bench.train_points import point_heads, point_sets
from memory.embedder import load_embedder

log = logging.getLogger("train")
VERSION = "7"
FOLDS = 4
SHARES = (0.4, 0.2, 0.4)  # trees, logistic regression, network
CONTRADICTORY_WEIGHT = 1.8
MEMORY_RIDGE = 1.5
MEMORY_LEAST = 5
SCORE = ((0.25, 0.15, 0.6, 0.06), (0.3, 0.5, 0.2, 0.02))
"""Shares in the score of p_correct, the network's score, the plain measure and a constant: for questions
never seen, and for those that training saw."""


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


def fit_whole(s: Set, rows: np.ndarray) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Trees and logistic regression on those of `rows` that carry a label."""
    rows = rows[s.y[rows] >= 0]
    weight = np.where(s.y[rows] == 1, CONTRADICTORY_WEIGHT, 1.0)
    return tree_arrays(s.x[rows], s.y[rows], weight), logistic_arrays(
        s.x[rows], s.y[rows], weight, 0.01
    )


def protocols(s: Set) -> dict[str, np.ndarray]:
    """What is held out, as a fold number per answer: other answers to the same questions, whole
    questions, whole domains, whole corpora."""
    rng = np.random.default_rng(1)
    return {
        "answers": rng.integers(0, FOLDS, len(s.y)),
        "questions": grouped(s.qid, rng, 5),
        "domains": grouped(s.domain, rng, 6),
        "corpora": np.unique(s.corpus, return_inverse=True)[1],
    }


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
    sets = point_sets(reader, options.data, options.work)
    embedder.save()
    log.info(
        "answers judged point by point: %d, texts with units: %d", len(sets.decks), len(sets.units)
    )
    arrays: dict[str, Any] = {
        "version": VERSION,
        "whole.score": np.array(SCORE, np.float32),
        "embedder": embedder.name,
        "rarity.stems": np.frombuffer("\n".join(table).encode(), np.uint8),
        "rarity.values": np.array(list(table.values()), np.float16),
        "rarity.unseen": np.float32(unseen),
    }
    arrays |= point_heads(reader, sets)
    arrays |= network_arrays(options.work)
    if options.points:
        with np.load(WEIGHTS / "heads.npz") as archive:
            kept_arrays = {
                key: archive[key]
                for key in archive.files
                if key.startswith(("whole.", "network.", "memory."))
            }
        arrays = kept_arrays | arrays
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
    """The members that `bench.train_network` left in the work folder, where it has run."""
    found = {}
    for name, file in (("network", work / "answers.npz"), ("pointwork", work / "points.npz")):
        if file.is_file():
            with np.load(file) as archive:
                found |= {f"{name}.{key}": archive[key] for key in archive.files}
    return found


def whole_arrays(s: Set, work: Path) -> dict[str, Any] | None:
    """The whole-answer heads and the memory; None before the network's held-out odds exist."""
    answers = work / "network_answers.npy"
    if not answers.is_file():
        return None
    odds = held_out(s, protocols(s)["answers"], np.load(answers))
    trees, logistic = fit_whole(s, np.arange(len(s.y)))
    memory = memory_arrays(s, odds, np.arange(len(s.y)))
    arrays: dict[str, Any] = {
        "whole.names": np.frombuffer("\n".join(WHOLE_NAMES).encode(), np.uint8),
        "whole.shares": np.array(SHARES, np.float32),
    }
    arrays |= {f"whole.trees.{key}": value for key, value in trees.items()}
    arrays |= {f"whole.logistic.{key}": value.astype(np.float32) for key, value in logistic.items()}
    return arrays | {f"memory.{key}": value for key, value in memory.items()}


if __name__ == "__main__":
    main()
