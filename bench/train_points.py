"""Training the grader's heads for points: with wordings, without, content units, misconceptions."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from agents.grading.network import SIGNALS, UNSEEN, Pair
from agents.grading.pointhead import PARTS, Context, Duo
from agents.grading.reader import Reader
from agents.grading.together import Shared, second_look
from agents.grading.trees import Logistic
from bench import grading_data as data
from bench.exemplars import Answered, exemplar_arrays
from bench.fitting import Growth, grouped, logistic_arrays, tree_arrays
from bench.grading_data import Pointed
from bench.grading_rows import Examples, PointRows, kept, point_rows

PARTIAL_WEIGHT, FEWER_SHARE, MODEL_SHARE = 0.5, 0.5, 0.3
POINT_C, BARE_C, UNIT_C, CONTEXT_C = 0.01, 0.005, 0.03, 0.3
FOLDS = 4
CONTEXT_GROWTH = Growth(trees=300, rate=0.03, leaves=10, least=80, held=5.0)


@dataclass
class Points:
    """Points of answers as rows: `answer` numbers the answers, `network` is what the networks that did
    not see the question say. Per answer: `errors`, the odds of the misconceptions by heads that did not
    see the question, and `shared`, whose words are whose."""

    x: np.ndarray
    y: np.ndarray
    weight: np.ndarray
    qid: np.ndarray
    answer: np.ndarray
    network: np.ndarray
    errors: list[np.ndarray]
    shared: list[Shared]

    @classmethod
    def of(
        cls,
        sets: Sequence[PointRows],
        network: np.ndarray | None = None,
        share: float = 1.0,
        *,
        denials: bool = False,
    ) -> Points:
        """`network` has the networks' held-out odds of the points, [n, 3], where they are known;
        `denials` adds what is found of these to the features."""
        verdict = np.array([v for one in sets for v in one.verdicts])
        credit = np.isin(verdict, ["covered", "partial"])
        place = np.array([n for n, one in enumerate(sets) for _ in one.verdicts])
        model = np.array([one.of.kind == "model" for one in sets])[place]
        rows = np.concatenate([one.rows for one in sets])
        if denials:
            rows = np.concatenate([rows, np.concatenate([o.denial_rows for o in sets])], axis=1)
        return cls(
            np.nan_to_num(rows),
            np.select([credit, verdict == "contradicted"], [0, 1], 2),
            share
            * np.where(verdict == "partial", PARTIAL_WEIGHT, 1.0)
            * np.where(model, MODEL_SHARE, 1.0),
            np.array([one.of.qid for one in sets for _ in one.verdicts]),
            place,
            np.zeros((len(place), 3)) if network is None else network,
            error_odds(sets),
            [one.shared for one in sets],
        )

    def and_(self, other: Points) -> Points:
        """Both, the other's answers numbered on."""
        return Points(
            np.concatenate([self.x, other.x]),
            np.concatenate([self.y, other.y]),
            np.concatenate([self.weight, other.weight]),
            np.concatenate([self.qid, other.qid]),
            np.concatenate([self.answer, other.answer + len(self.errors)]),
            np.concatenate([self.network, other.network]),
            self.errors + other.errors,
            self.shared + other.shared,
        )


def fit_duo(points: Points, seen: np.ndarray, rows: np.ndarray, c: float) -> dict[str, np.ndarray]:
    """The arrays of a `Duo`, fitted to those `rows` of what is `seen` of the points."""
    x, y, weight = seen[rows], points.y[rows], points.weight[rows]
    return {f"logistic.{k}": v for k, v in logistic_arrays(x, y, weight, c).items()} | {
        f"trees.{k}": v for k, v in tree_arrays(x, y, weight).items()
    }


def fit_context(points: Points, seen: np.ndarray, rows: np.ndarray) -> dict[str, np.ndarray]:
    """The arrays of a `Context`, fitted to those `rows`."""
    y, weight = points.y[rows], points.weight[rows]
    linear = logistic_arrays(seen[rows], y, weight, CONTEXT_C)
    trees = tree_arrays(
        np.concatenate([seen[rows], points.x[rows]], axis=1), y, weight, CONTEXT_GROWTH
    )
    return {f"logistic.{k}": v for k, v in linear.items()} | {
        f"trees.{k}": v for k, v in trees.items()
    }


def held_out_points(points: Points, c: float, folds: int = FOLDS) -> np.ndarray:
    """Odds per point by every part [n, PARTS, 3], from heads that saw no answer to its question."""
    fold = grouped(points.qid, np.random.default_rng(2), folds)
    odds = np.zeros((len(points.y), PARTS, 3))
    odds[:, 2] = points.network
    for n in range(folds):
        held = fold == n
        arrays = fit_duo(points, points.x, np.flatnonzero(~held), c)
        odds[held, 0], odds[held, 1] = Duo(arrays, "")(points.x[held])
    return odds


def beside(points: Points, odds: np.ndarray) -> np.ndarray:
    """The features of the second look at every point."""
    made: list[np.ndarray | None] = [None] * len(odds)
    for number in np.unique(points.answer):
        mine = np.flatnonzero(points.answer == number)
        seen = second_look(points.shared[number], odds[mine], points.errors[number])
        for place, row in zip(mine, seen, strict=True):
            made[place] = row
    return np.stack([row for row in made if row is not None])


def held_out_beside(points: Points, seen: np.ndarray, folds: int = FOLDS) -> np.ndarray:
    """Odds [n, 3] after the second look, `seen` being its features, by heads that saw no answer to the
    question."""
    fold = grouped(points.qid, np.random.default_rng(2), folds)
    odds = np.zeros((len(fold), 3))
    for n in range(folds):
        held = fold == n
        fitted = fit_context(points, seen, np.flatnonzero(~held))
        odds[held] = Context(fitted, "")(seen[held], points.x[held])
    return odds


