"""The clerk of sessions: starting, answering, acting, looking back in the transcript."""

from __future__ import annotations

import logging
import secrets
import threading
from concurrent.futures import Future, ThreadPoolExecutor

from agents import interview
from agents.conductor import Conductor, Stage
from agents.desk.handling import handles, refuse
from agents.desk.room import Room
from agents.interview import Probe
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
    SaveDraft,
    SessionChanged,
    Start,
    TurnAdded,
    Why,
)
from agents.scripts import Scripts
from agents.state import SessionState, score
from agents.transcript import judgement_view, point_views, turns_of
from agents.views import JudgementView, Phase, PlanView, QuestionView, SessionView, TurnView
from memory.events import Event

log = logging.getLogger("viva.session")

DEFAULT_QUESTIONS = 5
SHOWN = 20
WEEK = 7 * 86_400_000
"""Turns sent with a session; older ones are asked for."""


class SessionClerk:
    """One session at a time, and the thread that makes the tutor's moves."""

    def __init__(self, room: Room, scripts: Scripts) -> None:
        self._room = room
        stage = Stage(room.team, room.agenda, scripts, room.recorder, room.library.question)
        self._conductor = Conductor(stage, self)
        self._mover = ThreadPoolExecutor(1, thread_name_prefix="moves")
        self._draft = ""
        self._resumed = False
        self._starting = threading.Lock()

    def use_team(self) -> None:
        """Takes the room's team, e.g. once CrewAI has loaded."""
        self._conductor.stage.team = self._room.team

    def close(self) -> None:
        self._room.team.cancel()
        self._mover.shutdown(wait=True, cancel_futures=True)

    # ── Listener of the conductor ────────────────────────────────────────────────────────────────

    def turn(self, turn: TurnView, final: bool = True) -> None:
        self._room.publish(TurnAdded(turn, final))

    def chunk(self, turn: str, text: str) -> None:
        from agents.protocol import Chunk

        self._room.publish(Chunk(turn, text))

    def changed(self, state: SessionState) -> None:
        self._room.publish(SessionChanged(self._view(state, with_turns=False)))

    # ── Requests ─────────────────────────────────────────────────────────────────────────────────

    @handles(Start)
    def start(self, request: Start) -> SessionView:
        with self._starting:
            state = self._conductor.state
            running = bool(state.id) and not state.ended
            if not (request.resume and running) and not (request.resume and self._take_up()):
                self._begin(request)
            self._advance().result()
            return self._view(self._conductor.state)

    def _take_up(self) -> bool:
        """Resumes the unfinished session of the last time; False if there is none."""
        session = unfinished(self._room)
        if not session:
            return False
        self._conductor.resume(self._room.memory.events(session=session))
        self._resumed = True
        return True

    def _begin(self, request: Start) -> None:
        if self._conductor.state.id and not self._conductor.state.ended:
            self._conductor.act(interview.End("left for a new session"))
        library = self._room.library
        deck = ""
        if request.deck:
            found = library.deck(request.deck)
            if found is None:
                names = ", ".join(d.id for d in library.decks)
                raise refuse(f"there is no deck {request.deck!r}", f"choose one of: {names}")
            deck = found.id
        if request.topic and request.topic not in library.topics(deck):
            names = ", ".join(library.topics(deck))
            raise refuse(f"there is no topic {request.topic!r}", f"choose one of: {names}")
        if request.question and library.question(request.question) is None:
            raise refuse(f"there is no question {request.question!r}", "see `viva show`")
        questions = request.questions
        if not questions and not request.minutes:
            questions = 1 if request.question else DEFAULT_QUESTIONS
        if request.mode == "design" and not request.questions:
            questions = 6
        self._room.agenda.first = request.question
        self._resumed = False
        self._draft = ""
        self._conductor.start(
            secrets.token_hex(6),
            mode=request.mode,
            deck=deck,
            topic=request.topic,
            questions=questions,
            minutes=request.minutes,
        )

    @handles(GetSession)
    def session(self, request: GetSession) -> SessionView:
        return self._view(self._conductor.state)

    @handles(Answer)
    def answer(self, request: Answer) -> Done:
        q = self._open_question()
        if not request.text.strip():
            raise refuse(
                "there is nothing to judge yet", "write a few words, or press the skip key"
            )
        if asks_back(request.text):
            taken = self._conductor.take("conversation", request.text, request.turn)
        elif q.closed:
            taken = self._conductor.take("conversation", request.text, request.turn, restated=True)
        else:
            extra: dict[str, object] = {}
            if request.confidence:
                extra["confidence"] = request.confidence
            if gives_up(request.text):
                extra["dont_know"] = True
            taken = self._conductor.take("answered", request.text, request.turn, **extra)
        return self._taken(taken, request.turn)

    @handles(AskBack)
    def ask_back(self, request: AskBack) -> Done:
        self._open_question()
        if not request.text.strip():
            raise refuse("there is no question in that", "write what you want to know")
        return self._taken(
            self._conductor.take("conversation", request.text, request.turn), request.turn
        )

    @handles(Confidence)
    def confidence(self, request: Confidence) -> Done:
        self._open_question()
        if request.level not in (1, 2, 3):
            raise refuse("confidence is 1 (unsure), 2 (fairly sure) or 3 (sure)")
        taken = self._conductor.take("confidence", level=request.level)
        self.changed(self._conductor.state)
        return Done(taken)

    @handles(Act)
    def act(self, request: Act) -> Done:
        conductor = self._conductor
        if request.turn in conductor.state.seen:
            return Done(request.turn)
        if request.action == "finish":
            if not conductor.state.ended:
                self._do(lambda: conductor.act(interview.End("finished by you"), request.turn))
            return Done(request.turn)
        q = self._open_question()
        match request.action:
            case "next":
                if not q.closed:
                    raise refuse("this question is still open", "answer it, or skip it")
                self._do(
                    lambda: conductor.act(self._on_next(), request.turn),
                )
            case "more" | "challenge":
                if not q.closed:
                    raise refuse("that comes after your answer")
                method = conductor.more if request.action == "more" else conductor.challenge
                self._do(lambda: method(request.turn))
            case _ if q.closed:
                raise refuse("this question is done", "go on to the next")
            case "dont_know":
                text = "I don't know"
                return self._taken(
                    conductor.take("answered", text, request.turn, dont_know=True), request.turn
                )
            case "hint":
                self._hint(request)
            case "tell":
                self._do(lambda: conductor.tell_all(request.turn))
            case "skip":
                self._do(lambda: conductor.act(interview.close(q, skipped=True), request.turn))
        return Done(request.turn)

    def _on_next(self) -> interview.Move:
        state = self._conductor.state
        left = self._room.agenda.any_left(state)
        return interview.on_next(state, interview.Situation(left=left))

    def _hint(self, request: Act) -> None:
        state = self._conductor.state
        q = self._open_question()
        if q.hints >= state.rules.hints:
            none = "a mock interview has no hints" if not state.rules.hints else "no hints are left"
            raise refuse(none, "answer, skip, or ask to be told")
        open_points = [name for name, point in q.points.items() if point.open]
        target = request.point if request.point in open_points else interview.choose_point(q)
        if not target:
            raise refuse("there is nothing left to hint at")
        move = Probe(target, interview.hint_step(q, target))
        self._do(lambda: self._conductor.act(move, request.turn))

    @handles(Override)
    def override(self, request: Override) -> JudgementView:
        state, q = self._conductor.state, self._conductor.state.current
        if q is None or request.point not in q.points:
            raise refuse("there is no verdict on that point")
        last = self._last_judged(q.id)
        if last is None:
            raise refuse("nothing has been judged yet", "answer first")
        rows = {row["id"]: row for row in last.payload["points"]}
        before = rows.get(request.point, {}).get("verdict", "missing")
        self._conductor.take(
            "overridden", expectation=request.point, verdict=request.verdict or None, before=before
        )
        state = self._conductor.state
        assert state.current is not None
        self.changed(state)
        question = self._room.library.question(q.id)
        view = judgement_view(last.payload, question)
        points = point_views(state.current, question)
        grade = score(state.current.points)
        return JudgementView(
            view.verdict, grade, points, view.errors, view.notes, view.sure, view.grader
        )

    def _last_judged(self, question: str) -> Event | None:
        events = self._room.memory.events(session=self._conductor.state.id, kinds=["judged"])
        mine = [e for e in events if e.question == question]
        return mine[-1] if mine else None

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
        question = self._room.library.question(name)
        if question is None:
            raise refuse("there is no such question" if name else "no question has been asked")
        asked = self._room.memory.events(question=name, kinds=["asked"], newest_first=True, limit=1)
        if asked:
            reason, factors = asked[0].payload["reason"], asked[0].payload.get("factors", {})
        else:
            plan = self._room.agenda.plan(SessionState(), 50)
            choice = next((c for c in plan if c.question == name), None)
            reason = choice.reason if choice else "not planned for the next sessions"
            factors = choice.factors if choice else {}
        parts = "; ".join(f"{name} {value:.2f}" for name, value in factors.items())
        long = f"{reason} ({parts})" if parts else reason
        return PlanView(question.id, question.ask, question.topic, question.minutes, long)

    @handles(Older)
    def older(self, request: Older) -> tuple[TurnView, ...]:
        turns = self._turns()
        places = [i for i, turn in enumerate(turns) if turn.id == request.before]
        end = places[0] if places else len(turns)
        return tuple(turns[max(0, end - request.count) : end])

    @handles(SaveDraft)
    def save_draft(self, request: SaveDraft) -> Done:
        self._draft = request.text
        return Done()

    # ── Helpers ──────────────────────────────────────────────────────────────────────────────────

    def _open_question(self) -> interview.QuestionState:
        state = self._conductor.state
        if not state.id or state.ended or state.current is None:
            raise refuse("no session is running", "start one")
        return state.current

    def _taken(self, event: str, turn: str) -> Done:
        if event:
            stored = self._conductor.stage.scripts.event(event)
            for view in turns_of([stored], self._room.library.question):
                self._room.publish(TurnAdded(view))
            self._advance()
        return Done(event or turn)

    def _do(self, work: object) -> None:
        """Has the mover make a move the learner asked for, then all that follows from it."""
        assert callable(work)
        self._mover.submit(self._guarded, work)
        self._advance()

    def _advance(self) -> Future[None]:
        return self._mover.submit(self._guarded, self._conductor.advance)

    def _guarded(self, work: object) -> None:
        assert callable(work)
        try:
            work()
        except Exception:
            log.exception("a move failed")
            raise

    def _turns(self) -> list[TurnView]:
        state = self._conductor.state
        if not state.id:
            return []
        events = self._room.memory.events(session=state.id)
        if not state.rules.feedback:
            events = [e for e in events if e.kind != "judged"]
        return turns_of(events, self._room.library.question)

    def _view(self, state: SessionState, with_turns: bool = True) -> SessionView:
        turns = self._turns() if with_turns else []
        q = state.current
        question = self._room.library.question(q.id) if q else None
        rules = state.rules
        return SessionView(
            id=state.id,
            mode=state.mode,  # type: ignore[arg-type]
            phase=self._phase(state),
            question=self._question_view(state),
            turns=tuple(turns[-SHOWN:]),
            older=max(0, len(turns) - SHOWN),
            points=point_views(q, question) if q and rules.feedback else (),
            probes_left=max(0, rules.probes - q.probes) if q else 0,
            hints_left=max(0, rules.hints - q.hints) if q else 0,
            started=state.started,
            elapsed=state.busy / 1000,
            minutes=state.minutes,
            asked=len(state.asked),
            confidence=q.confidence if q else 0,
            draft=self._draft,
            usage=self._room.team.usage(),
            resumed=self._resumed,
        )

    def _phase(self, state: SessionState) -> Phase:
        if state.ended:
            return "finished"
        if self._conductor.working or state.current is None:
            return "working"
        return "closed" if state.current.closed else "answering"

    def _question_view(self, state: SessionState) -> QuestionView | None:
        q = state.current
        question = self._room.library.question(q.id) if q else None
        if q is None or question is None:
            return None
        asked = self._conductor.stage.scripts.event(q.asked)
        return QuestionView(
            id=question.id,
            ask=asked.text or question.ask,
            topic=question.topic,
            level=question.level,
            deck=asked.payload.get("deck", ""),
            number=asked.payload.get("number", len(state.asked)),
            total=state.questions,
            why=asked.payload.get("reason", ""),
            stage=question.stage,
            options=question.options,
            seen=asked.payload.get("seen", 0),
        )


def unfinished(room: Room) -> str:
    """The id of the last session if it was not ended and is younger than a week; "" otherwise."""
    session = room.memory.open_session()
    if session is None:
        return ""
    first = room.memory.events(session=session, limit=1)
    return "" if room.clock() - first[0].at > WEEK else session
