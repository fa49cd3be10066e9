"""The data folder: where it is, whose it is, and that only one process writes to it."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import re
import secrets
import sqlite3
import stat
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Literal

LAYOUT = 1
MARKER = "viva-home.json"
LOCK = "viva.lock"
_OURS = frozenset({"decks", "learners", "logs", "cache", "backups", "exports"})

Reason = Literal["locked", "read_only", "full", "foreign", "newer", "broken"]


class HomeError(Exception):
    """The data folder cannot be used. `message` says why, `mend` what the learner can do."""

    def __init__(self, reason: Reason, message: str, mend: str) -> None:
        super().__init__(f"{message}. {mend}")
        self.reason = reason
        self.message = message
        self.mend = mend


def locate(environment: Mapping[str, str] = os.environ) -> Path:
    """The data folder: `VIVA_HOME`, else the user's data folder of this system."""
    chosen = environment.get("VIVA_HOME", "")
    if chosen:
        return Path(chosen).expanduser().absolute()
    from platformdirs import user_data_path

    return user_data_path("viva", appauthor=False)


def learner_folder(home: Path, learner: str) -> Path:
    """Where a learner's memory lies. Any name makes a safe folder name of its own."""
    plain = re.sub(r"[^a-z0-9]+", "-", learner.lower()).strip("-")[:40]
    if plain != learner or not plain:
        plain = f"{plain}-{hashlib.sha256(learner.encode('utf-8', 'replace')).hexdigest()[:8]}"
    return home / "learners" / plain


class Home:
    """An open data folder. Holds its lock until `close` or the end of the process."""

    def __init__(self, path: Path, identity: str, lock: IO[str]) -> None:
        self.path = path
        self.identity = identity
        self._lock: IO[str] | None = lock

    @classmethod
    def open(cls, path: Path) -> Home:
        """Make the folder if needed (mode 0700), check that it is ours, and lock it.

        Raises `HomeError`.
        """
        with translated(path):
            _make_private(path)
            found = _read_marker(path)
            lock = _take_lock(path)
            try:
                return cls(path, found or _write_marker(path), lock)
            except BaseException:
                lock.close()
                raise

    def close(self) -> None:
        """Give the lock back."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def __enter__(self) -> Home:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class translated(contextlib.AbstractContextManager["translated"]):
    """Turns the errors of a disk inside the block into `HomeError`s about `path`."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        reason = _disk_reason(error)
        if reason == "full":
            raise HomeError(
                "full",
                f"The disk that holds {self.path} is full",
                "Free some space and start Viva again; everything acknowledged is kept",
            ) from error
        if reason == "read_only":
            raise HomeError(
                "read_only",
                f"Viva may not write to {self.path}",
                "Make the folder writable, or point VIVA_HOME at another one",
            ) from error


def _disk_reason(error: BaseException | None) -> Reason | None:
    if isinstance(error, OSError):
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            return "full"
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST):
            return "read_only"
    if isinstance(error, sqlite3.OperationalError):
        code = getattr(error, "sqlite_errorcode", 0)
        if code & 0xFF == sqlite3.SQLITE_FULL or code == sqlite3.SQLITE_IOERR_WRITE:
            return "full"
        if code & 0xFF in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN):
            return "read_only"
    return None


def _make_private(path: Path) -> None:
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        with contextlib.suppress(PermissionError):
            path.chmod(mode & 0o700)


def _read_marker(path: Path) -> str | None:
    """The folder's identity; None for a folder that is empty or holds only what Viva puts there."""
    marker = path / MARKER
    try:
        said = json.loads(marker.read_text("utf-8"))
        layout, identity = int(said["layout"]), str(said["id"])
    except FileNotFoundError:
        return _refuse_foreign(path)
    except (ValueError, KeyError, TypeError):
        if all(_is_ours(one) for one in path.iterdir()):
            return None
        raise HomeError(
            "broken",
            f"{marker} cannot be read",
            "Delete that one file if the folder is Viva's, and start again",
        ) from None
    if layout > LAYOUT:
        raise HomeError(
            "newer",
            f"{path} was written by a newer Viva",
            "Upgrade Viva, or point VIVA_HOME at another folder",
        )
    return identity


def _is_ours(entry: Path) -> bool:
    return entry.name in _OURS or entry.name.startswith("viva")


def _refuse_foreign(path: Path) -> None:
    others = sorted(one.name for one in path.iterdir() if not _is_ours(one))
    if others:
        raise HomeError(
            "foreign",
            f"{path} holds things that are not Viva's ({', '.join(others[:3])})",
            "Point VIVA_HOME at an empty folder",
        )


def _write_marker(path: Path) -> str:
    identity = secrets.token_hex(8)
    said = {"what": "data folder of Viva", "layout": LAYOUT, "id": identity, "made": time.time()}
    draft = path / f"{LOCK}.draft"
    with draft.open("w", encoding="utf-8") as stream:
        json.dump(said, stream)
        stream.flush()
        os.fsync(stream.fileno())
    draft.replace(path / MARKER)
    return identity


def _take_lock(path: Path) -> IO[str]:
    stream = (path / LOCK).open("a+", encoding="utf-8")
    try:
        _lock(stream)
    except OSError as error:
        stream.seek(0)
        holder = stream.read(64).strip()
        stream.close()
        if error.errno not in (errno.EACCES, errno.EAGAIN, errno.EDEADLK):
            raise
        raise HomeError(
            "locked",
            f"Another Viva is using {path}" + (f" (process {holder})" if holder else ""),
            "Use that window, or close it first",
        ) from error
    stream.seek(0)
    stream.truncate()
    # Who holds the lock is only for the message: a full disk must not stop one who wants to free it.
    with contextlib.suppress(OSError):
        stream.write(str(os.getpid()))
        stream.flush()
    return stream


if sys.platform == "win32":
    import msvcrt

    def _lock(stream: IO[str]) -> None:
        # Locked far behind the text, so that a second process can still read who holds it.
        stream.seek(1 << 30)
        msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(stream: IO[str]) -> None:
        fcntl.flock(stream.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
