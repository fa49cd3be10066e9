"""A simulated learner with limited minutes, a noisy grader and an exam date."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from bench.planning.memories import FAMILIES, HELD_OUT, Memory, State, put, take
from memory.items import PlanItem

MENTION = 0.9
LUCK = 0.03
NOMINAL_MISSED = 0.5


@dataclass(frozen=True, slots=True)
class Setting:
    """A plan of study: questions, days to the exam, minutes a day, grading error, weights."""

    questions: int = 60
    days: int = 30
    minutes: float = 20.0
    error: float = 0.15
    weighted: bool = False
    absent: float = 0.1


class Learner(Protocol):
    """What a policy may be told; the contract of `memory.policy`."""

    def next(self, now_days: float, minutes_left: float) -> str | None: ...
    def observe(
        self, item: str, outcomes: list[float], minutes: float, now_days: float, told: bool
    ) -> None: ...


@dataclass
class World:
    """One learner and one deck, the same for every policy that is tried on it (by `seed`)."""

    setting: Setting
    family: str
    seed: int
    items: list[PlanItem] = field(init=False)
    memory: Memory = field(init=False)
    begin: State = field(init=False)
    rows: dict[str, np.ndarray] = field(init=False)
    weight: np.ndarray = field(init=False)
    present: np.ndarray = field(init=False)
    cost: tuple[float, float, float] = field(init=False)
    """Minutes per question, per point, and per point explained."""
    luck: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        rng = np.random.default_rng([self.seed, 7])
        self.items = _deck(self.setting, rng)
        counts = [len(i.expectations) for i in self.items]
        edges = np.concatenate(([0], np.cumsum(counts)))
        self.rows = {i.id: np.arange(edges[k], edges[k + 1]) for k, i in enumerate(self.items)}
        self.weight = np.array([w for i in self.items for w in i.weights])
        known = self._known(rng, edges)
        ease = np.repeat(rng.normal(0, 1, len(counts)), counts)
        self.memory = (FAMILIES | HELD_OUT)[self.family](rng, ease)
        self.begin = self.memory.start(known, rng)
        self.cost = (rng.uniform(0.4, 2.0), rng.uniform(0.15, 0.4), rng.uniform(0.15, 0.5))
        self.present = rng.random(self.setting.days) >= self.setting.absent
        self.luck = rng.random((64, 4, int(edges[-1])))

    def _known(self, rng: np.random.Generator, edges: np.ndarray) -> np.ndarray:
        ability = rng.normal(-0.7, 0.7)
        topics = {t: rng.normal(0, 0.6) for t in sorted({i.topic for i in self.items})}
        logit = np.zeros(int(edges[-1]))
        for k, item in enumerate(self.items):
            level = ability + topics[item.topic] - 0.4 * (item.level - 3) + rng.normal(0, 1.1)
            logit[edges[k] : edges[k + 1]] = level
        return rng.random(len(logit)) < 1 / (1 + np.exp(-logit))

    def basis(self, state: State, item: PlanItem, now: float) -> float:
        """Mean chance of recall over the points of the prerequisites, 1 with none."""
        rows = [self.rows[q] for q in item.prerequisites]
        if not rows:
            return 1.0
        return float(self.memory.recall(take(state, np.concatenate(rows)), now).mean())

    def minutes(self, item: PlanItem, missed: float) -> float:
        """What asking a question takes when so many of its points are explained."""
        n = len(item.expectations)
        slow = item.minutes / (1.2 + 0.3 * n * (1 + NOMINAL_MISSED))
        return slow * (self.cost[0] + self.cost[1] * n + self.cost[2] * missed)

    def answering(self, item: PlanItem) -> float:
        """The part of `minutes` in which the learner answers."""
        n = len(item.expectations)
        return item.minutes / (1.2 + 0.3 * n * (1 + NOMINAL_MISSED)) * self.cost[1] * n

    def retained(self, state: State, day: float) -> float:
        """Expected weight of the points retained at a day."""
        return float((self.memory.recall(state, day) * self.weight).sum())


@dataclass(frozen=True, slots=True)
class Run:
    """What a policy reached: retained at the exam and 30 days on, and questions asked."""

    exam: float
    later: float
    asked: int
    state: State


class Session:
    """The world in motion: asks, grades with noise, explains what was graded as missed."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.state: State = {k: v.copy() for k, v in world.begin.items()}
        self.times = np.zeros(len(world.weight), dtype=int)
        self.by_id = {i.id: i for i in world.items}

    def ask(self, question: str, now: float) -> tuple[list[float], float]:
        """Graded coverage of each point, and the minutes it took."""
        world, item = self.world, self.by_id[question]
        rows = world.rows[question]
        luck = world.luck[self.times[rows] % 64, :, rows]
        part = take(self.state, rows)
        held = luck[:, 0] < world.memory.recall(part, now)
        said = np.where(held, luck[:, 1] < MENTION, luck[:, 1] < LUCK)
        seen = said ^ (luck[:, 2] < world.setting.error)
        graded = np.where(seen, 0.6 + 0.4 * luck[:, 3], 0.4 * luck[:, 3])
        basis = np.full(len(rows), world.basis(self.state, item, now))
        after = world.memory.recalled(part, now)
        told = world.memory.lapsed(part, now, basis)
        explained = {k: np.where(seen, part[k], told[k]) for k in part}
        put(self.state, rows, {k: np.where(held, after[k], explained[k]) for k in part})
        self.times[rows] += 1
        return graded.tolist(), world.minutes(item, float((~seen).sum()))

    def teach(self, question: str, now: float) -> float:
        """Explain a question without asking it; returns the minutes it took.

        It takes as long as reading the question and the explanation of every point. What was read
        without an attempt keeps about two thirds as well after a week as what was retrieved (40
        against 61 %, Roediger and Karpicke 2006); a missing basis does that here.
        """
        world, item = self.world, self.by_id[question]
        rows = world.rows[question]
        part = take(self.state, rows)
        held = world.luck[self.times[rows] % 64, 0, rows] < world.memory.recall(part, now)
        told = world.memory.lapsed(part, now, np.zeros(len(rows)))
        put(self.state, rows, {k: np.where(held, part[k], told[k]) for k in part})
        n = len(rows)
        return world.minutes(item, n) - world.answering(item)


