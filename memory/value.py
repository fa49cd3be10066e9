"""What asking a question is worth: expected gain of kept points, and the minutes it takes.

All points of all candidates are valued at once in numpy: the arrays of a `Table` hold one row per
point. The value of a memory with stability S is its retrievability halfway to the goal date plus half
of that 30 days after the date: halfway, because what is asked today will be asked again. The gain of
a question is the sum over its points of weight x (expected value after asking and putting right what
was missed - value if left alone).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from memory.belief import GRID, KEPT, LOG_GRID, STEP, Belief, told_shape
from memory.days import DAY_MS
from memory.fsrs6 import Fsrs6, same_days
from memory.items import PlanItem
from memory.knowledge import KnowledgeState
from memory.updating import LUCK, MENTION

ROLLING_DAYS = 30.0
"""Without a goal date one is imagined this far ahead, always."""
AFTER_DAYS = 30.0
EXPLAINED = 0.85
"""Share of missed points that the grader sees as missed, and that are explained."""
POSTPONED_DAYS = 8.0
POSTPONED = 0.5
"""How far a gain that could be had later as well counts against having it now."""
_TOLD = np.array([told_shape(0.0), told_shape(1.0)])
_GRID = np.array(GRID)


@dataclass(frozen=True, slots=True)
class Horizon:
    """When knowledge will be needed: `days` from now until the goal."""

    days: float = ROLLING_DAYS

    @property
    def points(self) -> tuple[tuple[float, float], ...]:
        """(days from now, weight) at which a memory's worth is read off."""
        return ((self.days / 2, 1.0), (self.days + AFTER_DAYS, 0.5))


@dataclass(slots=True)
class Table:
    """Beliefs about every point of `items`, as arrays with one row per point.

    `p` (points x 14) and `difficulty`; `age` in days since the memory was renewed; `fresh` where
    elapsed time says nothing (never asked, or already asked today); `met` where it was asked or told before;
    `scale` (points x 1) turns the grid into days at this learner's tempo, `growth` is what the tempo does
    to each success. `weight`; `owner` is the row's item, `start` the first row of each item.
    """

    items: Sequence[PlanItem]
    p: np.ndarray
    difficulty: np.ndarray
    age: np.ndarray
    fresh: np.ndarray
    met: np.ndarray
    weight: np.ndarray
    owner: np.ndarray
    start: np.ndarray
    scale: np.ndarray
    first: float
    growth: float
    model: Fsrs6

    @classmethod
    def of(cls, knowledge: KnowledgeState, items: Sequence[PlanItem], at: int) -> Table:
        """The table for items (each with at least one expectation) at a time in ms."""
        beliefs = [b for item in items for b in beliefs_of(knowledge, item)]
        counts = np.array([len(i.expectations) for i in items], dtype=np.intp)
        met = np.array([b.last is not None for b in beliefs], dtype=bool)
        last = np.array([b.last or 0 for b in beliefs], dtype=np.int64)
        flat = chain.from_iterable(b.p for b in beliefs)
        tempo = knowledge.tempo
        return cls(
            items=items,
            p=np.fromiter(flat, dtype=float).reshape(-1, len(GRID) + 1),
            difficulty=np.array([b.difficulty for b in beliefs]),
            age=np.where(met, np.maximum(at - last, 0) / DAY_MS, 0.0),
            fresh=~met | same_days(last, at),
            met=met,
            weight=np.array([w for i in items for w in i.weights]),
            owner=np.repeat(np.arange(len(items)), counts),
            start=np.concatenate(([0], np.cumsum(counts)[:-1])).astype(np.intp),
            scale=np.exp([tempo.of(b.wins) for b in beliefs])[:, None],
            first=math.exp(tempo.first),
            growth=math.exp(tempo.growth),
            model=knowledge.model,
        )

    def recall(self, days: float = 0.0) -> np.ndarray:
        """Probability of recall of each point, `days` from now if left alone."""
        return (self.p[:, 1:] * self._rates(days)).sum(axis=1)

    def coverage(self, days: float = 0.0) -> np.ndarray:
        """Expected weighted recall of each item, 0..1."""
        return self.by_item(self.recall(days) * self.weight) / self.by_item(self.weight)

    def by_item(self, rows: np.ndarray) -> np.ndarray:
        """Sum of a value per point over each item."""
        return np.add.reduceat(rows, self.start) if len(self.start) else rows[:0]

    def missed(self) -> np.ndarray:
        """Expected number of points missed when each item is asked."""
        return self.by_item(1 - (LUCK + (MENTION - LUCK) * self.recall()))

    def gain(self, horizon: Horizon, basis: np.ndarray | None = None) -> np.ndarray:
        """Expected gain of asking each item; `basis` (0..1 per item) is how its prerequisites stand."""
        rates = np.where(self.fresh[:, None], 1.0, self._rates(0.0))
        stability = _GRID * self.scale
        hardness = self.difficulty[:, None]
        grown = self.model.after_recall(stability, hardness, rates)
        grown *= np.where(self.fresh[:, None], 1.0, self.growth)
        fallen = self.model.after_lapse(stability, hardness, rates)
        known = self.p[:, 1:]
        told = self._told_value(horizon, basis)
        after = (known * rates * self._value(grown, horizon)).sum(axis=1)
        after += (known * (1 - rates) * self._value(fallen, horizon)).sum(axis=1)
        after += self.p[:, 0] * KEPT * told
        left = (known * self._left(horizon)).sum(axis=1)
        return self.by_item(self.weight * (after - left))

    def urgency(self, horizon: Horizon, basis: np.ndarray, gain: np.ndarray) -> np.ndarray:
        """`gain` less a share of what asking would gain some days later: what waiting would lose.

        What can as well be asked later gives way to what cannot.
        """
        days = min(POSTPONED_DAYS, horizon.days - 0.5)
        if days <= 0:
            return gain
        held = self.age, self.fresh
        self.age, self.fresh = self.age + np.where(self.met, days, 0.0), self.fresh & ~self.met
        later = self.gain(Horizon(horizon.days - days), basis)
        self.age, self.fresh = held
        return gain - POSTPONED * later

    def advance(self, asked: np.ndarray) -> None:
        """Move the expectation on as if the rows in `asked` (a mask) were asked and put right now."""
        rows = np.flatnonzero(asked)
        rates = np.where(self.fresh[:, None], 1.0, self._rates(0.0))[rows]
        p, hard, scale = self.p[rows], self.difficulty[rows, None], self.scale[rows]
        days = _GRID * scale
        grown = self.model.after_recall(days, hard, rates)
        grown *= np.where(self.fresh[rows, None], 1.0, self.growth)
        fallen = self.model.after_lapse(days, hard, rates)
        out = np.zeros_like(p)
        lapsed = p[:, 1:] * (1 - rates)
        out[:, 0] = p[:, 0] * (1 - KEPT * EXPLAINED) + lapsed.sum(axis=1) * (1 - EXPLAINED)
        out[:, 1:] = p[:, :1] * KEPT * EXPLAINED * _TOLD[1]
        _place(out, grown / scale, p[:, 1:] * rates)
        _place(out, fallen / scale, lapsed * EXPLAINED)
        self.p[rows] = out
        self.age[rows], self.fresh[rows], self.met[rows] = 0.0, True, True

    def wait(self, days: float) -> None:
        """Let time pass; what was asked may be asked again after it."""
        begun = self.met
        self.age[begun] += days
        self.fresh[begun] = False

    def _rates(self, days: float) -> np.ndarray:
        return self.model.retrievability((self.age + days)[:, None], _GRID * self.scale)

    def _value(self, stability: np.ndarray, horizon: Horizon) -> np.ndarray:
        parts = [w * self.model.retrievability(d, stability) for d, w in horizon.points]
        return np.sum(parts, axis=0)

    def _left(self, horizon: Horizon) -> np.ndarray:
        return np.sum([w * self._rates(d) for d, w in horizon.points], axis=0)

    def _told_value(self, horizon: Horizon, basis: np.ndarray | None) -> np.ndarray:
        """Value of a point told for the first time, by row."""
        weak, firm = _TOLD @ self._value(_GRID * self.first, horizon)
        if basis is None:
            return np.full(len(self.p), firm)
        return weak + (firm - weak) * basis[self.owner]


