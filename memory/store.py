"""Memory: what an engine opens, writes to and asks."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import IO, TYPE_CHECKING

from memory.backup import back_up
from memory.chroma import Remote
from memory.events import Event, event_id, now_ms
from memory.folds import Folded
from memory.home import Home, learner_folder, translated
from memory.journal import Journal, Place
from memory.knowing import KNOWLEDGE, event_of
from memory.knowledge import KnowledgeState
from memory.migrate import migrate
from memory.salvage import open_journal
from memory.upkeep import Upkeep

# What one command in ten asks for is imported when it is asked for.
if TYPE_CHECKING:
    from corpus.passages import Passage
    from memory.embedder import Embedder
    from memory.fitting import Fit
    from memory.forget import Scope
    from memory.index import Index
    from memory.profile import Claim
    from memory.rebuild import Report
    from memory.recall import Filters, Recollection
    from memory.search import Found

log = logging.getLogger(__name__)
RECENT = 2000
"""Closed questions that a profile looks at."""
PATIENCE = 5.0
CLOSING = 1.0
"""Seconds that a recall waits for what was just said, and that closing takes to finish."""


class Memory:
    """One learner's memory. Threads may share it; a second process is refused.

    Opening reads neither Chroma nor the events: the knowledge of the last snapshot is loaded when
    asked for, and only the events after it are folded in. Chroma is opened a moment later, or when
    something is recalled.
    """

    def __init__(
        self,
        home: Home,
        folder: Path,
        journal: Journal,
        learner: str,
        embedder: Embedder | None,
        remote: Remote | None,
    ) -> None:
        self.home = home
        self.folder = folder
        self.learner = learner
        self.journal = journal
        self._knowledge = Folded(KNOWLEDGE, journal)
        self._upkeep = Upkeep(home, folder, journal, self._knowledge, learner, embedder, remote)
        self._lexical, self._passages = self._upkeep.lexical, self._upkeep.passages
        self._index, self._indexer = self._upkeep.index, self._upkeep.indexer
        self._closed = False
        self.notice = ""
        """What was repaired at opening, for the learner to know; "" mostly."""

    @classmethod
    def open(
        cls,
        home: Path,
        *,
        embedder: Embedder | None = None,
        remote: Remote | str | None = None,
        learner: str = "default",
        background: bool = True,
    ) -> Memory:
        """Open the memory of `learner` in the data folder `home`, made if it is not there.

        With `remote` (an address, or a `Remote`) Chroma is a server, shared by all machines of the
        learner; the session goes on while it is away, and what happened is sent when it is back.
        Without `background` nothing is indexed but what a recall or search waits for: for processes
        that end soon. Raises `HomeError` for a folder that is locked, foreign, read-only, full or newer.
        """
        server = Remote(remote) if isinstance(remote, str) and remote else remote or None
        assert not isinstance(server, str)
        opened = Home.open(home)
        try:
            folder = learner_folder(home, learner)
            with translated(home):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                migrate(home, folder)
                journal, notice = open_journal(folder)
            memory = cls(opened, folder, journal, learner, embedder, server)
            memory.notice = notice
            memory._upkeep.finish_erasing()
            if background or server:  # a server tells what other machines sent
                memory._indexer.start()
            return memory
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
        rows = self.journal.append(events)
        self._indexer.wake()
        return len(rows)

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

    def recall(
        self,
        query: str,
        k: int = 10,
        at: int | None = None,
        filters: Filters | None = None,
        patience: float = PATIENCE,
    ) -> list[Recollection]:
        """The `k` things said or shown that best answer `query`, best first.

        `at` is when the question is asked (ms; default: now): "last week" hangs on it. What was
        appended a moment ago is waited for, at most `patience` seconds: see `behind`. While Chroma
        cannot be had, words alone decide.
        """
        from memory.recall import Recaller

        self._indexer.read_words()
        index = self._index_for(patience, corpus=False)
        return Recaller(self.journal, self._lexical, index).recall(query, k, at, filters)

    def search(self, query: str, k: int = 10, patience: float = PATIENCE) -> list[Found]:
        """The `k` passages of the corpus that best answer `query`, best first. See `recall`."""
        from memory.search import search

        return search(self._passages, self._index_for(patience), query, k)

    def claims(self) -> list[Claim]:
        """What is believed about the learner, the most useful first. See `profile`."""
        from memory.profile import KINDS, claims

        closed = self.events(kinds=["closed"], newest_first=True, limit=RECENT)[::-1]
        others = self.events(kinds=KINDS - {"closed"})
        return claims(sorted([*others, *closed], key=lambda event: event.id))

    def profile(self) -> str:
        """The claims as text for the agents, at most 300 words, event ids in brackets."""
        from memory.profile import profile

        return profile(self.claims())

    def set_passages(self, shelf: str, passages: Iterable[Passage]) -> int:
        """Make these the only passages on a shelf (a deck, a document); returns how many changed.

        Cheap if nothing did, so it may be called at every start.
        """
        count = self._passages.replace(shelf, passages)
        self._indexer.wake()
        return count

    def _index_for(self, patience: float, corpus: bool = True) -> Index | None:
        """Chroma, brought up to date as far as `patience` goes; None if it cannot be had."""
        try:
            self._indexer.flush(patience, corpus)
        except Exception as error:
            log.warning("searching by words alone: %s: %s", type(error).__name__, error)
            return None
        return self._index

    def behind(self) -> int:
        """How many records and vectors Chroma does not hold yet. 0: everything can be recalled."""
        return self._indexer.behind()

    def flush(self, patience: float | None = None) -> bool:
        """Bring Chroma up to date; False if `patience` (seconds) ran out. Raises what Chroma raises."""
        return self._indexer.flush(patience)

    def sync(self) -> None:
        """Exchange with a Chroma server at once: send what waits, fetch what others sent.

        Raises what Chroma raises while the server is away.
        """
        self._upkeep.sync()

    def heard(self, patience: float) -> bool:
        """Wait until what other machines sent to a Chroma server has arrived, or the server was found
        to be away; False if `patience` (seconds) ran out. True at once without a server."""
        return self._indexer.heard(patience)

    def trouble(self) -> str:
        """Why Chroma does not follow at the moment, "" if it does."""
        return self._indexer.trouble

    def rebuild(self, embedder: str = "", report: Report = lambda *_: None) -> str:
        """Make knowledge and indexes again from the events; returns a sentence about it.

        With the name of an embedder ("minilm", "lexical") everything is embedded by it; the old
        vectors serve until the new ones are complete, and a run that was stopped goes on where it
        was. Raises `ValueError` for an unknown embedder, and what `report` raises.
        """
        return self._upkeep.rebuild(embedder, report)

    def fit(self, report: Report = lambda *_: None) -> Fit:
        """Fit how this learner forgets to their own log, and use it if it is better. See `fitting`.

        Raises what `report` raises; nothing is changed then.
        """
        from memory.fitting import fit

        events = [event_of(row) for row in self.journal.rows(kinds=KNOWLEDGE.kinds)]
        found = fit(events, self.knowledge().model, report)
        if found.better:
            self._use(found.own)
        return found

    def use_defaults(self) -> bool:
        """Go back to the parameters of the average learner; False if they are those in use."""
        if not self.knowledge().fitted:
            return False
        self._use({})
        return True

    def _use(self, own: dict[str, float]) -> None:
        at = max(now_ms(), self.latest() + 1)
        self.append(Event(event_id(at), "fitted", at, "", payload={"parameters": own}))

    def forget(self, scope: Scope) -> int:
        """Erase what `scope` covers from every file; returns how many events that were.

        A `forgotten` event without contents stays, so that other machines erase the same. On a
        Chroma server the records are deleted; what its files keep is the server's affair.
        """
        ids = scope.ids(self.journal)
        if ids:
            at = max(now_ms(), self.latest() + 1)
            told = {**scope.told(), "ids": ids}
            event = Event(event_id(at), "forgotten", at, "", payload=told)
            self.append(event)
            self._upkeep.erase(event.id, ids)
        return len(ids)

    def forget_passages(self, shelves: Collection[str] | None = None) -> int:
        """Erase passages from every file, those on some shelves or (None) all; returns how many."""
        return self._upkeep.erase_passages(shelves)

    def export(self, out: IO[str]) -> int:
        """Write everything as JSON Lines; returns the number of events. See `interchange`."""
        from memory.interchange import write_jsonl

        return write_jsonl(self.journal, self.home.path / "decks", out)

    def import_from(self, lines: Iterable[str]) -> tuple[int, int]:
        """Take in an export; returns how many events were new, and how many it held.

        Raises `InterchangeError`; nothing is taken in then.
        """
        from memory.interchange import read_jsonl

        return read_jsonl(lines, self._upkeep.adopt, self.home.path / "decks")

    def back_up(self, target: Path | None = None) -> Path:
        """Copy what cannot be made again to a new folder, and return it. See `backup`."""
        return back_up(self.home.path, self.folder, target)

    def close(self) -> None:
        """Finish what is begun, write the snapshot, let go of the folder. Twice does nothing."""
        if self._closed:
            return
        self._closed = True
        try:
            closed = self._upkeep.close(CLOSING)
        except BaseException:
            self.journal.close()
            self.home.close()
            raise
        if closed:
            self.journal.close()
            self.home.close()

    def __enter__(self) -> Memory:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _place(self, name: str) -> Place:
        return self.journal.get([name])[name].place
