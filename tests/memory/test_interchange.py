"""Out and back in: exports, Anki, backups, older journals."""

from __future__ import annotations

import io
import json
import shutil
import sqlite3
import zipfile
from pathlib import Path

import pytest
from stand_in import WordEmbedder

from corpus.model import Expectation, Question
from memory.anki import read_reviews, write_apkg
from memory.backup import restore
from memory.events import Event, event_id
from memory.home import HomeError, learner_folder
from memory.interchange import InterchangeError, write_markdown
from memory.migrate import migrate
from memory.store import Memory

TEXTS = ["plain", "two\nlines", "\ud800\0\x1b[31m", "漢字", "<script>"]


def events() -> list[Event]:
    made = [
        Event(event_id(100 + n, f"{n}"), "answered", 100 + n, "s", text, "learner", f"q{n}")
        for n, text in enumerate(TEXTS)
    ]
    outcome = {"expectation": "e", "coverage": 1.0, "aid": "none", "sure": 1.0}
    # The clock went backwards before this one.
    return [
        *made,
        Event(event_id(50, "c"), "closed", 50, "s", question="q", payload={"outcomes": [outcome]}),
    ]


def opened(path: Path) -> Memory:
    return Memory.open(path, embedder=WordEmbedder())


def exported(memory: Memory) -> str:
    out = io.StringIO()
    memory.export(out)
    return out.getvalue()


def test_an_export_holds_everything_and_comes_back_as_it_was(tmp_path: Path) -> None:
    with opened(tmp_path / "one") as memory:
        (tmp_path / "one" / "decks").mkdir()
        (tmp_path / "one" / "decks" / "mine.yaml").write_text("title: mine\n")
        (tmp_path / "one" / "decks" / "folder").mkdir()
        (tmp_path / "one" / "decks" / "folder" / "deck.yaml").write_text("id: folder\n")
        memory.append_many(events())
        text = exported(memory)
        knowledge = memory.knowledge().to_json()
    assert all(isinstance(json.loads(line), dict) for line in text.splitlines())
    with opened(tmp_path / "two") as memory:
        assert memory.import_from(text.splitlines()) == (6, 6)
        assert memory.import_from(text.splitlines()) == (0, 6)
        assert memory.events() == events()
        assert memory.knowledge().to_json() == knowledge
        assert (tmp_path / "two" / "decks" / "mine.yaml").read_text() == "title: mine\n"
        assert (tmp_path / "two" / "decks" / "folder" / "deck.yaml").read_text() == "id: folder\n"
        memory.append(Event(event_id(60, "later"), "answered", 60, "s", "later"))
        assert memory.events()[-1].text == "later"


def test_an_import_before_what_is_known_changes_knowledge_too(tmp_path: Path) -> None:
    with opened(tmp_path / "one") as memory:
        memory.append_many(events())
        text, whole = exported(memory), memory.knowledge().to_json()
    with opened(tmp_path / "two") as memory:
        for event in events():
            memory.append(event)
        memory.knowledge()
        memory.import_from(text.splitlines())
        assert memory.knowledge().to_json() == whole


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("not json", "line 3: not JSON"),
        ("[1]", "line 3: not a JSON object"),
        ('{"event": {"id": "x"}}', "line 3: not an event"),
        (
            '{"event": {"id": "x", "kind": "danced", "at": 1, "session": "s"}}',
            "line 3: not an event",
        ),
        ('{"event": 7}', "line 3: not an event"),
        ('{"evnt": {}}', "line 3: neither an event nor a deck file"),
        ('{"deck_file": 7, "text": "x"}', "line 3: a deck file needs a name"),
        *(
            (json.dumps({"event": {"id": "x", "session": "s", **said}}), "line 3: not an event")
            for said in (
                {"kind": "answered", "at": 10**30},
                {"kind": "closed", "at": 1, "payload": {"outcomes": "none"}},
                {"kind": "closed", "at": 1, "payload": {"outcomes": [{"expectation": "e"}]}},
                {"kind": "asked", "at": 1, "payload": {"points": ["p"], "weights": {}}},
                {"kind": "answered", "at": 1, "payload": {"turn": []}},
                {"kind": "goal_set", "at": 1, "payload": {"date": "soon"}},
                {"kind": "imported", "at": 1, "payload": {"reviews": {"q": [[1, "good"]]}}},
            )
        ),
    ],
)
def test_a_bad_line_is_named_and_nothing_is_taken(tmp_path: Path, line: str, message: str) -> None:
    with opened(tmp_path / "one") as memory:
        memory.append_many(events())
        lines = exported(memory).splitlines()
    lines.insert(2, line)
    with opened(tmp_path / "two") as memory:
        with pytest.raises(InterchangeError, match=message):
            memory.import_from(lines)
        assert memory.events() == []
        with pytest.raises(InterchangeError, match="not an export"):
            memory.import_from(['{"x": 1}'])
        with pytest.raises(InterchangeError, match="line 1: the file is empty"):
            memory.import_from(["", " "])
        with pytest.raises(InterchangeError, match="newer Viva"):
            memory.import_from(['{"viva": "export", "format": 99}'])


