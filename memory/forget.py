"""Erasing: what is forgotten is in no file any more, SQLite's free pages and Chroma's log included.

Deleting in Chroma 1.5 is not erasing: texts stay in its log, its full-text index and free pages, and
vectors in the index files. So its collections of state are dropped, the rows are taken out of its
SQLite file by hand and the file is vacuumed while no client is open, and the vector indexes are made
again from what is left of the log.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from memory.backup import copies_of
from memory.chroma import DATABASE
from memory.index import EVENTS, SPACES, Index
from memory.journal import Journal
from memory.passages import PassageIndex
from memory.repair import reindex
from memory.sqlitefile import remove

Opened = TypeVar("Opened", Journal, PassageIndex)
STATE = ("knowledge", "misconceptions")


@dataclass(frozen=True, slots=True)
class Scope:
    """What is to be forgotten: all that fulfils every field given. Times are [since, until) in ms.

    `events` are ids; `everything` is needed to mean all of it.
    """

    questions: frozenset[str] = frozenset()
    events: frozenset[str] = frozenset()
    since: int | None = None
    until: int | None = None
    everything: bool = False

    def ids(self, journal: Journal) -> list[str]:
        """The ids of the events it covers."""
        terms, values = list[str](), list[object]()
        for column, wanted in (("question", self.questions), ("id", self.events)):
            if wanted:
                terms.append(f"{column} IN ({','.join('?' * len(wanted))})")
                values += sorted(wanted)
        for sign, bound in ((">=", self.since), ("<", self.until)):
            if bound is not None:
                terms.append(f"json_extract(body, '$.at') {sign} ?")
                values.append(bound)
        if not terms and not self.everything:
            return []
        sql = f"SELECT id FROM events WHERE {' AND '.join(terms) or '1'} ORDER BY seq"
        return [name for (name,) in journal.read(sql, values)]

    def told(self) -> dict[str, object]:
        """What a `forgotten` event may keep: which kind of scope, never what it said."""
        kind = "all" if self.everything else "questions" if self.questions else "events"
        return {"scope": "period" if self.since is not None or self.until is not None else kind}


def erase_in_collections(index: Index, ids: Sequence[str]) -> None:
    """Take events and their vectors out of Chroma's collections, and drop the state made of them."""
    index.collection(EVENTS)
    index.delete(EVENTS, ids)
    for kind in SPACES:
        index.remove(kind, ids)
    index.drop_collections(STATE)


def erase_in_files(folder: Path, ids: Iterable[str]) -> None:
    """Take every trace of `ids` out of Chroma's files. No client may be open."""
    file = folder / DATABASE
    if not file.is_file():
        return
    with closing(sqlite3.connect(file, timeout=30)) as db:
        db.execute("PRAGMA secure_delete = on")
        db.execute("CREATE TEMP TABLE gone (id TEXT PRIMARY KEY)")
        db.executemany("INSERT OR IGNORE INTO gone VALUES (?)", ((name,) for name in ids))
        db.execute("DELETE FROM embeddings_queue WHERE id IN (SELECT id FROM gone)")
        topics = "SELECT 1 FROM collections c WHERE embeddings_queue.topic LIKE '%' || c.id"
        db.execute(f"DELETE FROM embeddings_queue WHERE NOT EXISTS ({topics})")
        db.execute(
            "INSERT INTO embedding_fulltext_search(embedding_fulltext_search) VALUES ('optimize')"
        )
        db.commit()
        segments = [v for (v,) in db.execute("SELECT id FROM segments WHERE scope = 'VECTOR'")]
        db.execute("VACUUM")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    reindex(folder, segments)
    for path in folder.iterdir():
        if path.is_dir() and path.name not in segments:
            shutil.rmtree(path)


def erase_copies(home: Path, learner: Path, ids: Sequence[str]) -> None:
    """Take events out of the copies that backups, restores, repairs and migrations left.

    A copy keeps the rest of its journal; what can be made again from that goes.
    """
    for path in learner.glob("journal.damaged-*"):
        path.unlink()
    for copy in copies_of(home, learner):
        for made in (copy / "chroma", copy / "backups"):
            shutil.rmtree(made, ignore_errors=True)
        for file in (*copy.glob("lexical.sqlite3*"), *copy.glob("journal.damaged-*")):
            file.unlink()
        _within(copy / "journal.sqlite3", Journal, lambda journal: journal.forget(ids))


def erase_passages_in_copies(home: Path, learner: Path, shelves: Collection[str] | None) -> None:
    """Take passages, those on some shelves or (None) all, out of such copies."""
    for copy in copies_of(home, learner):
        shutil.rmtree(copy / "chroma", ignore_errors=True)
        _within(copy / "passages.sqlite3", PassageIndex, lambda found: found.forget(shelves))


def _within(file: Path, opened: Callable[[Path], Opened], work: Callable[[Opened], object]) -> None:
    """Work on a copied file; one that cannot be read is removed."""
    if not file.is_file():
        return
    try:
        with closing(opened(file)) as copy:
            work(copy)
    except sqlite3.DatabaseError:
        remove(file)
