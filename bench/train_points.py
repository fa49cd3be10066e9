"""Training the grader's heads for points: with wordings, without, content units, misconceptions."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from agents.grading.pointhead import context
from agents.grading.reader import Reader
from agents.grading.trees import Logistic
from bench import grading_data as data
from bench.fitting import grouped, logistic_arrays
from bench.grading_data import Pointed
from bench.grading_rows import PointRows, kept, point_rows

PARTIAL_WEIGHT, FEWER_SHARE = 0.5, 0.5
POINT_C, BARE_C, UNIT_C, CONTEXT_C = 0.01, 0.005, 0.03, 0.3


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
    def of(cls, sets: Sequence[PointRows], share: float = 1.0) -> Points:
        verdict = np.array([v for one in sets for v in one.verdicts])
        credit = np.isin(verdict, ["covered", "partial"])
        place = np.array([n for n, one in enumerate(sets) for _ in one.verdicts])
        return cls(
            np.nan_to_num(np.concatenate([one.rows for one in sets])),
            np.select([credit, verdict == "contradicted"], [0, 1], 2),
            share * np.where(verdict == "partial", PARTIAL_WEIGHT, 1.0),
            np.array([one.of.qid for one in sets for _ in one.verdicts]),
            place,
            np.array(worst_errors(sets))[place],
        )

    def and_(self, other: Points) -> Points:
        """Both, the other's answers numbered on."""
        return Points(
            np.concatenate([self.x, other.x]),
            np.concatenate([self.y, other.y]),
            np.concatenate([self.weight, other.weight]),
            np.concatenate([self.qid, other.qid]),
            np.concatenate([self.answer, other.answer + self.answer.max() + 1]),
            np.concatenate([self.worst, other.worst]),
        )


def fit_alone(points: Points, rows: np.ndarray, c: float) -> dict[str, np.ndarray]:
    """The first look, fitted on `rows`."""
    return logistic_arrays(points.x[rows], points.y[rows], points.weight[rows], c)


def held_out_points(points: Points, c: float, folds: int = 4) -> np.ndarray:
    """Odds per point by heads that saw no answer to its question."""
    fold = grouped(points.qid, np.random.default_rng(2), folds)
    odds = np.zeros((len(points.y), 3))
    for n in range(folds):
        held = fold == n
        odds[held] = Logistic(fit_alone(points, np.flatnonzero(~held), c))(points.x[held])
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
    first = fit_alone(points, np.arange(len(points.y)), c)
    return {f"logistic.{k}": v for k, v in first.items()} | {
        f"context.{k}": v for k, v in second.items()
    }


def worst_errors(sets: Sequence[PointRows], folds: int = 4) -> list[float]:
    """Per answer the odds of its likeliest misconception, its question held out; 0 without any."""
    if not any(len(one.error_rows) for one in sets):
        return [0.0] * len(sets)
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


@dataclass(frozen=True)
class Sets:
    """The decks' training answers, the same to points with fewer wordings and with none, and the
    content units."""

    decks: list[PointRows]
    fewer: list[PointRows]
    bare: list[PointRows]
    units: list[PointRows]

    def worded(self) -> Points:
        """What the head for points with wordings learns from."""
        return Points.of(self.decks).and_(Points.of(self.fewer, FEWER_SHARE))


def point_heads(sets: Sets) -> dict[str, np.ndarray]:
    """The heads for points with wordings, points without, content units and misconceptions."""
    parts = {
        "point": fit_points(sets.worded(), POINT_C),
        "bare": fit_points(Points.of(sets.bare), BARE_C),
        "unit": unit_arrays(sets.units),
        "error": error_arrays(sets.decks),
    }
    return {
        f"{name}.{key}": value for name, arrays in parts.items() for key, value in arrays.items()
    }


def fewer(answers: Sequence[Pointed], wordings: int, seed: int = 0) -> list[Pointed]:
    """The same answers to points with at most so many wordings beside the text, drawn at random.

    With none there are no misconceptions either, and the text may be any wording: so imports and
    callers of `viva grade` have them.
    """
    rng = random.Random(seed)
    made = []
    for one in answers:
        points = []
        for point in one.task.points:
            other = rng.choice((point.text, *point.wordings))
            text = point.text if wordings or rng.random() < 0.7 else other
            drawn = rng.sample(point.wordings, min(wordings, len(point.wordings)))
            points.append(replace(point, text=text, wordings=tuple(drawn)))
        errors = one.task.errors if wordings else ()
        made.append(replace(one, task=replace(one.task, points=tuple(points), errors=errors)))
    return made


def point_sets(reader: Reader, folder: Path, work: Path) -> Sets:
    """The training sets, kept in the work folder."""
    answers = [one for one in data.deck_answers() if one.split == "train"]
    return Sets(
        kept(work / "decks.pkl", lambda: point_rows(reader, answers)),
        kept(work / "fewer.pkl", lambda: point_rows(reader, fewer(answers, 1, seed=1))),
        kept(work / "bare.pkl", lambda: point_rows(reader, fewer(answers, 0))),
        kept(work / "units.pkl", lambda: point_rows(reader, data.content_units(folder))),
    )