def test_a_deck_file_in_an_import_cannot_leave_the_folder(tmp_path: Path) -> None:
    head = '{"viva": "export", "format": 1}'
    with opened(tmp_path / "home") as memory:
        memory.import_from([head, '{"deck_file": "../../evil.yaml", "text": "x"}'])
    assert not (tmp_path / "evil.yaml").exists()
    assert (tmp_path / "home" / "decks" / "evil.yaml").exists()


def test_markdown_is_readable_and_harmless() -> None:
    out = io.StringIO()
    write_markdown(events(), out)
    text = out.getvalue()
    assert "# Session of 1970-01-01" in text and "> two\n> lines" in text
    assert "\x1b" not in text and "<script" not in text


def question(name: str, ask: str) -> Question:
    return Question(
        id=name,
        ask=ask,
        answer="A & B",
        topic="a topic",
        expectations=(Expectation(id="e", text="B"),),
    )


def test_an_anki_package_and_its_review_log(tmp_path: Path) -> None:
    file = tmp_path / "deck.apkg"
    assert write_apkg([question("q1", "Why <b>?"), question("q2", "What?")], "Viva", file) == 2
    with pytest.raises(ValueError, match="holds no reviews"):
        read_reviews(file, {"Why <b>?": "q1"})
    with zipfile.ZipFile(file) as package:
        (tmp_path / "c").write_bytes(package.read("collection.anki2"))
    with sqlite3.connect(tmp_path / "c") as db:
        notes = db.execute("SELECT guid, flds, tags FROM notes ORDER BY guid").fetchall()
        assert notes[0] == ("q1", "Why &lt;b&gt;?\x1fA &amp; B", " a-topic ")
        cards = db.execute(
            "SELECT c.id, n.guid FROM cards c JOIN notes n ON n.id = c.nid"
        ).fetchall()
        ids = {guid: card for card, guid in cards}
        db.execute("UPDATE notes SET guid = 'ankis own' WHERE guid = 'q1'")
        db.executemany(
            "INSERT INTO revlog VALUES (?, ?, 0, ?, 1, 0, 2500, 5000, 1)",
            [(1_000, ids["q1"], 3), (90_000_000, ids["q1"], 4), (2_000, ids["q2"], 1)],
        )
    db.close()
    with zipfile.ZipFile(file, "w") as package:
        package.write(tmp_path / "c", "collection.anki2")
    event = read_reviews(file, {"Why <b>?": "q1", "What?": "q2"})
    assert event and event.payload["reviews"] == {
        "q1": [[1000, 3], [90_000_000, 4]],
        "q2": [[2000, 1]],
    }
    with opened(tmp_path / "home") as memory:
        memory.append(event)
        memory.append(event)
        assert set(memory.knowledge().schedule) == {"q1", "q2"}
    assert read_reviews(file, {"Whence?": "q3"}) is None


def test_what_is_no_whole_anki_package_is_said(tmp_path: Path) -> None:
    file = tmp_path / "odd.apkg"
    file.write_bytes(b"PK\x03\x04 and no more")
    with pytest.raises(ValueError, match="not a whole Anki package"):
        read_reviews(file, {})
    for name, said in (
        ("notes.txt", "not an Anki package"),
        ("collection.anki2", "no review log"),
        ("collection.anki21b", "damaged"),
    ):
        with zipfile.ZipFile(file, "w") as package:
            package.writestr(name, "nonsense")
        with pytest.raises(ValueError, match=said):
            read_reviews(file, {})


def test_a_backup_is_complete_and_can_be_put_back(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with opened(home) as memory:
        (home / "decks").mkdir()
        (home / "decks" / "folder").mkdir()
        (home / "decks" / "folder" / "deck.yaml").write_text("id: folder\n")
        memory.append_many(events())
        knowledge = memory.knowledge().to_json()
        made = memory.back_up()
        assert made.parent == home / "backups"
        memory.append(Event(event_id(999), "answered", 999, "s", "after the backup"))
        with pytest.raises(FileExistsError):
            memory.back_up(made)
    shutil.rmtree(home / "decks")
    restore(made, home, learner_folder(home, "default"))
    assert (home / "decks" / "folder" / "deck.yaml").is_file()
    with opened(home) as memory:
        assert memory.events() == events()
        assert memory.knowledge().to_json() == knowledge
        assert memory.recall("plain", 1)[0].event.text == "plain"


def test_an_older_journal_is_migrated_with_a_backup_first(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with opened(home) as memory:
        memory.append_many(events())
        folder = memory.folder

    def step(db: sqlite3.Connection) -> None:
        db.execute("ALTER TABLE events ADD COLUMN note TEXT")

    def broken(db: sqlite3.Connection) -> None:
        db.execute("DELETE FROM events")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        migrate(home, folder, {1: broken}, 2)
    backup = migrate(home, folder, {1: step, 2: lambda _: None}, 3)
    assert backup is not None and (backup / "journal.sqlite3").is_file()
    with pytest.raises(HomeError, match="newer Viva"):
        opened(home)
    with sqlite3.connect(folder / "journal.sqlite3") as db:
        assert db.execute("SELECT count(note), count(*) FROM events").fetchone() == (0, 6)
        db.execute("UPDATE meta SET value = '1' WHERE key = 'schema'")
    db.close()
    with opened(home) as memory:
        assert memory.events() == events()
