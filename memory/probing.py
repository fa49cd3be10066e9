"""Whether a follow-up on a missed point is worth its minute.

A fixed chain of hint and prompt on every miss costs a quarter of what a session can gain. A probe pays
where the point is probably in memory but did not come: then retrieving it strengthens it more than
being told. It is asked only where that gain per minute beats the next best question's, or where the
learner wants it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from memory.belief import GRID
from memory.context import Choice, PlanContext, horizon_of
from memory.items import PlanItem
from memory.knowledge import KnowledgeState
from memory.updating import CUES, MENTION, Evidence, update
from memory.value import Horizon

Move = Literal["pump", "hint", "prompt"]
MINUTES: dict[Move, float] = {"pump": 0.6, "hint": 0.7, "prompt": 0.4}
PUMP_YIELD = 0.5
"""Share of points recalled but left out that an open "say more" brings."""


@dataclass(frozen=True, slots=True)
class Probe:
    """The decision, with gain per minute of the probe (`rate`)."""

    worth: bool
    rate: float
    reason: str


def worth_probing(
    knowledge: KnowledgeState,
    item: PlanItem,
    expectation: str,
    context: PlanContext,
    move: Move = "hint",
    coverage: float = 0.0,
    next_best: Choice | None = None,
    wanted: bool = False,
) -> Probe:
    """Decide a probe about one expectation that reached `coverage` (0..1) so far.

    Raises `KeyError` if the item has no such expectation.
    """
    weight = dict(zip(item.expectations, item.weights, strict=True))[expectation]
    beaten = 0.0 if next_best is None else max(next_best.gain / next_best.minutes, 0.0)
    rate = weight * _gain(knowledge, item, expectation, context, move, coverage) / MINUTES[move]
    rate = round(rate, 4)
    if wanted:
        return Probe(True, rate, "you asked for it")
    if rate > beaten:
        return Probe(True, rate, "you probably know this and it did not come")
    return Probe(False, rate, "telling it and moving on gains more")


def _gain(
    knowledge: KnowledgeState,
    item: PlanItem,
    expectation: str,
    context: PlanContext,
    move: Move,
    coverage: float,
) -> float:
    """Expected value of probing over telling: success by cue against put right on the spot."""
    belief = knowledge.belief(item.id, expectation, item.topic, item.level)
    horizon = horizon_of(knowledge, context)
    recall = belief.recall(context.at, knowledge.tempo, knowledge.model)
    silent = recall * (1 - MENTION * (1 - coverage))
    lapsed = max(belief.known - recall, 0.0)
    nothing = belief.p[0]
    total = silent * (1 - MENTION) + lapsed + nothing
    if move == "pump":
        rescue, aid = PUMP_YIELD, "pump"
        success = rescue * silent * (1 - MENTION) / total if total else 0.0
    else:
        rescue, aid = CUES[move].rescue, move
        success = (0.95 * silent * (1 - MENTION) + rescue * lapsed) / total if total else 0.0
    by_cue = Evidence(1.0, aid=aid, told=True)
    if_told = Evidence(0.0, told=True)
    cued, told = (
        update(belief, e, context.at, knowledge.tempo, knowledge.model).belief
        for e in (by_cue, if_told)
    )
    open_part = 1 - coverage
    gain = _worth(knowledge, cued.p, cued.wins, horizon) - _worth(
        knowledge, told.p, told.wins, horizon
    )
    return max(success * gain * open_part, 0.0)


def _worth(knowledge: KnowledgeState, p: tuple[float, ...], wins: float, horizon: Horizon) -> float:
    scale = math.exp(knowledge.tempo.of(wins))
    return sum(
        weight * share * knowledge.model.retrievability(days, grid * scale)
        for days, weight in horizon.points
        for share, grid in zip(p[1:], GRID, strict=True)
    )
