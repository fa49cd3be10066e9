"""The trained heads: whole answers and expectations by trees, logistic regression and a network, whole
answers corrected where the question was seen in training; misconceptions by logistic regression."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np

from agents.grading.case import Case, Found
from agents.grading.exemplars import KnownPoints
from agents.grading.features import NAMES
from agents.grading.heads import Heads, Odds, PlainHeads
from agents.grading.network import UNSEEN, Network, pair
from agents.grading.point import POINT_NAMES
from agents.grading.pointhead import PARTS, PointHead
from agents.grading.reader import Reader
from agents.grading.text import Text
from agents.grading.together import second_look
from agents.grading.trees import Logistic, Trees
from agents.grading.whole import (
    WHOLE_NAMES,
    Whole,
    answer_vector,
    measure_whole,
    text_key,
)

_WORDINGS = POINT_NAMES.index("lnwordings")
_PLAIN = WHOLE_NAMES.index("plain")
WEIGHTS = Path(__file__).with_name("weights")


@lru_cache(maxsize=4)
def load_heads(embedder: str) -> Heads:
    """The heads trained on an embedder's vectors, the plain rules for any other embedder."""
    file = WEIGHTS / "heads.npz"
    if not file.is_file():
        return PlainHeads()
    with np.load(file) as archive:
        arrays = {name: archive[name] for name in archive.files}
    if str(arrays["embedder"]) != embedder:
        return PlainHeads()
    return TrainedHeads(arrays)


