"""A program in a pseudo-terminal, driven and read from outside; for `bench/tui.py` and pty tests.

It answers what a modern program asks of a terminal, records every byte with its time, and replays
the record into a `pyte` screen when asked, so that reading does not compete with the program.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import pyte

KEYS = {
    "enter": "\r", "escape": "\x1b", "tab": "\t", "up": "\x1b[A", "down": "\x1b[B", "pageup": "\x1b[5~",
    "pagedown": "\x1b[6~", "backspace": "\x7f", "space": " ", "f1": "\x1bOP", "f2": "\x1bOQ",
    "f3": "\x1bOR", "f4": "\x1bOS", "f5": "\x1b[15~", "f6": "\x1b[17~", "f10": "\x1b[21~",
    "focusout": "\x1b[O", "focusin": "\x1b[I",
}  # fmt: skip
ASKED = (
    (re.compile(rb"\x1b\[\?2026\$p"), b"\x1b[?2026;2$y"),
    (re.compile(rb"\x1b\[\?2048\$p"), b"\x1b[?2048;0$y"),
    (re.compile(rb"\x1b\[6n"), b"\x1b[1;1R"),
    (re.compile(rb"\x1b\[(?:0)?c"), b"\x1b[?62;22c"),
)
# What pyte does not know; none of it draws.
UNKNOWN = re.compile(
    rb"\x1b\[[<>=][0-9;:]*[a-zA-Z]|\x1b\[\?[0-9;]*\$p|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)"
)
TICKS = os.sysconf("SC_CLK_TCK")


def encode(key: str) -> bytes:
    """The bytes a terminal sends for a key such as ``ctrl+g``, ``alt+1`` or ``x``."""
    if key in KEYS:
        return KEYS[key].encode()
    if key.startswith("ctrl+"):
        return bytes([ord(key[5].upper()) & 0x1F])
    if key.startswith("alt+"):
        return b"\x1b" + encode(key[4:])
    return key.encode()


class Terminal:
    """One run of `argv`. Times are seconds of `time.perf_counter`."""

    def __init__(
        self, argv: Sequence[str], columns: int, rows: int, env: dict[str, str], cwd: Path
    ) -> None:
        self.columns, self.rows = columns, rows
        self.record: list[tuple[float, bytes]] = []
        self.sizes: list[tuple[float, int, int]] = []
        self.master, slave = pty.openpty()
        self.resize(columns, rows)
        whole = {
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "LANG": "C.UTF-8",
            "PATH": os.environ["PATH"],
        }
        whole |= {name: os.environ[name] for name in ("HOME", "PYTHONPATH") if name in os.environ}
        self.started = time.perf_counter()
        self.process = subprocess.Popen(
            list(argv), stdin=slave, stdout=slave, stderr=slave, env=whole | env, cwd=cwd,
            start_new_session=True, preexec_fn=_own_terminal,
        )  # fmt: skip
        os.close(slave)
        self._tail = b""
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        while True:
            try:
                ready, _, _ = select.select([self.master], [], [], 0.2)
                data = os.read(self.master, 1 << 16) if ready else b""
            except OSError:
                return
            if data:
                self.record.append((time.perf_counter(), data))
                self._answer(data)
            elif ready or self.process.poll() is not None:
                return

    def _answer(self, data: bytes) -> None:
        window = self._tail + data
        last = 0
        for asked, reply in ASKED:
            for match in asked.finditer(window):
                if match.end() > len(self._tail):
                    os.write(self.master, reply)
                    last = max(last, match.end())
        self._tail = window[max(last, len(window) - 16) :]

    # ── driving ───────────────────────────────────────────────────────────────────────────────

    def write(self, data: bytes) -> float:
        """Writes all of `data`; returns when the first byte was handed over."""
        began = time.perf_counter()
        view = memoryview(data)
        while view:
            _, ready, _ = select.select([], [self.master], [], 10)
            if not ready:
                raise TimeoutError("the program does not read its input")
            view = view[os.write(self.master, view[:2048]) :]
        return began

    def press(self, *keys: str) -> float:
        """Presses keys one after the other; returns when the last one was handed over."""
        when = time.perf_counter()
        for key in keys:
            when = self.write(encode(key))
        return when

    def resize(self, columns: int, rows: int) -> float:
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        now = time.perf_counter()
        self.sizes.append((now, columns, rows))
        self.columns, self.rows = columns, rows
        if hasattr(self, "process"):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGWINCH)
        return now

    def quiet(self, seconds: float, patience: float = 10.0) -> None:
        """Until nothing was written for `seconds`."""
        end = time.perf_counter() + patience
        while time.perf_counter() < end and self.process.poll() is None:
            if self.record and time.perf_counter() - self.record[-1][0] >= seconds:
                return
            time.sleep(0.01)

    # ── reading ───────────────────────────────────────────────────────────────────────────────

    def text(self) -> str:
        """What the screen shows now."""
        replay = Replay(self)
        replay.catch_up()
        return replay.text()

    def wait(self, *texts: str, gone: str = "", patience: float = 20.0) -> str:
        """Until the screen shows all `texts` and not `gone`. Raises `AssertionError`."""
        end = time.perf_counter() + patience
        replay = Replay(self)
        while True:
            replay.catch_up()
            shown = replay.text()
            if all(text in shown for text in texts) and not (gone and gone in shown):
                return shown
            if time.perf_counter() > end or (
                self.process.poll() is not None and not self._reader.is_alive()
            ):
                raise AssertionError(f"{texts} not shown in:\n{shown}")
            time.sleep(0.01)

    def cpu(self, tree: bool = False) -> float:
        """CPU seconds of the program, or of it and its children."""
        return sum(_cpu(pid) for pid in (self.tree() if tree else [self.process.pid]))

    def rss(self) -> float:
        """Resident megabytes of the program itself."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        found = re.search(r"VmRSS:\s+(\d+)", status)
        return int(found[1]) / 1024 if found else 0.0

    def tree(self) -> list[int]:
        """The program and its descendants."""
        children: dict[int, list[int]] = {}
        for entry in Path("/proc").iterdir():
            with contextlib.suppress(OSError, ValueError, IndexError):
                parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
                children.setdefault(parent, []).append(int(entry.name))
        found, todo = [], [self.process.pid]
        while todo:
            found.append(todo.pop())
            todo += children.get(found[-1], [])
        return found

    def close(self) -> None:
        """Ends whatever is left of the program and of its children."""
        for pid in reversed(self.tree()):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait(5)
        self._reader.join(1)
        with contextlib.suppress(OSError):
            os.close(self.master)


