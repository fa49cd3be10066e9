"""The engine process: `python -m agents.engine` speaks JSON lines on its pipes. With
`--without-crew` CrewAI stays out, and the built-in tutor plays alone (for tests and benches).

It owns memory, corpus and agents. Nothing of what its libraries print can reach the pipes: standard
output is moved away before they are imported. It ends when its standard input closes.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from agents.codec import CodecError, dump_line
from agents.logs import log_to_file
from agents.neighbour import Door
from agents.protocol import Cancel, Quit, Refused, Request, Trouble, Update
from agents.redact import redact
from agents.startup import begin, begun
from agents.wire import pack_reply, pack_trouble, pack_update, unpack_request
from memory.home import locate

log = logging.getLogger("viva.engine")

THREADS = 16
SETTLE = 2.0
"""Seconds given to requests under way when the engine is to end."""
PATIENCE = 8.0
"""Seconds to wait for an earlier engine, whose screen has just gone, to let go of the folder."""


def take_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Private copies of stdin and stdout; the public ones read and write nothing from now on."""
    lines_in = os.fdopen(os.dup(0), "rb", buffering=0)
    lines_out = os.fdopen(os.dup(1), "wb", buffering=0)
    null = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(null, number)
    os.close(null)
    sys.stdin = Path(os.devnull).open(encoding="utf-8")  # noqa: SIM115
    return lines_in, lines_out


class Engine:
    """Reads requests, has them done in threads, writes replies and updates."""

    def __init__(self, lines_in: BinaryIO, lines_out: BinaryIO, agents: bool = True) -> None:
        self._agents = agents
        self._in = lines_in
        self._out = lines_out
        self._tasks: set[asyncio.Task[None]] = set()
        self._desk: Any = None
        self._ready = asyncio.Event()
        self._trouble: Trouble | None = None
        self._door: Door | None = None

    async def run(self) -> int:
        """Serves until standard input closes or `Quit` comes."""
        loop = asyncio.get_running_loop()
        self._loop = loop
        loop.set_default_executor(ThreadPoolExecutor(THREADS, thread_name_prefix="requests"))
        reader = asyncio.StreamReader(limit=64 * 1024 * 1024)
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), self._in)
        opening = asyncio.create_task(self._open())
        while line := await self._line(reader):
            message = await self._start_request(line)
            if isinstance(message, Quit):
                break
        await opening
        if self._door is not None:
            self._door.close()
        await self._settle()
        if self._desk is not None:
            await asyncio.to_thread(self._desk.close)
        return 0

    async def _settle(self) -> None:
        """Lets the requests under way end, those that wait for a slow model excepted."""
        await self._ready.wait()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=SETTLE)

    async def _line(self, reader: asyncio.StreamReader) -> bytes:
        try:
            return await reader.readline()
        except (ValueError, ConnectionError):
            return b""

    async def _open(self) -> None:
        try:
            from agents.desk import open_desk

            home = locate()
            opened = partial(open_desk, self.publish, home, agents=self._agents, patience=PATIENCE)
            self._desk = await asyncio.to_thread(opened)
            log_to_file(home)
            self._door = Door(home, self._desk.learner, self._reply)
            await self._door.open()
            if not self._agents:
                begun()
        except Refused as refused:
            self._trouble = refused.trouble
        except Exception as error:
            log.exception("the engine could not open")
            self._trouble = Trouble(
                redact(f"the engine could not start: {error}"), "run `viva doctor`", "bug"
            )
        self._ready.set()

    async def _start_request(self, line: bytes) -> Request[Any] | None:
        number = 0
        try:
            data = json.loads(line)
            number = int(data["id"])
            message = unpack_request(data)[1]
        except (CodecError, ValueError, KeyError, TypeError) as error:
            self._write(pack_trouble(number, Trouble(f"not a request: {error}", kind="bug")))
            return None
        if isinstance(message, Quit):
            await self._settle()
            await self._serve(number, message)
            return message
        task = asyncio.create_task(self._serve(number, message))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return message

    async def _serve(self, number: int, message: Request[Any]) -> None:
        self._write(await self._reply(number, message))

    async def _reply(self, number: int, message: Request[Any]) -> dict[str, Any]:
        """The reply to `message`, or the trouble with it, packed."""
        await self._ready.wait()
        if self._desk is None:
            return pack_trouble(number, self._trouble or Trouble("not open"))
        try:
            if isinstance(message, Cancel):
                reply = self._desk.handle(message)
            else:
                reply = await asyncio.to_thread(self._desk.handle, message)
            return pack_reply(number, reply)
        except Refused as refused:
            return pack_trouble(number, refused.trouble)
        except Exception as error:
            log.exception("request %s failed", type(message).__name__)
            trouble = Trouble(
                f"something went wrong: {type(error).__name__}",
                f"{locate() / 'viva.log'} says more",
                "bug",
            )
            return pack_trouble(number, trouble)

    def publish(self, update: Update) -> None:
        """Sends an update; may be called from any thread."""
        data = pack_update(update)
        self._loop.call_soon_threadsafe(self._write, data)

    def _write(self, data: dict[str, Any]) -> None:
        view = memoryview(dump_line(data))
        with contextlib.suppress(BrokenPipeError):
            while view:
                view = view[self._out.write(view) :]


def main() -> int:
    """Runs the engine on this process's pipes."""
    begin()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    lines_in, lines_out = take_pipes()
    agents = "--without-crew" not in sys.argv[1:]
    code = asyncio.run(Engine(lines_in, lines_out, agents).run())
    # Threads abandoned in a hanging model call must not keep the process alive.
    os._exit(code)


if __name__ == "__main__":
    main()
