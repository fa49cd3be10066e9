"""Chroma on a server: this machine's journal is the outbox and a full copy, the server joins machines.

Events are sent in order, each machine's numbered by itself; `meta` tells how far each machine has
got. What others sent is fetched by number, so that a machine sees all of another's events or a
beginning of them, never gaps. Sending twice does no harm: a known id is ignored.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from memory.chroma import Remote, connect_remote, marks
from memory.forget import erase_in_collections
from memory.index import EVENTS, Index, row_of
from memory.journal import Journal, Row

if TYPE_CHECKING:
    from chromadb.api import ClientAPI

log = logging.getLogger(__name__)
META = "meta"
PART = 500
EVERY = 20.0
"""Seconds between two looks at what other machines sent."""


class RemoteChroma:
    """One learner's database on a server, in place of `LocalChroma`."""

    def __init__(self, remote: Remote, learner: str, journal: Journal) -> None:
        self._remote = remote
        self._learner = learner
        self._journal = journal
        self._looked = 0.0
        self._told = 0
        self.doubtful = False

    def connect(self) -> ClientAPI:
        """A client of the server. Raises what Chroma raises while it is away."""
        self._looked, self._told = 0.0, 0
        return connect_remote(self._remote, self._learner)

    def fetch(self, index: Index, take: Callable[[list[Row]], None], now: bool) -> None:
        """Hand what other machines sent since to `take`, and tell them how far this one is."""
        self._tell(index)  # at once: a command that ends now has no later
        if not now and time.monotonic() - self._looked < EVERY:
            return
        self._looked = time.monotonic()
        got = index.collection(META).get(include=["metadatas"])
        for name, said in zip(got["ids"], got["metadatas"] or [], strict=True):
            origin = name.removeprefix("origin:")
            if origin != name and origin != self._journal.origin and said:
                for rows in self._after(index, origin, int(str(said["number"]))):
                    take(rows)

    def _tell(self, index: Index) -> None:
        sent = self._journal.sent_up_to()
        if sent > self._told:
            name = f"origin:{self._journal.origin}"
            index.collection(META).upsert(
                ids=[name], embeddings=marks([name]), metadatas=[{"number": sent}]
            )
            self._told = sent

    def _after(self, index: Index, origin: str, last: int) -> Iterable[list[Row]]:
        known = self._journal.highest(origin)
        for start in range(known, last, PART):
            end = min(start + PART, last)
            got = index.collection(EVENTS).get(
                where={
                    "$and": [
                        {"origin": {"$eq": origin}},
                        {"number": {"$gt": start}},
                        {"number": {"$lte": end}},
                    ]
                },
                include=["metadatas"],
            )
            rows = []
            for name, said in zip(got["ids"], got["metadatas"] or [], strict=True):
                try:
                    rows.append(row_of(name, said or {}))
                except ValueError as error:
                    log.warning("%s", error)
            yield sorted(rows, key=lambda row: row.number)

    def erase(self, index: Index, ids: Sequence[str]) -> bool:
        """Take records out of the collections; False while the server is away.

        For events `forgotten` does it later.
        """
        try:
            erase_in_collections(index, ids)
        except Exception as error:
            log.warning("the server will be asked to forget later: %s", error)
            return False
        return True

    def closed(self) -> None:
        """Nothing to do: a server keeps its own files."""
