"""With no model configured nothing leaves the machine, and no library says or leaves anything."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from agents.codec import dump_line
from agents.protocol import (
    AddSource,
    Answer,
    Ask,
    GetRecap,
    GetSession,
    GetToday,
    Hello,
    Recall,
    Refused,
    Request,
    SearchCorpus,
    Start,
)
from agents.wire import pack_request
from tests.e2e.playing import ROOT, Learner, learner, use
from tests.e2e.test_kill import loaded

DOCUMENT = """\
# Notes
1. What is a token?
A token is a piece of text that the model reads as one unit.
2. What is a context window?
The context window is the number of tokens a model can attend to at once.
"""


async def busy_session(one: Learner, document: Path) -> None:
    await one.ask(GetToday())
    await one.ask(Start(questions=1))
    await one.answer("It is a way to weigh tokens by queries, keys and values.")
    await one.act("hint")
    await one.ask_back("What do you mean by that?")
    await one.act("tell")
    await one.act("more")
    await one.ask(Ask("What did I say about attention?", "a1"))
    await one.ask(Recall("attention"))
    await one.ask(SearchCorpus("attention"))
    await one.ask(AddSource(str(document), deck="notes"))
    await one.act("finish")
    await one.ask(GetRecap())


UNSHARED = (
    shutil.which("unshare") is not None
    and not subprocess.run(["unshare", "-rn", "true"], capture_output=True).returncode
)
WORLD = "unshare -rn " if UNSHARED else ""
"""A world without any network, where the system lets us make one."""


@pytest.mark.slow
async def test_no_attempt_to_reach_the_network_and_nothing_outside_the_data_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    home, user, folder = tmp_path / "home", tmp_path / "user", tmp_path / "cwd"
    user.mkdir()
    folder.mkdir()
    (folder / ".env").write_text("VIVA_MODEL=openai/gpt-stray\nOPENAI_API_KEY=stray\n")
    document = tmp_path / "notes.txt"
    document.write_text(DOCUMENT)
    record = tmp_path / "network"
    script = ROOT / "tests" / "e2e" / "watched_engine.py"
    use(
        monkeypatch,
        home,
        f"{WORLD}{sys.executable} {script}",
        WATCH_FILE=str(record),
        HOME=str(user),
    )
    for name in ("XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "PYTHONPATH"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.chdir(folder)
    async with learner() as one:
        await loaded(one)
        await busy_session(one, document)
        assert (await one.ask(GetSession())).usage.model == "", "the stray settings were read"
    assert record.read_text() == ""
    assert record.with_suffix(".crew").read_text() == "True"
    assert record.with_suffix(".signals").read_text() == "", "a library took a signal"
    assert [p.name for p in user.rglob("*")] == []
    assert [p.name for p in folder.rglob("*")] == [".env"]
    assert (home / "viva-home.json").is_file()


def test_every_byte_on_the_pipe_is_ours_and_standard_error_is_empty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Started by hand, with `print`, warnings and a library's own noise on: only lines of ours."""
    use(monkeypatch, tmp_path / "home")
    requests: list[Request] = [Hello(), GetToday(), Start(questions=1), Answer("x" * 50, "t1")]
    lines = [dump_line(pack_request(i, r)) for i, r in enumerate(requests, 1)]
    garbage = [b"not json\n", b"[]\n", b'{"id": 8, "call": "Nothing"}\n', b'{"id": "x"}\n', b"\n"]
    done = subprocess.run(
        [sys.executable, "-W", "always", "-m", "agents.engine", "--without-crew"],
        input=b"".join([*lines, *garbage, b'{"id": 9, "call": "Quit"}\n']),
        capture_output=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONWARNINGS": "always"},
        timeout=60,
    )
    assert done.stderr == b""
    assert done.returncode == 0
    messages = [json.loads(line) for line in done.stdout.splitlines()]
    for message in messages:
        assert message.keys() in ({"update", "data"}, {"id", "reply"}, {"id", "trouble"})
    assert not [m for m in messages if m.get("id") in (1, 2, 3, 9) and "trouble" in m]
    answered = {m["id"] for m in messages if "reply" in m}
    assert {1, 2, 3, 9} <= answered
    assert sum("trouble" in m and m["trouble"]["kind"] == "bug" for m in messages) >= 3


async def test_an_unknown_setting_is_named_with_the_one_that_was_meant(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    use(monkeypatch, tmp_path / "home", VIVA_THEEME="dark")
    async with learner() as one:
        refused: Refused = await one.refused(GetToday())
    assert "VIVA_THEEME" in refused.trouble.message
    assert "theme" in refused.trouble.mend
