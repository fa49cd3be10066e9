"""The rows that knowledge is made of, and their form in JSON."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from memory.ability import Gains
from memory.belief import AVERAGE, Belief
from memory.tempo import Tempo, TempoBelief
from memory.updating import Evidence


@dataclass(slots=True)
class Point:
    """Knowledge of one expectation: the belief, and what is needed to replay its last update."""

    belief: Belief
    before: Belief | None = None
    evidence: Evidence | None = None
    at: int = 0
    gains: Gains = field(default_factory=Gains)
    forecast: float | None = None
    """Coverage predicted before the last answer; None where nothing could be predicted."""
    tempo: Tempo = AVERAGE
    """The learner's tempo when it was answered."""
    held: float = 0.0
    """Probability that it was recalled, given the answer."""
    verdict: str | None = None
    """The learner's override of the last verdict, if one stands."""


@dataclass(slots=True)
class Asked:
    """What is known of a question as such."""

    topic: str = ""
    level: int = 2
    weights: dict[str, float] = field(default_factory=dict)
    times: int = 0
    last: int = 0
    score: float = 0.0
    """Weighted unaided coverage when last asked."""
    minutes: float = 0.0
    """Minutes it took on average, 0 where never measured."""


@dataclass(slots=True)
class Minutes:
    """Minutes a question takes: least squares of observed on expected minutes and points missed."""

    xx: float = 6.0
    xy: float = 0.0
    yy: float = 6.0
    xt: float = 6.0
    yt: float = 0.0

    def observe(self, expected: float, missed: float, minutes: float) -> None:
        """One question: its nominal minutes, the points missed, the minutes it took."""
        self.xx = round(self.xx + expected * expected, 6)
        self.xy = round(self.xy + expected * missed, 6)
        self.yy = round(self.yy + missed * missed, 6)
        self.xt = round(self.xt + expected * minutes, 6)
        self.yt = round(self.yt + missed * minutes, 6)

    def rates(self) -> tuple[float, float]:
        """Minutes per nominal minute and per missed point, neither negative."""
        det = self.xx * self.yy - self.xy * self.xy
        per_minute = (self.xt * self.yy - self.yt * self.xy) / det
        per_miss = (self.yt * self.xx - self.xt * self.xy) / det
        if per_miss < 0:
            return max(self.xt / self.xx, 0.05), 0.0
        if per_minute < 0.05:
            return 0.05, max((self.yt - 0.05 * self.xy) / self.yy, 0.0)
        return per_minute, per_miss


def point_row(point: Point) -> list[Any]:
    """A point as JSON values."""
    e, g = point.evidence, point.gains
    return [
        point.belief.to_list(),
        point.before and point.before.to_list(),
        e and [e.coverage, e.aid, e.sure, e.contradicted, e.told, e.confidence, e.basis],
        point.at,
        [g.overall, g.topic, g.item],
        point.forecast,
        list(point.tempo),
        point.held,
        point.verdict,
    ]


def point_from(row: list[Any]) -> Point:
    """The point that `point_row` wrote."""
    belief, before, evidence, at, gains, forecast, tempo, held, verdict = row
    return Point(
        Belief.from_list(belief),
        Belief.from_list(before) if before else None,
        Evidence(*evidence) if evidence else None,
        at,
        Gains(*gains),
        forecast,
        Tempo(*tempo),
        held,
        verdict,
    )


def asked_row(asked: Asked) -> list[Any]:
    """A question's record as JSON values."""
    return [
        asked.topic,
        asked.level,
        asked.weights,
        asked.times,
        asked.last,
        asked.score,
        asked.minutes,
    ]


def asked_from(row: list[Any]) -> Asked:
    """The record that `asked_row` wrote."""
    return Asked(*row)


def minutes_row(minutes: Minutes) -> list[float]:
    """The sums of the least squares as JSON values."""
    return [minutes.xx, minutes.xy, minutes.yy, minutes.xt, minutes.yt]


def rhythm_row(rhythm: TempoBelief) -> list[float]:
    """The belief about the learner's tempo as JSON values."""
    return [rhythm.first, rhythm.growth, rhythm.a, rhythm.b, rhythm.c, rhythm.answers]
