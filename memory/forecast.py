"""Where the learner will stand on the goal date if the planner is followed, and how sure that is.

The planner's own trend is extrapolated day by day on expectations (no sampling of answers): each day
the questions with the most gain per minute are taken as asked and put right. This is done for a slow,
a middling and a fast learner within what is known of the tempo; in between is interpolated. What
remains unsure (ability in points never asked, the tempo, and that every model is wrong) is sampled
with a fixed seed for the chance of passing an interview.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from memory.desk import BASIS_STANDS
from memory.items import PlanItem
from memory.knowledge import KnowledgeState
from memory.readiness import BAND
from memory.updating import LUCK, MENTION
from memory.value import Horizon, Table, basis_of, expected_minutes

MISFIT = 0.3
"""Standard deviation (logit) of what no model of this learner captures."""
REALISM, REALISM_SD = 0.9, 0.2
"""Share of the expected effect of the planned days that is reached, chosen where the chance of passing
came out calibrated for simulated learners of four kinds of memory: plans do not know what they will
find."""
MOST_STEPS = 60
SAMPLES = 2000
SPREADS = (-1.0, 0.0, 1.0)
INTERVIEW, PASS_MARK = 10, 0.6
"""Questions of an interview, and the share of what they ask for that passes it."""
MINUTES = (0.0, 10.0, 20.0, 30.0, 45.0, 60.0)


@dataclass(frozen=True, slots=True)
class Forecast:
    """Expected coverage (0..1) of everything on `days` from now to the goal, with its 80 % band.

    `chance` holds each point's chance of recall at the goal date for the three tempos (3 x points, in
    the order of the items) if all goes as planned, `idle` the same if nothing is done; `owner` is the
    item of each point, `unseen` marks those never asked by then.
    """

    days: tuple[float, ...]
    mean: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    minutes_daily: float
    chance: np.ndarray
    idle: np.ndarray
    weight: np.ndarray
    owner: np.ndarray
    unseen: np.ndarray
    ability_sd: float


class Reach(NamedTuple):
    """What so many minutes a day would reach by the goal date: the expected coverage of everything (0..1)
    with its 80 % band, and the chance of passing an interview then."""

    minutes: float
    coverage: float
    low: float
    high: float
    passing: float


def forecast(
    knowledge: KnowledgeState,
    items: Sequence[PlanItem],
    at: int,
    days: float,
    minutes_daily: float,
) -> Forecast:
    """The forecast from `at` (ms) over `days` with so many minutes on each of them.

    Raises `ValueError` without items or for a negative number of days.
    """
    idle = _trends(knowledge, items, at, days, 0.0)
    return _forecast(knowledge, items, at, days, minutes_daily, idle)


def _forecast(
    knowledge: KnowledgeState,
    items: Sequence[PlanItem],
    at: int,
    days: float,
    minutes_daily: float,
    idle: list[Trend],
) -> Forecast:
    planned = _trends(knowledge, items, at, days, minutes_daily) if minutes_daily > 0 else idle
    table, unseen = planned[1].table, planned[1].unseen
    effect = planned[1].curve - idle[1].curve
    mean = idle[1].curve + REALISM * effect
    share = table.weight / table.weight.sum()
    end = idle[1].chance + REALISM * (planned[1].chance - idle[1].chance)
    ability_sd = math.sqrt(knowledge.abilities.overall.variance)
    alone = float((share**2 * end * (1 - end)).sum())
    untold = float((share * np.where(unseen, end * (1 - end), 0.0)).sum()) * ability_sd
    tempo = (planned[2].curve - planned[0].curve) / 2
    model = MISFIT * mean * (1 - mean)
    sd = np.sqrt(alone + untold**2 + tempo**2 + (REALISM_SD * effect) ** 2 + model**2)
    return Forecast(
        days=_tuple(np.linspace(0, days, len(mean))),
        mean=_tuple(mean),
        low=_tuple(np.clip(mean - BAND * sd, 0, 1)),
        high=_tuple(np.clip(mean + BAND * sd, 0, 1)),
        minutes_daily=minutes_daily,
        chance=np.array([r.chance for r in planned]),
        idle=np.array([r.chance for r in idle]),
        weight=table.weight,
        owner=table.owner,
        unseen=unseen,
        ability_sd=ability_sd,
    )


def _tuple(values: np.ndarray) -> tuple[float, ...]:
    return tuple(float(x) for x in np.round(values, 4))


def reach(
    knowledge: KnowledgeState,
    items: Sequence[PlanItem],
    at: int,
    days: float,
    minutes: Sequence[float] = MINUTES,
) -> list[Reach]:
    """What each of these daily minutes would reach by the date."""
    idle = _trends(knowledge, items, at, days, 0.0)
    forecasts = (_forecast(knowledge, items, at, days, daily, idle) for daily in minutes)
    return [
        Reach(f.minutes_daily, f.mean[-1], f.low[-1], f.high[-1], interview_odds(f))
        for f in forecasts
    ]


def interview_odds(
    f: Forecast, questions: int = INTERVIEW, pass_mark: float = PASS_MARK, samples: int = SAMPLES
) -> float:
    """Probability of a weighted coverage of at least `pass_mark` over so many random questions.

    Answers are taken as they would be heard: a recalled point is said with the usual probability.
    Deterministic: the samples have a fixed seed.
    """
    rng = np.random.default_rng(20)
    count = int(f.owner[-1]) + 1
    tempo, ability, misfit, realism = rng.normal(size=(4, samples))
    asked = rng.random((samples, count)).argsort(axis=1)[:, : min(questions, count)]
    member = np.zeros((samples, count), dtype=bool)
    np.put_along_axis(member, asked, True, axis=1)
    reached = np.clip(REALISM + REALISM_SD * realism, 0, 1)[:, None]
    idle = _between(f.idle, tempo)
    chance = idle + reached * (_between(f.chance, tempo) - idle)
    logit = np.log(chance / (1 - chance))
    logit += MISFIT * misfit[:, None] + np.where(f.unseen, f.ability_sd * ability[:, None], 0.0)
    said = LUCK + (MENTION - LUCK) / (1 + np.exp(-logit))
    had = (rng.random(said.shape) < said) * f.weight
    heads = np.flatnonzero(np.diff(f.owner, prepend=-1))
    score = np.add.reduceat(had, heads, axis=1) / np.add.reduceat(f.weight, heads)
    mean = (score * member).sum(axis=1) / member.sum(axis=1)
    return round(float((mean >= pass_mark).mean()), 4)


def _between(chance: np.ndarray, z: np.ndarray) -> np.ndarray:
    """Chances for standard scores of the tempo, linear between the three that were run (on logits)."""
    safe = np.clip(chance, 1e-3, 1 - 1e-3)
    logit = np.log(safe / (1 - safe))
    z = np.clip(z, -2.5, 2.5)[:, None]
    side = np.where(z < 0, logit[1] - logit[0], logit[2] - logit[1])
    return 1 / (1 + np.exp(-(logit[1] + z * side)))


class Trend(NamedTuple):
    """One tempo: coverage by day, each point's chance at the end, and which were never asked."""

    curve: np.ndarray
    chance: np.ndarray
    unseen: np.ndarray
    table: Table


