"""The engine in another process, as a `Tutor`. A dead engine is started again; what it had not
acknowledged is sent again (turn words make that harmless)."""

from __future__ import annotations

import asyncio
import contextlib
import json
import subprocess
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from agents.codec import CodecError, dump_line, from_json
from agents.protocol import (
    Act,
    Answer,
    Ask,
    AskBack,
    Confidence,
    Feedback,
    GetRecap,
    GetSession,
    GetToday,
    Hello,
    Override,
    Quit,
    Refused,
    Request,
    Start,
    Status,
    Trouble,
    Update,
)
from agents.spawn import spawn_engine
from agents.wire import pack_request, reply_type, unpack_update

R = TypeVar("R")

LINE_LIMIT = 64 * 1024 * 1024
RESTARTS, WITHIN = 3, 60.0
"""An engine that dies more than `RESTARTS` times `WITHIN` seconds is not started again."""
REPEATABLE = (
    Answer,
    Ask,
    AskBack,
    Act,
    Confidence,
    Feedback,
    GetRecap,
    GetSession,
    GetToday,
    Hello,
    Override,
    Start,
)
LINGER = 2.0
"""Seconds that an engine may take to end after it has closed its output."""
ENDED = Trouble("the engine has ended", "start Viva again", "unavailable")


@dataclass
class _Waiting:
    message: Request[Any]
    future: asyncio.Future[Any]


@dataclass
class Client:
    """One engine and the requests under way. Make it with `connect`."""

    spawn: Callable[[], subprocess.Popen[bytes]] = spawn_engine
    _process: subprocess.Popen[bytes] | None = None
    _writer: asyncio.StreamWriter | None = None
    _reader_task: asyncio.Task[None] | None = None
    _waiting: dict[int, _Waiting] = field(default_factory=dict)
    _listeners: list[asyncio.Queue[Update]] = field(default_factory=list)
    _next: int = 0
    _closing: bool = False
    _deaths: list[float] = field(default_factory=list)
    _in_session: bool = False
    _over: Trouble | None = None
    _background: asyncio.Task[None] | None = None

    async def open(self, process: subprocess.Popen[bytes] | None = None) -> None:
        """Connects to `process`, or to a new engine."""
        self._process = process or self.spawn()
        loop = asyncio.get_running_loop()
        reader = asyncio.StreamReader(limit=LINE_LIMIT)
        await loop.connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), self._process.stdout
        )
        transport, protocol = await loop.connect_write_pipe(
            asyncio.streams.FlowControlMixin, self._process.stdin
        )
        self._writer = asyncio.StreamWriter(transport, protocol, reader, loop)
        self._reader_task = asyncio.create_task(self._read(reader))

    @property
    def pid(self) -> int | None:
        """The engine's process id."""
        return self._process.pid if self._process else None

    async def request(self, message: Request[R]) -> R:
        """Sends `message` and returns its reply. Raises `Refused`."""
        if self._over is not None:
            raise Refused(self._over)
        self._next += 1
        number = self._next
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting[number] = _Waiting(message, future)
        self._send(number, message)
        try:
            reply = await future
        finally:
            self._waiting.pop(number, None)
        if isinstance(message, Start):
            self._in_session = True
        return reply

    def _send(self, number: int, message: Request[Any]) -> None:
        if self._writer is not None and not self._writer.is_closing():
            self._writer.write(dump_line(pack_request(number, message)))

    async def updates(self) -> AsyncIterator[Update]:
        """All updates from now on, in order."""
        queue: asyncio.Queue[Update] = asyncio.Queue()
        self._listeners.append(queue)
        try:
            while True:
                yield await queue.get()
        finally:
            self._listeners.remove(queue)

    def _publish(self, update: Update) -> None:
        for queue in self._listeners:
            queue.put_nowait(update)

    async def _read(self, reader: asyncio.StreamReader) -> None:
        with contextlib.suppress(ValueError, ConnectionError):
            while line := await reader.readline():
                self._take(line)
        if self._closing:
            self._fail_all(ENDED)
        else:
            await self._engine_died()

    def _take(self, line: bytes) -> None:
        try:
            data = json.loads(line)
            if "update" in data:
                self._publish(unpack_update(data))
                return
            waiting = self._waiting.get(data["id"])
            if waiting is None or waiting.future.done():
                return
            if "trouble" in data:
                waiting.future.set_exception(Refused(from_json(Trouble, data["trouble"])))
            else:
                kind = reply_type(type(waiting.message))
                waiting.future.set_result(from_json(kind, data["reply"]))
        except (CodecError, ValueError, KeyError, TypeError) as error:
            self._publish(
                Status("failed", f"the engine sent a line that is not understood: {error}")
            )

    async def _engine_died(self) -> None:
        now = time.monotonic()
        self._deaths = [t for t in self._deaths if now - t < WITHIN] + [now]
        await self._reap()
        if len(self._deaths) > RESTARTS:
            self._give_up("the engine keeps stopping")
            return
        self._publish(
            Status("restarting", "the engine stopped; starting it again, nothing is lost")
        )
        try:
            await self.open()
        except OSError as error:
            self._give_up(f"the engine cannot be started: {error}")
            return
        self._resend()
        if self._in_session:
            self._background = asyncio.create_task(self._take_up())

    async def _reap(self) -> None:
        if self._process is None:
            return
        try:
            await asyncio.to_thread(self._process.wait, LINGER)
        except subprocess.TimeoutExpired:
            self._process.kill()
            await asyncio.to_thread(self._process.wait)

    async def _take_up(self) -> None:
        """Has the new engine take up the session, so that a move it still owes is made."""
        with contextlib.suppress(Refused):
            await self.request(GetSession())

    def _resend(self) -> None:
        for number, waiting in list(self._waiting.items()):
            if waiting.future.done():
                continue
            if isinstance(waiting.message, REPEATABLE):
                self._send(number, waiting.message)
            else:
                trouble = Trouble("the engine stopped while doing this", "try again", "unavailable")
                waiting.future.set_exception(Refused(trouble))

    def _give_up(self, message: str) -> None:
        mend = "run `viva doctor`; everything acknowledged is kept"
        self._publish(Status("failed", f"{message}; `viva doctor` may tell why"))
        self._fail_all(Trouble(message, mend, "unavailable"))

    def _fail_all(self, trouble: Trouble) -> None:
        """No request gets a reply any more."""
        self._over = trouble
        for waiting in self._waiting.values():
            if not waiting.future.done():
                waiting.future.set_exception(Refused(trouble))

    async def close(self, patience: float = 5.0) -> None:
        """Lets the engine close its memory and end; it is killed if it takes too long."""
        self._closing = True
        process = self._process
        if process is None or self._writer is None:
            return
        with contextlib.suppress(Refused, asyncio.TimeoutError, ConnectionError):
            await asyncio.wait_for(self.request(Quit()), patience)
        self._writer.close()
        try:
            await asyncio.to_thread(process.wait, patience)
        except subprocess.TimeoutExpired:
            process.kill()
            await asyncio.to_thread(process.wait)
        if self._reader_task is not None:
            self._reader_task.cancel()
        self._fail_all(self._over or ENDED)  # the reader may not have come to it


async def connect(process: subprocess.Popen[bytes] | None = None) -> Client:
    """A client of `process` (from `agents.spawn`), or of an engine it starts."""
    client = Client()
    await client.open(process)
    return client
