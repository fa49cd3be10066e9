"""A learner for tests: plays a session through the engine process and writes down what it saw."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from agents.client import Client, connect
from agents.protocol import (
    Act,
    Answer,
    AskBack,
    GetSession,
    Refused,
    Request,
    SessionChanged,
    TurnAdded,
    Update,
)
from agents.views import Action, SessionView, TurnView

ROOT = Path(__file__).parents[2]
PLAIN_ENGINE = f"{sys.executable} -m agents.engine --without-crew"
PATIENCE = 60.0


def use(
    monkeypatch: pytest.MonkeyPatch, home: Path, engine: str = PLAIN_ENGINE, **more: str
) -> None:
    """Has engines started from here on run `engine` on the data folder `home`."""
    for name, value in {"VIVA_HOME": str(home), "VIVA_ENGINE": engine, **more}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    for name in ("VIVA_MODEL", "VIVA_BASE_URL", "OPENAI_API_KEY"):
        monkeypatch.delenv(name, raising=False)


class Learner:
    """One front end. Turn words are counted, so that two learners with the same script send the
    same ones."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.updates: list[Update] = []
        self.acknowledged: list[str] = []
        self._count = 0

    async def listen(self) -> None:
        async for update in self.client.updates():
            self.updates.append(update)

    async def ask(self, message: Request):
        """The reply; a learner never waits for ever."""
        return await asyncio.wait_for(self.client.request(message), PATIENCE)

    def turn(self) -> str:
        self._count += 1
        return f"t{self._count}"

    async def answer(self, text: str, settle: bool = True, confidence: int = 0) -> None:
        await self.ask(Answer(text, self.turn(), confidence))
        self.acknowledged.append(text)
        if settle:
            await self.settled()

    async def ask_back(self, text: str) -> None:
        await self.ask(AskBack(text, self.turn()))
        self.acknowledged.append(text)
        await self.settled()

    async def act(self, action: Action) -> None:
        await self.ask(Act(action, self.turn()))
        await self.settled()

    async def refused(self, message: Request) -> Refused:
        with pytest.raises(Refused) as caught:
            await self.ask(message)
        return caught.value

    async def settled(self) -> SessionView:
        """The session once the tutor has made all moves it owes."""
        while True:
            session = await self.ask(GetSession())
            if session.phase != "working":
                return session
            await asyncio.sleep(0.05)

    def heard(self) -> list[TurnView]:
        return [u.turn for u in self.updates if isinstance(u, TurnAdded)]

    def phases(self) -> list[str]:
        return [u.session.phase for u in self.updates if isinstance(u, SessionChanged)]


@contextlib.asynccontextmanager
async def learner(close: bool = True) -> AsyncIterator[Learner]:
    """A learner with an engine of its own."""
    one = Learner(await connect())
    listening = asyncio.create_task(one.listen())
    try:
        yield one
    finally:
        listening.cancel()
        if close:
            await asyncio.wait_for(one.client.close(patience=PATIENCE), 2 * PATIENCE)


def said(session: SessionView) -> list[tuple[str, str, str]]:
    """A transcript without its ids and times."""
    return [(t.speaker, t.role, t.text) for t in session.turns]
