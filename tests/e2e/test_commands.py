"""The shipped commands, as a shell runs them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.e2e.playing import ROOT

VIVA = [sys.executable, "-m", "tui.main"]
NUMBERED = """\
1. What is a token?
A token is a piece of text that the model reads as one unit.

2. What is a context window?
The context window is the number of tokens that a model can attend to at once.
"""
READING = (
    ["decks"],
    ["due"],
    ["show", "gradient-checkpointing"],
    ["why", "gradient-checkpointing"],
    ["search", "attention"],
    ["recall", "attention"],
    ["recap"],
    ["recap", "--since", "last week"],
    ["doctor"],
)
WRONG = (
    ["nonsense"],
    ["show"],
    ["show", "no-such-question"],
    ["due", "--no-such-option"],
    ["goal", "--date", "tomorrow"],
    ["add", "no-such-file.txt"],
    ["recap", "--since", "yesterday-ish"],
    ["study", "--questions", "0"],
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("commands") / "home"


def viva(
    home: Path,
    *arguments: str,
    text: str = "",
    code: str = "",
    more: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """`viva ARGUMENTS` on `home`, with `more` in its environment; `code` runs at the end, in the
    same process."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("VIVA_")} | {
        **(more or {})
    }
    program = VIVA
    if code:
        run = f"import sys; from tui.main import main; c = main(sys.argv[1:]); {code}; sys.exit(c)"
        program = [sys.executable, "-c", run]
    return subprocess.run(
        [*program, *arguments],
        input=text,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**environment, "VIVA_HOME": str(home), "OMP_NUM_THREADS": "1", "TERM": "dumb"},
        timeout=60,
    )


NO_CREW = "assert 'crewai' not in sys.modules, 'crewai was imported'"


@pytest.mark.parametrize("command", READING, ids=lambda c: c[0])
def test_a_command_prints_for_people_and_as_json_and_needs_no_crewai(
    home: Path, command: list[str]
):
    done = viva(home, *command, "--json", code=NO_CREW)
    assert (done.returncode, done.stderr) == (0, "")
    json.loads(done.stdout)


@pytest.mark.parametrize("command", WRONG, ids=" ".join)
def test_what_is_wrong_is_said_with_an_exit_code(home: Path, command: list[str]):
    done = viva(home, *command)
    assert done.returncode != 0
    assert (done.stdout + done.stderr).strip()
    assert "Traceback" not in done.stderr


def test_a_pipe_that_closes_early_is_no_error(home: Path):
    line = f"{sys.executable} -m tui.main show gradient-checkpointing | head -1"
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {line}"],
        cwd=ROOT,
        env={**os.environ, "VIVA_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert "Traceback" not in done.stderr
    assert "BrokenPipe" not in done.stderr
    assert done.stdout.count("\n") == 1


def test_a_goal_is_kept(home: Path):
    day = str(date.today() + timedelta(days=100))
    assert viva(home, "goal", "--date", day, "--minutes", "20").returncode == 0
    assert day in viva(home, "goal", "--json").stdout


def test_the_date_and_the_minutes_of_a_goal_are_set_apart(tmp_path: Path):
    first, later = (str(date.today() + timedelta(days=days)) for days in (50, 60))
    assert "25 min a day" in viva(tmp_path, "goal", "--minutes", "25").stdout
    assert f"to {first}, 25 min a day" in viva(tmp_path, "goal", "--date", first).stdout
    assert f"to {first}, 40 min a day" in viva(tmp_path, "goal", "--minutes", "40").stdout
    assert f"to {later}, 40 min a day" in viva(tmp_path, "goal", "--date", later).stdout
    assert "40 min a day. No date is set" in viva(tmp_path, "goal", "--date", "none").stdout


def test_importing_twice_adds_once(home: Path, tmp_path: Path):
    document = tmp_path / "notes.txt"
    document.write_text(NUMBERED)
    dry = viva(home, "add", str(document), "--dry-run", "--json", code=NO_CREW)
    assert dry.returncode == 0, dry.stderr
    assert len(json.loads(dry.stdout)["questions"]) == 2
    command = ("add", str(document), "--deck", "mine", "--json")
    (first,), (second,) = (json.loads(viva(home, *command).stdout) for _ in range(2))
    assert (first["added"], second["added"]) == (2, 0)


def test_grading_lines_answers_every_line_in_its_place(home: Path):
    lines = [
        {"id": "a", "question": "What is a token?", "references": ["A token is a piece of text."],
         "answer": "A piece of text."},
        {"id": "b", "question": "?", "references": [], "answer": 7},
        {"id": "c", "question": "What is a token?", "references": ["A token is a piece of text."],
         "answer": ""},
    ]  # fmt: skip
    text = "\n".join([json.dumps(line) for line in lines] + ["not json"])
    done = viva(home, "grade", "--jsonl", text=text, code=NO_CREW)
    replies = [json.loads(line) for line in done.stdout.splitlines()]
    assert [reply["id"] for reply in replies[:3]] == ["a", "b", "c"]
    assert "error" in replies[1]
    assert "error" in replies[3]
    assert replies[0]["score"] > replies[2]["score"]
    assert done.returncode == 1
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_a_session_line_by_line_from_a_pipe(home: Path):
    """`viva --plain`: answers, a hint, being told, the next question, leaving; then resumed."""
    script = "Some activations are thrown away.\n/hint\n/tell\n\n/idk\n"
    done = viva(home, "--plain", "--question", "gradient-checkpointing", text=script)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert "\x1b" not in done.stdout
    assert "Verdict" in done.stdout
    again = viva(home, "--plain", "--resume", text="/quit\n")
    assert again.returncode == 0, again.stderr


@pytest.mark.parametrize("command", ["decks", "due"])
def test_a_deck_that_cannot_be_read_is_told(tmp_path: Path, command: str):
    (tmp_path / "decks").mkdir()
    (tmp_path / "decks" / "mine.yaml").write_text("title: Odd\nquestions:\n  - ask: What?\n")
    done = viva(tmp_path, command)
    assert done.returncode == 0
    assert "mine.yaml:3: `id` is missing (add `id: ...`)" in done.stderr
