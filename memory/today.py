"""The figures of the Today screen: what is due, what is ahead, and what the planner intends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from memory.context import Choice, PlanContext, days_to_goal
from memory.days import day_number, end_of_day
from memory.items import PlanItem
from memory.knowledge import KnowledgeState
from memory.planner import plan
from memory.readiness import TopicCoverage, coverage_by_topic


@dataclass(frozen=True, slots=True)
class OpenMisconception:
    """A misconception that still stands, and since when (ms)."""

    question: str
    misconception: str
    since: int


@dataclass(frozen=True, slots=True)
class Today:
    """What the Today screen shows. Times in ms, coverage 0..1.

    `due_week` counts questions coming due on each of the next seven local days, the first being today
    (overdue included). `days_to_goal` is None without a goal, 0 on its day. `readiness` is by topic,
    the whole last, at the goal date if nothing is done until then.
    """

    due: tuple[str, ...]
    due_week: tuple[int, ...]
    new: int
    days_to_goal: int | None
    goal_date: str
    goal_minutes: float
    readiness: tuple[TopicCoverage, ...]
    streak: int
    misconceptions: tuple[OpenMisconception, ...]
    plan: tuple[Choice, ...]


def today(
    knowledge: KnowledgeState,
    items: Sequence[PlanItem],
    context: PlanContext,
    planned: int = 5,
) -> Today:
    """The figures at `context.at` for the items of the decks in use; a pure function of its inputs."""
    offset = context.utc_offset_minutes
    day = day_number(context.at, offset)
    dues = [(due, i.id) for i in items if (due := knowledge.due_at(i.id)) is not None]
    week = [0] * 7
    for due, _ in dues:
        ahead = max(day_number(due, offset) - day, 0)
        if ahead < 7:
            week[ahead] += 1
    days = days_to_goal(context.goal_date or knowledge.goal_date, context)
    return Today(
        due=tuple(q for due, q in sorted(dues) if due <= end_of_day(context.at, offset)),
        due_week=tuple(week),
        new=len(items) - len(dues),
        days_to_goal=None if days is None else max(round(days), 0),
        goal_date=context.goal_date or knowledge.goal_date,
        goal_minutes=knowledge.goal_minutes,
        readiness=tuple(coverage_by_topic(knowledge, items, context.at, days or 0.0)),
        streak=knowledge.streak(context.at, offset),
        misconceptions=tuple(
            OpenMisconception(q, m, since) for q, m, since in knowledge.open_misconceptions()
        ),
        plan=tuple(plan(knowledge, items, context, planned)),
    )
