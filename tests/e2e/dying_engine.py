"""An engine that dies by SIGKILL at the moments named in the file `DEATHS_FILE`, one a line.

A line is ``before KIND`` or ``after KIND`` (of the event being written) or ``before close``; the
first line counts, and is struck out before the engine dies of it.
"""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

from agents.recorder import Recorder
from memory.events import Event, Kind
from memory.store import Memory

DEATHS = Path(os.environ["DEATHS_FILE"])


def die(moment: str) -> None:
    first, _, rest = DEATHS.read_text().partition("\n")
    if first == moment:
        DEATHS.write_text(rest)
        os.kill(os.getpid(), signal.SIGKILL)


def install() -> None:
    write, close = Recorder.write, Memory.close

    def writing(self: Recorder, kind: Kind, session: str, text: str = "", **fields: Any) -> Event:
        die(f"before {kind}")
        event = write(self, kind, session, text, **fields)
        die(f"after {kind}")
        return event

    def closing(self: Memory) -> None:
        die("before close")
        close(self)

    Recorder.write = writing  # type: ignore[method-assign]
    Memory.close = closing  # type: ignore[method-assign]


if __name__ == "__main__":
    install()
    from agents.engine import main

    main()
