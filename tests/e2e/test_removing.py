"""Taking a deck or a document out again, its history kept or forgotten as the learner says."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.e2e.test_commands import NO_CREW, viva
from tui.commands import decks

pytestmark = pytest.mark.timeout(400)
SECRET = "zanzibarquokka"
BANK = """1. What is a {0} mutex?

A {0} mutex lets one thread at a time into a critical section.

2. What is a {0} semaphore?

A {0} semaphore lets a fixed number of threads in and makes the others wait.
"""


def names(home: Path) -> set[str]:
    return {d["id"] for d in json.loads(viva(home, "decks", "--json", code=NO_CREW).stdout)}


@pytest.fixture(scope="module")
def studied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the deck `mine` from two documents, a question of the first answered."""
    folder = tmp_path_factory.mktemp("removing")
    home = folder / "home"
    for kind in ("fair", "fast"):
        document = folder / f"{kind}.txt"
        document.write_text(BANK.format(kind))
        done = viva(home, "add", str(document), "--deck", "mine", code=NO_CREW)
        assert done.returncode == 0, done.stderr
    shelf = json.loads(viva(home, "add", str(folder / "fair.txt"), "--dry-run", "--json").stdout)
    question = shelf["questions"][0]["id"]
    text = f"One thread at a time, says {SECRET}.\n/tell\n\n/quit\n"
    done = viva(home, "--plain", "--question", question, text=text)
    assert done.returncode == 0, done.stderr
    return home


@pytest.fixture
def home(studied: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(studied, tmp_path / "home"))


@pytest.mark.parametrize("name", ["mine", "fair.txt"])
@pytest.mark.parametrize("history", ["keep", "forget"])
def test_what_is_removed_is_gone_and_its_history_as_wished(
    home: Path, name: str, history: str
) -> None:
    done = viva(home, "decks", "--remove", name, "--history", history, code=NO_CREW)
    assert done.returncode == 0, done.stderr
    assert f"with {4 if name == 'mine' else 2} questions" in done.stdout
    assert ("mine" in names(home)) == (name != "mine")
    recalled = viva(home, "recall", SECRET, "--json", code=NO_CREW).stdout
    assert (SECRET in recalled) == (history == "keep")
    held = [p for p in home.rglob("*") if p.is_file() and SECRET.encode() in p.read_bytes()]
    assert bool(held) == (history == "keep")
    found = viva(home, "search", "fair mutex thread", "--json", code=NO_CREW).stdout
    assert "fair mutex" not in found
    assert ("fast mutex" in found) == (name != "mine")


def test_what_cannot_be_removed_is_said_and_changes_nothing(home: Path) -> None:
    before = names(home)
    for name, history, said in (
        ("mine", (), "--history keep or --history forget"),
        ("nonsense", ("--history", "keep"), "no deck or document 'nonsense'"),
        ("llm-foundations", ("--history", "forget"), "comes with Viva"),
    ):
        done = viva(home, "decks", "--remove", name, *history, code=NO_CREW)
        assert done.returncode == 1 and said in done.stderr and "Traceback" not in done.stderr
    assert names(home) == before
    assert SECRET in viva(home, "recall", SECRET, "--json", code=NO_CREW).stdout


@pytest.mark.parametrize(
    ("reply", "forget"), [("keep", False), (" Forget ", True), ("", None), ("yes", None)]
)
def test_on_a_terminal_the_learner_is_asked(
    monkeypatch: pytest.MonkeyPatch, reply: str, forget: bool | None
) -> None:
    sent: list[decks.RemoveSource] = []
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", lambda _: reply)
    monkeypatch.setattr(decks, "answer", lambda request, *_: sent.append(request) or 0)
    assert decks.run(["--remove", "mine"]) == (1 if forget is None else 0)
    assert [r.forget for r in sent] == ([] if forget is None else [forget])
