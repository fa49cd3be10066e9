"""An SQLite file that only holds what can be made again: the lexical half of a search."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar, Self

from memory.home import translated
from memory.sqlitefile import SqliteFile, remove


class CacheFile(SqliteFile):
    """Holds nothing that is not elsewhere too."""

    tables: ClassVar[str]
    """What makes the tables, if they are not there."""
    words: ClassVar[str]
    """The FTS5 table among them."""

    def _prepare(self) -> None:
        self._db.execute("PRAGMA journal_mode = wal")
        self._db.execute("PRAGMA synchronous = normal")
        self._db.execute("PRAGMA secure_delete = on")
        self._db.executescript(self.tables)

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the cache, or start an empty one in place of one that is damaged."""
        try:
            return cls(path)
        except sqlite3.DatabaseError:
            remove(path)
            return cls(path)

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._mutex, translated(self.path.parent):
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    def _read(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple]:
        with self._mutex:
            return self._db.execute(sql, tuple(parameters)).fetchall()

    def _compact(self) -> None:
        """Leave nothing of deleted texts in the file: deleted words stay in the segments of FTS5 until
        these are merged."""
        with self._mutex:
            self._db.execute(f"INSERT INTO {self.words}({self.words}) VALUES ('optimize')")
            self._db.execute("VACUUM")
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
