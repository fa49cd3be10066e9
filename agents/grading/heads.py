"""From features to probabilities: what any set of heads offers, and plain rules without training."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from agents.grading.case import Case, Found
from agents.grading.point import POINT_NAMES
from agents.grading.reader import Reader


@dataclass(frozen=True)
class Odds:
    """For one view: per point the credit to expect (0..1) and the probability that it is
    contradicted, per misconception the probability that it is voiced."""

    credit: np.ndarray
    contradicted: np.ndarray
    errors: np.ndarray


class Heads(Protocol):
    """`rarity` and `unseen` are the inverse document frequencies the heads were trained with."""

    name: str
    rarity: Mapping[str, float]
    unseen: float

    def points(self, found: Sequence[Found]) -> list[Odds]: ...

    def wholes(self, reader: Reader, cases: Sequence[Case]) -> list[np.ndarray | None]:
        """Per case (correct, contradictory, incorrect, score), None where points are given."""
        ...


_AT = {name: index for index, name in enumerate(POINT_NAMES)}


class PlainHeads:
    """Rules without training: what the best window explains, refused where its polarity is turned."""

    name = "plain"
    rarity: Mapping[str, float] = {}
    unseen = 8.0

    def points(self, found: Sequence[Found]) -> list[Odds]:
        return [
            Odds(*plain_rule(one.rows), plain_rule(one.error_rows)[0] * _leads(one.error_rows))
            for one in found
        ]

    def wholes(self, reader: Reader, cases: Sequence[Case]) -> list[np.ndarray | None]:
        return [None] * len(cases)


def plain_rule(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Odds of credit and of contradiction for rows of point features, without training."""
    explained = rows[:, _AT["window_score"]]
    turned = rows[:, _AT["parity_mismatch"]] * (explained > 0.6)
    credit = 1 / (1 + np.exp(-12 * (explained - 0.62)))
    return credit * (1 - 0.8 * turned), 0.7 * turned * explained


def _leads(rows: np.ndarray) -> np.ndarray:
    return (rows[:, _AT["rival_lead"]] < 0).astype(np.float32)
