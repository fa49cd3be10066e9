"""Opens everything the engine owns and hands each request to its clerk."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from agents.crew.environment import set_environment
from agents.desk.clerks import Clerks
from agents.desk.handling import handlers_of, handles, refuse
from agents.desk.room import Room
from agents.grading.deferred import DeferredGrader
from agents.protocol import Cancel, Done, Hello, Quit, Refused, Request, Trouble, Update
from agents.recorder import Recorder
from agents.team import BuiltinTeam
from agents.views import CheckView, EngineView
from memory.chroma import Remote
from memory.events import now_ms
from memory.home import HomeError, locate
from memory.settings import Settings, SettingsError, load_settings
from memory.store import Memory

SERVER_PATIENCE = 15.0
"""Seconds to wait at the start for what the learner's other machines sent."""


class Desk:
    """Every request in one place. `handle` may be called from several threads."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._clerks = Clerks(room)
        self._own = handlers_of(self)

    @property
    def learner(self) -> str:
        """Whose memory is open."""
        return self._room.memory.learner

    def handle(self, request: Request[Any]) -> Any:
        """The reply to `request`. Raises `Refused`."""
        handler = self._own.get(type(request)) or self._clerks.handler(type(request))
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
        elif not self._room.jobs.cancel(request.job):
            raise refuse("that is done already")
        return Done()

    @handles(Quit)
    def quit(self, request: Quit) -> Done:
        self._end()
        return Done()

    def _end(self) -> None:
        """Ends moves under way; a model's reply is not waited for."""
        self._room.team.cancel()
        for listener in self._room.closing:
            listener()

    def close(self) -> None:
        """Ends moves under way and closes memory."""
        self._end()
        self._room.team.close()
        self._room.memory.close()


def open_desk(
    publish: Callable[[Update], None],
    home: Path | None = None,
    clock: Callable[[], int] = now_ms,
    agents: bool = True,
    patience: float = 0.0,
    lasting: bool = True,
) -> Desk:
    """Opens memory, and starts loading the agents in the background. Waits up
    to `patience` seconds for another engine to let go of the folder. A desk that is not `lasting`
    leaves indexing to one that is.

    Raises `Refused` with what to do if the data folder or the settings cannot be used.
    """
    home = home or locate()
    try:
        settings = load_settings(home)
        memory = _open_memory(home, settings, patience, lasting)
    except HomeError as error:
        raise Refused(Trouble(error.message, error.mend, "unavailable")) from error
    except SettingsError as error:
        raise Refused(Trouble(str(error), error.mend)) from error
    set_environment(home)
    grader = DeferredGrader()
    recorder = Recorder(memory, memory.latest(), clock)
    room = Room(home, settings, memory, recorder, grader, BuiltinTeam(grader), publish, clock)
    room.status()
    if agents:
        room.loading = threading.Thread(
            target=_load_agents, args=(room,), name="load-agents", daemon=True
        )
        room.loading.start()
    return Desk(room)


def _load_agents(room: Room) -> None:
    from agents.desk.loading import load_agents

    load_agents(room)


def _server(settings: Settings) -> Remote | None:
    if not settings.memory:
        return None
    token = os.environ.get("VIVA_MEMORY_TOKEN", "")
    return Remote(settings.memory, settings.memory_tenant, settings.memory_database, token)


def _open_memory(home: Path, settings: Settings, patience: float, lasting: bool) -> Memory:
    end = time.monotonic() + patience
    while True:
        try:
            memory = Memory.open(
                home, learner=settings.learner, remote=_server(settings), background=lasting
            )
            memory.heard(SERVER_PATIENCE)  # or the first question comes from old knowledge
            return memory
        except HomeError as error:
            if error.reason != "locked" or time.monotonic() > end:
                raise
        time.sleep(0.05)
