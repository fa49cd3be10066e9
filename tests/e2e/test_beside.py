"""Commands beside an open Viva: looking up works, changing is refused, nothing stays behind."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.e2e.test_commands import READING, viva

SOCKET = "viva.sock"


@contextmanager
def open_viva(home: Path) -> Iterator[subprocess.Popen[bytes]]:
    """An engine that holds `home`, once it answers."""
    engine = subprocess.Popen(
        [sys.executable, "-m", "agents.engine", "--without-crew"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | {"VIVA_HOME": str(home)},
    )
    assert engine.stdin and engine.stdout
    try:
        engine.stdin.write(b'{"id": 1, "call": "GetToday", "args": {}}\n')
        engine.stdin.flush()
        while b'"reply"' not in engine.stdout.readline():
            pass
        yield engine
    finally:
        engine.kill()
        engine.wait()
        engine.stdout.close()


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    # In a folder of its own: the path of a socket is short.
    home = tmp_path_factory.mktemp("beside")
    with open_viva(home):
        yield home


@pytest.mark.parametrize("command", READING, ids=lambda c: c[0])
def test_looking_up_is_served_by_the_open_viva(held: Path, command: list[str]):
    done = viva(held, *command)
    assert done.returncode == 0, done.stderr
    assert done.stdout


@pytest.mark.parametrize("command", [["goal", "--date", "2099-01-01"], ["backup", "b.tar"]])
def test_changing_is_refused(held: Path, command: list[str]):
    done = viva(held, *command)
    assert done.returncode == 1
    assert "Another Viva" in done.stderr


def test_a_refusal_is_the_same_as_without_it(held: Path):
    done = viva(held, "show", "no-such-question")
    assert done.returncode == 1
    assert "no-such-question" in done.stderr and "Another Viva" not in done.stderr


def test_the_memory_of_another_learner_is_not_shown(held: Path):
    done = viva(held, "recap", more={"VIVA_LEARNER": "somebody-else"})
    assert done.returncode == 1
    assert "Another Viva" in done.stderr


def test_only_the_user_may_knock(held: Path):
    assert (held / SOCKET).stat().st_mode & 0o777 == 0o600


def test_what_a_killed_viva_leaves_does_not_matter(tmp_path: Path):
    with open_viva(tmp_path) as engine:
        engine.kill()
        engine.wait()
        assert (tmp_path / SOCKET).exists()
        assert viva(tmp_path, "due").returncode == 0
    with open_viva(tmp_path) as engine:
        assert viva(tmp_path, "due").returncode == 0
        assert engine.stdin
        engine.stdin.close()
        engine.wait(30)
        assert not (tmp_path / SOCKET).exists()
