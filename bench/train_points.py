"""Training the grader's heads for points: with wordings, without, content units, misconceptions."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from agents.grading.pointhead import context
from agents.grading.reader import Reader
from agents.grading.trees import Logistic, Trees
from bench import grading_data as data
from bench.fitting import grouped, logistic_arrays, tree_arrays
from bench.grading_data import Pointed
from bench.grading_rows import PointRows, kept, point_rows

PARTIAL_WEIGHT = 0.5
POINT_C, BARE_C, UNIT_C, CONTEXT_C = 0.01, 0.005, 0.03, 0.3


def tree_head(x: np.ndarray, y: np.ndarray, weight: np.ndarray) -> dict[str, np.ndarray]:
    """Small boosted trees for points: there are few answers to learn from."""
    return tree_arrays(x, y, weight, max_iter=120, max_leaf_nodes=8, min_samples_leaf=20)


@dataclass
class Points:
    """Points of answers as rows: `answer` numbers the answers, `worst` is the odds of an answer's
    likeliest misconception."""

    x: np.ndarray
    y: np.ndarray
    weight: np.ndarray
    qid: np.ndarray
    answer: np.ndarray
    worst: np.ndarray

    @classmethod
    def of(cls, sets: Sequence[PointRows], worst: Sequence[float] = ()) -> Points:
        verdict = np.array([v for one in sets for v in one.verdicts])
        credit = np.isin(verdict, ["covered", "partial"])
        place = np.array([n for n, one in enumerate(sets) for _ in one.verdicts])
        return cls(
            np.nan_to_num(np.concatenate([one.rows for one in sets])),
            np.select([credit, verdict == "contradicted"], [0, 1], 2),
            np.where(verdict == "partial", PARTIAL_WEIGHT, 1.0),
            np.array([one.of.qid for one in sets for _ in one.verdicts]),
            place,
            np.asarray(worst or [0.0] * len(sets))[place],
        )


def fit_alone(points: Points, rows: np.ndarray, c: float) -> dict[str, np.ndarray]:
    """Logistic regression and trees on `rows`, by the names `PointHead` wants."""
    x, y, weight = points.x[rows], points.y[rows], points.weight[rows]
    return {f"logistic.{k}": v for k, v in logistic_arrays(x, y, weight, c).items()} | {
        f"trees.{k}": v for k, v in tree_head(x, y, weight).items()
    }


def alone_odds(head: Mapping[str, np.ndarray], x: np.ndarray) -> np.ndarray:
    return (Logistic(head, "logistic.")(x) + Trees(head, "trees.")(x)) / 2


def held_out_points(points: Points, c: float, folds: int = 4) -> np.ndarray:
    """Odds per point by heads that saw no answer to its question."""
    fold = grouped(points.qid, np.random.default_rng(2), folds)
    odds = np.zeros((len(points.y), 3))
    for n in range(folds):
        held = fold == n
        odds[held] = alone_odds(fit_alone(points, np.flatnonzero(~held), c), points.x[held])
    return odds


def contexts(points: Points, odds: np.ndarray) -> np.ndarray:
    """The features of the second look at every point."""
    made = np.zeros((len(odds), len(context(odds[:1], 0.0)[0])), np.float32)
    for number in np.unique(points.answer):
        mine = np.flatnonzero(points.answer == number)
        made[mine] = context(odds[mine], float(points.worst[mine[0]]))
    return made


def fit_points(points: Points, c: float) -> dict[str, np.ndarray]:
    """A `PointHead`: the second look is fitted to held-out odds of the first."""
    seen = contexts(points, held_out_points(points, c))
    second = logistic_arrays(seen, points.y, points.weight, CONTEXT_C)
    return fit_alone(points, np.arange(len(points.y)), c) | {
        f"context.{k}": v for k, v in second.items()
    }


def worst_errors(sets: Sequence[PointRows], folds: int = 4) -> list[float]:
    """Per answer the odds of its likeliest misconception, its question held out."""
    fold = grouped(np.array([one.of.qid for one in sets]), np.random.default_rng(2), folds)
    worst = [0.0] * len(sets)
    for n in range(folds):
        rest = [one for one, f in zip(sets, fold, strict=True) if f != n]
        head = Logistic(error_arrays(rest))
        for i in np.flatnonzero(fold == n).tolist():
            if len(sets[i].error_rows):
                worst[i] = float(head(sets[i].error_rows)[:, 0].max())
    return worst


def error_arrays(sets: Sequence[PointRows]) -> dict[str, np.ndarray]:
    """The head that says whether a misconception is voiced."""
    rows = np.concatenate([one.error_rows for one in sets if len(one.error_rows)])
    hits = np.array([hit for one in sets for hit in one.hits])
    return logistic_arrays(rows, (~hits).astype(int), np.ones(len(hits)), 0.01)


def unit_arrays(sets: Sequence[PointRows]) -> dict[str, np.ndarray]:
    """The head for the presence of a content unit."""
    points = Points.of(sets)
    return logistic_arrays(points.x, (points.y != 0).astype(int), points.weight, UNIT_C)


def point_heads(
    decks: list[PointRows], bare: list[PointRows], units: list[PointRows]
) -> dict[str, np.ndarray]:
    """The heads for points with wordings, points without, content units and misconceptions."""
    parts = {
        "point": fit_points(Points.of(decks, worst_errors(decks)), POINT_C),
        "bare": fit_points(Points.of(bare), BARE_C),
        "unit": unit_arrays(units),
        "error": error_arrays(decks),
    }
    return {
        f"{name}.{key}": value for name, arrays in parts.items() for key, value in arrays.items()
    }


def bare(answers: Sequence[Pointed], seed: int = 0) -> list[Pointed]:
    """The same answers to points in one wording (mostly the first) and without misconceptions, as
    imports and callers of `viva grade` have them."""
    rng = random.Random(seed)
    made = []
    for one in answers:
        points = []
        for point in one.task.points:
            other = rng.choice((point.text, *point.wordings))
            text = point.text if rng.random() < 0.7 else other
            points.append(replace(point, text=text, wordings=()))
        made.append(replace(one, task=replace(one.task, points=tuple(points), errors=())))
    return made


def point_sets(
    reader: Reader, folder: Path, work: Path
) -> tuple[list[PointRows], list[PointRows], list[PointRows]]:
    """The decks' training answers, the same with bare points, and the content units."""
    answers = [one for one in data.deck_answers() if one.split == "train"]
    return (
        kept(work / "decks.pkl", lambda: point_rows(reader, answers)),
        kept(work / "bare.pkl", lambda: point_rows(reader, bare(answers))),
        kept(work / "units.pkl", lambda: point_rows(reader, data.content_units(folder))),
    )
