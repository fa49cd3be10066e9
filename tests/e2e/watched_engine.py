"""An engine that writes every attempt to reach the network to the file `WATCH_FILE`."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

NETWORK = ("socket.connect", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname")
WATCH = Path(os.environ["WATCH_FILE"])


def watch(event: str, args: tuple[object, ...]) -> None:
    if event in NETWORK:
        with WATCH.open("a", encoding="utf-8") as out:
            out.write(f"{event} {args!r}\n")


def tell_signals() -> None:
    """Writes down whose signal handlers are installed once the engine has ended."""
    names = ("SIGINT", "SIGTERM", "SIGHUP", "SIGTSTP", "SIGCONT")
    handlers = {name: signal.getsignal(getattr(signal, name)) for name in names}
    foreign = [n for n, h in handlers.items() if not isinstance(h, signal.Handlers)]
    with WATCH.with_suffix(".signals").open("w", encoding="utf-8") as out:
        out.write(" ".join(foreign))
    crew = "crewai" in sys.modules
    WATCH.with_suffix(".crew").write_text(str(crew), encoding="utf-8")


if __name__ == "__main__":
    sys.addaudithook(watch)
    WATCH.touch()
    from agents import engine

    leave = os._exit

    def leaving(code: int) -> None:
        tell_signals()
        leave(code)

    os._exit = leaving  # type: ignore[assignment]
    engine.main()
