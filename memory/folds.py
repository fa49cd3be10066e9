"""States that are folds over the events, kept up to date and found again without a full replay."""

from __future__ import annotations

import json
import pickle
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from memory.journal import START, Journal, Place, Row

State = TypeVar("State")
BATCH = 2000
SNAPSHOT_EVERY = 500


@dataclass(frozen=True)
class Fold(Generic[State]):
    """How a state follows from events.

    `step` may change the state it is given, and returns the next one. `dump` gives JSON values,
    the same for equal states; a `version` other than the snapshot's makes everything be replayed.
    """

    name: str
    version: int
    kinds: frozenset[str]
    start: Callable[[], State]
    step: Callable[[State, Row], State]
    dump: Callable[[State], Any]
    load: Callable[[Any], State]
    again: Callable[[State], State | None] = lambda _: None
    """Asked once all is folded: the state to fold all again from, if what was folded calls for it."""


class Folded(Generic[State]):
    """One fold over one journal. Threads may share it."""

    def __init__(self, fold: Fold[State], journal: Journal) -> None:
        self.fold = fold
        self._journal = journal
        self._mutex = threading.RLock()
        self._state, self._place = self._found()
        self._saved = self._place
        self._steps = 0
        self._late = False
        self._copy: tuple[Place, State] | None = None

    def _found(self) -> tuple[State, Place]:
        sql = "SELECT version, tick, id, body FROM snapshots WHERE name = ?"
        for version, tick, name, body in self._journal.read(sql, (self.fold.name,)):
            if version == self.fold.version:
                try:
                    return self.fold.load(json.loads(body)), Place(tick, name)
                except (ValueError, KeyError, TypeError):
                    break
        return self.fold.start(), START

    def state(self) -> State:
        """The state after every event so far: a copy that later events do not change."""
        with self._mutex:
            state = self._up_to_date()
            if self._copy is None or self._copy[0] != self._place:
                self._copy = self._place, pickle.loads(pickle.dumps(state))
            return self._copy[1]

    def _up_to_date(self) -> State:
        with self._mutex:
            if self._late:
                self._copy = None
                self._state, self._place, self._late = self.fold.start(), START, False
            while True:
                rows = self._journal.rows(kinds=self.fold.kinds, after=self._place, limit=BATCH)
                for row in rows:
                    self._state = self.fold.step(self._state, row)
                    self._place = row.place
                self._steps += len(rows)
                if len(rows) == BATCH:
                    continue
                anew = self.fold.again(self._state)
                if anew is None:
                    return self._state
                self._state, self._place, self._copy = anew, START, None

    def place(self) -> Place:
        """Where the last folded event stands."""
        with self._mutex:
            return self._place

    def received(self, rows: Iterable[Row]) -> None:
        """Rows came from elsewhere: those before our place mean that all is folded again."""
        with self._mutex:
            self._late = self._late or any(row.place <= self._place for row in rows)

    def restart(self) -> None:
        """Forget the state; the next `state` folds every event."""
        with self._mutex:
            self._late = True

    def save(self, force: bool = False) -> None:
        """Write a snapshot if enough has happened since the last one (or `force`)."""
        with self._mutex:
            state = self._up_to_date()
            if self._place == self._saved or (self._steps < SNAPSHOT_EVERY and not force):
                return
            self._write(state)

    def _write(self, state: State) -> None:
        body = json.dumps(self.fold.dump(state), sort_keys=True, separators=(",", ":"))
        with self._journal.transaction() as db:
            db.execute(
                "INSERT OR REPLACE INTO snapshots VALUES (?, ?, ?, ?, ?)",
                (self.fold.name, self.fold.version, *self._place, body),
            )
        self._saved, self._steps = self._place, 0
