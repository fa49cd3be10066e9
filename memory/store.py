"""Memory: what an engine opens, writes to and asks."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable
from pathlib import Path

from memory.embedder import Embedder
from memory.events import Event
from memory.folds import Folded
from memory.home import Home, translated
from memory.journal import Journal, Place
from memory.knowing import KNOWLEDGE
from memory.knowledge import KnowledgeState


class Memory:
    """One learner's memory. Threads may share it; a second process is refused.

    Opening reads neither Chroma nor the events: the knowledge of the last snapshot is loaded when
    asked for, and only the events after it are folded in.
    """

    def __init__(self, home: Home, journal: Journal, learner: str) -> None:
        self.home = home
        self.learner = learner
        self.journal = journal
        self._knowledge = Folded(KNOWLEDGE, journal)
        self._closed = False

    @classmethod
    def open(
        cls,
        home: Path,
        *,
        embedder: Embedder | None = None,
        remote: str | None = None,
        learner: str = "default",
    ) -> Memory:
        """Open the memory of `learner` in the data folder `home`, made if it is not there.

        Raises `HomeError` for a folder that is locked, foreign, read-only, full or newer.
        """
        opened = Home.open(home)
        try:
            folder = learner_folder(home, learner)
            with translated(home):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            return cls(opened, Journal(folder / "journal.sqlite3"), learner)
        except BaseException:
            opened.close()
            raise

    def append(self, event: Event) -> None:
        """Remember an event. It survives `kill -9` and power loss once this returns.

        An id that is known is ignored. Raises `ValueError` for what is not an event, `HomeError`
        if the disk is full or was made read-only; nothing is half written.
        """
        self.append_many([event])

    def append_many(self, events: Iterable[Event]) -> int:
        """Remember events, all or none of them; returns how many were new. See `append`."""
        return len(self.journal.append(events))

    def events(
        self,
        kinds: Collection[str] | None = None,
        session: str | None = None,
        question: str | None = None,
        after: str | None = None,
        newest_first: bool = False,
        limit: int | None = None,
    ) -> list[Event]:
        """Events in the order in which they happened.

        `after` is an event's id: only what happened after it. Raises `KeyError` if it is unknown.
        """
        place = self._place(after) if after is not None else None
        rows = self.journal.rows(
            kinds=kinds,
            session=session,
            question=question,
            after=place,
            newest_first=newest_first,
            limit=limit,
        )
        return [row.event for row in rows]

    def event(self, name: str) -> Event | None:
        """The event with this id."""
        row = self.journal.get([name]).get(name)
        return row.event if row else None

    def latest(self) -> int:
        """The time of the latest event in milliseconds, 0 for an empty memory.

        The next event's time should be greater, also when the clock went backwards.
        """
        rows = self.journal.rows(newest_first=True, limit=1)
        return rows[0].tick if rows else 0

    def open_session(self) -> str | None:
        """The latest session if it has not ended, else None."""
        last = self.journal.rows(kinds=["session_started"], newest_first=True, limit=1)
        if not last:
            return None
        session = last[0].event.session
        ended = self.journal.rows(kinds=["session_ended"], session=session, limit=1)
        return None if ended else session

    def knowledge(self) -> KnowledgeState:
        """What the learner knows, after every event so far. The caller's own copy."""
        return self._knowledge.state()

    def close(self) -> None:
        """Write the snapshot and let go of the folder. Closing twice does nothing."""
        if self._closed:
            return
        self._closed = True
        try:
            self._knowledge.save(force=True)
        finally:
            self.journal.close()
            self.home.close()

    def __enter__(self) -> Memory:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _place(self, name: str) -> Place:
        return self.journal.get([name])[name].place


def learner_folder(home: Path, learner: str) -> Path:
    """Where a learner's memory lies. Any name makes a safe folder name of its own."""
    plain = re.sub(r"[^a-z0-9]+", "-", learner.lower()).strip("-")[:40]
    if plain != learner or not plain:
        plain = f"{plain}-{hashlib.sha256(learner.encode('utf-8', 'replace')).hexdigest()[:8]}"
    return home / "learners" / plain
