"""How fast this learner forgets: two numbers learnt from every answer about a point seen before.

FSRS-6 knows the average learner of flashcards. `first` says how much longer (logarithm of a factor)
this learner's memories last from the start, `growth` how much more each success adds. Both begin at
the average and follow the answers by an extended Kalman filter: the score and the information of each
answer's likelihood, with a normal prior. They apply to all beliefs at once, so a learner who forgets
fast gets earlier dates everywhere after some ten answers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

PRIOR_SD = (1.2, 0.5)
PRIOR_GROWTH = -0.3
"""Points said in free text gain a little less by a success than flashcards do."""
LIMIT = (1.8, 1.0)
MOST_WINS = 6.0


class Tempo(NamedTuple):
    """Logarithms: of stability from the start, and of what each success adds beyond FSRS."""

    first: float = 0.0
    growth: float = 0.0

    def of(self, wins: float) -> float:
        """Logarithm of the factor on stability after so many successes on separate days."""
        return self.first + self.growth * min(wins, MOST_WINS)


@dataclass(slots=True)
class TempoBelief:
    """Normal belief about a `Tempo`: mean, and the precision matrix ((a, b), (b, c))."""

    first: float = 0.0
    growth: float = PRIOR_GROWTH
    a: float = round(PRIOR_SD[0] ** -2, 6)
    b: float = 0.0
    c: float = round(PRIOR_SD[1] ** -2, 6)
    answers: int = 0

    @property
    def tempo(self) -> Tempo:
        return Tempo(self.first, self.growth)

    def sd(self, wins: float) -> float:
        """Standard deviation of the logarithm of the factor after so many successes."""
        det = self.a * self.c - self.b * self.b
        wins = min(wins, MOST_WINS)
        return math.sqrt((self.c - 2 * wins * self.b + wins * wins * self.a) / det)

    def observe(self, wins: float, score: float, information: float) -> None:
        """One answer: derivative of its log likelihood by log stability, and expected square of it."""
        wins = min(wins, MOST_WINS)
        self.a = round(self.a + information, 6)
        self.b = round(self.b + information * wins, 6)
        self.c = round(self.c + information * wins * wins, 6)
        det = self.a * self.c - self.b * self.b
        pull = score / det
        self.first = _within(self.first + (self.c - self.b * wins) * pull, LIMIT[0])
        self.growth = _within(self.growth + (self.a * wins - self.b) * pull, LIMIT[1])
        self.answers += 1


def _within(x: float, limit: float) -> float:
    return round(min(max(x, -limit), limit), 6)
