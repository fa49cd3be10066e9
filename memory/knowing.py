"""Knowledge as a fold over the journal."""

from __future__ import annotations

import dataclasses
import json
import logging

from memory.events import Event
from memory.folding import HANDLERS
from memory.folds import Fold
from memory.fsrs6 import personal
from memory.journal import Row
from memory.knowledge import VERSION, KnowledgeState

log = logging.getLogger(__name__)


def event_of(row: Row) -> Event:
    """A row's event as the fold takes it.

    `KnowledgeState` takes events in the order of their ids; the journal's order also holds when a
    clock went backwards, so it is what the id says here.
    """
    return dataclasses.replace(row.event, id=f"{row.tick:016d}-{row.id}")


def take(state: KnowledgeState, event: Event) -> None:
    """Fold one event in; one that is damaged changes nothing."""
    try:
        state.apply(event)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        log.warning("event %s does not change knowledge: %r", event.id, error)


def _step(state: KnowledgeState, row: Row) -> KnowledgeState:
    take(state, event_of(row))
    return state


def _again(state: KnowledgeState) -> KnowledgeState | None:
    own = personal(state.fitted)
    return None if own.w == state.model.w else KnowledgeState.empty(own)


KNOWLEDGE: Fold[KnowledgeState] = Fold(
    name="knowledge",
    version=VERSION,
    kinds=frozenset(HANDLERS),
    start=KnowledgeState.empty,
    step=_step,
    again=_again,
    dump=lambda state: json.loads(state.to_json()),
    load=lambda said: KnowledgeState.from_json(json.dumps(said)),
)
