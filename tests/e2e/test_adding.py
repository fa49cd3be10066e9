"""`viva add`, as a shell runs it: what came of every file is said, and counted rightly."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.e2e.test_commands import viva

DECK = """\
id: letters
title: Letters
questions:
- id: what-is-x
  ask: What is X?
  answer: X is the letter before Y.
  expectations:
  - id: before
    text: before Y
- id: what-is-z
  ask: What is Z?
  answer: Z is the last letter.
  expectations:
  - id: last
    text: the last letter
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def deck(tmp_path: Path) -> Path:
    path = tmp_path / "letters.yaml"
    path.write_text(DECK)
    return path


def test_a_dry_run_shows_the_questions_of_a_deck_as_they_stand(home: Path, deck: Path):
    found = json.loads(viva(home, "add", str(deck), "--dry-run", "--json").stdout)
    assert [(q["ask"], q["where"]) for q in found["questions"]] == [
        ("What is X?", "letters.yaml, line 4"),
        ("What is Z?", "letters.yaml, line 10"),
    ]
    assert found["questions"][0]["expectations"] == [{"id": "before", "text": "before Y"}]


def test_a_dry_run_tells_what_is_wrong_in_a_deck(home: Path, deck: Path):
    deck.write_text(DECK.replace("ask: What is Z?", "aks: What is Z?"))
    done = viva(home, "add", str(deck), "--dry-run")
    assert done.returncode == 1
    assert "letters.yaml:11: there is no field `aks`" in done.stderr


def test_a_folder_that_is_a_deck_is_read_as_one(home: Path, tmp_path: Path):
    folder = tmp_path / "letters"
    folder.mkdir()
    (folder / "deck.yaml").write_text("id: letters\ntitle: Letters\n")
    (folder / "questions.yaml").write_text(DECK.partition("questions:\n")[2])
    found = json.loads(viva(home, "add", str(folder), "--dry-run", "--json").stdout)
    assert [q["where"] for q in found["questions"]] == [
        "questions.yaml, line 1",
        "questions.yaml, line 7",
    ]
    (done,) = json.loads(viva(home, "add", str(folder), "--json").stdout)
    assert (done["deck"], done["added"]) == ("letters", 2)
    (folder / "notes.md").write_text("## What is A?\n\nThe first letter.\n")
    found = json.loads(viva(home, "add", str(folder), "--dry-run", "--json").stdout)
    assert [q["ask"] for q in found["questions"]] == ["What is A?"]


def test_a_question_that_changed_is_counted_as_changed(home: Path, tmp_path: Path):
    bank = tmp_path / "bank.txt"
    bank.write_text("Q: What is A?\nA: The first letter.\n\nQ: What is B?\nA: The second letter.\n")
    viva(home, "add", str(bank))
    bank.write_text(bank.read_text().replace("second letter", "second sign"))
    said = " ".join(viva(home, "add", str(bank)).stdout.split())
    assert "2 questions found, 0 new in deck 'bank', 1 changed, 1 known already" in said


def test_a_deck_whose_points_changed_is_brought_in_anew(home: Path, deck: Path):
    viva(home, "add", str(deck))
    deck.write_text(DECK.replace("text: the last letter", "text: comes last"))
    (done,) = json.loads(viva(home, "add", str(deck), "--json").stdout)
    assert (done["added"], done["updated"], done["known"]) == (0, 1, 1)
    assert "comes last" in viva(home, "show", "what-is-z").stdout


def test_what_came_of_each_file_is_said_and_one_that_gave_nothing_is_a_failure(
    home: Path, deck: Path, tmp_path: Path
):
    empty, broken = tmp_path / "empty.txt", tmp_path / "broken.yaml"
    empty.touch()
    broken.write_text("questions: [oops")
    done = viva(home, "add", str(broken), str(empty), str(deck))
    said = " ".join(done.stdout.split())
    assert done.returncode == 1
    assert "left out empty.txt: the file is empty" in said
    assert "letters.yaml: 2 questions found, 2 new" in said
    assert "not valid YAML" in done.stderr


def test_a_question_without_a_topic_leaves_no_gap_and_is_counted(home: Path, deck: Path):
    viva(home, "add", str(deck))
    assert "letters · level 2 · new" in viva(home, "show", "what-is-x").stdout
    today = json.loads(viva(home, "due", "--json").stdout)["today"]
    every = [t["questions"] for t in today["readiness"]]
    assert every[-1] == sum(every[:-1]) + 2


def test_one_of_a_thing_is_named_as_one(home: Path, tmp_path: Path):
    bank, out = tmp_path / "bank.txt", tmp_path / "out.jsonl"
    bank.write_text("Q: What is A?\nA: The first letter.\n")
    assert "1 question, 0 cards for review" in viva(home, "add", str(bank), "--dry-run").stdout
    assert "bank.txt: 1 question found" in " ".join(viva(home, "add", str(bank)).stdout.split())
    assert "1 event written" in viva(home, "export", str(out)).stdout
    assert "1 of 1 event was new" in viva(tmp_path / "other", "import", str(out)).stdout
    removed = viva(home, "decks", "--remove", "bank", "--history", "keep").stdout
    assert "with 1 question." in removed
