"""What is believed about one expectation: a soft belief over how long its memory lasts.

The belief is a probability for "not in memory" and for each of 13 stabilities (0.25 days to 1,024,
doubling; FSRS's stability: days until the chance of recall is 90 %). `memory.updating` says how
evidence changes it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from memory.days import DAY_MS
from memory.fsrs6 import DEFAULT, Fsrs6
from memory.tempo import Tempo

GRID: tuple[float, ...] = tuple(0.25 * 2.0**k for k in range(13))
"""Stabilities in days, before the learner's tempo is applied."""
LOG_GRID: tuple[float, ...] = tuple(math.log(s) for s in GRID)
STEP = math.log(2.0)

KEPT = 0.8
"""Probability that a point told once is in memory at all afterwards."""
TOLD_STABILITY = 1.8
TOLD_SPREAD = 0.7
PRIOR_STABILITY = 12.0
"""Of what was known before the first question here; its spread is wide."""
PRIOR_SPREAD = 1.2
FIRST_DIFFICULTY = 5.0
AVERAGE = Tempo()

Phase = Literal["unseen", "missed", "told", "repaired", "proven", "lapsed"]


@dataclass(frozen=True, slots=True)
class Belief:
    """Belief about one expectation. `p[0]` is "not in memory", `p[k]` stability `GRID[k - 1]`.

    `last` (ms) is when the memory was last renewed, None if never asked or told here. `wins` counts
    the successes since it was last (re)learnt, in expectation.
    """

    p: tuple[float, ...]
    difficulty: float = FIRST_DIFFICULTY
    last: int | None = None
    phase: Phase = "unseen"
    reviews: int = 0
    lapses: int = 0
    wins: float = 0.0

    @property
    def known(self) -> float:
        """Probability that the point is in memory, retrievable now or not."""
        return 1.0 - self.p[0]

    def stability(self, tempo: Tempo = AVERAGE) -> float:
        """Days until retrievability is 90 %, given that it is in memory (geometric mean)."""
        return math.exp(self.log_stability() + tempo.of(self.wins))

    def log_stability(self) -> float:
        known = sum(self.p[1:])
        if known <= 0:
            return math.log(TOLD_STABILITY)
        return sum(p * s for p, s in zip(self.p[1:], LOG_GRID, strict=True)) / known

    def recall(self, at: int, tempo: Tempo = AVERAGE, model: Fsrs6 = DEFAULT) -> float:
        """Probability that it is recalled at `at` (ms)."""
        rates = retrievabilities(self, at, tempo, model)
        return sum(p * r for p, r in zip(self.p[1:], rates, strict=True))

    def to_list(self) -> list[Any]:
        return [
            list(self.p),
            self.difficulty,
            self.last,
            self.phase,
            self.reviews,
            self.lapses,
            self.wins,
        ]

    @classmethod
    def from_list(cls, row: Sequence[Any]) -> Belief:
        p, difficulty, last, phase, reviews, lapses, wins = row
        return cls(tuple(p), difficulty, last, phase, reviews, lapses, wins)


def spread(log_mean: float, sd: float) -> tuple[float, ...]:
    """A log-normal distribution over `GRID`, summing to 1."""
    weights = [math.exp(-(((s - log_mean) / sd) ** 2) / 2) for s in LOG_GRID]
    total = sum(weights)
    return tuple(w / total for w in weights)


PRIOR_SHAPE = spread(math.log(PRIOR_STABILITY), PRIOR_SPREAD)


def unseen(known: float) -> Belief:
    """Belief about a point never asked here; `known` is the probability that it is known."""
    return Belief((round(1 - known, 6), *(round(known * x, 6) for x in PRIOR_SHAPE)))


def scheduled(stability: float, difficulty: float, last: int) -> Belief:
    """Belief from an imported schedule: known, around the given stability (days)."""
    shape = spread(math.log(stability), 0.5)
    return Belief(
        rounded([0.03, *(0.97 * x for x in shape)]), round(difficulty, 4), last, "proven", 1
    )


def retrievabilities(
    belief: Belief, at: int, tempo: Tempo = AVERAGE, model: Fsrs6 = DEFAULT
) -> list[float]:
    """Retrievability at `at` (ms) for each stability of `GRID`; 1 where it was never renewed here."""
    if belief.last is None:
        return [1.0] * len(GRID)
    days = max(at - belief.last, 0) / DAY_MS
    scale = math.exp(tempo.of(belief.wins))
    return [model.retrievability(days, s * scale) for s in GRID]


@lru_cache(maxsize=256)
def told_shape(basis: float) -> tuple[float, ...]:
    """Where a point told for the first time lands; a missing basis (0..1) halves its stability."""
    return spread(math.log(TOLD_STABILITY * (0.5 + 0.5 * basis)), TOLD_SPREAD)


def rounded(p: Sequence[float]) -> tuple[float, ...]:
    """Six decimals: what is stored is what is computed with, so a snapshot continues exactly."""
    total = sum(p)
    return tuple(round(x / total, 6) for x in p)
