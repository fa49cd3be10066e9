"""Memory through the real commands: out, in, copied, put back, made again, forgotten."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.e2e.test_commands import viva

pytestmark = pytest.mark.timeout(400)
SECRET = "zanzibarquokka"
QUESTION = "gradient-checkpointing"
ANSWER = f"Activations are thrown away and {SECRET} computes them again in the backward pass."


def ok(home: Path, *arguments: str, text: str = "") -> str:
    done = viva(home, *arguments, text=text)
    assert done.returncode == 0, done.stderr + done.stdout
    assert "Traceback" not in done.stderr
    return done.stdout


def holds(folder: Path, word: str = SECRET) -> list[str]:
    """The files under `folder` that hold the word, in any of the encodings used here."""
    forms = [word.encode(), word.encode("utf-16-le"), word.upper().encode()]
    return [
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and any(form in path.read_bytes() for form in forms)
    ]


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with one session in it. Copied before it is changed."""
    home = tmp_path_factory.mktemp("memory") / "home"
    ok(home, "--plain", "--question", QUESTION, text=f"{ANSWER}\n/tell\n\n/quit\n")
    ok(home, "ask", f"what was that about {SECRET}?")
    return home


@pytest.fixture
def home(answered: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(answered, tmp_path / "home"))


def test_an_export_is_readable_and_importing_it_twice_adds_it_once(home: Path, tmp_path: Path):
    out = tmp_path / "out.jsonl"
    ok(home, "export", str(out))
    count = sum("event" in json.loads(line) for line in out.read_text("utf-8").splitlines())
    other = tmp_path / "other"
    assert f"{count} of {count} events were new" in ok(other, "import", str(out))
    assert f"0 of {count} events were new" in ok(other, "import", str(out))
    assert SECRET in ok(other, "recall", SECRET)
    again = tmp_path / "again.jsonl"
    ok(other, "export", str(again))

    def told(path: Path) -> list[dict]:
        return [row["event"] for row in map(json.loads, path.open()) if "event" in row]

    assert told(again) == told(out)
    ok(home, "export", str(tmp_path / "history.md"), "--markdown")
    assert ANSWER in (tmp_path / "history.md").read_text("utf-8")
    ok(home, "export", str(tmp_path / "deck.apkg"), "--anki")
    preview = json.loads(ok(home, "add", str(tmp_path / "deck.apkg"), "--dry-run", "--json"))
    assert len(preview["questions"]) > 100


@pytest.mark.slow
def test_a_backup_put_back_is_what_it_was(home: Path, tmp_path: Path):
    kept = tmp_path / "kept"
    ok(home, "backup", str(kept))
    ok(home, "forget", "all", "--yes")
    assert SECRET not in ok(home, "recall", "activations")
    ok(home, "backup", str(kept), "--restore")
    assert SECRET in ok(home, "recall", SECRET)


@pytest.mark.slow
@pytest.mark.parametrize(
    "scope",
    [
        ("question", QUESTION),
        ("deck", "llm-foundations"),
        ("period", "2020-01-01..2099-01-01"),
        ("learner",),
        ("all",),
    ],
    ids=lambda scope: scope[0],
)
def test_what_is_forgotten_is_in_no_file(home: Path, scope: tuple[str, ...]):
    ok(home, "backup")
    assert len(holds(home)) > 1
    ok(home, "forget", *scope, "--yes")
    left = holds(home)
    if scope[0] in ("question", "deck"):
        # What was asked about it in free talk is a conversation of its own, and still there.
        assert SECRET in ok(home, "recall", "what was that about", "--json")
        ok(home, "forget", "period", "2020-01-01..2099-01-01", "--yes")
        left = holds(home)
    assert left == []
    assert SECRET not in ok(home, "recall", SECRET)


@pytest.mark.slow
def test_a_rebuild_changes_nothing_and_another_embedder_serves(home: Path, tmp_path: Path):
    before = ok(home, "profile", "--json"), ok(home, "why", QUESTION, "--json")
    ok(home, "rebuild")
    assert (ok(home, "profile", "--json"), ok(home, "why", QUESTION, "--json")) == before
    assert "Nothing is changed" in ok(home, "rebuild", "--fit")
    assert "Nothing is changed" in ok(home, "rebuild", "--no-fit")
    assert (ok(home, "profile", "--json"), ok(home, "why", QUESTION, "--json")) == before
    assert "lexical" in ok(home, "rebuild", "--embedder", "lexical")
    assert SECRET in ok(home, "recall", SECRET)


def test_what_is_believed_can_be_corrected_and_removed(home: Path):
    first = json.loads(ok(home, "profile", "--json"))[0]
    assert first["events"]
    right = json.loads(ok(home, "profile", "--correct", first["id"], "I know this", "--json"))
    assert any(claim["text"] == "I know this" for claim in right)
    left = json.loads(ok(home, "profile", "--wrong", first["id"], "--json"))
    assert all(claim["id"] != first["id"] for claim in left)


def test_what_cannot_be_taken_in_is_said(home: Path, tmp_path: Path):
    for name, text in (("a.jsonl", "{"), ("b.jsonl", '{"viva": "export", "format": 99}')):
        (tmp_path / name).write_text(text)
        done = viva(home, "import", str(tmp_path / name))
        assert done.returncode != 0
        assert name in done.stderr and "line 1" in done.stderr
    (tmp_path / "c.apkg").write_text("no archive")
    for name, said in (("c.apkg", "not a whole Anki package"), ("d.apkg", "No such file")):
        done = viva(home, "import", str(tmp_path / name))
        assert done.returncode == 1 and name in done.stderr and said in done.stderr
        assert "Errno" not in done.stderr
    done = viva(home, "backup", str(tmp_path))
    assert done.returncode == 1 and "is there already" in done.stderr
    done = viva(home, "backup", str(tmp_path / "none"), "--restore")
    assert done.returncode != 0 and "no backup" in done.stderr
    done = viva(home, "rebuild", "--embedder", "nonsense")
    assert done.returncode != 0 and "Traceback" not in done.stderr
