"""What agents are shown of the corpus and of memory."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from agents.briefs import Evidence
from agents.desk.handling import refuse
from agents.figured import figures, wish
from agents.listening import gives_up
from agents.lookback import Look, look_back, subject
from agents.scripts import Scripts
from agents.state import said
from corpus.counting import counted
from corpus.model import Question
from corpus.words import content
from memory.days import utc_offset
from memory.events import Event
from memory.overruled import overruled
from memory.reasons import when
from memory.recall import Filters
from memory.timewords import when as time_words

if TYPE_CHECKING:
    from agents.desk.room import Room
    from memory.store import Memory

log = logging.getLogger("viva.desk")

ALIKE = 0.8
"""Share of the words of two questions they have in common, from which they are the same."""
FEW = 2
"""Words that say what it is about, below which a question is like too many."""
PATIENCE = 0.5
"""Seconds that a move of the tutor waits for the index; words alone decide after that."""


def scripts_of(room: Room) -> Scripts:
    """What makes briefs from this room's memory and corpus."""
    memory = room.memory
    return Scripts(
        session_events=lambda session: memory.events(session=session),
        event=lambda name: _event(memory, name),
        grader=room.grader,
        passages=lambda query: passages(room, query),
        recollect=lambda query: recollections(room, query),
        profile=memory.profile,
        past=lambda question: past_of(room, question),
        said=lambda query: _said(room, query),
        look_back=lambda text: _look_back(room, text),
        known=lambda: _known(room),
        figures=lambda text: _figures(room, text),
        asked=lambda text: _asked(room, text),
    )


def passages(room: Room, query: str) -> list[Evidence]:
    """Passages of the corpus that speak to `query`, best first; none if search is out of order."""
    try:
        if not room.indexed:
            room.index_corpus()
        found = room.memory.search(query, 4, patience=PATIENCE)
    except Exception:  # evidence is a help, not a condition: the session goes on without
        log.exception("searching the corpus failed")
        return []
    return [Evidence(id=p.id, text=p.text, title=p.source, where=p.where) for p in found]


def recollections(room: Room, query: str) -> list[Evidence]:
    """What the learner and the tutor said before about `query`, best first; see `passages`."""
    return _recalled(room, query, None)


def _said(room: Room, query: str) -> list[Evidence]:
    """What the learner answered about `query`, best first; see `passages`."""
    own = Filters(kinds=("answered", "recap"), speaker="learner")
    found = _recalled(room, query, own)
    return [e for e in found if subject(query) & content(e.text) and not gives_up(e.text)]


def _recalled(room: Room, query: str, filters: Filters | None) -> list[Evidence]:
    try:
        found = room.memory.recall(query, 3, filters=filters, patience=PATIENCE)
    except Exception:
        log.exception("recalling failed")
        return []
    return [
        Evidence(
            id=r.event.id,
            text=r.event.text,
            title=f"What {'you' if r.event.speaker == 'learner' else 'Viva'} said {_day(room, r.event.at)}",
            kind="memory",
        )
        for r in found
    ]


def _day(room: Room, at: int) -> str:
    return when(at, room.clock(), utc_offset())


def _look_back(room: Room, text: str) -> Look | None:
    """The answer that `text` asks about, of the time that it names; see `lookback`."""
    memory, spans = room.memory, time_words(text, room.clock()).spans
    closed = _closed(room)
    return look_back(
        text,
        [e for e in closed if not spans or any(a <= e.at < b for a, b in spans)],
        lambda question, session: memory.events(question=question, session=session),
        room.library.question,
        lambda at: _day(room, at),
    )


def _closed(room: Room, question: str | None = None) -> list[Event]:
    """Questions that were closed, in order, with the learner's last word on the verdicts."""
    events = room.memory.events(kinds=["closed", "overridden"], question=question)
    return [e for e in overruled(events) if e.kind == "closed"]


def _figures(room: Room, text: str) -> str:
    """A figure the learner asks for; see `figured`."""
    if not wish(text):
        return ""
    memory = room.memory
    events = memory.events(kinds=("answered", "closed", "overridden"))
    return figures(
        text, events, lambda: len(memory.knowledge().due(room.today_until())), room.clock()
    )


def _asked(room: Room, text: str) -> Question | None:
    """The question of the library that `text` is, word for word or nearly so."""
    wanted = content(text)
    if len(wanted) < FEW:
        return None
    best, found = ALIKE, None
    for question in room.library.questions():
        for wording in (question.ask, *question.variants) if question.answer else ():
            own = content(wording)
            alike = len(wanted & own) / len(wanted | own)
            if alike >= best:
                best, found = alike, question
    return found


def _known(room: Room) -> list[Evidence]:
    """What is believed about the learner and still so, each with the newest event behind it."""
    return [
        Evidence(id=c.events[-1], text=f"{c.kind}: {c.text}", title=c.kind, kind="memory")
        for c in room.memory.claims()
        if c.events and not c.closed
    ]


def past_of(room: Room, question: str) -> str:
    """One sentence on the last time `question` was asked, empty if it never was."""
    closed = _closed(room, question)
    if not closed or not closed[-1].payload.get("outcomes"):
        return ""
    outcomes = closed[-1].payload["outcomes"]
    had = sum(said(o["coverage"], o["aid"]) for o in outcomes)
    day = _day(room, closed[-1].at)
    return f"{day[0].upper()}{day[1:]} you had {had} of {counted(len(outcomes), 'point')} here."


def _event(memory: Memory, name: str) -> Any:
    event = memory.event(name)
    if event is None:
        raise refuse("that turn is not in memory any more")
    return event
