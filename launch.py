#!/usr/bin/env python3
"""Sets Viva up beside this file (in `.venv`, from the hashed lock) and runs it.

    python3 launch.py [viva's arguments]     run Viva
    python3 launch.py --test [pytest's arguments]     run the tests

Needs Python 3.11 to 3.13 and nothing else; installs again only when the lock or the
project file has changed.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import venv
from contextlib import closing
from pathlib import Path
from subprocess import DEVNULL

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
FIRST, LAST = (3, 11), (3, 13)
PATIENCE = 1800.0  # seconds for another set-up to end


def main(arguments: list[str]) -> int:
    """Installs what is missing, then becomes Viva or its test run."""
    if not FIRST <= sys.version_info[:2] <= LAST:
        return _with_another_python(arguments)
    testing = arguments[:1] == ["--test"]
    lock = ROOT / ("requirements-dev.lock" if testing else "requirements.lock")
    stamp = VENV / ("dev.stamp" if testing else "run.stamp")
    code = _set_up(lock, stamp)
    if code:
        return code
    if testing:
        chosen = arguments[1:] or ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]
        command = [str(PYTHON), "-m", "pytest", *chosen]
        return subprocess.call(command, cwd=ROOT)
    command = [str(PYTHON), "-m", "tui.main", *arguments]
    if os.name != "nt":
        os.execv(str(PYTHON), command)
    return subprocess.call(command)


def _set_up(lock: Path, stamp: Path) -> int:
    """Installs what `lock` lists unless `stamp` says that it is there; one process at a time."""
    wanted = _fingerprint(lock)
    if _holds(stamp, wanted):
        return 0
    VENV.mkdir(exist_ok=True)
    # SQLite's lock is the one lock of the standard library that is the same on every system; it goes
    # when its process does.
    with closing(sqlite3.connect(VENV / "setup.lock", timeout=PATIENCE)) as turn:
        turn.execute("BEGIN EXCLUSIVE")
        if _holds(stamp, wanted):
            return 0
        code = _install(lock)
        if not code:
            stamp.write_text(wanted)
        return code


def _holds(stamp: Path, wanted: str) -> bool:
    return stamp.is_file() and stamp.read_text() == wanted


def _fingerprint(lock: Path) -> str:
    parts = lock.read_bytes(), (ROOT / "pyproject.toml").read_bytes(), str(ROOT).encode()
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def _install(lock: Path) -> int:
    print("Setting Viva up in .venv; this takes a minute or two, once.", file=sys.stderr)
    # Python alone is not enough: making the environment may have been interrupted.
    if not PYTHON.exists() or subprocess.call([str(PYTHON), "-c", "import pip"], stderr=DEVNULL):
        venv.create(VENV, with_pip=True)
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "install", "-q", "--no-deps"]
    code = subprocess.call([*pip, "--require-hashes", "-r", str(lock)])
    if not code:
        code = subprocess.call([*pip, "--no-build-isolation", "-e", str(ROOT)])
    if code:
        print("Setting up failed; the lines above say why.", file=sys.stderr)
    return code


def _with_another_python(arguments: list[str]) -> int:
    for minor in range(LAST[1], FIRST[1] - 1, -1):
        found = shutil.which(f"python3.{minor}")
        if found:
            return subprocess.call([found, __file__, *arguments])
    have = ".".join(map(str, sys.version_info[:2]))
    print(
        f"Viva needs Python 3.11 to 3.13; this is {have} and no other was found.", file=sys.stderr
    )
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
