"""What a model call is for: set around an agent's kickoff, read by the model underneath."""

from __future__ import annotations

import contextlib
import contextvars
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

CALLS = 2
"""Model calls from an answer to the next question."""
TURN_SHARE = 1.5
"""A turn may take this many times the deadline of one call."""
LEAST = 0.25
"""Share of the deadline below which a call is not begun any more."""


class Allowance:
    """The calls and the seconds a turn may still spend on models. Safe between threads."""

    def __init__(self, calls: int = CALLS, clock: Callable[[], float] = time.monotonic) -> None:
        self._calls = calls
        self._clock = clock
        self._begun = clock()
        self._lock = threading.Lock()
        self.ended = False
        """The learner waits for no model any more in this turn."""

    def take(self) -> bool:
        """Takes one call; False if none is left."""
        with self._lock:
            if self._calls <= 0:
                return False
            self._calls -= 1
            return True

    @property
    def left(self) -> int:
        return self._calls

    def seconds(self, deadline: float) -> float:
        """How long a call with this deadline may take; 0 if the turn has no time for one."""
        rest = self._begun + TURN_SHARE * deadline - self._clock()
        return min(deadline, rest) if rest >= LEAST * deadline else 0.0


@dataclass
class Job:
    """One request by an agent. The model underneath fills in `answered_by`: its name, or "" when
    the built-in tutor answered; with `builtin` no model may be asked, with `fresh` no reply of
    before will do. `on_piece` gets pieces of the raw reply as they come.
    """

    agent: str
    task: str
    prompt: str = ""
    session: str = ""
    allowance: Allowance = field(default_factory=Allowance)
    ahead: bool = False
    builtin: bool = False
    fresh: bool = False
    on_piece: Callable[[str], None] | None = None
    answered_by: str = ""
    over: bool = False

    def piece(self, text: str) -> None:
        """Hands on a piece, unless the reply is no longer waited for."""
        if self.on_piece is not None and not self.over:
            self.on_piece(text)


_JOB: contextvars.ContextVar[Job | None] = contextvars.ContextVar("viva_job", default=None)


def current_job() -> Job | None:
    """The job of this context."""
    return _JOB.get()


@contextlib.contextmanager
def doing(job: Job) -> Iterator[Job]:
    """Makes `job` the current one; afterwards late pieces of its reply are dropped."""
    token = _JOB.set(job)
    try:
        yield job
    finally:
        job.over = True
        _JOB.reset(token)
