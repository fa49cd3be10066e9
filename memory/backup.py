"""Copies of what cannot be made again: the journal, the passages, own decks and settings.

Chroma is left out: it is filled from the journal. SQLite's own backup gives a sound copy while
events are being written.
"""

from __future__ import annotations

import glob
import os
import re
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from memory.home import translated

FOLDER = "backups"
KEPT = 5
_DATABASES = ("journal.sqlite3", "passages.sqlite3")


def back_up(home: Path, learner: Path, target: Path | None = None) -> Path:
    """Copy `learner`'s memory, and the decks and settings of `home`, into a new folder.

    The folder is `target`, or one named by the time under `home`, of which the last `KEPT` stay. It
    appears only when it is complete. Raises `HomeError` or `FileExistsError`.
    """
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    made = target or home / FOLDER / f"{learner.name}-{stamp}"
    if made.exists():
        raise FileExistsError(made)
    with translated(made.parent):
        made.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = made.with_name(f"{made.name}.part")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        for name in _DATABASES:
            if (learner / name).is_file():
                _copy_database(learner / name, draft / name)
        if (home / "decks").is_dir():
            shutil.copytree(home / "decks", draft / "decks")
        if (home / "viva.toml").is_file():
            shutil.copy2(home / "viva.toml", draft / "viva.toml")
        draft.replace(made)
    if target is None:
        for old in backups_of(home, learner.name)[:-KEPT]:
            shutil.rmtree(old, ignore_errors=True)
    return made


def _copy_database(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
        one.backup(other)
        if other.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
            raise sqlite3.DatabaseError(f"the copy of {source} is damaged")
    with target.open("rb") as stream:
        os.fsync(stream.fileno())


def backups_of(home: Path, learner: str) -> list[Path]:
    """The backups that were made without being told where to, the oldest first."""
    stamped = re.compile(re.escape(learner) + r"-\d{8}T\d{12}Z")
    found = (home / FOLDER).glob("*") if (home / FOLDER).is_dir() else ()
    return sorted(path for path in found if path.is_dir() and stamped.fullmatch(path.name))


def copies_of(home: Path, learner: Path) -> list[Path]:
    """The learner's backups in the data folder, and what restores moved aside."""
    aside = learner.parent.glob(f"{glob.escape(learner.name)}.before-*")
    return [*backups_of(home, learner.name), *sorted(aside)]


def restore(backup: Path, home: Path, learner: Path) -> None:
    """Put a backup in place of `learner`'s memory; what is there is moved aside first.

    No Viva may be running on `home`. Decks and settings are copied where there are none.
    """
    with translated(home):
        if learner.exists():
            learner.replace(
                learner.with_name(f"{learner.name}.before-{datetime.now(UTC):%Y%m%dT%H%M%S%f}")
            )
        learner.mkdir(mode=0o700, parents=True)
        for name in _DATABASES:
            if (backup / name).is_file():
                shutil.copy2(backup / name, learner / name)
        for path in (backup / "decks").rglob("*"):
            place = home / "decks" / path.relative_to(backup / "decks")
            if path.is_file() and not place.exists():
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(path, place)
        if (backup / "viva.toml").is_file() and not (home / "viva.toml").exists():
            shutil.copy2(backup / "viva.toml", home / "viva.toml")
