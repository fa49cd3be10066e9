"""The clerk of sessions: starting, answering, acting, looking back in the transcript."""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from typing import Any

from agents import interview
from agents.conductor import Conductor, Stage
from agents.copying import copied_from
from agents.desk import wishes
from agents.desk.handling import handles, refuse
from agents.desk.latest import last_session, unfinished
from agents.desk.options import options_of
from agents.desk.overruling import Overruling
from agents.desk.room import Room
from agents.desk.session_view import owed, session_turns, session_view
from agents.desk.why import why_view
from agents.listening import asks_back, gives_up
from agents.protocol import (
    Act,
    Answer,
    AskBack,
    Confidence,
    Done,
    Feedback,
    GetSession,
    Older,
    Override,
    SessionChanged,
    Start,
    Why,
)
from agents.state import SessionState
from agents.transcript import turns_of
from agents.views import JudgementView, PlanView, SessionView, TurnView
from memory.home import HomeError

log = logging.getLogger("viva.session")

NOTHING_TO_ASK = ("there is nothing to ask", "choose another deck or topic, or `viva add FILE`")
NOTHING = {
    "drill": ("there is nothing to drill yet", "study first: a drill repeats what was missed"),
    "review": ("nothing is due for review", "study something new, or come back when it is due"),
}


