"""Passages of the corpus: what can be searched and cited, beside their words in SQLite FTS5.

A passage lies on a shelf (a deck, a document). Chroma's `passages-<embedder>` holds the texts and
their vectors; this file is the lexical half and knows what Chroma still lacks.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence

from corpus.passages import Passage
from memory.cachefile import CacheFile
from memory.lexical import WORD, words_of
from memory.records import printable

_TABLES = """
CREATE TABLE IF NOT EXISTS passages (
  number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, shelf TEXT NOT NULL, text TEXT NOT NULL,
  source TEXT NOT NULL, place TEXT NOT NULL, question TEXT NOT NULL, dense INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS passages_shelf ON passages (shelf);
CREATE INDEX IF NOT EXISTS passages_undense ON passages (number) WHERE dense = 0;
CREATE TABLE IF NOT EXISTS gone (id TEXT PRIMARY KEY);
CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5(
  text, tokenize = 'porter unicode61 remove_diacritics 2');
"""


_COLUMNS = "id, text, source, place, question"


class PassageIndex(CacheFile):
    """Passages by their words."""

    tables = _TABLES
    words = "words"

    def put(self, passages: Iterable[Passage], shelf: str = "") -> int:
        """Add passages, or change those whose id is known; returns how many were new or changed."""
        with self._transaction() as db:
            return sum(_put(db, passage, shelf) for passage in passages)

    def replace(self, shelf: str, passages: Iterable[Passage]) -> int:
        """Make these the only passages of a shelf; returns how many changed, came or went."""
        wanted = {passage.id: passage for passage in passages}
        with self._transaction() as db:
            there = db.execute("SELECT id FROM passages WHERE shelf = ?", (shelf,)).fetchall()
            gone = [name for (name,) in there if name not in wanted]
            for name in gone:
                _remove(db, name)
            return len(gone) + sum(_put(db, passage, shelf) for passage in wanted.values())

    def forget(self, shelves: Iterable[str] | None) -> list[str]:
        """Erase the passages on these shelves (None: all); returns their ids, for Chroma."""
        with self._transaction() as db:
            if shelves is None:
                shelves = [name for (name,) in db.execute("SELECT DISTINCT shelf FROM passages")]
            ids = [
                name
                for shelf in shelves
                for (name,) in db.execute("SELECT id FROM passages WHERE shelf = ?", (shelf,))
            ]
            ids += [name for (name,) in db.execute("SELECT id FROM gone")]
            for name in ids:
                _remove(db, name)
            db.execute("DELETE FROM gone")
        self._compact()
        return ids

    def get(self, numbers: Iterable[int]) -> dict[int, Passage]:
        """Passages by number."""
        wanted = list(numbers)
        marks = ",".join("?" * len(wanted))
        rows = self._read(
            f"SELECT number, {_COLUMNS} FROM passages WHERE number IN ({marks})", wanted
        )
        return {row[0]: Passage(*row[1:]) for row in rows}

    def numbers(self, ids: Sequence[str]) -> dict[str, int]:
        """Numbers by id."""
        marks = ",".join("?" * len(ids))
        return dict(self._read(f"SELECT id, number FROM passages WHERE id IN ({marks})", ids))

    def ranked(self, query: str, limit: int) -> list[tuple[int, float]]:
        """(number, BM25 score, higher is better), best first."""
        match = " OR ".join(f'"{word}"' for word in words_of(query))
        if not match:
            return []
        sql = "SELECT rowid, -rank FROM words WHERE words MATCH ? ORDER BY rank LIMIT ?"
        return self._read(sql, (match, limit))

    def holding(self, query: str, limit: int) -> frozenset[int]:
        """Numbers of passages that hold all words of `query` in a row."""
        words = WORD.findall(printable(query))
        if not words:
            return frozenset()
        sql = "SELECT rowid FROM words WHERE words MATCH ? ORDER BY rank LIMIT ?"
        found = self._read(sql, (f'"{" ".join(words)}"', limit))
        return frozenset(number for (number,) in found)

    def without_vector(self, limit: int) -> list[tuple[int, str, Passage]]:
        """The next (number, shelf, passage) that Chroma does not hold as they are here."""
        sql = f"SELECT number, shelf, {_COLUMNS} FROM passages WHERE dense = 0 ORDER BY number LIMIT ?"
        return [(row[0], row[1], Passage(*row[2:])) for row in self._read(sql, (limit,))]

    def all(self, page: int) -> Iterator[tuple[str, list[Passage]]]:
        """Every passage, shelf by shelf, in pages."""
        for (shelf,) in self._read("SELECT DISTINCT shelf FROM passages ORDER BY shelf"):
            sql = f"SELECT {_COLUMNS} FROM passages WHERE shelf = ? ORDER BY number"
            rows = [Passage(*row) for row in self._read(sql, (shelf,))]
            for start in range(0, len(rows), page):
                yield shelf, rows[start : start + page]

    def gone(self) -> list[str]:
        """Ids that Chroma may still hold though they were taken out."""
        return [name for (name,) in self._read("SELECT id FROM gone")]

    def mark(self, passages: Iterable[tuple[int, str, Passage]]) -> None:
        """Note that Chroma holds these, unless they changed meanwhile."""
        with self._transaction() as db:
            db.executemany(
                "UPDATE passages SET dense = 1 WHERE number = ? AND text = ?",
                [(number, passage.text) for number, _, passage in passages],
            )

    def owe(self, ids: Iterable[str]) -> None:
        """Note that Chroma still has to let go of these."""
        with self._transaction() as db:
            db.executemany("INSERT OR IGNORE INTO gone VALUES (?)", [(name,) for name in ids])

    def settle(self, ids: Iterable[str]) -> None:
        """Note that Chroma no longer holds these."""
        with self._transaction() as db:
            db.executemany("DELETE FROM gone WHERE id = ?", [(name,) for name in ids])

    def keep_marks(self, ids: Iterable[str]) -> None:
        """Say that Chroma holds none but these."""
        with self._transaction() as db:
            db.execute("CREATE TEMP TABLE IF NOT EXISTS held_ids (id TEXT PRIMARY KEY)")
            db.execute("DELETE FROM held_ids")
            db.executemany("INSERT OR IGNORE INTO held_ids VALUES (?)", [(name,) for name in ids])
            db.execute("UPDATE passages SET dense = 0 WHERE id NOT IN (SELECT id FROM held_ids)")

    def missing(self) -> int:
        """How many are still to be put into Chroma, or taken out of it."""
        sql = "SELECT (SELECT count(*) FROM passages WHERE dense = 0), (SELECT count(*) FROM gone)"
        return sum(self._read(sql)[0])

    def count(self) -> int:
        return self._read("SELECT count(*) FROM passages")[0][0]

    def held(self) -> int:
        """How many are in Chroma."""
        return self._read("SELECT count(*) FROM passages WHERE dense = 1")[0][0]


def _put(db: sqlite3.Connection, passage: Passage, shelf: str) -> bool:
    row = (shelf, *map(printable, (passage.text, passage.source, passage.where, passage.question)))
    columns = "shelf, text, source, place, question"
    found = db.execute(
        f"SELECT number, {columns} FROM passages WHERE id = ?", (passage.id,)
    ).fetchone()
    if found is not None and found[1:] == row:
        return False
    if found is not None:
        _remove(db, passage.id)
    made = db.execute(
        f"INSERT INTO passages (id, {columns}) VALUES (?, ?, ?, ?, ?, ?)", (passage.id, *row)
    )
    db.execute("DELETE FROM gone WHERE id = ?", (passage.id,))
    text = f"{row[2]}\n{row[1]}" if row[2] else row[1]
    db.execute("INSERT INTO words (rowid, text) VALUES (?, ?)", (made.lastrowid, text))
    return True


def _remove(db: sqlite3.Connection, name: str) -> None:
    found = db.execute("SELECT number FROM passages WHERE id = ?", (name,)).fetchone()
    if found is not None:
        db.execute("DELETE FROM passages WHERE number = ?", found)
        db.execute("DELETE FROM words WHERE rowid = ?", found)
        db.execute("INSERT OR IGNORE INTO gone VALUES (?)", (name,))
