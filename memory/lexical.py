"""The lexical half of every search: SQLite FTS5 beside Chroma, a cache made from the journal.

Every text that was said or shown, ranked by BM25 (Robertson and Zaragoza 2009) with Porter stems.
Deleting the file costs a rebuild.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from memory.cachefile import CacheFile
from memory.events import Event
from memory.journal import Row
from memory.records import printable
from memory.stopwords import STOPWORDS

VERSION = 2
LONGEST = 20_000
"""Characters of a text that are indexed."""
BUDGET = 6000
"""How many turns one query may rank: what is ranked must hold one of its rarer words. Ranking costs
about 2 us a turn, so that this, not the size of the memory, bounds the time of a query."""
_TABLES = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS turns (
  seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, tick INTEGER NOT NULL, at INTEGER NOT NULL,
  kind TEXT NOT NULL, session TEXT NOT NULL, speaker TEXT NOT NULL, question TEXT NOT NULL,
  topic TEXT NOT NULL, dense INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS turns_session ON turns (session, tick, id);
CREATE INDEX IF NOT EXISTS turns_undense ON turns (seq) WHERE dense = 0;
CREATE INDEX IF NOT EXISTS turns_speaker ON turns (speaker);
CREATE INDEX IF NOT EXISTS turns_at ON turns (at);
CREATE VIRTUAL TABLE IF NOT EXISTS turn_words USING fts5(
  text, tokenize = 'porter unicode61 remove_diacritics 2');
"""
WORD = re.compile(r"[^\W_]+", re.UNICODE)


class Turn(NamedTuple):
    """A text event as the index knows it. `seq` is its arrival number in the journal."""

    seq: int
    id: str
    tick: int
    at: int
    kind: str
    session: str
    speaker: str
    question: str
    topic: str


_TURN = ", ".join(Turn._fields)


class Where(NamedTuple):
    """A condition on turns (table `t`) in SQL, with its values."""

    sql: str = "1"
    values: tuple[object, ...] = ()


EVERYTHING = Where()