class SessionClerk:
    """One session at a time, and the thread that makes the tutor's moves."""

    def __init__(self, room: Room) -> None:
        self._room = room
        stage = Stage(room.team, room.agenda, room.scripts, room.recorder, room.library.question)
        self._conductor = Conductor(stage, self)
        self._mover = ThreadPoolExecutor(1, thread_name_prefix="moves")
        self._resumed = False
        self._left = False
        self._failed = False
        self._starting = threading.Lock()
        room.team_changed.append(self.use_team)
        room.events_erased.append(self.take_up_anew)
        room.closing.append(self.close)

    def use_team(self) -> None:
        """Takes the room's team, e.g. once CrewAI has loaded."""
        self._conductor.stage.team = self._room.team

    def close(self) -> None:
        self._mover.shutdown(wait=True, cancel_futures=True)

    # ── Listener of the conductor ────────────────────────────────────────────────────────────────

    def turn(self, turn: TurnView, final: bool = True, replaces: str = "") -> None:
        self._room.turn(turn, final, replaces)

    def chunk(self, turn: str, text: str) -> None:
        self._room.chunk(turn, text)

    def changed(self, state: SessionState) -> None:
        self._room.publish(SessionChanged(self._view(state, with_turns=False)))

    def _view(self, state: SessionState, with_turns: bool = True) -> SessionView:
        working = self._conductor.working or (owed(state) and not self._failed)
        view = session_view(self._room, state, working, with_turns)
        return replace(view, resumed=self._resumed, left=self._left)

    # ── Requests ─────────────────────────────────────────────────────────────────────────────────

    @handles(Start)
    def start(self, request: Start) -> SessionView:
        with self._starting:
            if not self._conductor.state.id:
                self._take_up(unfinished(self._room))
            state = self._conductor.state
            if not (request.resume and state.id and not state.ended):
                self._begin(request)
            self._advance().result()
            state = self._conductor.state
            if state.ended and not state.asked:
                raise refuse(*NOTHING.get(request.mode, NOTHING_TO_ASK))
            return self._view(state)

    def _take_up(self, session: str) -> None:
        """Takes up a session of an earlier engine, if `session` names one."""
        if session:
            events = self._room.memory.events(session=session)
            self._conductor.resume(events)
            if not self._conductor.state.asked:
                self._room.agenda.first = events[0].payload.get("question", "")
            self._resumed = True

    def take_up_anew(self) -> None:
        """Folds the running session again, after some of its events were erased."""
        session = self._conductor.state.id
        if session:
            self._conductor.resume(self._room.memory.events(session=session))
            self.changed(self._conductor.state)

    def _present(self) -> SessionState:
        """The session that a screen means: the running one, else the one in which an earlier engine
        was cut off, so that a restart is noticed by nobody."""
        if not self._conductor.state.id:
            with self._starting:
                if not self._conductor.state.id:
                    self._take_up(last_session(self._room))
                    self._advance()
        return self._conductor.state

    def _begin(self, request: Start) -> None:
        options = options_of(request, self._room.library)
        self._left = bool(self._conductor.state.id) and not self._conductor.state.ended
        if self._left:
            leave = interview.End("left for a new session")
            self._mover.submit(self._conductor.act, lambda _: leave).result()
        self._room.agenda.first = options["question"]
        self._resumed = False
        self._conductor.start(secrets.token_hex(6), **options)

    @handles(GetSession)
    def session(self, request: GetSession) -> SessionView:
        return self._view(self._present())

    @handles(Answer)
    def answer(self, request: Answer) -> Done:
        q = self._question()
        if not request.text.strip():
            raise refuse(
                "there is nothing to judge yet", "write a few words, or press the skip key"
            )
        if asks_back(request.text):
            taken = self._conductor.take("conversation", request.text, request.turn)
        elif q.closed:
            asks = request.text.rstrip().endswith("?")
            said_again = not asks or copied_from(request.text, q.shown)
            taken = self._conductor.take(
                "conversation", request.text, request.turn, restated=said_again
            )
        else:
            extra: dict[str, Any] = {}
            if request.confidence:
                extra["confidence"] = request.confidence
            if gives_up(request.text):
                extra["dont_know"] = True
            taken = self._conductor.take("answered", request.text, request.turn, **extra)
        return self._taken(taken, request.turn)

    @handles(AskBack)
    def ask_back(self, request: AskBack) -> Done:
        self._question()
        if not request.text.strip():
            raise refuse("there is no question in that", "write what you want to know")
        return self._taken(
            self._conductor.take("conversation", request.text, request.turn), request.turn
        )

    @handles(Confidence)
    def confidence(self, request: Confidence) -> Done:
        self._question()
        if request.level not in (1, 2, 3):
            raise refuse("confidence is 1 (unsure), 2 (fairly sure) or 3 (sure)")
        taken = self._conductor.take("confidence", level=request.level)
        self.changed(self._conductor.state)
        return Done(taken)

    @handles(Act)
    def act(self, request: Act) -> Done:
        conductor, turn = self._conductor, request.turn
        if wishes.taken_in(self._present(), turn):
            return Done(turn)
        match request.action:
            case "finish":
                if not conductor.state.ended:
                    self._do(lambda: conductor.act(wishes.finish, turn))
            case "next":
                self._question()
                self._do(lambda: conductor.act(self._next, turn))
            case "more" | "challenge":
                self._closed_question()
                work = conductor.more if request.action == "more" else conductor.challenge
                self._do(lambda: conductor.perform(lambda: work(turn), turn))
            case "dont_know":
                self._open_question()
                return self._taken(
                    conductor.take("answered", "I don't know", turn, dont_know=True), turn
                )
            case "hint":
                self._open_question()
                self._do(
                    lambda: conductor.act(lambda state: wishes.hint(state, request.point), turn)
                )
            case "tell":
                self._open_question()
                wishes.told(conductor.state)
                self._do(lambda: conductor.perform(lambda: conductor.tell_all(turn), turn))
            case "skip":
                self._open_question()
                self._do(lambda: conductor.act(wishes.skip, turn))
        return Done(turn)

    def _next(self, state: SessionState) -> interview.Move:
        if state.ended:
            return interview.Wait()
        q = state.current
        if q is not None and not q.closed:
            raise refuse("this question is still open", "answer it, or skip it")
        left = self._room.agenda.any_left(state)
        return interview.on_next(state, interview.Situation(left=left))

    @handles(Override)
    def override(self, request: Override) -> JudgementView:
        state = self._present()
        if not state.rules.feedback and not state.ended:
            raise refuse("a mock interview shows its verdicts at the end", "finish it first")
        name = request.question or (state.current.id if state.current else "")
        overruling = self._overruling(name)
        q = overruling.state
        if q is None or request.point not in q.points:
            raise refuse("there is no verdict on that point")
        if overruling.judged is None:
            raise refuse("nothing has been judged yet", "answer first")
        point = q.points[request.point]
        if not wishes.stands(q, request):
            self._conductor.take(
                "overridden",
                question=name,
                expectation=request.point,
                verdict=request.verdict or None,
                before=(point.judged or point).verdict,
            )
        question = self._room.library.question(name)
        for kind, text, payload in self._overruling(name).follows(question, request.point):
            self._conductor.note(kind, text, name, payload)
        self._advance()
        return self._overruling(name).view(question)

    def _overruling(self, question: str) -> Overruling:
        state = self._conductor.state
        return Overruling(self._room.memory.events(session=state.id), question)

    @handles(Feedback)
    def feedback(self, request: Feedback) -> Done:
        taken = self._conductor.take(
            "feedback", request.words, about=request.about, thumbs=request.thumbs
        )
        return Done(taken)

    @handles(Why)
    def why(self, request: Why) -> PlanView:
        q = self._conductor.state.current
        name = request.question or (q.id if q else "")
        return why_view(self._room, name, at_hand=q is not None and q.id == name)

    @handles(Older)
    def older(self, request: Older) -> tuple[TurnView, ...]:
        turns = session_turns(self._room, self._present())
        places = [i for i, turn in enumerate(turns) if turn.id == request.before]
        end = places[0] if places else len(turns)
        return tuple(turns[max(0, end - request.count) : end])

    # ── Helpers ──────────────────────────────────────────────────────────────────────────────────

    def _question(self) -> interview.QuestionState:
        """The question at hand, open or closed; refused if there is none."""
        state = self._present()
        if not state.id or state.ended or state.current is None:
            raise refuse("no session is running", "start one")
        return state.current

    def _closed_question(self) -> None:
        """Refuses what comes only after a question."""
        if not self._question().closed:
            raise refuse("that comes after your answer")

    def _open_question(self) -> None:
        """Refuses what comes only before a question is closed."""
        if self._question().closed:
            raise refuse("this question is done", "go on to the next")

    def _taken(self, event: str, turn: str) -> Done:
        if event:
            stored = self._conductor.stage.scripts.event(event)
            for view in turns_of([stored], self._room.library.question):
                self._room.turn(view)
            self._advance()
        return Done(event or turn)

    def _do(self, work: Callable[[], None]) -> None:
        """Has the mover make a move the learner asked for, then all that follows from it. Returns
        once the first is in memory; raises what kept it from being made."""
        made = self._mover.submit(work)
        self._advance()
        made.result()

    def _advance(self) -> Future[None]:
        return self._mover.submit(self._guarded)

    def _guarded(self) -> None:
        self._failed = False
        try:
            self._conductor.advance()
        except Exception as error:
            if isinstance(error, HomeError):
                self._room.status(f"{error.message}. {error.mend}")
            else:
                log.exception("a move failed")
                self._room.status(f"a move failed ({type(error).__name__}); answer again, or skip")
            self._failed = True
            self.changed(self._conductor.state)
            raise
