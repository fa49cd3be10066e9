"""A session with a real inference server on this computer: `transformers serve` and a tiny model of
random weights. Its words are noise; the session must not care.

Set `INFERENCE_PYTHON` to an interpreter that has `transformers[serving]` and `torch`.
"""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from agents.usage import UsageLog
from tests.agents.playing import Player

PYTHON = os.environ.get("INFERENCE_PYTHON", "")
TINY = Path(__file__).parent.parent / "tiny_model.py"
PATIENCE = 120.0

pytestmark = [
    pytest.mark.inference,
    pytest.mark.timeout(400),
    pytest.mark.skipif(not PYTHON, reason="INFERENCE_PYTHON names no interpreter with torch"),
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The model's name and the address of the server."""
    folder = tmp_path_factory.mktemp("model")
    quiet = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "DO_NOT_TRACK": "1"}
    environment = {**os.environ, **quiet, "OMP_NUM_THREADS": "1"}
    subprocess.run([PYTHON, str(TINY), str(folder)], env=environment, check=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [PYTHON, "-m", "transformers.cli.transformers", "serve", str(folder)]
    command += ["--host", "127.0.0.1", "--port", str(port), "--device", "cpu"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        _wait(f"http://127.0.0.1:{port}/health", process, folder / "log")
        yield str(folder), f"http://127.0.0.1:{port}/v1"
    finally:
        process.kill()
        process.wait()


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        try:
            with urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail(log.read_text(errors="replace")[-2000:])


async def test_a_session_does_not_care_that_the_words_are_noise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: tuple[str, str]
) -> None:
    name, url = server
    monkeypatch.setenv("VIVA_MODEL", f"openai/{name}")
    monkeypatch.setenv("VIVA_BASE_URL", url)
    monkeypatch.setenv("VIVA_TIMEOUT", "60")
    monkeypatch.setattr("agents.models.REPLY_TOKENS", 24)
    said = "It keeps merging the most frequent adjacent pair of symbols."
    async with Player(tmp_path) as player:
        result = await player.play([said, "/tell", "/next"], questions=1)
    assert result.session.phase == "finished"
    assert result.kept("answered") == [said]
    rows = UsageLog(tmp_path).models()
    assert rows and rows[0].failures + rows[0].replies > 0
    assert rows[0].tokens > 0
    assert any("built-in tutor" in text for text in result.statuses)


async def test_real_streaming_reaches_the_screen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: tuple[str, str]
) -> None:
    from agents.crew.breaker import Breaker
    from agents.crew.quiet import import_crewai
    from agents.models import ModelConfig

    import_crewai(tmp_path)
    from agents.crew.channel import Channel
    from agents.crew.job import Job, doing

    name, url = server
    monkeypatch.setattr("agents.models.REPLY_TOKENS", 24)
    uses: list[object] = []
    channel = Channel(
        ModelConfig(f"openai/{name}", url, 60), Breaker(), print, uses.append, lambda: 0
    )
    pieces: list[str] = []
    keys = ("tools", "callbacks", "available_functions", "from_task", "from_agent")
    arguments = {**dict.fromkeys(keys), "response_model": None}
    with doing(Job("test", "stream", on_piece=pieces.append)) as job:
        reply = channel.ask([{"role": "user", "content": "Say something."}], arguments, job)
    assert "".join(pieces) == reply
    assert len(pieces) > 1
