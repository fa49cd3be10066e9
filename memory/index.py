"""What stands in Chroma: events, the vectors of turns and of passages, state."""

from __future__ import annotations

import json
import threading
import zlib
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from memory.chroma import BATCH, collection, disconnect, marks, space_name
from memory.journal import Row
from memory.records import decode, encode, printable

if TYPE_CHECKING:
    import numpy as np
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection

    from corpus.passages import Passage
    from memory.embedder import Embedder

EVENTS = "events"
SPACES = ("turns", "passages")
"""The kinds of collection that every embedder has its own of."""
LONGEST_DOCUMENT = 8_000
"""Characters of an event's text that are repeated as the document of its record."""


class Index:
    """The collections of one learner, opened on first use. Threads may share it.

    `connect` and `embedder` are called once each, when first needed: both take about a second.
    """

    def __init__(self, connect: Callable[[], ClientAPI], embedder: Callable[[], Embedder]) -> None:
        self._connect = connect
        self._make_embedder = embedder
        self._mutex = threading.RLock()
        self._client: ClientAPI | None = None
        self._embedder: Embedder | None = None
        self._open: dict[str, Collection] = {}

    @property
    def connected(self) -> bool:
        """Whether Chroma has been opened."""
        return self._client is not None

    @property
    def client(self) -> ClientAPI:
        with self._mutex:
            if self._client is None:
                self._client = self._connect()
            return self._client

    @property
    def embedder(self) -> Embedder:
        with self._mutex:
            if self._embedder is None:
                self._embedder = self._make_embedder()
            return self._embedder

    def collection(self, name: str) -> Collection:
        """A collection without meaning: its records are found by id or by metadata."""
        return self._found(name, "")

    def space(self, kind: str) -> Collection:
        """The collection of `kind` in the vector space of the embedder."""
        return self._found(space_name(kind, self.embedder.name), self.embedder.name)

    def _found(self, name: str, embedder: str) -> Collection:
        with self._mutex:
            if name not in self._open:
                self._open[name] = collection(self.client, name, embedder)
            return self._open[name]

    def use(self, embedder: Embedder) -> None:
        """Turn to the spaces of another embedder."""
        with self._mutex:
            self._embedder = embedder

    def drop_spaces(self, embedder: str) -> None:
        """Delete the vector spaces of an embedder that is no longer used."""
        self.drop_collections([space_name(kind, embedder) for kind in SPACES])

    def drop(self) -> None:
        """Let go of the client; the next use connects again."""
        with self._mutex:
            client, self._client = self._client, None
            self._open.clear()
            if client is not None:
                disconnect(client)

    def add_events(self, rows: Sequence[Row]) -> None:
        """Append events; an id that is there stays as it is."""
        records = [_record(row) for row in rows]
        found = self.collection(EVENTS)
        for start in range(0, len(rows), BATCH):
            part = slice(start, start + BATCH)
            ids = [row.id for row in rows[part]]
            found.add(
                ids=ids,
                embeddings=marks(ids),
                documents=[document for document, _ in records[part]],
                metadatas=[metadata for _, metadata in records[part]],
            )

    def put(
        self,
        kind: str,
        ids: Sequence[str],
        texts: Sequence[str],
        metadatas: Sequence[Mapping[str, Any]] | None = None,
        documents: bool = False,
    ) -> None:
        """Set the vectors of `texts`, and the texts themselves with `documents`."""
        if not ids:
            return
        vectors = self.embedder.embed([printable(text) for text in texts])
        found = self.space(kind)
        for start in range(0, len(ids), BATCH):
            part = slice(start, start + BATCH)
            found.upsert(
                ids=list(ids[part]),
                embeddings=vectors[part].copy(),
                documents=[printable(t) for t in texts[part]] if documents else None,
                metadatas=[
                    {**(metadatas[n] if metadatas else {}), "text": checksum(texts[n])}
                    for n in range(len(ids))[part]
                ],
            )

    def delete(self, name: str, ids: Sequence[str]) -> None:
        """Take records out of a collection without meaning."""
        found = self.collection(name)
        for start in range(0, len(ids), BATCH):
            found.delete(ids=list(ids[start : start + BATCH]))

    def drop_collections(self, names: Sequence[str]) -> None:
        """Delete whole collections, if they are there."""
        with self._mutex:
            there = {found.name for found in self.client.list_collections()}
            for name in names:
                self._open.pop(name, None)
                if name in there:
                    self.client.delete_collection(name)

    def remove(self, kind: str, ids: Sequence[str]) -> None:
        """Take records out of a vector space."""
        found = self.space(kind)
        for start in range(0, len(ids), BATCH):
            found.delete(ids=list(ids[start : start + BATCH]))

    def put_passages(self, passages: Sequence[tuple[str, Passage]]) -> None:
        """Set passages, each with its shelf."""
        self.put(
            "passages",
            [passage.id for _, passage in passages],
            [passage.text for _, passage in passages],
            [
                {"shelf": shelf, "source": p.source, "where": p.where, "question": p.question}
                for shelf, p in passages
            ],
            documents=True,
        )

    def checksums(self, kind: str, ids: Sequence[str]) -> dict[str, int]:
        """Of the ids that have a vector, the checksum of the text it was made of."""
        if not ids:
            return {}
        got = self.space(kind).get(ids=list(ids), include=["metadatas"])
        said = got["metadatas"] or []
        return {
            name: int(str(metadata.get("text", -1))) if metadata else -1
            for name, metadata in zip(got["ids"], said, strict=True)
        }

    def vectors(self, kind: str, ids: Sequence[str]) -> dict[str, np.ndarray]:
        """The vectors of these ids; those that have none are left out."""
        if not ids:
            return {}
        got = self.space(kind).get(ids=list(ids), include=["embeddings"])
        rows = got["embeddings"]
        assert rows is not None
        import numpy as np

        return {name: np.asarray(row) for name, row in zip(got["ids"], rows, strict=True)}

    def nearest(self, kind: str, vector: np.ndarray, count: int) -> list[tuple[str, float]]:
        """(id, cosine similarity) of the nearest records, nearest first."""
        got = self.space(kind).query(
            query_embeddings=[vector], n_results=count, include=["distances"]
        )
        distances = got["distances"]
        assert distances is not None
        return [(i, 1 - d) for i, d in zip(got["ids"][0], distances[0], strict=True)]

    def close(self) -> None:
        """Close the client. Closing twice does nothing."""
        self.drop()


