"""Replies of models, kept so that a repeated request costs nothing. A cache: it may be deleted.

The key covers the prompt's version, the model and all that was sent; what was sent is not stored.
"""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
import threading
import time
from pathlib import Path

FILE = "model-cache.sqlite"
MOST = 5_000
"""Replies kept; the oldest go first."""


def cache_key(prompt: str, model: str, reply: str, content: str) -> str:
    """The key of a request: `prompt` is the version of the prompt file, `reply` the reply's type."""
    parts = "\x00".join((prompt, model, reply, content))
    return hashlib.sha256(parts.encode("utf-8", "surrogatepass")).hexdigest()


class ResponseCache:
    """Replies by key, in SQLite under `home`. Trouble with the file only means that nothing is found.

    Safe to use from several threads.
    """

    def __init__(self, home: Path) -> None:
        self._lock = threading.Lock()
        self._base = _open(home / FILE)

    def get(self, key: str) -> str | None:
        """The stored reply (JSON), None if there is none."""
        if self._base is None:
            return None
        with self._lock, contextlib.suppress(sqlite3.Error):
            row = self._base.execute("SELECT reply FROM replies WHERE key = ?", (key,)).fetchone()
            return str(row[0]) if row else None
        return None

    def put(self, key: str, reply: str) -> None:
        """Keeps `reply` (JSON) under `key`."""
        if self._base is None:
            return
        with self._lock, contextlib.suppress(sqlite3.Error), self._base:
            self._base.execute(
                "INSERT OR REPLACE INTO replies VALUES (?, ?, ?)", (key, reply, time.time())
            )
            self._base.execute(
                "DELETE FROM replies WHERE key NOT IN "
                "(SELECT key FROM replies ORDER BY at DESC LIMIT ?)",
                (MOST,),
            )

    def clear(self) -> None:
        """Forgets all replies, on disk too."""
        if self._base is None:
            return
        with self._lock, contextlib.suppress(sqlite3.Error):
            with self._base:
                self._base.execute("DELETE FROM replies")
            self._base.execute("VACUUM")

    def close(self) -> None:
        if self._base is not None:
            with self._lock, contextlib.suppress(sqlite3.Error):
                self._base.close()
            self._base = None


def _open(path: Path) -> sqlite3.Connection | None:
    for _ in range(2):
        base = None
        try:
            base = sqlite3.connect(path, check_same_thread=False, timeout=1.0)
            with base:
                base.execute("PRAGMA secure_delete = ON")
                base.execute(
                    "CREATE TABLE IF NOT EXISTS replies "
                    "(key TEXT PRIMARY KEY, reply TEXT NOT NULL, at REAL NOT NULL)"
                )
            return base
        except sqlite3.DatabaseError:
            if base is not None:
                base.close()
            # A broken cache is worth nothing: begin again.
            with contextlib.suppress(OSError):
                path.unlink()
    return None
