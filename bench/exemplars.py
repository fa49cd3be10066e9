"""The third look at points that training met (`agents.grading.exemplars`): kept answers and its head."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from agents.grading.exemplars import SCALE, Exemplars, compared, reduced
from agents.grading.reader import Reader
from agents.grading.trees import Logistic
from agents.grading.whole import text_key
from agents.judgement import Point
from bench.fitting import grouped, logistic_arrays
from bench.grading_rows import PointRows

DIMENSION, WHITENED, C, FOLDS = 128, 0.5, 0.1, 5
_CLASSES = {"covered": 0, "partial": 0, "contradicted": 1}


@dataclass(frozen=True)
class Answered:
    """What was said for points, a row per answer and point, the rows of a point together: the points'
    keys and questions, vectors of the words found, the verdicts' classes, held-out `odds` [n, 3] after
    the second look, and how much each row counts. `place` numbers the rows before they were sorted.
    `right` and `wrong` are by key the vectors of the points' wordings and denials."""

    place: np.ndarray
    key: np.ndarray
    qid: np.ndarray
    said: np.ndarray
    verdict: np.ndarray
    odds: np.ndarray
    weight: np.ndarray
    right: dict[int, np.ndarray]
    wrong: dict[int, np.ndarray]

    @classmethod
    def of(
        cls, reader: Reader, sets: Sequence[PointRows], odds: np.ndarray, weight: np.ndarray
    ) -> Answered:
        """The rows of all answers that have words for a point; `odds` and `weight` may go on after
        theirs."""
        points = [(one, point) for one in sets for point in one.of.task.points]
        key = np.array([text_key(point.text) for _, point in points], np.int64)
        said = np.concatenate([one.said for one in sets]).astype(np.float32)
        place = np.argsort(key, kind="stable")
        place = place[np.abs(said[place]).sum(axis=1) > 0]
        return cls(
            place,
            key[place],
            np.array([one.of.qid for one, _ in points])[place],
            said[place],
            np.array([_CLASSES.get(v, 2) for one in sets for v in one.verdicts])[place],
            odds[place],
            weight[place],
            *_worded(reader, {text_key(point.text): point for _, point in points}),
        )

    @cached_property
    def basis(self) -> tuple[np.ndarray, np.ndarray]:
        """The mean of what was said and its first principal directions, half whitened."""
        mean = self.said.mean(axis=0)
        _, sizes, directions = np.linalg.svd(self.said - mean, full_matrices=False)
        spread = (sizes[:DIMENSION] / np.sqrt(len(self.said))) ** WHITENED
        return mean, directions[:DIMENSION].T / spread

    def kept(self, said: np.ndarray) -> np.ndarray:
        """Vectors as they are stored."""
        return np.rint(SCALE * reduced(said, *self.basis)).astype(np.int8)

    @cached_property
    def vectors(self) -> np.ndarray:
        return self.kept(self.said)

    @cached_property
    def unexplained(self) -> np.ndarray:
        return (np.eye(3)[self.verdict] - self.odds)[:, :2].astype(np.float16)

    @cached_property
    def features(self) -> np.ndarray:
        """Of every row beside the other rows of its point."""
        unit = _unit(self.vectors)
        rest = self.unexplained.astype(np.float32)
        made = []
        for key in np.unique(self.key):
            start, end = np.searchsorted(self.key, [key, key + 1])
            known = Exemplars(
                unit[start:end],
                self.verdict[start:end],
                rest[start:end],
                _unit(self.kept(self.right[key])),
                _unit(self.kept(self.wrong[key])),
            )
            made += [
                compared(unit[place], self.odds[place], known.without(place - start))
                for place in range(start, end)
            ]
        return np.stack(made)


def exemplar_arrays(answered: Answered) -> dict[str, np.ndarray]:
    """The arrays of `KnownPoints`."""
    mean, basis = answered.basis
    keys, count = np.unique(answered.key, return_counts=True)
    right, wrong = ([some[key] for key in keys] for some in (answered.right, answered.wrong))
    head = logistic_arrays(answered.features, answered.verdict, answered.weight, C)
    return {
        "mean": mean,
        "basis": basis.astype(np.float16),
        "keys": keys,
        "answers": count.astype(np.int32),
        "wordings": np.array([len(some) for some in right], np.int32),
        "denials": np.array([len(some) for some in wrong], np.int32),
        "right": answered.kept(np.concatenate(right)),
        "wrong": answered.kept(np.concatenate(wrong)),
        "vectors": answered.vectors,
        "verdict": answered.verdict.astype(np.int8),
        "unexplained": answered.unexplained,
    } | {f"logistic.{name}": value for name, value in head.items()}


def third_look(answered: Answered, odds: np.ndarray) -> np.ndarray:
    """The odds [n, 3] of all points after the third look, each answer without itself among the exemplars
    and by a head that saw no answer to the question."""
    x, odds = answered.features, odds.copy()
    fold = grouped(answered.qid, np.random.default_rng(3), FOLDS)
    for n in range(FOLDS):
        held, rest = fold == n, fold != n
        arrays = logistic_arrays(x[rest], answered.verdict[rest], answered.weight[rest], C)
        odds[answered.place[held]] = Logistic(arrays)(x[held])
    return odds


def _worded(
    reader: Reader, points: Mapping[int, Point]
) -> tuple[dict[int, np.ndarray], dict[int, np.ndarray]]:
    """By key the vectors of the wordings, the text first, and of the denials."""
    reader.prepare([t for p in points.values() for t in (p.text, *p.wordings, *p.denials)])
    return (
        {key: _vectors(reader, (p.text, *p.wordings)) for key, p in points.items()},
        {key: _vectors(reader, p.denials) for key, p in points.items()},
    )


def _vectors(reader: Reader, texts: Sequence[str]) -> np.ndarray:
    if not texts:
        return np.zeros((0, len(reader.text("").mean)), np.float32)
    return np.stack([reader.text(text).mean for text in texts])


def _unit(kept: np.ndarray) -> np.ndarray:
    return kept.astype(np.float32) / SCALE