def beliefs_of(knowledge: KnowledgeState, item: PlanItem) -> list[Belief]:
    """The belief about each expectation of an item, in order."""
    points = [knowledge.points.get(key) for key in item.keys]
    if all(point is not None for point in points):
        return [point.belief for point in points if point is not None]
    prior = knowledge.prior(item.id, item.topic, item.level)
    return [prior if point is None else point.belief for point in points]


def _place(out: np.ndarray, days: np.ndarray, weight: np.ndarray) -> None:
    """Add weight (rows x 13) to the two nearest stabilities of the grid; see `memory.belief`."""
    x = np.clip((np.log(days) - LOG_GRID[0]) / STEP, 0.0, len(GRID) - 1.0)
    low = np.minimum(x.astype(np.intp), len(GRID) - 2)
    row = np.arange(len(out))[:, None]
    np.add.at(out, (row, low + 1), weight * (1 - (x - low)))
    np.add.at(out, (row, low + 2), weight * (x - low))


def basis_of(table: Table, coverage: np.ndarray) -> np.ndarray:
    """How far each item's prerequisites stand: the weakest one's expected coverage, 1 with none.

    Prerequisites that are not among the items count as standing.
    """
    place = {item.id: i for i, item in enumerate(table.items)}
    basis = np.ones(len(table.items))
    for i, item in enumerate(table.items):
        known = [coverage[place[q]] for q in item.prerequisites if q in place and q != item.id]
        if known:
            basis[i] = min(known)
    return basis


def expected_minutes(knowledge: KnowledgeState, table: Table) -> np.ndarray:
    """Minutes each item is expected to take, from its nominal minutes and the points to be missed."""
    per_minute, per_miss = knowledge.minutes.rates()
    nominal = np.array([item.minutes for item in table.items])
    return np.maximum(per_minute * nominal + per_miss * table.missed(), 0.1)
