"""What keeps the indexes and copies of a memory true: rebuilding, erasing, taking in what others sent."""

from __future__ import annotations

import logging
import threading
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.counting import counted
from memory.chroma import Remote
from memory.folds import Folded
from memory.forget import erase_copies, erase_passages_in_copies
from memory.home import Home
from memory.index import Index
from memory.indexer import Indexer
from memory.journal import START, Journal, Row
from memory.knowledge import KnowledgeState
from memory.lexical import LexicalIndex
from memory.local import LocalChroma
from memory.mirror import Mirror
from memory.passages import PassageIndex
from memory.reconcile import agrees, reconcile
from memory.remote import RemoteChroma

if TYPE_CHECKING:
    from memory.embedder import Embedder
    from memory.rebuild import Report

log = logging.getLogger(__name__)
ERASING = "erasing"
"""Note in the journal: the `forgotten` event whose erasing has begun and not ended."""


class Upkeep:
    """The indexes of one learner's memory, and all that changes them. Threads may share it."""

    def __init__(
        self,
        home: Home,
        folder: Path,
        journal: Journal,
        knowledge: Folded[KnowledgeState],
        learner: str,
        embedder: Embedder | None,
        remote: Remote | None,
    ) -> None:
        self._home = home
        self._folder = folder
        self._journal = journal
        self._knowledge = knowledge
        self._chroma = (
            RemoteChroma(remote, learner, journal)
            if remote
            else LocalChroma(folder / "chroma", journal)
        )
        self.lexical = LexicalIndex.open(folder / "lexical.sqlite3")
        self.passages = PassageIndex.open(folder / "passages.sqlite3")
        self.index = Index(self._chroma.connect, lambda: embedder or _chosen_embedder(journal))
        self.indexer = Indexer(
            journal, self.lexical, self.passages, self.index,
            self._agree, self.fetch, self.settled,
        )  # fmt: skip
        self.indexer.follow = remote is not None
        self._mirror = Mirror(self.index)
        self._mirrored = START
        self._alone = threading.Lock()

    # The indexer's questions.

    def _agree(self) -> None:
        """Once per connection: is all that was noted as held really there?"""
        name = self.index.embedder.name
        same = self._journal.meta("embedder") == name
        parts = (self._journal, self.lexical, self.passages, self.index)
        if self._chroma.doubtful or not same or not agrees(*parts):
            if not same:
                self.passages.keep_marks(())
            reconcile(*parts)
            self._chroma.doubtful = False
        self._journal.set_meta(embedder=name)

    def fetch(self, now: bool) -> None:
        """Take in what other machines sent."""
        self._chroma.fetch(self.index, self._receive, now)

    def _receive(self, rows: list[Row]) -> None:
        known = self._journal.receive(rows)
        self._knowledge.received(known)
        for row in known:
            if row.event.kind == "forgotten":
                gone = self._journal.get(list(row.event.payload.get("ids", ())))
                if gone:
                    self._erase_here(list(gone))

    def settled(self) -> None:
        """A quiet moment: snapshot, and knowledge for whoever looks into Chroma."""
        state = self._knowledge.state()
        place = self._knowledge.place()
        if self.index.connected and place != self._mirrored:
            self._mirror.write(state, place)
            self._mirrored = place
        self._knowledge.save()

    # Rebuilding.

    def rebuild(self, embedder: str, report: Report) -> str:
        """See `Memory.rebuild`."""
        with self._alone:
            from memory.rebuild import named_embedder

            new = named_embedder(embedder) if embedder else None
            report(0, 0, "folding the events")
            self._knowledge.restart()
            self._knowledge.save(force=True)
            self.indexer.rewrite_words(lambda done, all_: report(done, all_, "reading the events"))
            if new is not None and new.name != self.index.embedder.name:
                self._move_to(new, embedder, report)
            self.indexer.check_again()
            while not self._indexed(0.2):
                report(0, 0, f"{self.indexer.behind():,} still to be indexed")
            self._mirror_anew()
            with self.indexer.paused():
                self.settled()
        return f"{counted(self._journal.count(), 'event')}, embedded by {self.index.embedder.name}"

    def _indexed(self, patience: float) -> bool:
        try:
            return self.indexer.flush(patience)
        except TimeoutError:  # the background is at a longer step
            return False

    def _move_to(self, embedder: Embedder, choice: str, report: Report) -> None:
        from memory.rebuild import fill

        beside = Index(lambda: self.index.client, lambda: embedder)
        self.indexer.flush()
        fill(beside, self.lexical, self.passages, report)
        with self.indexer.paused():
            old = self.index.embedder.name
            self.index.use(embedder)
            self._journal.set_meta(embedder=embedder.name, embedder_choice=choice)
            reconcile(self._journal, self.lexical, self.passages, self.index)
            self.index.drop_spaces(old)

    def _mirror_anew(self) -> None:
        self._mirror.restart()
        self._mirrored = START

    # Erasing.

    def erase(self, forgotten: str, ids: Sequence[str]) -> None:
        """Leave nothing of these events in any file; `forgotten` is the event that told so.

        A kill on the way leaves a note; `finish_erasing` goes on from there.
        """
        with self._alone, self.indexer.paused():
            self._journal.set_meta(**{ERASING: forgotten})
            self._erase_here(ids)
            self._chroma.erase(self.index, ids)
            self._mirror_anew()
            self.indexer.check_again()
            self._journal.set_meta(**{ERASING: ""})
        self.indexer.wake()

    def finish_erasing(self) -> None:
        """Go on with an erasing that was killed."""
        forgotten = self._journal.meta(ERASING)
        for row in self._journal.get([forgotten]).values() if forgotten else ():
            self.erase(forgotten, list(row.event.payload["ids"]))

    def _erase_here(self, ids: Sequence[str]) -> None:
        self._journal.forget(ids)
        self.lexical.forget(ids)
        self._knowledge.restart()
        erase_copies(self._home.path, self._folder, ids)

    def erase_passages(self, shelves: Collection[str] | None) -> int:
        """Erase passages from every file, those on some shelves or (None) all; returns how many."""
        with self._alone, self.indexer.paused():
            ids = self.passages.forget(shelves)
            if not self._chroma.erase(self.index, ids):
                self.passages.owe(ids)
            erase_passages_in_copies(self._home.path, self._folder, shelves)
            self.indexer.check_again()
        return len(ids)

    # Coming and going.

    def adopt(self, rows: list[Row]) -> int:
        """Take in rows of an import; returns how many were new."""
        known = self._journal.adopt(rows)
        self._knowledge.received(known)
        self.indexer.wake()
        return len(known)

    def sync(self) -> None:
        """Send what waits and fetch what others sent, at once."""
        for _ in range(2):
            with self.indexer.paused():
                self.fetch(now=True)
            self.indexer.flush()

    def close(self, patience: float) -> bool:
        """Stop following and close the indexes; False if a step does not end: then all stays open."""
        if not self.indexer.stop(patience):
            log.error("the index is still being written: its files stay locked")
            return False
        try:
            self._knowledge.save(force=True)
            if self.index.connected:
                self.index.close()
                self._chroma.closed()
        finally:
            self.lexical.close()
            self.passages.close()
        return True


def _chosen_embedder(journal: Journal) -> Embedder:
    """The embedder that the learner chose when rebuilding last, or the best one here."""
    from memory.rebuild import named_embedder  # numpy and the model's libraries come with it

    try:
        return named_embedder(journal.meta("embedder_choice"))
    except ValueError as error:
        log.warning("%s", error)
        return named_embedder("")
