#!/usr/bin/env python3
"""Sets Viva up beside this file (in `.venv`, from the hashed lock) and runs it.

    python3 launch.py [viva's arguments]     run Viva
    python3 launch.py --test [pytest's arguments]     run the tests

Needs Python 3.11 to 3.13 and nothing else; installs again only when the lock has changed.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
FIRST, LAST = (3, 11), (3, 13)


def main(arguments: list[str]) -> int:
    """Installs what is missing, then becomes Viva or its test run."""
    if not FIRST <= sys.version_info[:2] <= LAST:
        return _with_another_python(arguments)
    testing = arguments[:1] == ["--test"]
    lock = ROOT / ("requirements-dev.lock" if testing else "requirements.lock")
    stamp = VENV / ("dev.stamp" if testing else "run.stamp")
    wanted = _fingerprint(lock)
    if not stamp.is_file() or stamp.read_text() != wanted:
        code = _install(lock)
        if code:
            return code
        stamp.write_text(wanted)
    if testing:
        chosen = arguments[1:] or ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]
        command = [str(PYTHON), "-m", "pytest", *chosen]
        return subprocess.call(command, cwd=ROOT)
    command = [str(PYTHON), "-m", "tui.main", *arguments]
    if os.name != "nt":
        os.execv(str(PYTHON), command)
    return subprocess.call(command)


def _fingerprint(lock: Path) -> str:
    parts = lock.read_bytes(), (ROOT / "pyproject.toml").read_bytes(), str(ROOT).encode()
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def _install(lock: Path) -> int:
    print("Setting Viva up in .venv; this takes a minute or two, once.", file=sys.stderr)
    if not PYTHON.exists():
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
