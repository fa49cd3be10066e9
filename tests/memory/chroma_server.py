"""A Chroma server of the tests' own, on loopback."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from pathlib import Path


def unused_port() -> int:
    """A port on loopback at which nothing answers."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


class ChromaServer:
    """`chroma run` over a folder; stopped and started again it keeps its address and its data."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = unused_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        program = Path(sys.executable).with_name("chroma")
        at = ("--host", "127.0.0.1", "--port", str(self.port))
        self.process = subprocess.Popen(
            [program, "run", "--path", self.folder, *at],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.1)
        raise TimeoutError("the server did not start")

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()
