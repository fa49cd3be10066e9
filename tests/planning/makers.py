"""Events and items for the tests of planning."""

from __future__ import annotations

from typing import Any

from memory.days import DAY_MS
from memory.events import Event, Kind, event_id
from memory.items import PlanItem

START = 1_767_225_600_000  # 2026-01-01 00:00 UTC
NOON = START + DAY_MS // 2


def at(day: float) -> int:
    return NOON + round(day * DAY_MS)


def event(kind: Kind, day: float, question: str = "q", salt: str = "", **payload: Any) -> Event:
    """An event at a day; `salt` keeps ids of one moment apart and in order."""
    return Event(
        event_id(at(day), salt or kind), kind, at(day), "s", question=question, payload=payload
    )


def closed(
    day: float,
    coverage: list[float] | float,
    question: str = "q",
    aid: str = "none",
    salt: str = "",
    sure: float = 0.9,
    told: bool = True,
    **payload: Any,
) -> Event:
    """A closed question; each number is the coverage of one expectation e0, e1, ..."""
    values = [coverage] if isinstance(coverage, int | float) else coverage
    outcomes = [
        {"expectation": f"e{i}", "coverage": c, "aid": aid, "sure": sure, "told": told}
        for i, c in enumerate(values)
    ]
    return event("closed", day, question, salt or "closed", outcomes=outcomes, **payload)


def item(name: str = "q", points: int = 4, **fields: Any) -> PlanItem:
    names = tuple(f"e{i}" for i in range(points))
    return PlanItem(name, names, (1.0,) * points, **fields)
