"""Starting the engine process; standard library only, so that it can run before the first frame."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys


def engine_command() -> list[str]:
    """The engine's command line; `VIVA_ENGINE` replaces it (for tests and benches)."""
    given = os.environ.get("VIVA_ENGINE", "")
    return shlex.split(given) if given else [sys.executable, "-m", "agents.engine"]


def spawn_engine() -> subprocess.Popen[bytes]:
    """A new engine with pipes for its lines. It has a session of its own, so that Ctrl-C in the
    terminal does not reach it, and ends by itself when its standard input closes."""
    return subprocess.Popen(
        engine_command(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        bufsize=0,
    )
