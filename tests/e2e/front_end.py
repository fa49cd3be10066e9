"""A front end to be killed: sends one answer, says so, and waits for its end."""

from __future__ import annotations

import asyncio
import sys

from agents.client import connect
from agents.protocol import Answer, Start


async def main(question: str, text: str) -> None:
    client = await connect()
    await client.request(Start(question=question))
    await client.request(Answer(text, "first"))
    print("acknowledged", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
