"""One sitting's figures: which questions can be asked now, what each is worth, and why.

Hard rules: a question waits until its prerequisites stand, is asked once a day, and must fit the time.
The factors near 1 (interleaving of topics, a comfort band of 70 to 90 % expected success, an open
misconception, the balance of new against review) order near-equals; gain decides the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from memory.context import Choice, PlanContext, horizon_of
from memory.fsrs6 import same_day, same_days
from memory.items import PlanItem
from memory.knowledge import KnowledgeState
from memory.reasons import Facts, reason_for
from memory.value import Horizon, Table, basis_of, expected_minutes

BASIS_STANDS = 0.5
"""Expected coverage from which an asked prerequisite stands."""
BASIS_ASSUMED = 0.8
"""The same for one never asked here."""
INTERLEAVE = 0.93
MIXED = 0.4
"""Expected coverage from which a question is no longer too weak to be mixed with others."""
COMFORT = 0.96
MISCONCEPTION = 1.15
BALANCE = 1.12
NEW_SHARE = (0.2, 0.8)
"""Below and above these shares of new questions in a session, the rarer kind is favoured."""
NEARLY = 0.6
"""The last question of a session may take this much longer than the time left (left / minutes)."""


class Desk:
    """A session's figures by place among the items: computed once, read against `context`.

    Set `context` to move on within a session; make another desk when knowledge has changed much.
    `days_left` to the goal come before what the context or the learner's own goal say.
    """

    def __init__(
        self,
        knowledge: KnowledgeState,
        items: Sequence[PlanItem],
        context: PlanContext,
        days_left: float | None = None,
    ) -> None:
        self.knowledge, self.items, self.context = knowledge, items, context
        self.place = {item.id: i for i, item in enumerate(items)}
        table = Table.of(knowledge, items, context.at)
        self.success = table.coverage()
        self.basis = basis_of(table, self.success)
        horizon = horizon_of(knowledge, context) if days_left is None else Horizon(days_left)
        self.gain = table.gain(horizon, self.basis)
        self.worth = table.urgency(horizon, self.basis, self.gain)
        self.minutes = expected_minutes(knowledge, table)
        self.asked = [knowledge.questions.get(item.id) for item in items]
        self.unasked = np.array([a is None for a in self.asked], dtype=bool)
        self._last = np.array([0 if a is None else a.last for a in self.asked], dtype=np.int64)
        names = {topic: k for k, topic in enumerate({item.topic: None for item in items})}
        self._topics = np.array([names[item.topic] for item in items])
        self._dues: dict[int, int | None] = {}

    def due(self, i: int) -> int | None:
        """When (ms) an item came or comes due, None if it was never asked."""
        if i not in self._dues:
            self._dues[i] = self.knowledge.due_at(self.items[i].id)
        return self._dues[i]

    def open(self) -> np.ndarray:
        """The items of the topics in use that this session has not had yet."""
        context = self.context
        mask = np.ones(len(self.items), dtype=bool)
        if context.topics:
            mask &= np.array([item.topic in context.topics for item in self.items])
        done = {q for q, _ in context.asked} | context.skip
        mask[[self.place[q] for q in done if q in self.place]] = False
        return np.flatnonzero(mask)

    def ready(self, some: np.ndarray) -> np.ndarray:
        """Those of `some` that may be asked now: rested, their basis standing, in the time left."""
        mode = self.context.mode
        rested = some[~self._asked_today()[some]]
        some = rested if mode == "study" or len(rested) else some
        if mode not in ("mock", "design"):
            some = some[self._standing[some]]
        return self._fitting(some)

    def _asked_today(self) -> np.ndarray:
        return same_days(self._last, self.context.at) & ~self.unasked

    @cached_property
    def _standing(self) -> np.ndarray:
        """Where prerequisites stand, or an item would wait for itself for ever."""
        places = range(len(self.items))
        firm = [self._basis_stands(i) or i in self.ringed for i in places]
        return np.array(firm, dtype=bool) | ~self.unasked

    @cached_property
    def ringed(self) -> frozenset[int]:
        """Items that a ring of prerequisites would keep from ever being asked."""
        waiting = set(range(len(self.items)))
        free = {-1}
        while free:
            free = {
                i
                for i in waiting
                if not any(
                    self.place.get(q, i) in waiting - {i} for q in self.items[i].prerequisites
                )
            }
            waiting -= free
        return frozenset(waiting)

    def _basis_stands(self, i: int) -> bool:
        for question in self.items[i].prerequisites:
            j = self.place.get(question)
            if j is None or j == i:
                continue
            floor = BASIS_ASSUMED if self.asked[j] is None else BASIS_STANDS
            if self.success[j] < floor:
                return False
        return True

    def _fitting(self, some: np.ndarray) -> np.ndarray:
        """Those that fit the time left; if none does, those that nearly fit."""
        left, minutes = self.context.minutes_left, self.minutes[some]
        fitting = some[minutes <= left * 1.1 + 0.25]
        return fitting if len(fitting) else some[minutes <= left / NEARLY]

    def choice(self, i: int, score: float, factors: dict[str, float]) -> Choice:
        """An item as the answer, with its reason in words."""
        item, asked = self.items[i], self.asked[i]
        facts = Facts(
            knowledge=self.knowledge,
            item=item,
            asked=asked,
            due=self.due(i),
            at=self.context.at,
            utc_offset_minutes=self.context.utc_offset_minutes,
            success=float(self.success[i]),
            mode=self.context.mode,
            stages=[x.id for x in self.items if item.series and x.series == item.series],
        )
        return Choice(
            question=item.id,
            kind="new" if asked is None and self.due(i) is None else "review",
            reason=reason_for(facts),
            score=round(float(score), 6),
            gain=round(float(self.gain[i]), 4),
            minutes=round(float(self.minutes[i]), 2),
            success=round(float(self.success[i]), 4),
            basis=round(float(self.basis[i]), 4),
            due=self.due(i),
            factors={name: round(float(x), 4) for name, x in factors.items()},
        )

    @cached_property
    def comfort(self) -> np.ndarray:
        """1 inside 70 to 90 % expected success, a little less far outside."""
        outside = np.maximum(np.maximum(0.7 - self.success, self.success - 0.9), 0.0)
        return 1 - (1 - COMFORT) * np.minimum(outside / 0.4, 1.0)

    def interleave(self) -> np.ndarray:
        """Less for the topic just asked, unless it is still too weak to be mixed."""
        before = self.place.get(self.context.asked[-1][0]) if self.context.asked else None
        if before is None or not self.items[before].topic:
            return np.ones(len(self.items))
        mixed = (self._topics == self._topics[before]) & (self.success > MIXED)
        return np.where(mixed, INTERLEAVE, 1.0)

    def misconception(self) -> np.ndarray:
        """More for a question with a misconception open since another day."""
        out = np.ones(len(self.items))
        for question, some in self.knowledge.misconceptions.items():
            rested = any(not same_day(at, self.context.at) for at in some.values())
            if rested and question in self.place:
                out[self.place[question]] = MISCONCEPTION
        return out

    def balance(self) -> np.ndarray:
        """More for whichever of new and review this session has had too little of."""
        asked = self.context.asked
        if len(asked) < 3:
            return np.ones(len(self.items))
        new = sum(self._was_new(q) for q, _ in asked) / len(asked)
        if new < NEW_SHARE[0]:
            return np.where(self.unasked, BALANCE, 1.0)
        return np.where(self.unasked | (new <= NEW_SHARE[1]), 1.0, BALANCE)

    def _was_new(self, question: str) -> bool:
        asked = self.knowledge.questions.get(question)
        return asked is None or asked.times <= 1
