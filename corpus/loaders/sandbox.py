"""The parent's side of parsing: a child process with limits, replaced when it dies."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from corpus.loaders.parts import Part

MEMORY = 900_000_000
"""Bytes of address space that the child may use."""
SECONDS = 90
"""Seconds, of processor and of wall time, that one file may take."""


@dataclass(slots=True)
class Loaded:
    """What a file gave: its parts, what was left out of it, and why it failed ("" if it did not)."""

    parts: list[Part] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    error: str = ""


class Sandbox:
    """Loads files one after the other in a child process; use it as a context manager."""

    def __init__(self, memory: int = MEMORY, seconds: int = SECONDS) -> None:
        self._memory, self._seconds = memory, seconds
        self._child: subprocess.Popen[bytes] | None = None
        self._lines: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop()

    def load(self, path: Path, content_type: str = "") -> Loaded:
        """The parts of a file; never raises for what is in it."""
        loaded = Loaded()
        child = self._running()
        request = {"path": str(path), "type": content_type, "seconds": self._seconds}
        try:
            assert child.stdin is not None
            child.stdin.write(json.dumps(request).encode() + b"\n")
            child.stdin.flush()
        except OSError:
            self._stop()
            loaded.error = "the parser could not be started"
            return loaded
        deadline = time.monotonic() + self._seconds
        while True:
            try:
                line = self._lines.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                self._stop()
                loaded.error = f"it took longer than {self._seconds} seconds"
                return loaded
            if line is None:
                loaded.error = self._cause(child)
                return loaded
            answer = json.loads(line)
            if answer.get("last"):
                self._stop()
            if self._take(answer, loaded):
                return loaded

    def _take(self, answer: dict[str, object], loaded: Loaded) -> bool:
        """Put one answer of the child where it belongs; True for the last one."""
        if "error" in answer:
            loaded.error = str(answer["error"])
        elif "note" in answer:
            loaded.notes.append(str(answer["note"]))
        elif "text" in answer:
            row = answer.get("row")
            fields = row if isinstance(row, (dict, list)) else None
            loaded.parts.append(Part(str(answer["text"]), str(answer.get("where") or ""), fields))
        return "error" in answer or "done" in answer

    def _running(self) -> subprocess.Popen[bytes]:
        if self._child is not None and self._child.poll() is None:
            return self._child
        self._stop()
        command = [sys.executable, "-W", "ignore", "-m", "corpus.loaders.child", str(self._memory)]
        keep = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV")
        environment = {k: v for k, v in os.environ.items() if k in keep}
        environment["PYTHONPATH"] = os.pathsep.join(p for p in sys.path if p)
        environment["OMP_NUM_THREADS"] = "1"
        child = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
        )
        self._child, self._lines = child, queue.SimpleQueue()
        threading.Thread(target=_pump, args=(child, self._lines), daemon=True).start()
        return child

    def _cause(self, child: subprocess.Popen[bytes]) -> str:
        try:
            code = child.wait(timeout=5)
        except subprocess.TimeoutExpired:
            code = None
        self._stop()
        if code == -24:  # SIGXCPU
            return f"it took longer than {self._seconds} seconds"
        if code in (-6, -9, -11, 1, 137):
            return "the parser broke on it, or it needs too much memory"
        return "the parser broke on it"

    def _stop(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        child.wait()
        for stream in (child.stdin, child.stdout):
            if stream:
                try:
                    stream.close()
                except OSError:
                    continue


def _pump(child: subprocess.Popen[bytes], lines: queue.SimpleQueue[bytes | None]) -> None:
    """Hand on what the child writes, so that the parent can wait with a limit."""
    assert child.stdout is not None
    try:
        for line in child.stdout:
            lines.put(line)
    except (OSError, ValueError):
        pass
    lines.put(None)