class Replay:
    """A screen fed with the record of a terminal, sizes included."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal
        _, columns, rows = terminal.sizes[0]
        self.screen = pyte.Screen(columns, rows)
        self.stream = pyte.ByteStream(self.screen)
        self.fed = 0
        self._sized = 1
        self._rest = b""

    def step(self) -> float | None:
        """Feeds the next piece; returns its time, None if there is none yet."""
        if self.fed >= len(self.terminal.record):
            return None
        when, data = self.terminal.record[self.fed]
        self.fed += 1
        sizes = self.terminal.sizes
        while self._sized < len(sizes) and sizes[self._sized][0] <= when:
            self.screen.resize(sizes[self._sized][2], sizes[self._sized][1])
            self._sized += 1
        data = UNKNOWN.sub(b"", self._rest + data)
        cut = data.rfind(b"\x1b", max(0, len(data) - 32))
        self._rest = b""
        if cut >= 0 and not re.match(
            rb"\x1b(\[[0-9;:?<>=]*[@-~]|[()][A-Z0-9]|[=>78cDEHMNOZ])", data[cut:]
        ):
            self._rest, data = data[cut:], data[:cut]
        self.stream.feed(data)
        return when

    def catch_up(self) -> None:
        while self.step() is not None:
            pass

    def text(self) -> str:
        return "\n".join(line.rstrip() for line in self.screen.display)


def _own_terminal() -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def _cpu(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICKS
