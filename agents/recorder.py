"""Making events: times never step back, so that their ids sort as things happened."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Protocol

from memory.events import Event, Kind, event_id, now_ms


class EventStore(Protocol):
    """The part of memory that the interview writes to. `append` returns once the event is safe."""

    def append(self, event: Event) -> None: ...


class Recorder:
    """Writes events to `store`, each at least a millisecond after the one before it.

    `last` is the time of the newest event already stored; `clock` gives milliseconds.
    """

    def __init__(self, store: EventStore, last: int = 0, clock: Callable[[], int] = now_ms) -> None:
        self._store = store
        self._last = last
        self._clock = clock
        self._lock = threading.Lock()

    def now(self) -> int:
        """The time of the next event, at the earliest."""
        return max(self._clock(), self._last + 1)

    def write(self, kind: Kind, session: str, text: str = "", **fields: Any) -> Event:
        """Appends an event and returns it. `fields` are those of `Event` but id, kind and time."""
        with self._lock:
            at = self.now()
            event = Event(event_id(at), kind, at, session, text, **fields)
            self._store.append(event)
            self._last = at
            return event
