"""From features to probabilities: the trained heads, and a plain rule where they do not apply."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from agents.grading.point import POINT_NAMES


@dataclass(frozen=True)
class PointOdds:
    """Per finding: the credit to expect (0..1) and the probability that it is contradicted."""

    credit: np.ndarray
    contradicted: np.ndarray


class PointHead(Protocol):
    """Judges findings by their features, rows in the order of `POINT_NAMES`."""

    def __call__(self, rows: np.ndarray) -> PointOdds: ...


def plain_points(rows: np.ndarray) -> PointOdds:
    """A rule without training: what the window explains, refused where its polarity is turned."""
    at = {name: index for index, name in enumerate(POINT_NAMES)}
    explained = rows[:, at["window_score"]]
    turned = rows[:, at["parity_mismatch"]] * (explained > 0.6)
    credit = 1 / (1 + np.exp(-12 * (explained - 0.62)))
    return PointOdds(credit * (1 - 0.8 * turned), 0.7 * turned * explained)
