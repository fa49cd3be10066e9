"""The next question: expected gain per minute, with reasons in plain words.

`choose` is a pure function of knowledge, items and context (which holds the clock); the same input
gives the same choice. The score of a question is its expected gain per minute (`memory.value`) times
mild factors near 1: interleaving of topics, a comfort band of 70 to 90 % expected success, an open
misconception, the balance of new against review. They order near-equals; gain decides the rest.
Hard rules: a question waits until its prerequisites stand, is asked once a day, and must fit the time.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Literal

from memory.ability import logistic
from memory.fsrs6 import DAY_MS, same_day
from memory.items import PlanItem, items_from
from memory.knowledge import KnowledgeState
from memory.reasons import Facts, reason_for
from memory.value import ROLLING_DAYS, Horizon, Table, basis_of, expected_minutes

__all__ = ["Choice", "Desk", "Mode", "PlanContext", "PlanItem", "choose", "items_from", "plan"]

Mode = Literal["study", "mock", "drill", "review", "design"]

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
MOCK_SPREAD = 1.0
LEAST, MOST = INTERLEAVE * COMFORT, MISCONCEPTION * BALANCE
"""Bounds of the product of the factors; what even the upper one cannot save is not looked at."""
NEARLY = 0.6
"""The last question of a session may take this much longer than the time left (left / minutes)."""


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


def choose(
    knowledge: KnowledgeState, items: Sequence[PlanItem], context: PlanContext
) -> Choice | None:
    """The best next question, None if nothing can be asked now (or nothing fits the time left)."""
    return Desk(knowledge, items, context).choose() if items else None


def plan(
    knowledge: KnowledgeState,
    items: Sequence[PlanItem],
    context: PlanContext,
    questions: int | None = None,
) -> list[Choice]:
    """The choices of a whole session, as it looks now: until the time left or `questions` run out."""
    if questions is None:
        questions = len(items) if math.isfinite(context.minutes_left) else 10
    out: list[Choice] = []
    if not items:
        return out
    desk = Desk(knowledge, items, context)
    while len(out) < questions:
        choice = desk.choose()
        if choice is None:
            break
        out.append(choice)
        desk.context = replace(
            desk.context,
            asked=(*desk.context.asked, (choice.question, None)),
            minutes_left=desk.context.minutes_left - choice.minutes,
        )
    return out


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


class Desk:
    """A session's planner: values are computed once, `choose` reads the `context` it has then.

    Set `context` to move on within a session; make another desk when knowledge has changed much.
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

    def choose(self) -> Choice | None:
        candidates = self._candidates()
        if not candidates:
            return None
        score, factors = _SELECTORS[self.context.mode](self, candidates)
        best = max(score, key=lambda i: (score[i], -i))
        return self._choice(best, score[best], factors[best])

    def due(self, i: int) -> int | None:
        """When (ms) an item came or comes due, None if it was never asked."""
        if i not in self._dues:
            self._dues[i] = self.knowledge.due_at(self.items[i].id)
        return self._dues[i]

    def _candidates(self) -> list[int]:
        context = self.context
        done = {q for q, _ in context.asked} | context.skip
        open_ = [
            i
            for i, item in enumerate(self.items)
            if item.id not in done and (not context.topics or item.topic in context.topics)
        ]
        open_ = _MODES.get(context.mode, lambda desk, some: some)(self, open_)
        rested = [i for i in open_ if not self._asked_today(i)]
        open_ = rested if context.mode == "study" else rested or open_
        if context.mode not in ("mock", "design"):
            open_ = self._standing(open_)
        return self._fitting(open_)

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

    def _choice(self, i: int, score: float, factors: dict[str, float]) -> Choice:
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


Scores = tuple[dict[int, float], dict[int, dict[str, float]]]


def _study(desk: Desk, some: list[int]) -> Scores:
    """Gain now, times the mild factors, less what waiting would keep; all per minute."""
    scores: dict[int, float] = {}
    factors: dict[int, dict[str, float]] = {}
    gain = {i: float(desk.gain[i] / desk.minutes[i]) for i in some}
    waits = {i: gain[i] - float(desk.worth[i] / desk.minutes[i]) for i in some}
    floor = max(gain[i] * (LEAST if gain[i] > 0 else 1) - waits[i] for i in some)
    for i in some:
        if gain[i] * (MOST if gain[i] > 0 else 1) - waits[i] < floor:
            continue
        mild = {
            "comfort": desk.comfort(i),
            "interleaving": desk.interleave(i),
            "misconception": desk.misconception(i),
            "balance": desk.balance(i),
        }
        favour = math.prod(mild.values()) if gain[i] > 0 else 1
        scores[i] = gain[i] * favour - waits[i]
        factors[i] = {"gain per minute": gain[i], "can wait": waits[i], **mild}
    return scores, factors


