"""Playing whole sessions in process: a learner's moves in, everything the screens would see out."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from agents.protocol import (
    Act,
    Answer,
    AskBack,
    Chunk,
    GetSession,
    Start,
    Status,
    TurnAdded,
    Update,
)
from agents.views import SessionView, TurnView
from memory.events import Event, now_ms
from tests.local import LocalTutor

PATIENCE = 60.0


@dataclass
class Played:
    """What a session showed and left behind."""

    session: SessionView
    turns: list[TurnView] = field(default_factory=list)
    live: list[str] = field(default_factory=list)
    statuses: list[str] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    updates: list[Update] = field(default_factory=list)

    def texts(self, *roles: str) -> list[str]:
        """What the tutor said in these roles (all, if none is named)."""
        spoken = [t for t in self.turns if t.speaker == "tutor"]
        return [t.text for t in spoken if not roles or t.role in roles]

    def kept(self, kind: str) -> list[str]:
        return [e.text for e in self.events if e.kind == kind]


def kept_nowhere(secret: str, home: Path) -> None:
    """Fails if a file of the data folder (logs, events, caches, figures) holds `secret`."""
    files = [path for path in home.rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if secret.encode() in path.read_bytes()]


class Player:
    """One tutor, and the moves of a learner: plain text is an answer, ``/name`` an action, ``?text``
    a question back."""

    def __init__(self, home: Path, agents: bool = True, clock: Callable[[], int] = now_ms) -> None:
        self.tutor = LocalTutor(home, clock, agents=agents)
        self._agents = agents
        self._number = 0
        self.updates: list[Update] = []
        self._listening: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Player:
        self._listening = asyncio.create_task(self._listen())
        await asyncio.sleep(0)
        if self._agents:
            await self.until(lambda: self.desk._room.stage == "ready")
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.tutor.close()
        assert self._listening is not None
        self._listening.cancel()

    @property
    def desk(self) -> Any:
        return self.tutor.desk

    async def _listen(self) -> None:
        async for update in self.tutor.updates():
            self.updates.append(update)

    async def until(self, met: Callable[[], bool] | Callable[[], Awaitable[bool]]) -> None:
        """Waits until `met`. Raises `TimeoutError` when it takes too long."""
        end = time.monotonic() + PATIENCE
        while True:
            value = met()
            if (await value) if isinstance(value, Awaitable) else value:
                return
            if time.monotonic() > end:
                raise TimeoutError("the engine did not get there")
            await asyncio.sleep(0.01)

    async def start(self, **options: Any) -> SessionView:
        return await self.tutor.request(Start(**options))

    async def do(self, move: str) -> SessionView:
        """Makes one move and waits until it is the learner's turn again."""
        self._number += 1
        turn = f"t{self._number}"
        if move.startswith("/") and len(move) > 1:
            await self.tutor.request(Act(move[1:], turn))  # type: ignore[arg-type]
        elif move.startswith("?") and len(move) > 1:
            await self.tutor.request(AskBack(move[1:], turn))
        else:
            await self.tutor.request(Answer(move, turn))
        return await self.settle()

    async def settle(self) -> SessionView:
        """The session once nothing is being done any more."""

        async def rests() -> bool:
            # An empty job behind all others in the mover: when it is done, so are they.
            mover = self.desk._clerks.handler(GetSession).__self__._mover
            await asyncio.wrap_future(mover.submit(lambda: None))
            return (await self.tutor.request(GetSession())).phase != "working"

        await self.until(rests)
        return await self.tutor.request(GetSession())

    async def play(self, moves: list[str], **options: Any) -> Played:
        """Starts a session and makes all `moves`."""
        view = await self.start(**options)
        for move in moves:
            view = await self.do(move)
        return self.played(view)

    def turns(self) -> list[TurnView]:
        """The finished turns so far."""
        return [u.turn for u in self.updates if isinstance(u, TurnAdded) and u.final]

    def played(self, view: SessionView) -> Played:
        """All that has been seen so far."""
        memory = self.desk._room.memory
        return Played(
            session=view,
            turns=self.turns(),
            live=[u.text for u in self.updates if isinstance(u, Chunk)],
            statuses=[u.text for u in self.updates if isinstance(u, Status) and u.text],
            events=list(memory.events(session=view.id)),
            updates=list(self.updates),
        )
