"""A Chroma folder after an unclean exit: found sound, or made sound, without being asked."""

from __future__ import annotations

import json
import logging
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Literal

from memory.chroma import DATABASE

log = logging.getLogger(__name__)
LONGEST_PROBE = 600
TURN = "probe.lock"
"""An empty file beside the folder: who probes has it locked."""

Outcome = Literal["sound", "reindexed", "removed"]


def seal(folder: Path) -> str:
    """Names, sizes and times of all files, as text: equal if nothing was touched."""
    if not folder.is_dir():
        return ""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    rows = [
        (str(path.relative_to(folder)), path.stat().st_size, path.stat().st_mtime_ns)
        for path in files
        if not path.name.endswith("-shm")
    ]
    return json.dumps(rows)


def mend(folder: Path) -> Outcome:
    """Probe the folder and repair what is damaged.

    An index that is damaged is dropped and comes back from Chroma's own log, one of SQLite's from its
    table ("reindexed"). A folder that cannot be saved is removed; the caller fills it again from the
    journal.
    """
    if not (folder / DATABASE).is_file():
        shutil.rmtree(folder, ignore_errors=True)
        return "removed"
    bad = _probe(folder)
    if bad == []:
        return "sound"
    if bad is None and rewrite_indexes(folder):
        bad = _probe(folder)
        if bad == []:
            log.warning("rewrote the indexes in %s", folder / DATABASE)
            return "reindexed"
    if bad is not None and reindex(folder, bad) and _probe(folder) == []:
        log.warning("rebuilt %d indexes of %s from Chroma's log", len(bad), folder)
        return "reindexed"
    log.warning("%s could not be repaired; it is filled again from the journal", folder)
    shutil.rmtree(folder)
    return "removed"


@contextmanager
def _turn(folder: Path) -> Iterator[tuple[int, ...]]:
    """Wait until no probe of a process that was killed is in the folder any more; gives the open
    files with which the next probe keeps others waiting."""
    with (folder.parent / TURN).open("a") as stream:
        if sys.platform == "win32":
            yield ()
            return
        import fcntl

        fcntl.flock(stream.fileno(), fcntl.LOCK_EX)
        yield (stream.fileno(),)


def _probe(folder: Path) -> list[str] | None:
    """Damaged vector segments; None if the folder as a whole cannot be used."""
    command = [sys.executable, "-m", "memory.probe", str(folder)]
    # The probe ends when its standard input does, that is, soon after this process at the latest.
    with (
        _turn(folder) as files,
        subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            pass_fds=files,
        ) as ran,
    ):
        watch = threading.Timer(LONGEST_PROBE, ran.kill)
        watch.start()
        assert ran.stdout and ran.stderr
        said, complaint = ran.stdout.read(), ran.stderr.read()
        ran.wait()
        watch.cancel()
    if ran.returncode == 0:
        return json.loads(said.splitlines()[-1])
    if ran.returncode == 2:
        return None
    log.warning("the probe of %s ended with %d: %s", folder, ran.returncode, complaint[-500:])
    return _all_segments(folder)


def _all_segments(folder: Path) -> list[str] | None:
    try:
        with closing(sqlite3.connect(folder / DATABASE)) as db:
            return [v for (v,) in db.execute("SELECT id FROM segments WHERE scope = 'VECTOR'")]
    except sqlite3.DatabaseError:
        return None


def rewrite_indexes(folder: Path) -> bool:
    """Make SQLite's indexes again from its tables; False if the file is not whole then."""
    try:
        with closing(sqlite3.connect(folder / DATABASE)) as db:
            db.execute("REINDEX")
            db.commit()
            return db.execute("PRAGMA integrity_check(1)").fetchone()[0] == "ok"
    except sqlite3.DatabaseError:
        return False


def reindex(folder: Path, damaged: Iterable[str]) -> bool:
    """Take the files of vector segments away, so that Chroma makes them again from its log."""
    try:
        with closing(sqlite3.connect(folder / DATABASE)) as db:
            for segment in damaged:
                shutil.rmtree(folder / segment, ignore_errors=True)
                db.execute("DELETE FROM max_seq_id WHERE segment_id = ?", (segment,))
            db.commit()
    except sqlite3.DatabaseError:
        return False
    return True
