"""Long work: told to the screens as it goes on, and stoppable between its steps."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from agents.desk.handling import refuse
from agents.protocol import Progress, Update

EVERY = 0.2
"""Seconds between two reports of the same job."""


class Job:
    """One piece of long work. `report` is called by the work between its steps."""

    def __init__(self, name: str, text: str, publish: Callable[[Update], None]) -> None:
        self.name = name
        self._text = text
        self._publish = publish
        self._stop = threading.Event()
        self._started = time.monotonic()
        self._told = 0.0

    def stop(self) -> None:
        self._stop.set()

    @property
    def stopped(self) -> bool:
        return self._stop.is_set()

    def report(self, done: int, total: int = 0, text: str = "") -> None:
        """Tells how far the work is. Raises `Refused` once the job was cancelled."""
        if self._stop.is_set():
            raise refuse("stopped as you wished", "what was done so far is kept")
        now = time.monotonic()
        if now - self._told < EVERY and done != total:
            return
        self._told = now
        spent = now - self._started
        eta = spent / done * (total - done) if done and total else -1.0
        if self.name:
            self._publish(Progress(self.name, text or self._text, done, total, eta))


class Jobs:
    """The jobs under way, by name."""

    def __init__(self, publish: Callable[[Update], None]) -> None:
        self._publish = publish
        self._running: dict[str, Job] = {}

    @contextmanager
    def job(self, name: str, text: str) -> Iterator[Job]:
        """A job for the length of the block."""
        job = Job(name, text, self._publish)
        if name:
            self._running[name] = job
        try:
            yield job
        finally:
            self._running.pop(name, None)

    def cancel(self, name: str) -> bool:
        """Stops a job at its next step; False if there is none of that name."""
        job = self._running.get(name)
        if job is not None:
            job.stop()
        return job is not None
