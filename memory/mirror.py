"""Knowledge in Chroma: `knowledge` and `misconceptions`, brought up to date after each event.

Folds over `events`, for whoever looks into Chroma (another machine, a teacher's tool); Viva itself
folds again. One record per point and open misconception, and `state` for all the rest, each with the
place of the last event in it.
"""

from __future__ import annotations

import json
from typing import Any

from memory.chroma import BATCH, marks
from memory.index import Index
from memory.journal import Place
from memory.knowledge import KnowledgeState

STATE = "state"


class Mirror:
    """Writes what differs from what was written last."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._written: dict[str, dict[str, str]] = {}

    def write(self, state: KnowledgeState, place: Place) -> None:
        """Bring the collections up to `state`. Raises what Chroma raises."""
        said = json.loads(state.to_json())
        points = {name: _text(row) for name, row in said.pop("points").items()}
        open_errors = {
            f"{question}#{name}": _text({"opened": at})
            for question, some in state.misconceptions.items()
            for name, at in some.items()
        }
        self._upsert("knowledge", points | {STATE: _text(said)}, place)
        self._upsert("misconceptions", open_errors, place)

    def restart(self) -> None:
        """Chroma is another one from here on."""
        self._written.clear()

    def _upsert(self, name: str, records: dict[str, str], place: Place) -> None:
        found = self._index.collection(name)
        if name not in self._written:
            got = found.get(include=["documents"])
            self._written[name] = dict(zip(got["ids"], got["documents"] or [], strict=True))
        before = self._written[name]
        gone = [key for key in before if key not in records]
        changed = [key for key, text in records.items() if before.get(key) != text]
        if gone:
            found.delete(ids=gone)
        for start in range(0, len(changed), BATCH):
            keys = changed[start : start + BATCH]
            found.upsert(
                ids=keys,
                embeddings=marks(keys),
                documents=[records[key] for key in keys],
                metadatas=[{"last_seq": place.tick, "last_event": place.id} for _ in keys],
            )
        self._written[name] = records


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))
