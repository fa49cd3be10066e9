"""One learner, two machines, one Chroma server: the real commands on two data folders."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.test_commands import viva
from tests.memory.chroma_server import ChromaServer

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]
SECRET = "zanzibarquokka"
QUESTION = "gradient-checkpointing"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ChromaServer]:
    made = ChromaServer(tmp_path / "server")
    yield made
    made.stop()


def ok(home: Path, server: ChromaServer, *arguments: str, text: str = "") -> str:
    done = viva(home, *arguments, text=text, more={"VIVA_MEMORY": server.url})
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


def events(home: Path, server: ChromaServer, out: Path) -> dict[str, object]:
    ok(home, server, "export", str(out))
    rows = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    return {row["event"]["id"]: row["event"] for row in rows if "event" in row}


def test_what_was_said_on_one_machine_is_known_to_the_next_command_on_the_other(
    server: ChromaServer, tmp_path: Path
):
    one, two = tmp_path / "one", tmp_path / "two"
    said = f"Activations are dropped and {SECRET} computes them again in the backward pass."
    ok(one, server, "--plain", "--question", QUESTION, text=f"{said}\n/quit\n")
    assert SECRET in ok(two, server, "recall", SECRET)

    server.stop()
    away = "The keys and values of earlier tokens are kept, so a step computes only its own."
    ok(two, server, "--plain", "--question", "kv-cache", text=f"{away}\n/quit\n")
    server.start()

    theirs = events(two, server, tmp_path / "two.jsonl")
    assert events(one, server, tmp_path / "one.jsonl") == theirs
    assert {said, away} <= {
        str(row.get("text")) for row in theirs.values() if isinstance(row, dict)
    }
    assert ok(one, server, "due", "--json") == ok(two, server, "due", "--json")
