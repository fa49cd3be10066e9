"""The wording of the next question, found while the learner still reads about the last one."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from agents.team import Said

log = logging.getLogger("viva.ahead")


@dataclass
class _Work:
    question: str
    done: threading.Event = field(default_factory=threading.Event)
    said: Said | None = None


class Ahead:
    """At most one prepared wording. `patience` is how long `take` waits for one under way, in
    seconds: never longer than asking afresh would take."""

    def __init__(self, patience: float = 30.0) -> None:
        self._patience = patience
        self._work: _Work | None = None

    def prepare(self, question: str, words: Callable[[], Said]) -> None:
        """Begins to find the `words` for `question` in the background."""
        work = self._work = _Work(question)

        def run() -> None:
            try:
                work.said = words()
            except Exception:
                log.exception("preparing a question failed")
            work.done.set()

        threading.Thread(target=run, daemon=True, name="ahead").start()

    def take(self, question: str) -> Said | None:
        """The words prepared for `question`, None if there are none; they are used once."""
        work, self._work = self._work, None
        if work is None or work.question != question or not work.done.wait(self._patience):
            return None
        return work.said
