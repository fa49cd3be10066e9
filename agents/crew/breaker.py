"""A circuit breaker: after a failure a model is left alone for a while, then tried again."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

PAUSE = 30.0
"""Seconds the circuit stays open after a failure, doubled with each further one."""
LONGEST = 600.0


class Breaker:
    """Open after a failure; closed again by a success. Safe between threads."""

    def __init__(self, pause: float = PAUSE, clock: Callable[[], float] = time.monotonic) -> None:
        self._pause = pause
        self._clock = clock
        self._until = 0.0
        self._failures = 0
        self._lock = threading.Lock()

    @property
    def closed(self) -> bool:
        """Whether calls may be made."""
        return self._clock() >= self._until

    def failed(self, wait: float | None = None) -> float:
        """Opens the circuit for `wait` seconds (what a server asked for), by default for a pause
        that doubles; returns the seconds."""
        with self._lock:
            self._failures += 1
            pause = self._pause * 2 ** min(self._failures - 1, 10) if wait is None else wait
            pause = min(max(pause, 0.0), LONGEST)
            self._until = self._clock() + pause
            return pause

    def succeeded(self) -> bool:
        """Closes the circuit; True if there had been a failure."""
        with self._lock:
            had = self._failures > 0
            self._failures, self._until = 0, 0.0
            return had
