"""Knowledge as a fold over the journal."""

from __future__ import annotations

import dataclasses
import json
import logging

from memory.folding import HANDLERS
from memory.folds import Fold
from memory.journal import Row
from memory.knowledge import VERSION, KnowledgeState

log = logging.getLogger(__name__)


def _step(state: KnowledgeState, row: Row) -> KnowledgeState:
    # `KnowledgeState` takes events in the order of their ids; the journal's order also holds when a
    # clock went backwards, so it is what the id says here.
    event = dataclasses.replace(row.event, id=f"{row.tick:016d}-{row.id}")
    try:
        state.apply(event)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        log.warning("event %s does not change knowledge: %r", row.id, error)
    return state


KNOWLEDGE: Fold[KnowledgeState] = Fold(
    name="knowledge",
    version=VERSION,
    kinds=frozenset(HANDLERS),
    start=KnowledgeState.empty,
    step=_step,
    dump=lambda state: json.loads(state.to_json()),
    load=lambda said: KnowledgeState.from_json(json.dumps(said)),
)