def _trends(
    knowledge: KnowledgeState, items: Sequence[PlanItem], at: int, days: float, daily: float
) -> list[Trend]:
    """The trend for each tempo of `SPREADS`; a step is a day, or longer when the date is far."""
    if not items or days < 0:
        raise ValueError("a forecast needs questions, and a date that is not over")
    steps = min(max(round(days), 1), MOST_STEPS)
    return [_trend(knowledge, items, at, days, steps, daily, z) for z in SPREADS]


def _trend(
    knowledge: KnowledgeState,
    items: Sequence[PlanItem],
    at: int,
    days: float,
    steps: int,
    minutes_daily: float,
    z: float,
) -> Trend:
    """Follow the planner day by day for one tempo (`z` standard deviations from the mean)."""
    table = Table.of(knowledge, items, at)
    table.scale = table.scale * math.exp(z * knowledge.rhythm.sd(1.0))
    table.first *= math.exp(z * knowledge.rhythm.sd(0.0))
    share = table.weight / table.weight.sum()
    curve = [float((share * table.recall()).sum())]
    step = days / steps
    rested = np.ones(len(items), dtype=bool)
    for k in range(steps):
        if minutes_daily > 0:
            left = Horizon(max(days - k * step, 0.5))
            _one_day(knowledge, table, left, minutes_daily * step, rested)
        table.wait(step)
        curve.append(float((share * table.recall()).sum()))
    return Trend(np.array(curve), table.recall(), ~table.met, table)


def _one_day(
    knowledge: KnowledgeState, table: Table, left: Horizon, minutes: float, rested: np.ndarray
) -> None:
    """Ask the best questions of the day, as far as the minutes go; the last one may be split."""
    coverage = table.coverage()
    basis = basis_of(table, coverage)
    cost = expected_minutes(knowledge, table)
    rate = table.gain(left, basis) / cost
    ready = rested & ((basis >= BASIS_STANDS) | (table.by_item(table.met) > 0))
    order = [i for i in np.argsort(-rate, kind="stable") if ready[i] and rate[i] > 0]
    asked = np.zeros(len(coverage), dtype=bool)
    for i in order:
        if minutes < cost[i] / 2:
            break
        minutes -= float(cost[i])
        asked[i] = True
    if asked.any():
        table.advance(asked[table.owner])
