"""Look-ups from another process, while this data folder is in use: `viva show` beside an open Viva.

The engine that holds the folder listens on a socket in it; the line protocol is that of the pipe.
Only what changes nothing is served, and only to processes of the same learner and user.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import socket
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

from agents.codec import CodecError, dump_line, from_json
from agents.protocol import (
    Doctor,
    GetCards,
    GetClaims,
    GetDecks,
    GetDetail,
    GetEvents,
    GetForecast,
    GetRecap,
    GetRows,
    GetSettings,
    GetToday,
    GetUse,
    Hello,
    Recall,
    Refused,
    Request,
    SearchCorpus,
    Trouble,
    Why,
)
from agents.wire import pack_request, pack_trouble, reply_type, unpack_request

R = TypeVar("R")
Reply = Callable[[int, Request[Any]], Awaitable[dict[str, Any]]]
"""Serves a request and packs its reply or trouble; raises nothing."""

LOOK_UPS = (
    Doctor,
    GetCards,
    GetClaims,
    GetDecks,
    GetDetail,
    GetEvents,
    GetForecast,
    GetRecap,
    GetRows,
    GetSettings,
    GetToday,
    GetUse,
    Hello,
    Recall,
    SearchCorpus,
    Why,
)
_NAME = "viva.sock"
_LONGEST = 100
"""Bytes of a path that every system takes for a socket."""
_LINE = 1024 * 1024
_PATIENCE = 60.0


def _place(home: Path) -> str | None:
    path = str(home / _NAME)
    usable = sys.platform != "win32" and len(os.fsencode(path)) <= _LONGEST
    return path if usable else None


class Door:
    """Where other processes knock. Open it only while the folder's lock is held."""

    def __init__(self, home: Path, learner: str, reply: Reply) -> None:
        self._path = _place(home)
        self._learner = learner
        self._reply = reply
        self._server: asyncio.Server | None = None

    async def open(self) -> None:
        """Listens, if the system and the folder allow it; without it nothing else is lost."""
        if self._path is None:
            return
        with contextlib.suppress(OSError):
            Path(self._path).unlink(missing_ok=True)
            self._server = await asyncio.start_unix_server(self._serve, self._path, limit=_LINE)
            Path(self._path).chmod(0o600)

    def close(self) -> None:
        """Listens no more and leaves nothing behind."""
        if self._server is not None and self._path is not None:
            self._server.close()
            with contextlib.suppress(OSError):
                Path(self._path).unlink(missing_ok=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, ValueError):
            while line := await reader.readline():
                writer.write(dump_line(await self._answer(line)))
                await writer.drain()
        writer.close()

    async def _answer(self, line: bytes) -> dict[str, Any]:
        try:
            data = json.loads(line)
            number, message = unpack_request(data)
        except (CodecError, ValueError, KeyError, TypeError, AttributeError) as error:
            return pack_trouble(0, Trouble(f"not a request: {error}", kind="bug"))
        if data.get("learner") != self._learner or not isinstance(message, LOOK_UPS):
            return pack_trouble(number, Trouble("not served here", kind="unavailable"))
        return await self._reply(number, message)


class Neighbour:
    """The engine that holds a data folder, as seen from a command."""

    def __init__(self, home: Path, learner: str, refused: Refused) -> None:
        """`refused` says that the folder is in use; it is raised for what is no look-up."""
        self._path = _place(home)
        self._learner = learner
        self._refused = refused

    def handle(self, message: Request[R]) -> R:
        """The reply to a look-up. Raises `Refused`, also when nobody answers."""
        if self._path is None or not isinstance(message, LOOK_UPS):
            raise self._refused
        line = pack_request(1, message) | {"learner": self._learner}
        try:
            with socket.socket(socket.AF_UNIX) as at:
                at.settimeout(_PATIENCE)
                at.connect(self._path)
                at.sendall(dump_line(line))
                with at.makefile("rb") as replies:
                    data = json.loads(replies.readline())
            if "trouble" in data:
                trouble = from_json(Trouble, data["trouble"])
                raise self._refused if trouble.kind == "unavailable" else Refused(trouble)
            return from_json(reply_type(type(message)), data["reply"])
        except (OSError, ValueError, KeyError) as error:
            raise self._refused from error