def run(world: World, policy: Any, watch: Callable[[int], None] | None = None) -> Run:
    """Let a policy guide the learner until the exam; `watch` is called at the start of each day."""
    session = Session(world)
    if hasattr(policy, "see"):
        policy.see(session)
    owed = 0.0
    asked = 0
    for day in range(world.setting.days):
        if watch is not None:
            watch(day)
        if not world.present[day]:
            continue
        left = world.setting.minutes - owed
        owed = 0.0
        while left > 0:
            now = day + (world.setting.minutes - left) / 1440
            question = policy.next(now, left)
            if question is None:
                break
            if getattr(policy, "teaching", False):
                minutes = session.teach(question, now)
                policy.taught(question)
            else:
                outcomes, minutes = session.ask(question, now)
                policy.observe(question, outcomes, minutes, now, True)
            asked += 1
            left -= minutes
        owed = max(-left, 0.0)
    end = world.setting.days
    return Run(
        world.retained(session.state, end),
        world.retained(session.state, end + 30),
        asked,
        session.state,
    )


def _deck(setting: Setting, rng: np.random.Generator) -> list[PlanItem]:
    topics = max(setting.questions // 12, 3)
    items: list[PlanItem] = []
    for k in range(setting.questions):
        n = int(rng.integers(3, 9))
        earlier = [i.id for i in items if i.topic == f"t{k % topics}"]
        needs = (str(rng.choice(earlier)),) if earlier and rng.random() < 0.3 else ()
        weight = float(np.exp(rng.normal(0, 0.8))) if setting.weighted else 1.0
        items.append(
            PlanItem(
                id=f"q{k:03d}",
                expectations=tuple(f"e{j}" for j in range(n)),
                weights=(weight,) * n,
                topic=f"t{k % topics}",
                level=int(rng.integers(1, 6)),
                minutes=(1.2 + 0.3 * n + 0.3 * n * NOMINAL_MISSED)
                * float(np.exp(rng.normal(0, 0.35))),
                prerequisites=needs,
            )
        )
    return items