def fit_points(points: Points, seen: np.ndarray, c: float) -> dict[str, np.ndarray]:
    """A `PointHead`; `seen` are the features of its second look, made of held-out odds of the first."""
    every = np.arange(len(points.y))
    first = fit_duo(points, points.x, every, c)
    second = fit_context(points, seen, every)
    return first | {f"second.{k}": v for k, v in second.items()}


def error_odds(sets: Sequence[PointRows], folds: int = 4) -> list[np.ndarray]:
    """Per answer the odds of its misconceptions, its question held out."""
    odds = [np.zeros(len(one.error_rows)) for one in sets]
    if not any(len(one.error_rows) for one in sets):
        return odds
    fold = grouped(np.array([one.of.qid for one in sets]), np.random.default_rng(2), folds)
    for n in range(folds):
        rest = [one for one, f in zip(sets, fold, strict=True) if f != n]
        head = Logistic(error_arrays(rest))
        for i in np.flatnonzero(fold == n).tolist():
            if len(sets[i].error_rows):
                odds[i] = head(sets[i].error_rows)[:, 0]
    return odds


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
    content units. `network`: the networks' held-out odds of the first three, one after another."""

    decks: list[PointRows]
    fewer: list[PointRows]
    bare: list[PointRows]
    units: list[PointRows]
    network: np.ndarray

    def worded(self) -> Points:
        """What the head for points with wordings learns from."""
        decks, other, _ = self._odds()
        return Points.of(self.decks, decks, denials=True).and_(
            Points.of(self.fewer, other, FEWER_SHARE, denials=True)
        )

    def unworded(self) -> Points:
        """What the head for points in one wording learns from."""
        return Points.of(self.bare, self._odds()[2])

    def _odds(self) -> list[np.ndarray]:
        sizes = [sum(len(o.verdicts) for o in one) for one in (self.decks, self.fewer, self.bare)]
        return np.split(self.network, np.cumsum(sizes)[:2])


def point_examples(sets: Sets) -> Examples:
    """What the networks for points learn from: all three sets, whole questions held out."""
    rows = [one for some in (sets.decks, sets.fewer, sets.bare) for one in some]
    points = Points.of(rows)
    width = next(pair.answer.shape[1] for one in rows for pair in one.pairs if pair)
    words, signals = np.zeros((1, width), np.float16), np.zeros((1, len(SIGNALS)), np.float16)
    nothing = Pair(words, signals, words, signals)
    pairs = [pair or nothing for one in rows for pair in one.pairs]
    folds = grouped(points.qid, np.random.default_rng(2), FOLDS)
    return Examples(pairs, points.x, points.y, (points.y == 0).astype(float), folds)


def point_heads(reader: Reader, sets: Sets) -> dict[str, np.ndarray]:
    """The heads for points with wordings, points without, points that training met, content units and
    misconceptions."""
    worded, unworded = sets.worded(), sets.unworded()
    seen = beside(worded, held_out_points(worded, POINT_C))
    odds = held_out_beside(worded, seen)
    parts = {
        "point": fit_points(worded, seen, POINT_C),
        "bare": fit_points(unworded, beside(unworded, held_out_points(unworded, BARE_C)), BARE_C),
        "exemplars": exemplar_arrays(Answered.of(reader, sets.decks, odds, worded.weight)),
        "unit": unit_arrays(sets.units),
        "error": error_arrays(sets.decks),
    }
    return {
        f"{name}.{key}": value.astype(np.float32) if value.dtype == np.float64 else value
        for name, arrays in parts.items()
        for key, value in arrays.items()
    }


def fewer(answers: Sequence[Pointed], wordings: int, seed: int = 0) -> list[Pointed]:
    """The same answers to points with at most so many wordings beside the text, drawn at random.

    There are no denials. Without wordings there are no misconceptions either, and the text may be any
    wording: so imports and callers of `viva grade` have them.
    """
    rng = random.Random(seed)
    made = []
    for one in answers:
        points = []
        for point in one.task.points:
            other = rng.choice((point.text, *point.wordings))
            text = point.text if wordings or rng.random() < 0.7 else other
            drawn = rng.sample(point.wordings, min(wordings, len(point.wordings)))
            points.append(replace(point, text=text, wordings=tuple(drawn), denials=()))
        errors = one.task.errors if wordings else ()
        made.append(replace(one, task=replace(one.task, points=tuple(points), errors=errors)))
    return made


def point_sets(reader: Reader, folder: Path, work: Path) -> Sets:
    """The training sets, kept in the work folder."""
    answers = [one for one in data.deck_answers() if one.split == "train"]
    answers += data.model_answers()
    decks, fewer_, bare = (
        kept(work / "decks.pkl", lambda: point_rows(reader, answers)),
        kept(work / "fewer.pkl", lambda: point_rows(reader, fewer(answers, 1, seed=1))),
        kept(work / "bare.pkl", lambda: point_rows(reader, fewer(answers, 0))),
    )
    units = kept(work / "units.pkl", lambda: point_rows(reader, data.content_units(folder)))
    count = sum(len(one.verdicts) for some in (decks, fewer_, bare) for one in some)
    file = work / "network_points.npy"
    odds = np.load(file)[:, :3] if file.is_file() else np.tile(UNSEEN[:3], (count, 1))
    return Sets(decks, fewer_, bare, units, odds)
