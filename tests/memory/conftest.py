"""Shared by the tests of memory: a fast embedder, and children that can use it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from stand_in import WordEmbedder  # noqa: E402  # importable only from here on


@pytest.fixture
def embedder() -> WordEmbedder:
    return WordEmbedder()


@pytest.fixture
def start() -> Callable[..., subprocess.Popen[str]]:
    """Starts a Python script in a process of its own, its output on a pipe."""

    def start(script: str, *arguments: object) -> subprocess.Popen[str]:
        root = str(HERE.parent.parent)
        path = os.pathsep.join([str(HERE), root, os.environ.get("PYTHONPATH", "")])
        return subprocess.Popen(
            [sys.executable, "-c", script, *map(str, arguments)],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": path},
        )

    return start


@pytest.fixture
def python(start: Callable[..., subprocess.Popen[str]]) -> Callable[..., str]:
    """Runs a Python script in a process of its own and returns what it printed."""

    def run(script: str, *arguments: object) -> str:
        return start(script, *arguments).communicate(timeout=100)[0].strip()

    return run
