"""What is forgotten is in no file any more."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from stand_in import WordEmbedder

from corpus.passages import Passage
from memory.backup import restore
from memory.events import Event, event_id
from memory.forget import Scope
from memory.home import learner_folder
from memory.store import Memory

SECRET = "zanzibarquokka"


def fill(memory: Memory, secret_at: int = 10) -> None:
    for n in range(20):
        question = "secret-question" if n == secret_at else f"q{n % 3}"
        text = f"I once saw {SECRET} in a tree" if n == secret_at else f"answer number {n}"
        outcome = {"expectation": f"{question}-point", "coverage": 0.5, "aid": "none", "sure": 1.0}
        payload = {"outcomes": [outcome], "note": text}
        memory.append(
            Event(
                event_id(1000 + n, f"a{n:03d}"),
                "answered",
                1000 + n,
                "s1",
                text,
                "learner",
                question,
            )
        )
        memory.append(
            Event(
                event_id(1000 + n, f"c{n:03d}"),
                "closed",
                1000 + n,
                "s1",
                question=question,
                payload=payload,
            )
        )
    memory.flush()
    memory._upkeep.settled()
    memory._knowledge.save(force=True)


def holds(home: Path, word: str) -> list[str]:
    """The files that hold the word, in any of the encodings used here."""
    wanted = [word.encode(), word.encode("utf-16-le"), word.upper().encode()]
    return [
        str(path.relative_to(home))
        for path in home.rglob("*")
        if path.is_file() and any(form in path.read_bytes() for form in wanted)
    ]


@pytest.mark.parametrize("closed_before", [False, True])
def test_a_question_is_gone_from_every_file(
    tmp_path: Path, embedder: WordEmbedder, closed_before: bool
) -> None:
    home = tmp_path / "home"
    memory = Memory.open(home, embedder=embedder)
    fill(memory)
    assert holds(home, SECRET)
    if closed_before:
        memory.close()
        memory = Memory.open(home, embedder=embedder)
    assert memory.forget(Scope(questions=frozenset({"secret-question"}))) == 2
    for word in (SECRET, "secret-question"):
        assert holds(home, word) == []
    assert len(memory.events(kinds=["answered"])) == 19
    assert memory.recall("answer number 9", 1)[0].event.text == "answer number 9"
    assert all(SECRET not in found.event.text for found in memory.recall(SECRET))
    memory.close()
    assert holds(home, SECRET) == []
    with Memory.open(home, embedder=embedder) as memory:
        assert memory.behind() == 0
        assert "secret-question" not in memory.knowledge().to_json()
        assert [e.kind for e in memory.events(newest_first=True, limit=1)] == ["forgotten"]
    assert holds(home, SECRET) == []


def test_what_waits_for_chroma_is_forgotten_too(tmp_path: Path, embedder: WordEmbedder) -> None:
    home = tmp_path / "home"
    with Memory.open(home, embedder=embedder) as memory:
        memory.append(Event(event_id(1), "answered", 1, "s", SECRET))
        assert memory.forget(Scope(everything=True)) == 1
        assert holds(home, SECRET) == []


def test_passages_are_gone_too(tmp_path: Path, embedder: WordEmbedder) -> None:
    home = tmp_path / "home"
    with Memory.open(home, embedder=embedder) as memory:
        memory.set_passages("paper", [Passage("p1", f"On the {SECRET}", "a paper")])
        memory.set_passages("deck", [Passage("p2", "On attention", "a deck")])
        memory.flush()
        assert holds(home, SECRET)
        assert memory.forget_passages(["paper"]) == 1
        assert holds(home, SECRET) == []
        assert [found.id for found in memory.search("attention")] == ["p2"]
    assert holds(home, SECRET) == []


def test_a_period_an_event_and_nothing(tmp_path: Path, embedder: WordEmbedder) -> None:
    home = tmp_path / "home"
    with Memory.open(home, embedder=embedder) as memory:
        fill(memory)
        assert memory.forget(Scope()) == 0
        assert memory.forget(Scope(since=1010, until=1012)) == 4
        assert holds(home, SECRET) == []
        last = memory.events(kinds=["answered"])[-1]
        assert memory.forget(Scope(events=frozenset({last.id}))) == 1
        assert last not in memory.events()
        assert memory.forget(Scope(everything=True)) > 30
        assert [e.kind for e in memory.events()] == ["forgotten"]
        time.sleep(0)
        assert memory.recall("answer") == []


def test_backups_and_what_a_restore_moved_aside_forget_too(
    tmp_path: Path, embedder: WordEmbedder
) -> None:
    home = tmp_path / "home"
    with Memory.open(home, embedder=embedder) as memory:
        fill(memory)
        made = memory.back_up()
        count = len(memory.events())
    restore(made, home, learner_folder(home, "default"))
    (home / "backups" / "default-else-20260101T000000000000Z").mkdir()
    assert len(holds(home, SECRET)) > 2
    with Memory.open(home, embedder=embedder) as memory:
        memory.forget(Scope(questions=frozenset({"secret-question"})))
        assert holds(home, SECRET) == []
    with sqlite3.connect(made / "journal.sqlite3") as db:
        assert db.execute("SELECT count(*) FROM events").fetchone() == (count - 2,)
    assert (home / "backups" / "default-else-20260101T000000000000Z").is_dir()


@pytest.mark.parametrize("step", ["erase_copies", "erase_in_collections", "erase_in_files"])
def test_a_kill_while_forgetting_is_made_good_at_the_next_opening(
    tmp_path: Path, python: Callable[..., str], embedder: WordEmbedder, step: str
) -> None:
    home = tmp_path / "home"
    with Memory.open(home, embedder=embedder) as memory:
        fill(memory)
        memory.back_up()
    python(
        """
import os, sys
from pathlib import Path
from stand_in import WordEmbedder
import memory.local, memory.upkeep
from memory.forget import Scope
from memory.store import Memory
module = memory.upkeep if sys.argv[2] == "erase_copies" else memory.local
setattr(module, sys.argv[2], lambda *_: os._exit(9))
Memory.open(Path(sys.argv[1]), embedder=WordEmbedder()).forget(
    Scope(questions=frozenset({"secret-question"})))
""",
        home,
        step,
    )
    assert holds(home, SECRET)
    with Memory.open(home, embedder=embedder) as memory:
        assert holds(home, SECRET) == []
        assert len(memory.events(kinds=["answered"])) == 19
    assert holds(home, SECRET) == []
