"""Sessions with real inference servers on this computer and tiny models of random weights: llama.cpp's
own server, whose grammar makes every reply fit its schema, and `transformers serve`, which has no such
thing. The words are noise; the session must not care.

Set `LLAMACPP_PYTHON` to an interpreter that has `xllamacpp` (llama.cpp in a wheel) and `gguf`, and
`INFERENCE_PYTHON` to one that has `transformers[serving]` and `torch`.
"""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from agents.usage import UsageLog, Use
from tests.agents.playing import Player

TESTS = Path(__file__).parent.parent
PYTHONS = {
    "llamacpp": os.environ.get("LLAMACPP_PYTHON", ""),
    "transformers": os.environ.get("INFERENCE_PYTHON", ""),
}
PATIENCE = 120.0

pytestmark = [pytest.mark.inference, pytest.mark.timeout(400)]


@dataclass(frozen=True)
class Served:
    """A running server: the model's name as the setting wants it, and the address."""

    kind: str
    model: str
    url: str


@pytest.fixture(scope="module", params=PYTHONS)
def server(request: pytest.FixtureRequest, tmp_path_factory: Any) -> Iterator[Served]:
    kind, python = request.param, PYTHONS[request.param]
    if not python:
        pytest.skip(f"no interpreter is named that has the server of {kind}")
    folder = tmp_path_factory.mktemp(kind)
    quiet = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "DO_NOT_TRACK": "1"}
    environment = {**os.environ, **quiet, "OMP_NUM_THREADS": "1"}
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    if kind == "llamacpp":
        model = "llamacpp/tiny"
        command = [python, str(TESTS / "tiny_gguf.py"), str(folder / "tiny.gguf"), str(port)]
    else:
        model = f"openai/{folder}"
        written = [python, str(TESTS / "tiny_model.py"), str(folder)]
        subprocess.run(written, env=environment, check=True)
        command = [python, "-m", "transformers.cli.transformers", "serve", str(folder)]
        command += ["--host", "127.0.0.1", "--port", str(port), "--device", "cpu"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        _wait(f"http://127.0.0.1:{port}/health", process, folder / "log")
        yield Served(kind, model, f"http://127.0.0.1:{port}/v1")
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
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: Served
) -> None:
    monkeypatch.setenv("VIVA_MODEL", server.model)
    monkeypatch.setenv("VIVA_BASE_URL", server.url)
    monkeypatch.setenv("VIVA_TIMEOUT", "60")
    if server.kind == "transformers":
        monkeypatch.setattr("agents.models.REPLY_TOKENS", 24)
    said = "It keeps merging the most frequent adjacent pair of symbols."
    async with Player(tmp_path) as player:
        result = await player.play([said, "/tell", "/next"], questions=1)
    assert result.session.phase == "finished"
    assert result.kept("answered") == [said]
    rows = UsageLog(tmp_path).models()
    assert rows and rows[0].failures + rows[0].replies > 0
    assert rows[0].tokens > 0
    if server.kind == "llamacpp":
        assert rows[0].replies > 0
    assert any("built-in tutor" in text for text in result.statuses)


async def test_real_streaming_reaches_the_screen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: Served
) -> None:
    monkeypatch.setattr("agents.models.REPLY_TOKENS", 24)
    asking = Asking(tmp_path, server)
    pieces: list[str] = []
    reply = asking.ask(None, on_piece=pieces.append)
    assert "".join(pieces) == reply
    assert len(pieces) > 1


class Asking:
    """Asks a server directly, without an interview around it."""

    def __init__(self, home: Path, server: Served) -> None:
        from agents.crew.quiet import import_crewai

        import_crewai(home)
        from agents.crew.breaker import Breaker
        from agents.crew.channel import Channel
        from agents.models import ModelConfig

        self.uses: list[Use] = []
        self.told: list[str] = []
        config = ModelConfig(server.model, server.url, 60)
        breaker = Breaker(0.0)
        self._channel = Channel(config, breaker, self.told.append, self.uses.append, lambda: 0)

    def ask(self, wanted: Any, words: str = "Say something.", on_piece: Any = None) -> Any:
        from agents.crew.job import Job, doing

        keys = ("tools", "callbacks", "available_functions", "from_task", "from_agent")
        arguments = {**dict.fromkeys(keys), "response_model": wanted}
        with doing(Job("test", "try", on_piece=on_piece)) as job:
            return self._channel.ask([{"role": "user", "content": words}], arguments, job)


@pytest.fixture
def constrained(server: Served) -> Served:
    if server.kind != "llamacpp":
        pytest.skip("this server has no grammar")
    return server


@pytest.mark.parametrize("wanted", ["Words", "Explanation", "Claims", "Recap", "Cards"])
def test_a_grammar_makes_noise_fit_every_reply(
    tmp_path: Path, constrained: Served, wanted: str
) -> None:
    from agents import briefs

    asking = Asking(tmp_path, constrained)
    kind = getattr(briefs, wanted)
    for number in range(5):
        assert isinstance(asking.ask(kind, f"Say something else: {number}."), kind)
    assert [(use.outcome, use.calls) for use in asking.uses] == [("ok", 1)] * 5


def test_a_reply_cut_off_by_the_limit_is_the_model_s_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, constrained: Served
) -> None:
    from agents.briefs import Words
    from agents.crew.troubles import Malformed

    monkeypatch.setattr("agents.models.REPLY_TOKENS", 4)
    asking = Asking(tmp_path, constrained)
    with pytest.raises(Malformed):
        asking.ask(Words)
    assert [(use.outcome, use.calls) for use in asking.uses] == [("malformed", 2)]
    assert "could not be used" in asking.told[0]
