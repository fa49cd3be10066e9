"""The planner as a bare policy, to be driven by any simulation (or by another program).

Contract::

    policy = Policy(items, exam_day=30)
    item = policy.next(now_days, minutes_left)      # id of the item to ask, or None: stop for today
    policy.observe(item, outcomes, minutes, now_days, told=True)

- `items`: any sequence of `PlanItem`, of mappings, or of objects with the same names. Read are ``id``,
  ``expectations`` (how many, or a list of ids; also ``n``), and if present ``weights`` (one per
  expectation), ``weight`` (one factor for the whole item), ``minutes``, ``prerequisites`` (ids),
  ``topic``, ``level``.
- `exam_day`: the day of the exam on the clock of `now_days`; None for no exam.
- `now_days`: days since any fixed start, fractions allowed; it must not step back. Times on one whole
  day (or less than half a day apart) are one session: an item is offered once a day.
- `minutes_left`: minutes left today; `math.inf` if there is no limit. What fits is preferred; if
  nothing does, something somewhat longer is begun all the same.
- `outcomes`: graded coverage of each expectation, 0..1, in the order of the item's expectations, as a
  noisy grader saw it, *before* anything was explained. NaN or None: not graded.
- `minutes`: what it took in all; 0 or less if not measured.
- `told`: whether what was missed was explained afterwards.

Nothing is random; the same calls give the same choices. Questions are valued once a day: to value
them anew after every answer gained nothing in simulation. Neither Chroma nor CrewAI is imported.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from memory.context import Choice, PlanContext
from memory.days import DAY_MS
from memory.desk import Desk
from memory.events import Event, event_id
from memory.fsrs6 import DEFAULT, Fsrs6
from memory.items import PlanItem
from memory.knowledge import KnowledgeState
from memory.modes import Pick, pick

GRADING_ERROR = 0.15
MISSED = 0.6
"""Below this graded coverage a point counts as missed, and so as explained where `told`."""
STRETCH = 4.0
"""Where nothing fits, what is begun may take about this many times the minutes left."""


class Policy:
    """See the module's text. `grading_error` is the grader's assumed error rate, 0 to 0.5."""

    def __init__(
        self,
        items: Sequence[Any],
        exam_day: float | None = None,
        grading_error: float = GRADING_ERROR,
        model: Fsrs6 = DEFAULT,
    ) -> None:
        self.items = [plan_item(item) for item in items]
        self._names = {p.id: _read(item, "id") for p, item in zip(self.items, items, strict=True)}
        self.knowledge = KnowledgeState.empty(model)
        self.exam_day = exam_day
        self._sure = 1 - 2 * min(max(grading_error, 0.0), 0.5)
        self._by_id = {item.id: item for item in self.items}
        self._asked: list[tuple[str, float | None]] = []
        self._day: int | None = None
        self._desk: Desk | None = None
        self._count = 0

    def next(self, now_days: float, minutes_left: float = math.inf) -> Any:
        """The id of the item to ask now, None if nothing (more) is worth or fits it today."""
        found = self._pick(now_days, minutes_left)
        return None if found is None else self._names[self.items[found[1].place].id]

    def choose(self, now_days: float, minutes_left: float = math.inf) -> Choice | None:
        """As `next`, with the reasons."""
        found = self._pick(now_days, minutes_left)
        return None if found is None else found[0].choice(*found[1])

    def _pick(self, now_days: float, minutes_left: float) -> tuple[Desk, Pick] | None:
        if not self.items:
            return None
        if math.floor(now_days) != self._day:
            self._day = math.floor(now_days)
            self._asked, self._desk = [], None
        context = PlanContext(at=_ms(now_days), minutes_left=minutes_left, asked=tuple(self._asked))
        if self._desk is None:
            self._desk = Desk(self.knowledge, self.items, context, self._days_left(now_days))
        desk = self._desk
        desk.context = context
        found = pick(desk)
        if found is None:
            desk.context = replace(context, minutes_left=STRETCH * minutes_left)
            found = pick(desk)
        return None if found is None else (desk, found)

    def observe(
        self,
        item: Any,
        outcomes: Sequence[float | None],
        minutes: float,
        now_days: float,
        told: bool = True,
    ) -> None:
        """Take in an answer. Raises `KeyError` for an item that is not among the items."""
        asked = self._by_id[str(item)]
        rows = [
            {
                "expectation": e,
                "coverage": float(s),
                "sure": self._sure,
                "told": told and s < MISSED,
            }
            for e, s in zip(asked.expectations, outcomes, strict=False)
            if s is not None and not math.isnan(s)
        ]
        at = _ms(now_days)
        self._count += 1
        self.knowledge.apply(
            Event(
                id=event_id(at, f"{self._count:09d}"),
                kind="closed",
                at=at,
                session=str(self._day),
                question=asked.id,
                topic=asked.topic,
                payload={
                    "outcomes": rows,
                    "minutes": minutes,
                    "nominal": asked.minutes,
                    "level": asked.level,
                    "weights": dict(zip(asked.expectations, asked.weights, strict=True)),
                },
            )
        )
        self._asked.append((asked.id, None))

    def coverage(self, now_days: float) -> dict[str, list[float]]:
        """Probability of recall of each expectation of each item at a time, as believed."""
        at = _ms(now_days)
        return {
            item.id: [
                self.knowledge.recall_probability(item.id, e, at, item.topic, item.level)
                for e in item.expectations
            ]
            for item in self.items
        }

    def _days_left(self, now_days: float) -> float | None:
        if self.exam_day is None or now_days > self.exam_day:
            return None
        return self.exam_day - now_days


def plan_item(source: Any) -> PlanItem:
    """A `PlanItem` from a mapping or an object; see the module's text for the names read."""
    if isinstance(source, PlanItem):
        return source
    read = partial(_read, source)
    points = read("expectations", read("n", 1))
    names = [str(i) for i in range(points)] if isinstance(points, int) else _names(points)
    factor = float(read("weight", 1.0))
    weights = [factor * float(w) for w in read("weights", [1.0] * len(names))]
    return PlanItem(
        id=str(read("id")),
        expectations=tuple(names),
        weights=tuple(weights),
        topic=str(read("topic", "")),
        level=int(read("level", 2)),
        minutes=float(read("minutes", 4.0)),
        prerequisites=tuple(str(q) for q in read("prerequisites", ())),
    )


def _read(source: Any, name: str, default: Any = None) -> Any:
    value = source.get(name) if isinstance(source, Mapping) else getattr(source, name, None)
    return default if value is None else value


def _names(points: Sequence[Any]) -> list[str]:
    return [p if isinstance(p, str) else str(getattr(p, "id", i)) for i, p in enumerate(points)]


def _ms(days: float) -> int:
    return round(days * DAY_MS) + DAY_MS
