"""How ready the learner is for a date: expected coverage with a band, never a boast.

Coverage of a topic is the expected weighted share of its points that would be recalled. The band holds
80 %: it adds what is unsure about single points to what is unsure about the learner as a whole (the
ability that unasked points are judged by, and how fast this learner forgets).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from memory.items import PlanItem
from memory.knowledge import KnowledgeState
from memory.value import Table

BAND = 1.2816
"""Half-width of an 80 % band in standard deviations."""


@dataclass(frozen=True, slots=True)
class TopicCoverage:
    """Expected coverage (0..1) of a topic, `low` to `high` its 80 % band at the date.

    `points` in the topic, `seen` of them asked at least once; `now` is the coverage today, `then` at
    the date if nothing is done until it.
    """

    topic: str
    points: int
    seen: int
    now: float
    then: float
    low: float
    high: float


def coverage_by_topic(
    knowledge: KnowledgeState, items: Sequence[PlanItem], at: int, days: float = 0.0
) -> list[TopicCoverage]:
    """Coverage of each topic at `at` (ms) and `days` later, by name; the whole (topic "") last."""
    if not items:
        return []
    table = Table.of(knowledge, items, at)
    now, then = table.recall(), table.recall(days)
    sensitive = _tempo_effect(knowledge, table, days)
    seen = np.array([key in knowledge.points for item in items for key in item.keys])
    topics = sorted({item.topic for item in items if item.topic})
    owner_topic = np.array([item.topic for item in items])[table.owner]
    rows = [
        _topic(knowledge, topic, owner_topic == topic, table.weight, now, then, sensitive, seen)
        for topic in topics
    ]
    everything = np.ones(len(table.weight), dtype=bool)
    rows.append(_topic(knowledge, "", everything, table.weight, now, then, sensitive, seen))
    return rows


def _tempo_effect(knowledge: KnowledgeState, table: Table, days: float) -> np.ndarray:
    """How far each point's recall moves if the learner's tempo is off by one standard deviation."""
    held = table.scale
    table.scale = held * math.exp(knowledge.rhythm.sd(1.0))
    moved = table.recall(days)
    table.scale = held
    return np.where(table.fresh & (table.age == 0), 0.0, moved - table.recall(days))


def _topic(
    knowledge: KnowledgeState,
    topic: str,
    mask: np.ndarray,
    weight: np.ndarray,
    now: np.ndarray,
    then: np.ndarray,
    tempo_effect: np.ndarray,
    seen: np.ndarray,
) -> TopicCoverage:
    share = weight[mask] / weight[mask].sum()
    chance = then[mask]
    alone = float((share**2 * chance * (1 - chance)).sum())
    ability = float((share * np.where(seen[mask], 0.0, chance * (1 - chance))).sum())
    ability *= math.sqrt(
        knowledge.abilities.variance(topic) if topic else knowledge.abilities.overall.variance
    )
    tempo = float((share * tempo_effect[mask]).sum())
    sd = math.sqrt(alone + ability**2 + tempo**2)
    mean = float((share * chance).sum())
    return TopicCoverage(
        topic=topic,
        points=int(mask.sum()),
        seen=int(seen[mask].sum()),
        now=round(float((share * now[mask]).sum()), 4),
        then=round(mean, 4),
        low=round(max(mean - BAND * sd, 0.0), 4),
        high=round(min(mean + BAND * sd, 1.0), 4),
    )
