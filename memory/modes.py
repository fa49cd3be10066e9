"""How each mode of a session narrows the questions down and orders them."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from memory.ability import logistic
from memory.context import Choice, Mode
from memory.days import end_of_day
from memory.desk import Desk
from memory.items import PlanItem
from memory.knowledge import KnowledgeState

MOCK_SPREAD = 1.0
KNOWN = 0.9
"""Mean chance to make a question's points from which there is nothing in it to drill."""
Scores = tuple[np.ndarray, dict[str, np.ndarray]]
"""A score for each of some items, and the factors behind it."""


def _study(desk: Desk, some: np.ndarray) -> Scores:
    """Gain now, times the mild factors, less what waiting would keep; all per minute."""
    gain = (desk.gain / desk.minutes)[some]
    waits = gain - (desk.worth / desk.minutes)[some]
    mild = {
        "comfort": desk.comfort[some],
        "interleaving": desk.interleave()[some],
        "misconception": desk.misconception()[some],
        "balance": desk.balance()[some],
    }
    favour = np.where(gain > 0, np.prod(list(mild.values()), axis=0), 1.0)
    factors = {"gain per minute": gain, "kept by waiting per minute": waits, **mild}
    return gain * favour - waits, factors


def _drill(desk: Desk, some: np.ndarray) -> Scores:
    """Weak spots: expected missed weight per minute, misconceptions first among near-equals."""
    total = np.array([desk.items[i].total for i in some])
    rate = (1 - desk.success[some]) * total / desk.minutes[some]
    mild = {
        "misconception": desk.misconception()[some],
        "interleaving": desk.interleave()[some],
    }
    return rate * np.prod(list(mild.values()), axis=0), {"weakness per minute": rate, **mild}


def _mock(desk: Desk, some: np.ndarray) -> Scores:
    """Maximum information on ability: the level nearest to what the answers so far show."""
    ability = mock_ability(desk.knowledge, desk.items, desk.context.asked)
    counts: dict[str, int] = {}
    for question, _ in desk.context.asked:
        topic = desk.items[desk.place[question]].topic if question in desk.place else ""
        counts[topic] = counts.get(topic, 0) + 1
    items = [desk.items[i] for i in some]
    abilities = desk.knowledge.abilities
    success = [logistic(ability - abilities.difficulty(i.id, i.level)) for i in items]
    points = np.sqrt([len(i.expectations) for i in items])
    factors = {
        "information": np.array([p * (1 - p) for p in success]) * points,
        "variety": np.array([1 / (1 + counts.get(i.topic, 0)) for i in items]),
        "unseen": np.where(desk.unasked[some], 1.0, 0.95),
    }
    return np.prod(list(factors.values()), axis=0), factors


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


def _only_seen(desk: Desk, some: np.ndarray) -> np.ndarray:
    return _those(some, lambda i: desk.due(i) is not None)


def _only_weak(desk: Desk, some: np.ndarray) -> np.ndarray:
    """Seen before, and not all of it known or a misconception still open."""
    held = desk.knowledge.misconceptions
    return _those(
        _only_seen(desk, some), lambda i: desk.success[i] < KNOWN or desk.items[i].id in held
    )


def _only_due(desk: Desk, some: np.ndarray) -> np.ndarray:
    until = end_of_day(desk.context.at, desk.context.utc_offset_minutes)
    return _those(_only_seen(desk, some), lambda i: (desk.due(i) or 0) <= until)


def _those(some: np.ndarray, wanted: Callable[[int], bool]) -> np.ndarray:
    return some[np.array([wanted(i) for i in some], dtype=bool)]


def _next_stage(desk: Desk, some: np.ndarray) -> np.ndarray:
    """The next stage of the series in hand, or the first stage of each series."""
    staged = _those(some, lambda i: bool(desk.items[i].series))
    series = desk.context.series
    if not series:
        for question, _ in reversed(desk.context.asked):
            if question in desk.place and desk.items[desk.place[question]].series:
                series = desk.items[desk.place[question]].series
                break
    if series:
        rest = _those(staged, lambda i: desk.items[i].series == series)
        if len(rest) or desk.context.series:
            return rest[:1]
    firsts: dict[str, int] = {}
    for i in staged:
        firsts.setdefault(desk.items[i].series, i)
    return np.array(list(firsts.values()), dtype=np.intp)


_NARROW: dict[Mode, Callable[[Desk, np.ndarray], np.ndarray]] = {
    "drill": _only_weak,
    "review": _only_due,
    "design": _next_stage,
}
_SELECTORS: dict[Mode, Callable[[Desk, np.ndarray], Scores]] = {
    "study": _study,
    "review": _study,
    "design": _study,
    "drill": _drill,
    "mock": _mock,
}


class Pick(NamedTuple):
    """A place among the items, its score, and the factors behind it."""

    place: int
    score: float
    factors: dict[str, float]


def pick(desk: Desk) -> Pick | None:
    """The best question for the desk's mode and moment, None if none can be asked."""
    mode, some = desk.context.mode, desk.open()
    if mode in _NARROW:
        some = _NARROW[mode](desk, some)
    some = desk.ready(some)
    if not len(some):
        return None
    score, factors = _SELECTORS[mode](desk, some)
    best = int(np.argmax(score))
    return Pick(
        int(some[best]), float(score[best]), {name: float(x[best]) for name, x in factors.items()}
    )


def best_of(desk: Desk) -> Choice | None:
    """As `pick`, with the reason in words."""
    found = pick(desk)
    return None if found is None else desk.choice(*found)
