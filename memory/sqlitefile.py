"""An SQLite file that several threads share."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import suppress
from pathlib import Path

from memory.home import translated


class SqliteFile:
    """Opened or created; `_mutex` guards `_db`, whose transactions are begun by hand.

    Raises `HomeError` when the disk refuses, `sqlite3.DatabaseError` when the file is damaged.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._mutex = threading.RLock()
        with translated(path.parent):
            self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
            try:
                self._prepare()
            except BaseException:
                self._db.close()
                raise

    def _prepare(self) -> None:
        """Sets the pragmas and makes the tables."""
        raise NotImplementedError

    def close(self) -> None:
        with self._mutex:
            self._db.close()


def remove(path: Path) -> None:
    """Delete an SQLite file and what SQLite keeps beside it."""
    for suffix in ("", "-wal", "-shm", "-journal"):
        with suppress(FileNotFoundError):
            path.with_name(path.name + suffix).unlink()
