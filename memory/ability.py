"""Elo with a shrinking step: the learner's ability, overall and by topic, and items' difficulty.

Ability is what the learner knows *before* anything was taught here: only first encounters move it,
so that being taught and forgetting do not. The step is that of a Gaussian approximation to the
posterior (each topic is the overall ability plus an offset), so it settles in about ten answers.
All values are kept to nine decimals, which makes a correction and its undoing cancel exactly.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

START = -0.8
START_VARIANCE = 1.0
TOPIC_VARIANCE = 0.4
ITEM_STEP = 0.12
"""Elo step of an item's difficulty, per expectation of a whole question."""
LEVEL_STEP = 0.5
TEMPER = 0.5
"""Points of one question are not independent; each counts for this much."""


@dataclass(slots=True)
class Rating:
    """A normal belief on the logit scale, and from how many answers."""

    mean: float
    variance: float
    answers: int = 0


@dataclass(slots=True)
class Gains:
    """How far each unit of surprise (coverage minus expected coverage) moves the three ratings."""

    overall: float = 0.0
    topic: float = 0.0
    item: float = 0.0


@dataclass(slots=True)
class Abilities:
    """Ratings of one learner. `items` holds each question's difficulty, in logits."""

    overall: Rating = field(default_factory=lambda: Rating(START, START_VARIANCE))
    topics: dict[str, Rating] = field(default_factory=dict)
    items: dict[str, float] = field(default_factory=dict)

    def topic(self, topic: str) -> Rating:
        """The topic's offset from the overall ability."""
        return self.topics.get(topic) or Rating(0.0, TOPIC_VARIANCE)

    def ability(self, topic: str = "") -> float:
        """Ability in a topic on the logit scale; level 3 is 0."""
        return self.overall.mean + (self.topic(topic).mean if topic else 0.0)

    def variance(self, topic: str) -> float:
        return self.overall.variance + self.topic(topic).variance

    def difficulty(self, question: str, level: int) -> float:
        """Difficulty of a question on the same scale."""
        return LEVEL_STEP * (level - 3) + self.items.get(question, 0.0)

    def known(self, topic: str, level: int, question: str = "") -> float:
        """Probability that a point never asked here is known, averaged over the uncertainty."""
        spread = math.sqrt(1 + math.pi / 8 * self.variance(topic))
        return logistic((self.ability(topic) - self.difficulty(question, level)) / spread)

    def observe(self, topic: str, expected: list[float], first: bool) -> Gains:
        """Take in that a question with these expected coverages was answered; surprise comes by `move`.

        `first` says that it was the first encounter. Returns the gains per unit of surprise.
        """
        gains = Gains(item=ITEM_STEP / max(len(expected), 1))
        if not first or not expected:
            return gains
        info = TEMPER * sum(p * (1 - p) for p in expected)
        offset = self.topics.setdefault(topic, Rating(0.0, TOPIC_VARIANCE))
        total = self.variance(topic)
        shrink = TEMPER / (1 + total * info)
        gains.overall = round(self.overall.variance * shrink, 9)
        gains.topic = round(offset.variance * shrink, 9)
        for rating in (self.overall, offset):
            rating.variance = round(
                rating.variance - rating.variance**2 * info / (1 + total * info), 9
            )
            rating.answers += 1
        return gains

    def move(self, topic: str, question: str, gains: Gains, surprise: float) -> None:
        """Move the ratings by a surprise, or by the difference of two."""
        self.overall.mean = _fixed(self.overall.mean + _fixed(gains.overall * surprise))
        if gains.topic:
            offset = self.topics.setdefault(topic, Rating(0.0, TOPIC_VARIANCE))
            offset.mean = _fixed(offset.mean + _fixed(gains.topic * surprise))
        self.items[question] = _fixed(self.items.get(question, 0.0) - _fixed(gains.item * surprise))

    def to_dict(self) -> dict[str, Any]:
        return {
            "overall": _row(self.overall),
            "topics": {k: _row(v) for k, v in self.topics.items()},
            "items": self.items,
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Abilities:
        return cls(
            Rating(*data["overall"]),
            {k: Rating(*v) for k, v in data["topics"].items()},
            dict(data["items"]),
        )


def logistic(x: float) -> float:
    """1 / (1 + e^-x), without overflow."""
    return 1 / (1 + math.exp(-x)) if x >= 0 else 1 - 1 / (1 + math.exp(x))


def _fixed(x: float) -> float:
    return round(x, 9)


def _row(rating: Rating) -> list[Any]:
    return [rating.mean, rating.variance, rating.answers]
