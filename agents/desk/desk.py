"""Opens everything the engine owns and hands each request to its clerk."""

from __future__ import annotations

import json
import logging
import os
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from agents.agenda import Agenda, utc_offset
from agents.briefs import Evidence
from agents.crew.quiet import set_environment
from agents.desk.care import CareClerk
from agents.desk.handling import handlers_of, handles, refuse
from agents.desk.importing import ImportClerk
from agents.desk.interchange import InterchangeClerk
from agents.desk.jobs import Jobs
from agents.desk.library import LibraryClerk
from agents.desk.models import ModelClerk
from agents.desk.remember import MemoryClerk
from agents.desk.room import Room
from agents.desk.session import SessionClerk
from agents.desk.study import StudyClerk
from agents.grading.deferred import DeferredGrader
from agents.listening import gives_up
from agents.lookback import Look, look_back, subject
from agents.models import configured
from agents.protocol import Cancel, Done, Hello, Quit, Refused, Request, Trouble, Update
from agents.recorder import Recorder
from agents.scorecard.card import trusted
from agents.scripts import Scripts
from agents.team import BUILTIN, BuiltinTeam
from agents.usage import Budget
from agents.views import CheckView, EngineView
from corpus.library import Library
from corpus.words import content
from memory.chroma import Remote
from memory.events import now_ms
from memory.home import HomeError, locate
from memory.reasons import when
from memory.recall import Filters
from memory.settings import Settings, SettingsError, load_settings
from memory.store import Memory

log = logging.getLogger("viva.desk")

PATIENCE = 0.5
"""Seconds that a move of the tutor waits for the index; words alone decide after that."""
SERVER_PATIENCE = 15.0
"""Seconds to wait at the start for what the learner's other machines sent."""


class Desk:
    """Every request in one place. `handle` may be called from several threads."""

    def __init__(self, room: Room, scripts: Scripts) -> None:
        self._room = room
        self._session = SessionClerk(room, scripts)
        self._talk = MemoryClerk(room, scripts, self._session.take_up_anew)
        self._jobs = Jobs(room.publish)
        clerks = [
            self,
            self._session,
            self._talk,
            StudyClerk(room),
            LibraryClerk(room),
            ImportClerk(room, self._jobs, self._talk.erase),
            InterchangeClerk(room),
            CareClerk(room, self._jobs),
            ModelClerk(room, self._jobs),
        ]
        self._handlers: dict[type, Callable[[Any], Any]] = {}
        for clerk in clerks:
            self._handlers |= handlers_of(clerk)

    def handle(self, request: Request[Any]) -> Any:
        """The reply to `request`. Raises `Refused`."""
        handler = self._handlers.get(type(request))
        if handler is None:
            raise refuse(f"this engine does not know {type(request).__name__}")
        try:
            return handler(request)
        except HomeError as error:
            raise Refused(Trouble(error.message, error.mend, "unavailable")) from error

    @handles(Hello)
    def hello(self, request: Hello) -> EngineView:
        room = self._room
        return EngineView(
            stage="ready" if room.stage == "ready" else "memory",
            version="0.1.0",
            home=str(room.home),
            model=room.settings.model or BUILTIN,
            problems=tuple(
                CheckView("deck", "warn", f"{p.path}:{p.line}: {p.message}", p.mend)
                for p in room.library.problems
            ),
        )

    @handles(Cancel)
    def cancel(self, request: Cancel) -> Done:
        """Stops a job, or with no name the model call of the move being made."""
        if not request.job:
            self._room.team.cancel()
        elif not self._jobs.cancel(request.job):
            raise refuse("that is done already")
        return Done()

    @handles(Quit)
    def quit(self, request: Quit) -> Done:
        self._session.close()
        return Done()

    def load_agents(self) -> None:
        """Loads CrewAI and puts its team in place; on any failure the built-in tutor goes on."""
        room = self._room
        room.grader.load()
        settings = room.settings
        try:
            from agents.crew.team import CrewTeam

            room.team = CrewTeam(
                room.home,
                room.grader,
                configured(settings),
                self._search_tool,
                self._recall_tool,
                room.status,
                Budget(settings.budget_tokens, settings.budget_price),
                lambda model, prompt: trusted(room.home, model, prompt),
            )
            self._session.use_team()
        except Exception as error:
            log.exception("the agents could not be loaded")
            room.status(f"agents not loaded ({type(error).__name__}); the built-in tutor goes on")
        room.index_corpus()
        room.stage = "ready"
        room.status()

    def _search_tool(self, query: str) -> str:
        return json.dumps([e.model_dump() for e in passages(self._room, query)])

    def _recall_tool(self, query: str) -> str:
        return json.dumps([e.model_dump() for e in recollections(self._room, query)])

    def close(self) -> None:
        """Ends moves under way and closes memory."""
        self._session.close()
        self._talk.close()
        self._room.team.close()
        self._room.memory.close()


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
    """The answer that `text` asks about; see `lookback`."""
    memory = room.memory
    return look_back(
        text,
        memory.events(kinds=["closed"]),
        lambda question, session: memory.events(question=question, session=session),
        room.library.question,
        lambda at: _day(room, at),
    )


