"""Setting Viva up: once, by one process at a time, and again after one that was killed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

STUB = """
import launch

def install(lock):
    with open("installs", "a") as file:
        file.write("begun\\n")
    print("installing", flush=True)
    {installing}
    return {code}

launch._install = install
raise SystemExit(launch._set_up(launch.ROOT / "requirements.lock", launch.VENV / "run.stamp"))
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    for name in ("launch.py", "pyproject.toml", "requirements.lock"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def set_up(checkout: Path, installing: str = "pass", code: int = 0) -> subprocess.Popen[str]:
    """A set-up whose installation is the Python statement `installing`."""
    script = STUB.format(installing=installing, code=code)
    return subprocess.Popen(
        [sys.executable, "-c", script],
        cwd=checkout,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def installs(checkout: Path) -> int:
    return len((checkout / "installs").read_text().splitlines())


def test_a_second_set_up_waits_and_finds_everything_done(checkout: Path) -> None:
    first = set_up(checkout, "input()")
    assert first.stdout and first.stdout.readline() == "installing\n"
    second = set_up(checkout)
    first.communicate("\n")
    assert second.communicate()[0] == ""
    assert (first.returncode, second.returncode, installs(checkout)) == (0, 0, 1)


def test_what_failed_or_was_killed_is_done_again(checkout: Path) -> None:
    failing = set_up(checkout, code=3)
    failing.communicate()
    killed = set_up(checkout, "input()")
    assert killed.stdout and killed.stdout.readline() == "installing\n"
    killed.kill()
    killed.communicate()
    last = set_up(checkout)
    last.communicate()
    assert (failing.returncode, last.returncode, installs(checkout)) == (3, 0, 3)


def test_a_new_lock_is_installed(checkout: Path) -> None:
    set_up(checkout).communicate()
    lock = checkout / "requirements.lock"
    lock.write_text(lock.read_text() + "\n")
    set_up(checkout).communicate()
    assert installs(checkout) == 2