def checksum(text: str) -> int:
    """Tells two versions of a text apart."""
    return zlib.crc32(text.encode("utf-8", "replace"))


def _record(row: Row) -> tuple[str, dict[str, Any]]:
    """Document and metadata of an event: all of it, so that the journal can be made from it."""
    event = row.event
    metadata = {
        "tick": row.tick,
        "origin": row.origin,
        "number": row.number,
        "kind": event.kind,
        "at": event.at,
        "session": printable(event.session),
        "question": printable(event.question),
        "topic": printable(event.topic),
        "speaker": printable(event.speaker),
        "model": printable(event.model),
        "schema": event.schema,
        "body": row.body,
    }
    return printable(event.text)[:LONGEST_DOCUMENT], metadata


def row_of(name: str, metadata: Mapping[str, Any]) -> Row:
    """The journal's row of an event's record. Raises `ValueError` if it is not one."""
    try:
        event = decode(str(metadata["body"]))
        row = Row(0, name, int(metadata["tick"]), str(metadata["origin"]),
                  int(metadata["number"]), encode(event))  # fmt: skip
    except (KeyError, TypeError, json.JSONDecodeError) as error:
        raise ValueError(f"the record {name} is not an event: {error!r}") from error
    if event.id != name:
        raise ValueError(f"the record {name} holds another event")
    return row