def _drill(desk: Desk, some: list[int]) -> Scores:
    """Weak spots: expected missed weight per minute, misconceptions first among near-equals."""
    scores: dict[int, float] = {}
    factors: dict[int, dict[str, float]] = {}
    for i in some:
        weak = (1 - float(desk.success[i])) * desk.items[i].total
        rate = weak / float(desk.minutes[i])
        mild = {"misconception": desk.misconception(i), "interleaving": desk.interleave(i)}
        scores[i] = rate * math.prod(mild.values())
        factors[i] = {"weakness per minute": rate, **mild}
    return scores, factors


def _mock(desk: Desk, some: list[int]) -> Scores:
    """Maximum information on ability: the level nearest to what the answers so far show."""
    ability = mock_ability(desk.knowledge, desk.items, desk.context.asked)
    counts: dict[str, int] = {}
    for question, _ in desk.context.asked:
        topic = desk.items[desk.place[question]].topic if question in desk.place else ""
        counts[topic] = counts.get(topic, 0) + 1
    scores: dict[int, float] = {}
    factors: dict[int, dict[str, float]] = {}
    for i in some:
        item = desk.items[i]
        success = logistic(ability - desk.knowledge.abilities.difficulty(item.id, item.level))
        information = success * (1 - success) * math.sqrt(len(item.expectations))
        variety = 1 / (1 + counts.get(item.topic, 0))
        known = 1.0 if desk.asked[i] is None else 0.95
        scores[i] = information * variety * known
        factors[i] = {"information": information, "variety": variety, "unseen": known}
    return scores, factors


def mock_ability(
    knowledge: KnowledgeState,
    items: Sequence[PlanItem],
    answers: Sequence[tuple[str, float | None]],
) -> float:
    """Ability shown by the answers of a session, on the scale of `memory.ability`.

    The most probable value under a normal prior around the learner's overall ability.
    """
    by_id = {item.id: item for item in items}
    start = knowledge.abilities.ability()
    rows = [
        (knowledge.abilities.difficulty(q, by_id[q].level), score, len(by_id[q].expectations))
        for q, score in answers
        if score is not None and q in by_id
    ]
    ability = start
    for _ in range(20):
        slope, curve = (start - ability) / MOCK_SPREAD**2, 1 / MOCK_SPREAD**2
        for difficulty, score, points in rows:
            p = logistic(ability - difficulty)
            n = math.sqrt(points)
            slope += n * (score - p)
            curve += n * p * (1 - p)
        ability += slope / curve
    return ability


def _only_seen(desk: Desk, some: list[int]) -> list[int]:
    return [i for i in some if desk.due(i) is not None]


def _only_due(desk: Desk, some: list[int]) -> list[int]:
    seen = _only_seen(desk, some)
    return [i for i in seen if (desk.due(i) or 0) <= desk.context.at] or seen


def _next_stage(desk: Desk, some: list[int]) -> list[int]:
    """The next stage of the series in hand, or the first stage of each series."""
    staged = [i for i in some if desk.items[i].series]
    series = desk.context.series
    if not series:
        for question, _ in reversed(desk.context.asked):
            if question in desk.place and desk.items[desk.place[question]].series:
                series = desk.items[desk.place[question]].series
                break
    if series:
        rest = [i for i in staged if desk.items[i].series == series]
        if rest or desk.context.series:
            return rest[:1]
    firsts: dict[str, int] = {}
    for i in staged:
        firsts.setdefault(desk.items[i].series, i)
    return list(firsts.values())


_MODES: dict[Mode, Callable[[Desk, list[int]], list[int]]] = {
    "drill": _only_seen,
    "review": _only_due,
    "design": _next_stage,
}
_SELECTORS: dict[Mode, Callable[[Desk, list[int]], Scores]] = {
    "study": _study,
    "review": _study,
    "design": _study,
    "drill": _drill,
    "mock": _mock,
}


def best_rate(choice: Choice | None) -> float:
    """Gain per minute of a choice, 0 for none; what a probe must beat."""
    return 0.0 if choice is None else max(choice.gain / choice.minutes, 0.0)