def _known(room: Room) -> list[Evidence]:
    """What is believed about the learner and still so, each with the newest event behind it."""
    return [
        Evidence(id=c.events[-1], text=f"{c.kind}: {c.text}", title=c.kind, kind="memory")
        for c in room.memory.claims()
        if c.events and not c.closed
    ]


def past_of(room: Room, question: str) -> str:
    """One sentence on the last time `question` was asked, empty if it never was."""
    closed = room.memory.events(kinds=["closed"], question=question, newest_first=True, limit=1)
    if not closed or not closed[0].payload.get("outcomes"):
        return ""
    outcomes = closed[0].payload["outcomes"]
    had = sum(o["coverage"] >= 0.8 and o["aid"] != "told" for o in outcomes)
    moment = datetime.fromtimestamp(closed[0].at / 1000 + utc_offset() * 60, UTC)
    return f"On {moment:%A} {moment.day} {moment:%B} you had {had} of {len(outcomes)} points here."


def open_desk(
    publish: Callable[[Update], None],
    home: Path | None = None,
    clock: Callable[[], int] = now_ms,
    agents: bool = True,
    patience: float = 0.0,
) -> Desk:
    """Opens memory, library and grader, and starts loading the agents in the background. Waits up
    to `patience` seconds for another engine to let go of the folder.

    Raises `Refused` with what to do if the data folder or the settings cannot be used.
    """
    home = home or locate()
    try:
        settings = load_settings(home)
        memory = _open_memory(home, settings, patience)
    except HomeError as error:
        raise Refused(Trouble(error.message, error.mend, "unavailable")) from error
    except SettingsError as error:
        raise Refused(Trouble(str(error), error.mend)) from error
    set_environment(home)
    library = Library(home)
    grader = DeferredGrader()
    last = memory.latest()
    recorder = Recorder(memory, last, clock)
    agenda = Agenda(library, memory.knowledge, clock)
    room = Room(
        home,
        settings,
        memory,
        library,
        recorder,
        agenda,
        grader,
        BuiltinTeam(grader),
        publish,
        clock,
    )
    scripts = Scripts(
        session_events=lambda session: memory.events(session=session),
        event=lambda name: _event(memory, name),
        grader=grader,
        passages=lambda query: passages(room, query),
        recollect=lambda query: recollections(room, query),
        profile=memory.profile,
        past=lambda question: past_of(room, question),
        said=lambda query: _said(room, query),
        look_back=lambda text: _look_back(room, text),
        known=lambda: _known(room),
    )
    desk = Desk(room, scripts)
    room.status()
    if agents:
        threading.Thread(target=desk.load_agents, name="load-agents", daemon=True).start()
    return desk


def _server(settings: Settings) -> Remote | None:
    if not settings.memory:
        return None
    token = os.environ.get("VIVA_MEMORY_TOKEN", "")
    return Remote(settings.memory, settings.memory_tenant, settings.memory_database, token)


def _open_memory(home: Path, settings: Settings, patience: float) -> Memory:
    end = time.monotonic() + patience
    while True:
        try:
            memory = Memory.open(home, learner=settings.learner, remote=_server(settings))
            memory.heard(SERVER_PATIENCE)  # or the first question comes from old knowledge
            return memory
        except HomeError as error:
            if error.reason != "locked" or time.monotonic() > end:
                raise
        time.sleep(0.05)


def _event(memory: Memory, name: str) -> Any:
    event = memory.event(name)
    if event is None:
        raise refuse("that turn is not in memory any more")
    return event
