"""What the planner is told of the moment, and what it answers."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from memory.days import DAY_MS
from memory.knowledge import KnowledgeState
from memory.value import ROLLING_DAYS, Horizon

Mode = Literal["study", "mock", "drill", "review", "design"]


@dataclass(frozen=True, slots=True)
class PlanContext:
    """What the planner must be told. Times in ms since the epoch, UTC.

    `asked` are the questions of this session in order, with the weighted coverage each reached (None
    while unknown). `skip` are questions not to be offered. `goal_date` is ISO, "" for the learner's
    own goal as folded from events.
    """

    at: int
    mode: Mode = "study"
    minutes_left: float = math.inf
    goal_date: str = ""
    asked: tuple[tuple[str, float | None], ...] = ()
    skip: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()
    """Only these topics, if any are named."""
    series: str = ""
    """In design mode, the series to walk through."""
    utc_offset_minutes: int = 0


@dataclass(frozen=True, slots=True)
class Choice:
    """A question to ask and why.

    `gain` is in expected kept points, `minutes` expected, `score` what orders the choices, from `factors`;
    `success` the expected coverage, `basis` how far the prerequisites stand, `due` when (ms) it came
    or comes due, None if never asked.
    """

    question: str
    kind: Literal["new", "review"]
    reason: str
    score: float
    gain: float
    minutes: float
    success: float
    basis: float = 1.0
    due: int | None = None
    factors: dict[str, float] = field(default_factory=dict)


def horizon_of(knowledge: KnowledgeState, context: PlanContext) -> Horizon:
    """The horizon from the goal date in the context or the learner's own; rolling without one."""
    days = days_to_goal(context.goal_date or knowledge.goal_date, context)
    return Horizon(ROLLING_DAYS if days is None else max(days, 0.5))


def days_to_goal(goal_date: str, context: PlanContext) -> float | None:
    """Days from now to noon of the goal date; None without one or when it is over."""
    if not goal_date:
        return None
    try:
        day = date.fromisoformat(goal_date[:10]).toordinal() - date(1970, 1, 1).toordinal()
    except ValueError:
        return None
    days = day + 0.5 - (context.at / DAY_MS + context.utc_offset_minutes / 1440)
    return days if days > -0.5 else None
