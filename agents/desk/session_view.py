"""The session as a screen sees it, made from its state and its events."""

from __future__ import annotations

from dataclasses import replace

from agents.desk.overruling import Overruling
from agents.desk.room import Room
from agents.interview import Wait, next_move
from agents.state import SessionState
from agents.transcript import given_up, point_views, turns_of
from agents.views import Phase, QuestionView, SessionView, TurnView
from memory.events import Event

SHOWN = 20
"""Turns sent with a session; older ones are asked for."""


def session_turns(room: Room, state: SessionState) -> list[TurnView]:
    """The whole transcript; a mock interview shows the last verdict on each question, and every point,
    at its end."""
    if not state.id:
        return []
    events = room.memory.events(session=state.id)
    mock = not state.rules.feedback
    if mock:
        if state.ended:
            events = [given_up(e, events) for e in events]
        last = {e.question: e.id for e in events if e.kind == "judged"} if state.ended else {}
        events = [e for e in events if e.kind != "judged" or last.get(e.question) == e.id]
    return _overruled(room, events, turns_of(events, room.library.question, told=mock))


def _overruled(room: Room, events: list[Event], turns: list[TurnView]) -> list[TurnView]:
    """`turns` with the learner's own verdicts in the last judgement of each question."""
    for name in {e.question for e in events if e.kind == "overridden"}:
        overruling = Overruling(events, name)
        last = overruling.judged.id if overruling.judged and overruling.stands else ""
        turns = [
            replace(t, judgement=overruling.view(room.library.question(name)))
            if t.id == last
            else t
            for t in turns
        ]
    return turns


def session_view(
    room: Room, state: SessionState, working: bool, with_turns: bool = True
) -> SessionView:
    """All that an interview screen draws. `working`: a move is being made."""
    turns = session_turns(room, state) if with_turns else []
    q = state.current
    question = room.library.question(q.id) if q else None
    rules = state.rules
    return SessionView(
        id=state.id,
        mode=state.mode,
        phase=_phase(state, working),
        question=_question_view(room, state),
        turns=tuple(turns[-SHOWN:]),
        older=max(0, len(turns) - SHOWN),
        points=point_views(q, question) if q and rules.feedback else (),
        hints_left=max(0, rules.hints - q.hints) if q else 0,
        started=state.started,
        elapsed=state.busy / 1000,
        minutes=state.minutes,
        asked=len(state.asked),
        confidence=q.confidence if q else 0,
        usage=room.team.usage(),
    )


def _phase(state: SessionState, working: bool) -> Phase:
    if state.ended or not state.id:
        return "finished"
    if working or state.current is None:
        return "working"
    return "closed" if state.current.closed else "answering"


def owed(state: SessionState) -> bool:
    """Whether the next move is the tutor's."""
    return bool(state.id) and not isinstance(next_move(state), Wait)


def _question_view(room: Room, state: SessionState) -> QuestionView | None:
    q = state.current
    asked = room.memory.event(q.asked) if q else None
    if q is None or asked is None:
        return None
    question = room.library.question(q.id)
    return QuestionView(
        id=q.id,
        ask=asked.text or (question.ask if question else ""),
        topic=question.topic if question else asked.topic,
        level=question.level if question else int(asked.payload.get("level", 2)),
        deck=asked.payload.get("deck", ""),
        number=asked.payload.get("number", len(state.asked)),
        total=state.questions,
        why=asked.payload.get("reason", ""),
        stage=question.stage if question else "",
        options=question.options if question else (),
        seen=asked.payload.get("seen", 0),
    )
