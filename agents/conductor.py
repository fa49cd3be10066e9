"""Plays an interview: takes in what the learner does, and makes the moves the tutor owes.

`take` (what the learner does) and `advance` (what the tutor owes) may run in different threads; the
state changes only under the lock, and only by folding an event that memory has already stored.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from agents import interview
from agents.interview import AskNext, Move, Situation, Wait, next_move
from agents.moves import Listener, Moves, Stage
from agents.state import SessionState, fold
from memory.events import Event, Kind

__all__ = ["Conductor", "Listener", "Stage"]


FREE_PROBES = 2
"""Follow-ups on a question that need not beat the next question: giving up sooner feels rude."""


class Conductor(Moves):
    """One session at a time."""

    def __init__(self, stage: Stage, listener: Listener) -> None:
        super().__init__(stage, listener)
        self._moving = threading.Lock()
        self.working = False

    # ── Sessions ─────────────────────────────────────────────────────────────────────────────────

    def start(self, session: str, **options: Any) -> None:
        """Begins a session; `options` go into its first event."""
        with self._lock:
            self.state = SessionState(id=session)
            self._record("session_started", payload=options)
        self.stage.team.begin_turn(session)

    def resume(self, events: list[Event]) -> None:
        """Takes up the session whose events these are, in order."""
        with self._lock:
            state = SessionState()
            for event in events:
                state = fold(state, event)
            self.state = state
        self.stage.team.begin_turn(state.id)

    # ── What the learner does ────────────────────────────────────────────────────────────────────

    def take(
        self, kind: Kind, text: str = "", turn: str = "", question: str = "", **payload: Any
    ) -> str:
        """Stores what the learner did about `question` (the current one), once per `turn` word; returns
        the event's id when it is safe, or "" if this turn was taken in before."""
        self.stage.team.begin_turn(self.state.id)
        with self._lock:
            if turn and turn in self.state.seen:
                return ""
            current = self.state.current
            event = self._record(
                kind,
                text,
                speaker="learner",
                question=question or (current.id if current else ""),
                payload={**payload, **({"turn": turn} if turn else {})},
            )
            return event.id

    def note(self, kind: Kind, text: str, question: str, payload: dict[str, Any]) -> None:
        """Stores what follows from what the learner did."""
        self._record(kind, text, question=question, payload=payload)

    def act(self, decide: Callable[[SessionState], Move], turn: str = "") -> None:
        """Makes the move that `decide` gives for the state in which it is its turn, unless `turn`
        was taken in before. Raises what `decide` raises."""
        self.perform(lambda: self._make(decide(self.state), turn), turn)

    def perform(self, work: Callable[[], None], turn: str) -> None:
        """Does `work`, a move the learner asked for, unless `turn` was taken in before."""
        with self._moving:
            with self._lock:
                if turn and turn in self.state.seen:
                    return
            self.stage.team.begin_turn(self.state.id)
            self._work(True)
            try:
                work()
            finally:
                self._work(False)

    def advance(self) -> None:
        """Makes all moves the tutor owes, until it is the learner's turn."""
        with self._moving:
            while True:
                with self._lock:
                    move = next_move(self.state, self._situation())
                if isinstance(move, Wait):
                    break
                if self.state.current is not None:
                    q, question = self._current()
                    known = [e.id for e in question.expectations] if question else []
                    move = interview.fitting(move, q, known)
                self._work(True)
                try:
                    self._make(move)
                finally:
                    self._work(False)
            self._prepare()
        self._listener.changed(self.state)

    def _prepare(self) -> None:
        """While the learner reads: the words for the question that comes next, as it looks now."""
        q, agenda = self.state.current, self.stage.agenda
        if q is None or not q.closed or self.state.ended or agenda.first:
            return
        if not self.stage.team.live or not isinstance(
            interview.on_next(self.state, self._situation()), AskNext
        ):
            return
        chosen = agenda.choose(self.state)
        if chosen is not None:
            brief, team = self.stage.scripts.ask(self.state, chosen), self.stage.team
            self._ahead.prepare(chosen.question.id, lambda: team.quiz(brief, ahead=True))

    def _work(self, working: bool) -> None:
        self.working = working
        if working:
            self._listener.changed(self.state)

    def _situation(self) -> Situation:
        q = self.state.current
        if q is None or q.closed:
            return Situation(left=self.stage.agenda.any_left(self.state))
        if q.probes < FREE_PROBES:
            return Situation()
        return Situation(worth=self.stage.agenda.worth(self.state))
