"""The policies that the planner is measured against, from cyclic order to one that sees the truth."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bench.planning.memories import State
from bench.planning.world import Session
from memory.fsrs6 import STANDARD
from memory.items import PlanItem

PASS = 0.6
CAPS = (2, 3, 4, 5, 6, 8)


class Cycle:
    """Every question in turn, what was missed explained, again and again."""

    def __init__(self, items: Sequence[PlanItem]) -> None:
        self.order = [i.id for i in items]
        self.place = 0

    def next(self, now_days: float, minutes_left: float) -> str | None:
        return self.order[self.place % len(self.order)]

    def observe(
        self, item: str, outcomes: list[float], minutes: float, now_days: float, told: bool
    ) -> None:
        self.place += 1


class Shuffled(Cycle):
    """Any question at any time."""

    def __init__(self, items: Sequence[PlanItem], seed: int) -> None:
        super().__init__(items)
        rng = np.random.default_rng([seed, 11])
        self.order = [str(q) for q in rng.choice(self.order, 2000)]


class Heaviest(Cycle):
    """The most important share of the questions in turn."""

    def __init__(self, items: Sequence[PlanItem], share: float) -> None:
        super().__init__(items)
        heavy = sorted(items, key=lambda i: (-i.total / len(i.weights), i.id))
        kept = {i.id for i in heavy[: max(round(len(items) * share), 1)]}
        self.order = [q for q in self.order if q in kept]


class TeachThenQuiz(Cycle):
    """Everything explained once without being asked, then every question in turn."""

    def __init__(self, items: Sequence[PlanItem]) -> None:
        super().__init__(items)
        self.teaching = True

    def taught(self, question: str) -> None:
        self.place += 1
        self.teaching = self.place < len(self.order)


class Due:
    """One schedule per question. Due ones first, longest overdue first; without a cap, new ones
    only when nothing is due; with a cap, that many new ones a day before anything else."""

    def __init__(self, items: Sequence[PlanItem], cap: int | None) -> None:
        self.fresh = [i.id for i in items]
        self.cap = cap
        self.due: dict[str, float] = {}
        self.day, self.today = -1, 0

    def next(self, now_days: float, minutes_left: float) -> str | None:
        if int(now_days) != self.day:
            self.day, self.today = int(now_days), 0
        if self.cap is not None and self.fresh and self.today < self.cap:
            return self.fresh[0]
        waiting = [(d, q) for q, d in self.due.items() if d <= now_days + 0.5]
        if waiting:
            return min(waiting)[1]
        if self.fresh:
            return self.fresh[0]
        return min((d, q) for q, d in self.due.items())[1]

    def observe(
        self, item: str, outcomes: list[float], minutes: float, now_days: float, told: bool
    ) -> None:
        if self.fresh and item == self.fresh[0]:
            self.fresh.pop(0)
            self.today += 1
        self.due[item] = now_days + self.interval(item, sum(outcomes) / len(outcomes), now_days)

    def interval(self, item: str, score: float, now: float) -> float:
        raise NotImplementedError


class Sm2(Due):
    """SM-2 (Wozniak 1990), its grade taken from the question's mean coverage."""

    def __init__(self, items: Sequence[PlanItem], cap: int | None) -> None:
        super().__init__(items, cap)
        self.cards: dict[str, tuple[int, float, float]] = {}

    def interval(self, item: str, score: float, now: float) -> float:
        count, gap, ease = self.cards.get(item, (0, 0.0, 2.5))
        grade = 5 * score
        ease = max(ease + 0.1 - (5 - grade) * (0.08 + (5 - grade) * 0.02), 1.3)
        if grade < 3:
            count, gap = 0, 1.0
        else:
            gap = 1.0 if count == 0 else 6.0 if count == 1 else gap * ease
            count += 1
        self.cards[item] = count, gap, ease
        return gap


class FsrsDue(Due):
    """FSRS-6 with default parameters per question, Good from a mean coverage of 0.6, else Again."""

    def __init__(self, items: Sequence[PlanItem], cap: int | None) -> None:
        super().__init__(items, cap)
        self.cards: dict[str, tuple[float, float, float]] = {}

    def interval(self, item: str, score: float, now: float) -> float:
        rating = 3 if score >= PASS else 1
        if item not in self.cards:
            stability, hard = STANDARD.w[rating - 1], 6.4 if rating == 1 else 2.1
        else:
            stability, hard, last = self.cards[item]
            recall = float(STANDARD.retrievability(max(now - last, 0.0), stability))
            move = STANDARD.after_recall if rating == 3 else STANDARD.after_lapse
            if now - last >= 0.5:
                stability = float(move(stability, hard, recall))
            hard = STANDARD.next_difficulty(hard, rating)
        self.cards[item] = stability, hard, now
        return max(stability, 1.0)


class Oracle:
    """Greedy by true gain per true expected minute, looking into the learner's memory."""

    def __init__(self, items: Sequence[PlanItem], exam_day: float) -> None:
        self.items, self.exam = list(items), exam_day
        self.day = -1
        self.score: list[float] = []

    def see(self, session: Session) -> None:
        self.session = session

    def next(self, now_days: float, minutes_left: float) -> str | None:
        if int(now_days) != self.day:
            self.day, self.done = int(now_days), set()
            self.score = self._scores(now_days)
        best = max(
            (i for i in range(len(self.items)) if i not in self.done),
            key=lambda i: self.score[i],
            default=None,
        )
        return None if best is None else self.items[best].id

    def observe(
        self, item: str, outcomes: list[float], minutes: float, now_days: float, told: bool
    ) -> None:
        self.done.add(next(i for i, x in enumerate(self.items) if x.id == item))

    def _scores(self, now: float) -> list[float]:
        world, state = self.session.world, self.session.state
        memory = world.memory
        recall = memory.recall(state, now)
        place = {i.id: k for k, i in enumerate(self.items)}
        mean = [float(recall[world.rows[i.id]].mean()) for i in self.items]
        basis = np.concatenate(
            [
                np.full(
                    len(i.expectations),
                    np.mean([mean[place[q]] for q in i.prerequisites]) if i.prerequisites else 1.0,
                )
                for i in self.items
            ]
        )
        held, told = memory.recalled(state, now), memory.lapsed(state, now, basis)
        after = recall * self._value(held, now) + (1 - recall) * self._value(told, now)
        gain = (after - self._value(state, now)) * world.weight
        out: list[float] = []
        for item in self.items:
            rows = world.rows[item.id]
            missed = float((1 - 0.9 * recall[rows]).sum())
            out.append(float(gain[rows].sum()) / world.minutes(item, missed))
        return out

    def _value(self, state: State, now: float) -> np.ndarray:
        memory = self.session.world.memory
        half = memory.recall(state, now + (self.exam - now) / 2)
        return half + 0.5 * memory.recall(state, self.exam + 30)
