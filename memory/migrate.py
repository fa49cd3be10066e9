"""Bringing a journal of an older Viva up to date: with a backup first, in one transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

from memory.backup import back_up
from memory.home import HomeError
from memory.journal import SCHEMA

Step = Callable[[sqlite3.Connection], None]
STEPS: Mapping[int, Step] = {}
"""From each schema to the next one."""


def migrate(
    home: Path, learner: Path, steps: Mapping[int, Step] = STEPS, schema: int = SCHEMA
) -> Path | None:
    """Migrate the journal in folder `learner`; returns the backup made, None if nothing was to do.

    Raises `HomeError` for a journal of a newer Viva, which is left as it is.
    """
    file = learner / "journal.sqlite3"
    if not file.is_file() or not file.stat().st_size:
        return None
    with closing(sqlite3.connect(file, isolation_level=None)) as db:
        found = _schema(db)
        if found is None or found == schema:
            return None
        if found > schema:
            raise HomeError(
                "newer",
                f"The memory in {learner} was written by a newer Viva",
                "Upgrade Viva, or point VIVA_HOME at another folder",
            )
        backup = back_up(home, learner)
        db.execute("BEGIN IMMEDIATE")
        try:
            for number in range(found, schema):
                steps[number](db)
            db.execute("UPDATE meta SET value = ? WHERE key = 'schema'", (str(schema),))
            db.execute("DELETE FROM snapshots")
            db.execute("COMMIT")
        except BaseException:
            db.execute("ROLLBACK")
            raise
        return backup


def _schema(db: sqlite3.Connection) -> int | None:
    """The schema of a journal, None for a damaged file: salvaging it is another matter."""
    try:
        row = db.execute("SELECT value FROM meta WHERE key = 'schema'").fetchone()
        return int(row[0]) if row else None
    except (sqlite3.DatabaseError, ValueError):
        return None