class TrainedHeads:
    """Heads from the arrays that `bench/train_grader.py` writes."""

    def __init__(self, arrays: Mapping[str, np.ndarray]) -> None:
        stems = _words(arrays["rarity.stems"])
        self.name = str(arrays["version"])
        self.rarity: Mapping[str, float] = dict(
            zip(stems, arrays["rarity.values"].astype(float).tolist(), strict=True)
        )
        self.unseen = float(arrays["rarity.unseen"])
        self._point = PointHead(arrays, "point.")
        self._bare = PointHead(arrays, "bare.")
        self._known = KnownPoints(arrays, "exemplars.")
        self._pairs = Network(_members(arrays, "pointwork."))
        self._unit = Logistic(arrays, "unit.")
        self._error = Logistic(arrays, "error.")
        self._logistic = Logistic(arrays, "whole.logistic.")
        self._trees = Trees(arrays, "whole.trees.")
        self._network = Network(_members(arrays, "network."))
        self._network_features = [NAMES.index(name) for name in _words(arrays["network.names"])]
        self._whole_features = [WHOLE_NAMES.index(name) for name in _words(arrays["whole.names"])]
        self._shares = arrays["whole.shares"].astype(np.float32)
        self._score = arrays["whole.score"].astype(np.float32)
        self._memory = {int(key): n for n, key in enumerate(arrays["memory.keys"])}
        self._memory_mean = arrays["memory.mean"]
        self._memory_weights = arrays["memory.weights"]

    def points(self, found: Sequence[Found]) -> list[Odds]:
        """Odds per view."""
        if not found:
            return []
        sizes = [len(one.rows) for one in found]
        edges, whose = np.cumsum(sizes)[:-1], np.repeat(np.arange(len(found)), sizes)
        rows = np.concatenate([one.rows for one in found])
        denied = np.concatenate([one.denial_rows for one in found])
        wrong = self._error(np.concatenate([one.error_rows for one in found]))[:, 0]
        errors = np.split(wrong, np.cumsum([len(one.error_rows) for one in found])[:-1])
        bare = rows[:, _WORDINGS] == 0
        unit = bare & ~np.array([one.asked for one in found])[whose]
        alone = np.zeros((len(rows), PARTS, 3), np.float32)
        both = np.concatenate([rows, denied], axis=1)
        for head, seen, mine in ((self._point, both, ~bare), (self._bare, rows, bare & ~unit)):
            if mine.any():
                alone[mine] = head.alone(seen[mine], self._by_network(found, rows, mine))
        if unit.any():
            alone[unit, 0, 0] = self._unit(rows[unit])[:, 0]
        looks = zip(found, np.split(alone, edges), errors, strict=True)
        seen = np.concatenate([second_look(one.shared, *rest) for one, *rest in looks])
        all_bare, units = ~np.isin(whose, whose[~bare]), np.isin(whose, whose[unit])
        odds = alone[:, 0].copy()  # of content units that is all
        for head, own, mine in (
            (self._point, both, ~all_bare & ~units),
            (self._bare, rows, all_bare & ~units),
        ):
            if mine.any():
                odds[mine] = head.beside(seen[mine], own[mine])
        known = [
            (text, finding)
            for one in found
            for text, finding in zip(one.texts, one.points, strict=True)
        ]
        for place in np.flatnonzero(~all_bare).tolist():
            text, finding = known[place]
            if finding.sides:
                odds[place] = self._known.again(text, finding.sides[1].mean, odds[place])
        return [
            Odds(one[:, 0], one[:, 1], wrongs)
            for one, wrongs in zip(np.split(odds, edges), errors, strict=True)
        ]

    def _by_network(
        self, found: Sequence[Found], rows: np.ndarray, wanted: np.ndarray
    ) -> np.ndarray:
        """The network's odds of the points that are `wanted`, [n, 3]."""
        findings = [(one.question, finding.sides) for one in found for finding in one.points]
        pairs = {
            place: pair(question, *sides)
            for place, (question, sides) in enumerate(findings)
            if wanted[place] and sides
        }
        odds = np.tile(UNSEEN, (len(rows), 1))
        if pairs:
            odds[list(pairs)] = self._pairs(list(pairs.values()), rows[list(pairs)])
        return odds[wanted, :3]

    def wholes(self, reader: Reader, cases: Sequence[Case]) -> list[np.ndarray | None]:
        """Per case (correct, contradictory, incorrect, score), None where points are given."""
        measured = [_measure(reader, case) for case in cases]
        rows = [one for one in measured if one is not None]
        judged = iter(self._judge(rows) if rows else ())
        return [
            None if one is None else self._remember(case, next(judged), one)
            for case, one in zip(cases, measured, strict=True)
        ]

    def _judge(self, rows: Sequence[Whole]) -> np.ndarray:
        features = np.stack([one.row for one in rows])[:, self._whole_features]
        best = np.stack([one.best for one in rows])[:, self._network_features]
        net = self._network([one.pair for one in rows], best)
        parts = np.stack([self._trees(features), self._logistic(features), net[:, :3]])
        odds = np.tensordot(self._shares, parts, axes=1)
        return np.concatenate([odds, net[:, 3:]], axis=1)

    def _remember(self, case: Case, odds: np.ndarray, measured: Whole) -> np.ndarray:
        """Correct for the question where training saw it; then the score, there mostly from what was
        trained, elsewhere mostly from the plain measure, which carries over to other fields better."""
        known = self._memory.get(text_key(case.task.question))
        answer: Text = case.views[-1].text
        if known is not None:
            seen = answer_vector(answer) - self._memory_mean[known]
            odds = odds + np.append(seen, 0.5) @ self._memory_weights[known]
            odds[:3] = np.clip(odds[:3], 0.005, 1)
            odds[:3] /= odds[:3].sum()
        evidence = [odds[0], odds[3], measured.row[_PLAIN], 1.0]
        score = float(np.clip(self._score[int(known is not None)] @ evidence, 0, 1))
        return np.array([*odds[:3], score], np.float32)


def _measure(reader: Reader, case: Case) -> Whole | None:
    if case.refused or not case.derived or not case.task.references:
        return None
    references = [reader.text(text) for text in case.task.references]
    return measure_whole(case.question, references, case.views[-1].text)


def _words(array: np.ndarray) -> list[str]:
    return bytes(array).decode("utf-8").split("\n")


def _members(arrays: Mapping[str, np.ndarray], prefix: str) -> list[dict[str, np.ndarray]]:
    members: dict[str, dict[str, np.ndarray]] = {}
    for key, value in arrays.items():
        if key.startswith(prefix) and key != prefix + "names":
            _, number, name = key.split(".", 2)
            members.setdefault(number, {})[name] = value
    return list(members.values())
