"""FSRS-6 formulas on elapsed days as real numbers, for floats and for numpy arrays alike.

Parameters, ratings and the review log's form come from the `fsrs` package. Its scheduler is not
used: it floors elapsed time to whole days and lets repeats within one day multiply stability.
Formulas: https://github.com/open-spaced-repetition/fsrs4anki/wiki/The-Algorithm (FSRS-6).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from fsrs import Rating
from fsrs.scheduler import DEFAULT_PARAMETERS

from memory.days import DAY_MS

if TYPE_CHECKING:
    import numpy as np

Number = TypeVar("Number", float, "np.ndarray")

PARAMETERS: tuple[float, ...] = tuple(DEFAULT_PARAMETERS)
CURVE_DECAY = 0.7
"""Decay of the forgetting curve of a single memory. The default 0.154 was fitted to averages over
memories of different stability, which look flatter than each of them; a belief that holds the spread
of stability itself needs the steeper curve."""
STABILITY_MIN, STABILITY_MAX = 0.01, 36500.0


class Fsrs6:
    """The formulas for one set of 21 parameters.

    Raises `ValueError` if there are not 21 of them.
    """

    __slots__ = ("_decay", "_factor", "w")

    def __init__(self, parameters: Sequence[float] = PARAMETERS) -> None:
        if len(parameters) != len(PARAMETERS):
            raise ValueError(f"FSRS-6 has {len(PARAMETERS)} parameters, got {len(parameters)}")
        self.w = tuple(float(x) for x in parameters)
        self._decay = -self.w[20]
        self._factor = 0.9 ** (1 / self._decay) - 1

    def retrievability(self, days: Any, stability: Any) -> Any:
        """Probability of recall `days` after the last review; 0.9 when `days` equals `stability`."""
        return (1 + self._factor * days / stability) ** self._decay

    def interval(self, stability: float, retention: float = 0.9) -> float:
        """Days until retrievability falls to `retention`."""
        return stability / self._factor * (retention ** (1 / self._decay) - 1)

    def first_stability(self, rating: Rating) -> float:
        """Stability in days after a first review."""
        return max(self.w[rating - 1], STABILITY_MIN)

    def first_difficulty(self, rating: Rating) -> float:
        """Difficulty, 1 to 10, after a first review."""
        return min(max(self._raw_difficulty(rating), 1.0), 10.0)

    def _raw_difficulty(self, rating: int) -> float:
        return self.w[4] - math.e ** (self.w[5] * (rating - 1)) + 1

    def next_difficulty(self, difficulty: float, rating: float) -> float:
        """Difficulty after a review; `rating` may lie between the four (an expected rating)."""
        moved = difficulty - self.w[6] * (rating - 3) * (10 - difficulty) / 9
        easy = self._raw_difficulty(Rating.Easy)
        return min(max(self.w[7] * easy + (1 - self.w[7]) * moved, 1.0), 10.0)

    def after_recall(self, stability: Number, difficulty: Any, recall: Any) -> Number:
        """Stability after a success rated Good, `recall` being the retrievability before it."""
        w = self.w
        room = math.e ** (w[10] * (1 - recall)) - 1
        growth = math.e ** w[8] * (11 - difficulty) * stability ** -w[9] * room
        return stability * (1 + growth)

    def after_lapse(self, stability: Number, difficulty: Any, recall: Any) -> Number:
        """Stability after a failure that was put right on the spot."""
        w = self.w
        long_term = (
            w[11]
            * difficulty ** -w[12]
            * ((stability + 1) ** w[13] - 1)
            * math.e ** ((1 - recall) * w[14])
        )
        return _least(long_term, stability / math.e ** (w[17] * w[18]))

    def rated(self, stability: float, difficulty: float, recall: float, rating: Rating) -> float:
        """Stability after a plain four-way rating (imported review logs)."""
        if rating == Rating.Again:
            return _bounded(self.after_lapse(stability, difficulty, recall))
        scale = {Rating.Hard: self.w[15], Rating.Easy: self.w[16]}.get(rating, 1.0)
        grown = self.after_recall(stability, difficulty, recall)
        return _bounded(stability + (grown - stability) * scale)


STANDARD = Fsrs6()
"""FSRS-6 with its default parameters, for one schedule per card."""
DEFAULT = Fsrs6((*PARAMETERS[:20], CURVE_DECAY))
"""The same for beliefs: see `CURVE_DECAY`."""

PERSONAL: dict[str, tuple[float, float]] = {
    "8": (0.5, 3.0),
    "9": (0.0, 0.5),
    "11": (0.5, 4.0),
    "20": (0.1, 0.8),
}
"""The parameters that may be a learner's own, with the least and most they may be: growth by a success
(its logarithm), how growth shrinks with stability, what a lapse leaves, the decay of the curve."""


def personal(own: Mapping[str, Any]) -> Fsrs6:
    """`DEFAULT` with a learner's own parameters by number, as in `PERSONAL`; any others are ignored."""
    w = list(DEFAULT.w)
    for name, (low, high) in PERSONAL.items():
        value = own.get(name)
        if isinstance(value, int | float) and math.isfinite(value):
            w[int(name)] = min(max(float(value), low), high)
    return Fsrs6(w)


def replay(
    reviews: Iterable[tuple[int, int]], model: Fsrs6 = STANDARD
) -> tuple[float, float, int] | None:
    """Stability (days), difficulty and time (ms) of the last review after a log of plain ratings.

    `reviews` are (milliseconds since the epoch, rating 1 Again .. 4 Easy). Of several reviews within
    one day the first sets the stability; later ones can only lower it. None for an empty log.
    """
    state: tuple[float, float, int] | None = None
    for at, value in sorted((int(a), int(r)) for a, r in reviews):
        rating = Rating(value)
        if state is None:
            state = model.first_stability(rating), model.first_difficulty(rating), at
            continue
        stability, difficulty, last = state
        recall = model.retrievability((at - last) / DAY_MS, stability)
        after = model.rated(stability, difficulty, recall, rating)
        if same_day(last, at):
            after = min(after, stability)
        state = after, model.next_difficulty(difficulty, rating), at
    return state


def same_day(before: int, after: int) -> bool:
    """Whether two times (ms) count as one day of study: one date in UTC, or under 12 hours apart.

    Time zones are left out on purpose: two machines must fold the same events to the same state.
    """
    return before // DAY_MS == after // DAY_MS or abs(after - before) < DAY_MS // 2


def same_days(before: np.ndarray, after: int) -> np.ndarray:
    """`same_day` for many times before."""
    return (before // DAY_MS == after // DAY_MS) | (abs(after - before) < DAY_MS // 2)


def _bounded(stability: float) -> float:
    return min(max(stability, STABILITY_MIN), STABILITY_MAX)


def _least(a: Number, b: Number) -> Number:
    if isinstance(a, float) and isinstance(b, float):
        return min(a, b)
    import numpy as np  # folding events needs floats alone

    return np.minimum(a, b)  # type: ignore[return-value]
