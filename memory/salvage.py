"""Opening the journal, and making it again where it was lost or damaged.

What can be read of a damaged file, and every event that Chroma holds in full, come back. The damaged
file is kept beside the new one.
"""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from corpus.counting import counted
from memory.chroma import DATABASE, collection, connect_local, disconnect, pages, wait_closed
from memory.index import EVENTS, row_of
from memory.journal import COLUMNS, SUSPECT, Journal, Row, is_damage
from memory.repair import mend
from memory.sqlitefile import remove

log = logging.getLogger(__name__)
FILE = "journal.sqlite3"
CHUNK = 1000


def open_journal(folder: Path) -> tuple[Journal, str]:
    """The journal of a learner's folder, and a sentence about what was repaired ("" mostly).

    Raises `HomeError` if the disk refuses.
    """
    path = folder / FILE
    lost = not path.exists() or path.stat().st_size == 0
    if lost and (folder / "chroma" / DATABASE).is_file():
        remove(path)
        return _made_again(path, None)
    if (folder / SUSPECT).exists():
        return _made_again(path, _put_aside(path))
    try:
        return Journal(path), ""
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            raise
        return _made_again(path, _put_aside(path))


def _put_aside(path: Path) -> Path:
    aside = path.with_name(f"journal.damaged-{time.time_ns() // 1_000_000}.sqlite3")
    path.replace(aside)
    for suffix in ("-wal", "-shm"):
        beside = path.with_name(path.name + suffix)
        if beside.exists():
            beside.replace(aside.with_name(aside.name + suffix))
    return aside


def _made_again(path: Path, damaged: Path | None) -> tuple[Journal, str]:
    """A new journal from what can still be read. Made under another name first, so that a kill
    while it is being made leaves things as they were."""
    draft = path.with_name("journal.draft.sqlite3")
    remove(draft)
    with closing(Journal(draft)) as journal:
        if damaged is not None:
            for rows in _readable(damaged):
                journal.receive(rows, sent=False)
        read = journal.count()
        for rows in _held_by_chroma(path.parent / "chroma"):
            journal.receive(rows)
        count = journal.count()
        journal.checkpoint()
    remove(path)
    draft.replace(path)
    remove(draft)
    (path.parent / SUSPECT).unlink(missing_ok=True)
    # The other files count arrivals of the journal that was.
    remove(path.parent / "lexical.sqlite3")
    told = (
        f"The journal was damaged or lost; {counted(count, 'event was', 'events were')} found again"
    )
    log.warning("%s (%d in the damaged file)", told, read)
    return Journal(path), told


def _readable(path: Path) -> Iterator[list[Row]]:
    """The rows of a damaged file that can be read, in parts."""
    with closing(sqlite3.connect(path)) as db:
        try:
            low, high = db.execute("SELECT min(seq), max(seq) FROM events").fetchone()
        except sqlite3.DatabaseError:
            low, high = 1, _size_bound(path)
        if low is not None:
            yield from _between(db, low, high)


def _size_bound(path: Path) -> int:
    """More rows than a file of this size can hold."""
    return path.stat().st_size // 100 + 1


def _between(db: sqlite3.Connection, low: int, high: int) -> Iterator[list[Row]]:
    for start in range(low, high + 1, CHUNK):
        yield _part(db, start, min(start + CHUNK - 1, high))


def _part(db: sqlite3.Connection, low: int, high: int) -> list[Row]:
    """The readable rows of a range: halved around what cannot be read."""
    sql = f"SELECT {COLUMNS} FROM events NOT INDEXED WHERE seq BETWEEN ? AND ?"
    try:
        rows = [Row(*row) for row in db.execute(sql, (low, high)).fetchall()]
        return [row for row in rows if _is_event(row)]
    except (sqlite3.DatabaseError, UnicodeDecodeError):
        if low == high:
            return []
        middle = (low + high) // 2
        return _part(db, low, middle) + _part(db, middle + 1, high)


def _is_event(row: Row) -> bool:
    try:
        return row.event.id == row.id
    except (ValueError, TypeError):
        return False


def _held_by_chroma(folder: Path) -> Iterator[list[Row]]:
    if not (folder / DATABASE).is_file() or mend(folder) == "removed":
        return
    client = connect_local(folder)
    try:
        for page in pages(collection(client, EVENTS)):
            rows = []
            for name, _, metadata in page:
                try:
                    rows.append(row_of(name, metadata))
                except ValueError as error:
                    log.warning("%s", error)
            yield rows
    finally:
        disconnect(client)
        wait_closed(folder)
