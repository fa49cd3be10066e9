"""The scripted tutor as an engine process: `python -m tests.tui.scripted_engine`, for `VIVA_ENGINE`.

`VIVA_SCRIPTED` holds keyword arguments of `Scripted` (``past=200,delay=0.05``); every request is
appended as a line of JSON to the file `VIVA_SCRIPTED_LOG`.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

from agents.codec import dump_line
from agents.protocol import AskBack, Done, Quit, Refused, Status
from agents.wire import pack_reply, pack_request, pack_trouble, pack_update, unpack_request
from tests.tui.scripted import Scripted


def options() -> dict[str, Any]:
    """The keyword arguments in `VIVA_SCRIPTED`, as numbers or booleans."""
    pairs = [item.split("=", 1) for item in os.environ.get("VIVA_SCRIPTED", "").split(",") if item]
    return {name: json.loads(value.lower()) for name, value in pairs}


async def main() -> None:
    tutor = Scripted(**options())
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(limit=1 << 26)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin.buffer)
    log = os.environ.get("VIVA_SCRIPTED_LOG")

    def send(data: dict[str, Any]) -> None:
        sys.stdout.buffer.write(dump_line(data))
        sys.stdout.buffer.flush()

    async def pump() -> None:
        async for update in tutor.updates():
            send(pack_update(update))

    async def serve(line: bytes) -> bool:
        number, message = unpack_request(json.loads(line))
        if log:
            with Path(log).open("ab") as file:
                file.write(dump_line(pack_request(number, message)))
        try:
            if isinstance(message, AskBack) and message.text.startswith("chatter "):
                _, words, rate = message.text.split()
                tutor._later(tutor.chatter(int(words), float(rate)))
                send(pack_reply(number, Done(message.turn)))
                return False
            send(pack_reply(number, await tutor.request(message)))
        except Refused as refused:
            send(pack_trouble(number, refused.trouble))
        return isinstance(message, Quit)

    pumping = asyncio.create_task(pump())
    await asyncio.sleep(0)
    tutor.tell(Status("ready"))
    while line := await reader.readline():
        if await serve(line):
            break
    pumping.cancel()


if __name__ == "__main__":
    asyncio.run(main())
