"""The journal: every event in one SQLite file, durable when `append` returns.

An event has happened when its row is committed (write-ahead log, synchronous = FULL). Chroma's
`events-<embedder>` holds the same events in full and follows a moment later; rows that it does not
hold yet have `sent = 0`, which makes the journal the outbox too.

Order. Clocks go backwards and two machines write at once, so rows are ordered by (`tick`, `id`):
`tick` is the event's own time, or one more than the latest tick known here if that is greater (a
hybrid logical clock, Kulkarni et al. 2014). It travels with the event, so every machine of a
learner sorts alike.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import NamedTuple

from memory.events import Event
from memory.home import HomeError, translated
from memory.records import check, decode, encode, printable
from memory.sqlitefile import SqliteFile

SCHEMA = 1
SUSPECT = "journal.suspect"
"""A file beside the journal: it was found damaged, and is to be made again at the next opening."""
_TABLES = """
CREATE TABLE IF NOT EXISTS events (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  tick INTEGER NOT NULL,
  origin TEXT NOT NULL,
  number INTEGER NOT NULL,
  kind TEXT NOT NULL,
  session TEXT NOT NULL,
  question TEXT NOT NULL,
  body TEXT NOT NULL,
  sent INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS events_order ON events (tick, id);
CREATE INDEX IF NOT EXISTS events_kind ON events (kind, tick, id);
CREATE INDEX IF NOT EXISTS events_session ON events (session, tick, id);
CREATE INDEX IF NOT EXISTS events_question ON events (question, tick, id) WHERE question != '';
CREATE INDEX IF NOT EXISTS events_origin ON events (origin, number);
CREATE INDEX IF NOT EXISTS events_unsent ON events (seq) WHERE sent = 0;
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS snapshots (
  name TEXT PRIMARY KEY, version INTEGER NOT NULL, tick INTEGER NOT NULL, id TEXT NOT NULL,
  body TEXT NOT NULL
);
"""
COLUMNS = "seq, id, tick, origin, number, body"


class Place(NamedTuple):
    """A place in the order of events: what comes after it has a greater (tick, id)."""

    tick: int
    id: str


START = Place(-(2**62), "")


class Row(NamedTuple):
    """An event as the journal holds it.

    `seq` counts arrivals here; `origin` is the machine that wrote it first and `number` that
    machine's own count.
    """

    seq: int
    id: str
    tick: int
    origin: str
    number: int
    body: str

    @property
    def event(self) -> Event:
        return decode(self.body)

    @property
    def place(self) -> Place:
        return Place(self.tick, self.id)


class Journal(SqliteFile):
    """One learner's events on this machine."""

    def _prepare(self) -> None:
        self._db.execute("PRAGMA journal_mode = wal")
        self._db.execute("PRAGMA synchronous = full")
        self._db.execute("PRAGMA secure_delete = on")
        self._db.execute("PRAGMA busy_timeout = 5000")
        self._db.executescript(_TABLES)
        self._db.execute(
            "INSERT OR IGNORE INTO meta VALUES ('origin', ?), ('schema', ?)",
            (secrets.token_hex(4), str(SCHEMA)),
        )
        self.origin = self.meta("origin")
        last = self._db.execute("SELECT tick FROM events ORDER BY tick DESC, id DESC LIMIT 1")
        self._tick = next((row[0] for row in last), START.tick)
        self._number = self._highest(self.origin)

    def _highest(self, origin: str) -> int:
        found = self._db.execute("SELECT max(number) FROM events WHERE origin = ?", (origin,))
        highest = found.fetchone()[0] or 0
        return max(highest, int(self.meta(f"number:{origin}") or 0))

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """A write transaction: all of it is on the disk at the end of the block, or none of it.

        Raises `HomeError` if the disk refuses.
        """
        with self._mutex, translated(self.path.parent):
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
                self._db.execute("COMMIT")
            except BaseException as error:
                with suppress(sqlite3.ProgrammingError):  # closed meanwhile
                    if self._db.in_transaction:
                        self._db.execute("ROLLBACK")
                if is_damage(error):
                    raise self._damaged(error) from error
                raise

    def _damaged(self, error: BaseException) -> HomeError:
        with suppress(OSError):
            (self.path.parent / SUSPECT).touch()
        return HomeError(
            "broken",
            f"{self.path} is damaged ({error})",
            "Start Viva again: it makes the file anew from what can be read and from Chroma",
        )

    def checkpoint(self) -> None:
        """Bring everything into the one file."""
        with self._mutex:
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def append(self, events: Iterable[Event]) -> list[Row]:
        """Write events that happened here; returns the rows of those whose id is new.

        Raises `ValueError` (not an event; nothing is written) or `HomeError`.
        """
        ready = []
        for event in events:
            check(event)
            ready.append((event, encode(event)))
        with self._mutex:
            tick, number, rows = self._tick, self._number, []
            with self.transaction() as db:
                for event, body in ready:
                    tick, number = max(event.at, tick + 1), number + 1
                    row = Row(0, event.id, tick, self.origin, number, body)
                    seq = _insert(db, row, event, sent=0)
                    if seq is None:
                        number -= 1
                    else:
                        rows.append(row._replace(seq=seq))
            self._tick, self._number = tick, number
            return rows

    def receive(self, rows: Iterable[Row], sent: bool = True) -> list[Row]:
        """Write events that another copy of this memory holds, their places kept."""
        with self._mutex:
            kept = []
            with self.transaction() as db:
                for row in rows:
                    seq = _insert(db, row, row.event, sent=int(sent))
                    if seq is not None:
                        kept.append(row._replace(seq=seq))
            self._tick = max([self._tick, *(row.tick for row in kept)])
            self._number = self._highest(self.origin)
            return kept

    def adopt(self, rows: Iterable[Row]) -> list[Row]:
        """Write events of an import: in their places, but numbered and sent as if they were ours."""
        with self._mutex:
            number, kept = self._number, []
            with self.transaction() as db:
                for row in rows:
                    ours = row._replace(origin=self.origin, number=number + 1)
                    seq = _insert(db, ours, row.event, sent=0)
                    if seq is not None:
                        number += 1
                        kept.append(ours._replace(seq=seq))
            self._number = number
            self._tick = max([self._tick, *(row.tick for row in kept)])
            return kept

    def read(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple]:
        """The rows of a query. Raises `HomeError` if the file is damaged or cannot be read."""
        with self._mutex, translated(self.path.parent):
            try:
                return self._db.execute(sql, tuple(parameters)).fetchall()
            except sqlite3.DatabaseError as error:
                if is_damage(error):
                    raise self._damaged(error) from error
                raise

    def rows(
        self,
        *,
        kinds: Collection[str] | None = None,
        session: str | None = None,
        question: str | None = None,
        after: Place | None = None,
        newest_first: bool = False,
        limit: int | None = None,
    ) -> list[Row]:
        """The rows that match, in order (`after` is excluded)."""
        terms, values = ["1"], list[object]()
        if kinds is not None:
            terms.append(f"kind IN ({','.join('?' * len(kinds))})")
            values += sorted(kinds)
        for column, wanted in (("session", session), ("question", question)):
            if wanted is not None:
                terms.append(f"{column} = ?" + (f" AND {column} != ''" if wanted else ""))
                values.append(printable(wanted))
        if after is not None:
            terms.append("(tick, id) > (?, ?)")
            values += after
        order = "tick DESC, id DESC" if newest_first else "tick, id"
        sql = f"SELECT {COLUMNS} FROM events WHERE {' AND '.join(terms)} ORDER BY {order}"
        if limit is not None:
            sql += " LIMIT ?"
            values.append(limit)
        return [Row(*row) for row in self.read(sql, values)]

    def get(self, ids: Sequence[str]) -> dict[str, Row]:
        """The rows with these ids; unknown ids are left out."""
        found: dict[str, Row] = {}
        for start in range(0, len(ids), 500):
            part = list(ids[start : start + 500])
            sql = f"SELECT {COLUMNS} FROM events WHERE id IN ({','.join('?' * len(part))})"
            found |= {row[1]: Row(*row) for row in self.read(sql, part)}
        return found

    def arrived(self, seq: int, limit: int) -> list[Row]:
        """The next rows after arrival number `seq`, in order of arrival."""
        sql = f"SELECT {COLUMNS} FROM events WHERE seq > ? ORDER BY seq LIMIT ?"
        return [Row(*row) for row in self.read(sql, (seq, limit))]

    def unsent(self, limit: int) -> list[Row]:
        """The next rows that Chroma does not hold, in order of arrival."""
        sql = f"SELECT {COLUMNS} FROM events WHERE sent = 0 ORDER BY seq LIMIT ?"
        return [Row(*row) for row in self.read(sql, (limit,))]

    def sent_up_to(self) -> int:
        """This machine's number up to which everything was sent."""
        sql = "SELECT min(number) FROM events WHERE sent = 0 AND origin = ?"
        waiting = self.read(sql, (self.origin,))[0][0]
        return self.highest(self.origin) if waiting is None else waiting - 1

    def mark_sent(self, rows: Iterable[Row], sent: bool = True) -> None:
        """Note that Chroma holds these rows (or does not).

        Not synced to the disk: a note that is lost makes Chroma be told twice, which does no harm,
        and an append that waits behind this one waits for one sync less.
        """
        with self._mutex:
            self._db.execute("PRAGMA synchronous = normal")
            try:
                with self.transaction() as db:
                    db.executemany(
                        "UPDATE events SET sent = ? WHERE seq = ?",
                        [(int(sent), row.seq) for row in rows],
                    )
            finally:
                self._db.execute("PRAGMA synchronous = full")

    def forget(self, ids: Sequence[str]) -> None:
        """Erase events and every state made of them; nothing of them stays in the file."""
        with self._mutex, translated(self.path.parent):
            with self.transaction() as db:
                highest = db.execute(
                    "SELECT origin, max(number) FROM events GROUP BY origin"
                ).fetchall()
                db.executemany("DELETE FROM events WHERE id = ?", [(name,) for name in ids])
                db.execute("DELETE FROM snapshots")
                # Numbers are never given twice: other machines ask for what comes after them.
                db.executemany("INSERT OR REPLACE INTO meta VALUES ('number:' || ?, ?)", highest)
            self.vacuum()

    def vacuum(self) -> None:
        """Leave nothing of deleted rows in the file and its log."""
        with self._mutex:
            self._db.execute("VACUUM")
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def highest(self, origin: str) -> int:
        """The highest number known of a machine, erased events included."""
        with self._mutex:
            return self._highest(origin)

    def count(self) -> int:
        return self.read("SELECT count(*) FROM events")[0][0]

    def pending(self) -> int:
        """How many events Chroma does not hold yet."""
        return self.read("SELECT count(*) FROM events WHERE sent = 0")[0][0]

    def latest_arrival(self) -> int:
        """The highest arrival number, 0 for an empty journal."""
        return self.read("SELECT coalesce(max(seq), 0) FROM events")[0][0]

    def meta(self, key: str) -> str:
        """A note about this copy of the memory, "" if there is none."""
        found = self.read("SELECT value FROM meta WHERE key = ?", (key,))
        return found[0][0] if found else ""

    def set_meta(self, **notes: str) -> None:
        with self.transaction() as db:
            db.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", notes.items())


def is_damage(error: BaseException) -> bool:
    """Whether SQLite says that the file itself is damaged, not that it is busy, closed or refused."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def _insert(db: sqlite3.Connection, row: Row, event: Event, sent: int) -> int | None:
    made = db.execute(
        "INSERT OR IGNORE INTO events (id, tick, origin, number, kind, session, question, body,"
        " sent) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (row.id, row.tick, row.origin, row.number, event.kind, printable(event.session),
         printable(event.question), row.body, sent),
    )  # fmt: skip
    return made.lastrowid if made.rowcount else None
