"""One sitting's figures: which questions can be asked now, what each is worth, and why.

Hard rules: a question waits until its prerequisites stand, is asked once a day, and must fit the time.
The factors near 1 (interleaving of topics, a comfort band of 70 to 90 % expected success, an open
misconception, the balance of new against review) order near-equals; gain decides the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from memory.context import Choice, PlanContext, horizon_of
from memory.fsrs6 import same_day
from memory.items import PlanItem
from memory.knowledge import KnowledgeState
from memory.reasons import Facts, reason_for
from memory.value import Horizon, Table, basis_of, expected_minutes

BASIS_STANDS = 0.5
"""Expected coverage from which an asked prerequisite stands."""
BASIS_ASSUMED = 0.8
"""The same for one never asked here."""
INTERLEAVE = 0.93
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
        self._dues: dict[int, int | None] = {}

    def due(self, i: int) -> int | None:
        """When (ms) an item came or comes due, None if it was never asked."""
        if i not in self._dues:
            self._dues[i] = self.knowledge.due_at(self.items[i].id)
        return self._dues[i]

    def open(self) -> list[int]:
        """The items of the topics in use that this session has not had yet."""
        context = self.context
        done = {q for q, _ in context.asked} | context.skip
        return [
            i
            for i, item in enumerate(self.items)
            if item.id not in done and (not context.topics or item.topic in context.topics)
        ]

    def ready(self, some: list[int]) -> list[int]:
        """Those of `some` that may be asked now: rested, their basis standing, in the time left."""
        mode = self.context.mode
        rested = [i for i in some if not self._asked_today(i)]
        some = rested if mode == "study" else rested or some
        if mode not in ("mock", "design"):
            some = self._standing(some)
        return self._fitting(some)

    def _asked_today(self, i: int) -> bool:
        asked = self.asked[i]
        return asked is not None and same_day(asked.last, self.context.at)

    def _standing(self, some: list[int]) -> list[int]:
        """Those whose prerequisites stand, or would wait for themselves for ever."""
        return [
            i
            for i in some
            if self.asked[i] is not None or self._basis_stands(i) or i in self.ringed
        ]

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

    def _fitting(self, some: list[int]) -> list[int]:
        """Those that fit the time left; if none does, those that nearly fit."""
        left = self.context.minutes_left
        fitting = [i for i in some if self.minutes[i] <= left * 1.1 + 0.25]
        return fitting or [i for i in some if self.minutes[i] <= left / NEARLY]

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

    def comfort(self, i: int) -> float:
        """1 inside 70 to 90 % expected success, a little less far outside."""
        outside = max(0.7 - self.success[i], self.success[i] - 0.9, 0.0)
        return 1 - (1 - COMFORT) * min(outside / 0.4, 1.0)

    def interleave(self, i: int) -> float:
        """Less for the topic just asked, unless it is still too weak to be mixed."""
        if not self.context.asked:
            return 1.0
        before = self.place.get(self.context.asked[-1][0])
        same = before is not None and self.items[before].topic == self.items[i].topic
        return INTERLEAVE if same and self.items[i].topic and self.success[i] > 0.4 else 1.0

    def misconception(self, i: int) -> float:
        """More for a question with a misconception open since another day."""
        some = self.knowledge.misconceptions.get(self.items[i].id, {})
        rested = any(not same_day(at, self.context.at) for at in some.values())
        return MISCONCEPTION if rested else 1.0

    def balance(self, i: int) -> float:
        """More for whichever of new and review this session has had too little of."""
        asked = self.context.asked
        if len(asked) < 3:
            return 1.0
        new = sum(self._was_new(q) for q, _ in asked) / len(asked)
        if new < NEW_SHARE[0] and self.asked[i] is None:
            return BALANCE
        return BALANCE if new > NEW_SHARE[1] and self.asked[i] is not None else 1.0

    def _was_new(self, question: str) -> bool:
        asked = self.knowledge.questions.get(question)
        return asked is None or asked.times <= 1
