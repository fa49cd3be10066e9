"""The engine in this process, as a `Tutor`."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import TypeVar

from agents.desk import Desk, open_desk
from agents.logs import log_to_file
from agents.protocol import Request, Update
from memory.events import now_ms
from memory.home import locate

R = TypeVar("R")


class LocalTutor:
    """A desk behind the `Tutor` protocol. `agents` False leaves CrewAI out."""

    def __init__(
        self,
        home: Path | None = None,
        clock: Callable[[], int] = now_ms,
        agents: bool = False,
    ) -> None:
        self._listeners: list[tuple[asyncio.AbstractEventLoop, asyncio.Queue[Update]]] = []
        self.desk: Desk = open_desk(self._publish, home, clock, agents)
        if not logging.getLogger().handlers:
            log_to_file(home or locate())

    def _publish(self, update: Update) -> None:
        for loop, queue in self._listeners:
            loop.call_soon_threadsafe(queue.put_nowait, update)

    async def request(self, message: Request[R]) -> R:
        """Has the desk serve `message` in a thread. Raises `Refused`."""
        return await asyncio.to_thread(self.desk.handle, message)

    async def updates(self) -> AsyncIterator[Update]:
        """All updates from now on, in order."""
        entry = asyncio.get_running_loop(), asyncio.Queue[Update]()
        self._listeners.append(entry)
        try:
            while True:
                yield await entry[1].get()
        finally:
            self._listeners.remove(entry)

    async def close(self) -> None:
        """Closes memory; an unfinished session stays resumable."""
        await asyncio.to_thread(self.desk.close)
