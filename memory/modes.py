"""How each mode of a session narrows the questions down and orders them."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from memory.ability import logistic
from memory.context import Choice, Mode
from memory.desk import BALANCE, COMFORT, INTERLEAVE, MISCONCEPTION, Desk
from memory.items import PlanItem
from memory.knowledge import KnowledgeState

MOCK_SPREAD = 1.0
LEAST, MOST = INTERLEAVE * COMFORT, MISCONCEPTION * BALANCE
"""Bounds of the product of the factors; what even the upper one cannot save is not looked at."""

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
        factors[i] = {"gain per minute": gain[i], "kept by waiting per minute": waits[i], **mild}
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


_NARROW: dict[Mode, Callable[[Desk, list[int]], list[int]]] = {
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


def best_of(desk: Desk) -> Choice | None:
    """The best question for the desk's mode and moment, None if none can be asked."""
    mode, some = desk.context.mode, desk.open()
    if mode in _NARROW:
        some = _NARROW[mode](desk, some)
    some = desk.ready(some)
    if not some:
        return None
    score, factors = _SELECTORS[mode](desk, some)
    best = max(score, key=lambda i: (score[i], -i))
    return desk.choice(best, score[best], factors[best])
