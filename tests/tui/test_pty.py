"""The real program in a real terminal: started, killed, resumed, left; the terminal is put back."""

from __future__ import annotations

import os
import signal
import sys
import termios
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bench.terminal import Terminal

ROOT = Path(__file__).parents[2]
Start = Callable[..., Terminal]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts `viva` with the scripted engine in a terminal of 80x24."""
    open_ones: list[Terminal] = []

    def run(*args: str, **env: str) -> Terminal:
        whole = {
            "VIVA_ENGINE": f"{sys.executable} -m tests.tui.scripted_engine", "VIVA_HOME": str(tmp_path),
            "PYTHONPATH": str(ROOT), "TZ": "UTC", **env,
        }  # fmt: skip
        terminal = Terminal([sys.executable, "-m", "tui.main", *args], 80, 24, whole, ROOT)
        open_ones.append(terminal)
        return terminal

    yield run
    for terminal in open_ones:
        terminal.close()


def put_back(terminal: Terminal) -> bool:
    """Whether the terminal was left as it was found."""
    terminal.quiet(0.2, 3)  # the last bytes may still be on their way
    raw = b"".join(data for _, data in terminal.record)
    left = raw.rfind(b"\x1b[?1049l") > raw.rfind(b"\x1b[?1049h")
    shown = raw.rfind(b"\x1b[?25h") > raw.rfind(b"\x1b[?25l")
    mouse = raw.rfind(b"\x1b[?1000l") > raw.rfind(b"\x1b[?1000h") or b"\x1b[?1000h" not in raw
    modes = termios.tcgetattr(terminal.master)[3]
    return left and shown and mouse and bool(modes & termios.ECHO) and bool(modes & termios.ICANON)


def test_typed_ahead_text_arrives_and_quitting_tells_how_to_resume(start: Start) -> None:
    terminal = start()
    terminal.write(b"\rkeys and values")
    terminal.wait("Your answer", "keys and values")
    terminal.press("enter")
    terminal.wait("Verdict: partly right")
    terminal.press("ctrl+q")
    assert terminal.process.wait(20) == 0
    terminal.wait("viva --resume")
    assert put_back(terminal)


def test_the_engine_killed_at_any_moment_comes_back(start: Start) -> None:
    terminal = start(VIVA_SCRIPTED="unfinished=true,delay=0.05")
    terminal.wait("goes on with the session")
    terminal.press("enter")
    terminal.wait("Your answer")
    terminal.press(*"half")
    for pid in terminal.tree()[1:]:
        os.kill(pid, signal.SIGKILL)
    terminal.wait("The engine is back; nothing was lost.", "half")
    terminal.press("enter")
    terminal.wait("Verdict: partly right")


def test_a_killed_front_end_loses_nothing_it_had_saved(start: Start) -> None:
    terminal = start("--resume", VIVA_SCRIPTED="unfinished=true")
    terminal.wait("Your answer")
    terminal.press(*"half an answer")
    terminal.wait("half an answer", "draft kept")
    terminal.process.kill()
    terminal.process.wait(10)
    again = start("--resume", VIVA_SCRIPTED="unfinished=true")
    again.wait("half an answer")


def test_ctrl_c_while_the_still_frame_stands(start: Start) -> None:
    terminal = start()
    terminal.wait("Opening your memory")
    terminal.press("ctrl+c")
    terminal.press("ctrl+c")
    deadline = time.monotonic() + 20
    while terminal.process.poll() is None and time.monotonic() < deadline:
        terminal.press("ctrl+c")
        time.sleep(0.2)
    assert terminal.process.poll() is not None
    assert put_back(terminal)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_polite_kill_puts_the_terminal_back(start: Start, number: signal.Signals) -> None:
    terminal = start()
    terminal.wait("Readiness")
    os.kill(terminal.process.pid, number)
    terminal.process.wait(20)
    terminal.quiet(0.2, 2)
    assert put_back(terminal)


def test_a_crash_exits_non_zero_and_tells_how_to_resume(start: Start, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import os, sys, threading, time\n"
        "def spoil():\n"
        "    while 'tui.screens.today' not in sys.modules:\n"
        "        time.sleep(0.01)\n"
        "    import tui.screens.today as today\n"
        "    def broken(self): raise RuntimeError('a fault of its own')\n"
        "    today.TodayScreen.action_goal = broken\n"
        "if os.environ.get('SPOIL'):\n"
        "    threading.Thread(target=spoil, daemon=True).start()\n"
    )
    terminal = start(SPOIL="1", PYTHONPATH=f"{tmp_path}{os.pathsep}{ROOT}")
    terminal.wait("Readiness")
    time.sleep(0.2)
    terminal.press("ctrl+f")
    assert terminal.process.wait(20) != 0
    terminal.quiet(0.3, 3)
    assert "viva --resume" in b"".join(data for _, data in terminal.record).decode(errors="replace")
    assert put_back(terminal)


def test_no_colour_means_none(start: Start) -> None:
    import re

    terminal = start(NO_COLOR="1")
    terminal.wait("Readiness")
    terminal.press("enter")
    terminal.wait("Your answer")
    raw = b"".join(data for _, data in terminal.record)
    codes = {part for match in re.findall(rb"\x1b\[([0-9;]*)m", raw) for part in match.split(b";")}
    assert codes <= {b"", b"0", b"1", b"2", b"3", b"4", b"7", b"39", b"49"}