class LexicalIndex(CacheFile):
    """Every text by its words. A file made by another version counts as damaged."""

    tables = _TABLES
    words = "turn_words"

    def _prepare(self) -> None:
        super()._prepare()
        found = self._db.execute("SELECT value FROM meta WHERE key = 'version'").fetchone()
        if found is not None and found[0] != str(VERSION):
            raise sqlite3.DatabaseError("made by another version")
        self._db.execute("INSERT OR IGNORE INTO meta VALUES ('version', ?)", (str(VERSION),))

    def seen(self) -> int:
        """The last arrival number that was taken in."""
        found = self._read("SELECT value FROM meta WHERE key = 'seen'")
        return int(found[0][0]) if found else 0

    def take_in(self, rows: Sequence[Row]) -> None:
        """Index the next rows of the journal; rows without a text only move `seen`."""
        if not rows:
            return
        with self._transaction() as db:
            for row in rows:
                event = row.event
                text = document(event)
                if text:
                    self._add(db, row, event, text)
            db.execute("INSERT OR REPLACE INTO meta VALUES ('seen', ?)", (str(rows[-1].seq),))

    def _add(self, db: sqlite3.Connection, row: Row, event: Event, text: str) -> None:
        turn = Turn(row.seq, row.id, row.tick, event.at, event.kind, printable(event.session),
                    printable(event.speaker), printable(event.question), printable(event.topic))  # fmt: skip
        places = ",".join("?" * len(turn))
        made = db.execute(f"INSERT OR IGNORE INTO turns ({_TURN}) VALUES ({places})", turn)
        if made.rowcount:
            db.execute("INSERT INTO turn_words (rowid, text) VALUES (?, ?)", (row.seq, text))

    # Queries.

    def ranked(self, query: str, limit: int, only: Where = EVERYTHING) -> list[tuple[int, float]]:
        """(arrival number, BM25 score, higher is better) of the best turns, best first."""
        match = self._match(query, BUDGET)
        if not match:
            return []
        if only is EVERYTHING:
            sql = (
                "SELECT rowid, -rank FROM turn_words WHERE turn_words MATCH ? ORDER BY rank LIMIT ?"
            )
            return self._read(sql, (match, limit))
        sql = (
            "SELECT f.rowid, -f.rank FROM turn_words f JOIN turns t ON t.seq = f.rowid"
            f" WHERE turn_words MATCH ? AND {only.sql} ORDER BY f.rank LIMIT ?"
        )
        return self._read(sql, (match, *only.values, limit))

    def matching(self, only: Where, limit: int) -> list[Turn]:
        """The latest turns that fulfil a condition, latest first."""
        columns = ", ".join(f"t.{name}" for name in Turn._fields)
        sql = f"SELECT {columns} FROM turns t WHERE {only.sql} ORDER BY t.at DESC LIMIT ?"
        return [Turn(*row) for row in self._read(sql, (*only.values, limit))]

    def allowed(self, seqs: Sequence[int], only: Where) -> list[Turn]:
        """Those of the turns that fulfil a condition."""
        columns = ", ".join(f"t.{name}" for name in Turn._fields)
        sql = f"SELECT {columns} FROM turns t WHERE seq IN ({','.join('?' * len(seqs))})"
        return [Turn(*row) for row in self._read(f"{sql} AND {only.sql}", (*seqs, *only.values))]

    def _match(self, query: str, budget: int) -> str:
        terms = words_of(query)
        counts = {term: self._holding(term, budget) for term in terms}
        found = sorted((term for term in terms if counts[term]), key=lambda term: counts[term])
        rare, total = found[:1], counts[found[0]] if found else 0
        for term in found[1:]:
            total += counts[term]
            if total > budget:
                break
            rare.append(term)
        anyof = " OR ".join(f'"{term}"' for term in rare)
        if len(rare) == len(found):
            return anyof
        # All words still count in the score of what is ranked.
        return f"({anyof}) AND ({' OR '.join(f'{chr(34)}{term}{chr(34)}' for term in found)})"

    def _holding(self, term: str, most: int) -> int:
        """How many turns hold the term, counted up to a little over `most`."""
        sql = "SELECT count(*) FROM (SELECT 1 FROM turn_words WHERE turn_words MATCH ? LIMIT ?)"
        return self._read(sql, (f'"{term}"', most + 1))[0][0]

    def turns(self, seqs: Iterable[int]) -> dict[int, Turn]:
        """The turns with these arrival numbers."""
        wanted = list(seqs)
        found: dict[int, Turn] = {}
        for start in range(0, len(wanted), 500):
            part = wanted[start : start + 500]
            sql = f"SELECT {_TURN} FROM turns WHERE seq IN ({','.join('?' * len(part))})"
            found |= {row[0]: Turn(*row) for row in self._read(sql, part)}
        return found

    def seqs(self, ids: Sequence[str]) -> dict[str, int]:
        """Arrival numbers by event id."""
        found: dict[str, int] = {}
        for start in range(0, len(ids), 500):
            part = list(ids[start : start + 500])
            sql = f"SELECT id, seq FROM turns WHERE id IN ({','.join('?' * len(part))})"
            found |= dict(self._read(sql, part))
        return found

    def texts(self, seqs: Iterable[int]) -> dict[int, str]:
        """The indexed texts by arrival number; unknown numbers are left out."""
        wanted = list(seqs)
        found: dict[int, str] = {}
        for start in range(0, len(wanted), 500):
            part = wanted[start : start + 500]
            marks = ",".join("?" * len(part))
            sql = f"SELECT rowid, text FROM turn_words WHERE rowid IN ({marks})"
            found |= dict(self._read(sql, part))
        return found

    def beside(self, turn: Turn, radius: int) -> tuple[list[int], list[int]]:
        """Up to `radius` turns before and after one in its session, the nearest first."""
        where = "SELECT seq FROM turns WHERE session = ? AND (tick, id)"
        at = (turn.session, turn.tick, turn.id, radius)
        before = self._read(f"{where} < (?, ?) ORDER BY tick DESC, id DESC LIMIT ?", at)
        after = self._read(f"{where} > (?, ?) ORDER BY tick, id LIMIT ?", at)
        return [seq for (seq,) in before], [seq for (seq,) in after]

    def count(self) -> int:
        """How many turns are indexed."""
        return self._read("SELECT count(*) FROM turns")[0][0]

    def all(self, page: int) -> Iterator[list[Turn]]:
        """Every turn in order of arrival, in pages."""
        last = 0
        while True:
            sql = f"SELECT {_TURN} FROM turns WHERE seq > ? ORDER BY seq LIMIT ?"
            turns = [Turn(*row) for row in self._read(sql, (last, page))]
            if not turns:
                return
            last = turns[-1].seq
            yield turns

    def speakers(self) -> list[str]:
        """Everyone who ever said something."""
        # Walks the index from name to name: a DISTINCT would read every row.
        found: list[str] = []
        name = ""
        while True:
            rows = self._read("SELECT min(speaker) FROM turns WHERE speaker > ?", (name,))
            if rows[0][0] is None:
                return found
            name = rows[0][0]
            found.append(name)

    # Which turns have their vectors in Chroma.

    def without_vector(self, limit: int) -> list[Turn]:
        """The next turns whose vector is still to be made."""
        sql = f"SELECT {_TURN} FROM turns WHERE dense = 0 ORDER BY seq LIMIT ?"
        return [Turn(*row) for row in self._read(sql, (limit,))]

    def mark(self, seqs: Iterable[int]) -> None:
        """Note that Chroma holds the vectors of these turns."""
        with self._transaction() as db:
            db.executemany("UPDATE turns SET dense = 1 WHERE seq = ?", [(seq,) for seq in seqs])

    def missing(self) -> int:
        """How many vectors are still to be made."""
        return self._read("SELECT count(*) FROM turns WHERE dense = 0")[0][0]

    def held(self) -> int:
        """How many turns have their vector in Chroma."""
        return self._read("SELECT count(*) FROM turns WHERE dense = 1")[0][0]

    def mark_held(self, ids: Collection[str]) -> None:
        """Say that exactly the turns with these ids have their vector in Chroma."""
        with self._transaction() as db:
            db.execute("CREATE TEMP TABLE IF NOT EXISTS held_ids (id TEXT PRIMARY KEY)")
            db.execute("DELETE FROM held_ids")
            db.executemany("INSERT OR IGNORE INTO held_ids VALUES (?)", ((name,) for name in ids))
            db.execute("UPDATE turns SET dense = id IN (SELECT id FROM held_ids)")

    def clear(self) -> None:
        """Forget every turn; all is taken in again from the first arrival."""
        with self._transaction() as db:
            for table in ("turns", "turn_words"):
                db.execute(f"DELETE FROM {table}")
            db.execute("DELETE FROM meta WHERE key = 'seen'")

    def forget(self, ids: Iterable[str]) -> None:
        """Erase turns; nothing of them stays in the file."""
        with self._transaction() as db:
            for name in ids:
                row = db.execute("SELECT seq FROM turns WHERE id = ?", (name,)).fetchone()
                if row is not None:
                    db.execute("DELETE FROM turn_words WHERE rowid = ?", row)
                    db.execute("DELETE FROM turns WHERE seq = ?", row)
        self._compact()


def document(event: Event) -> str:
    """What of an event is indexed: who said it and the text. "" if there is nothing to find."""
    text = printable(event.text).strip()[:LONGEST]
    if not text:
        return ""
    speaker = printable(event.speaker)
    return f"{speaker}: {text}" if speaker else text


def said(speaker: str, text: str) -> str:
    """An indexed text without its speaker."""
    return text[len(speaker) + 2 :] if speaker and text.startswith(f"{speaker}: ") else text


def words_of(query: str) -> list[str]:
    """The words of a query worth searching: no stop words, if others remain."""
    words = list(dict.fromkeys(w.lower() for w in WORD.findall(printable(query))))
    return [word for word in words if word not in STOPWORDS][:32] or words[:32]
