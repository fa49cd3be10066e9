"""A bounded number of rounds of `bench/kill.py`: each kind of work once, persisting three times."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_no_kill_loses_anything() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "bench.kill", "--rounds", "8", "--seed", "100"],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
