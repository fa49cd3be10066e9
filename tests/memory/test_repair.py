"""What is damaged or lost comes back: indexes, the journal, the words; nothing acknowledged goes."""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from stand_in import WordEmbedder

from memory.events import Event, event_id
from memory.home import HomeError
from memory.index import EVENTS, checksum
from memory.store import Memory

COUNT = 130


def said(n: int) -> Event:
    if n % 5 == 4:
        outcome = {"expectation": "e", "coverage": (n % 7) / 7, "aid": "none", "sure": 1.0}
        return Event(event_id(1000 + n, f"{n:05d}"), "closed", 1000 + n, f"s{n // 10}",
                     question=f"q{n % 3}", payload={"outcomes": [outcome]})  # fmt: skip
    return Event(
        event_id(1000 + n, f"{n:05d}"), "answered", 1000 + n, f"s{n // 10}", f"word{n} point"
    )


@pytest.fixture
def home(tmp_path: Path, embedder: WordEmbedder) -> Path:
    with Memory.open(tmp_path / "home", embedder=embedder) as memory:
        memory.append_many([said(n) for n in range(COUNT)])
        memory.flush()
        memory._upkeep.settled()
    return tmp_path / "home"


def whole(home: Path) -> None:
    """Everything is there, once, with its vector, and can be recalled."""
    embedder = WordEmbedder()
    with Memory.open(home, embedder=embedder) as memory:
        assert memory.events() == [said(n) for n in range(COUNT)]
        for n in (0, 57, 128):
            assert memory.recall(f"word{n}", 1)[0].event == said(n)
        assert memory.behind() == 0
        texts = sum(n % 5 != 4 for n in range(COUNT))
        assert memory._index.collection(EVENTS).count() == COUNT
        assert memory._index.space("turns").count() == texts
        ids = [said(n).id for n in range(COUNT) if n % 5 != 4]
        vectors = memory._index.vectors("turns", ids)
        assert len(vectors) == texts
        wanted = embedder.embed([said(57).text])[0]
        assert np.allclose(vectors[said(57).id], wanted, atol=1e-5)
        marks = {said(n).id: checksum(said(n).text) for n in range(COUNT) if n % 5 != 4}
        assert memory._index.checksums("turns", ids) == marks
    with closing(sqlite3.connect(chroma(home) / "chroma.sqlite3")) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def chroma(home: Path) -> Path:
    return home / "learners" / "default" / "chroma"


def segments(home: Path) -> list[Path]:
    return [path for path in chroma(home).iterdir() if path.is_dir()]


def test_a_sound_memory_is_whole(home: Path) -> None:
    whole(home)


def test_an_index_folder_that_was_deleted_comes_back(home: Path) -> None:
    for folder in segments(home):
        shutil.rmtree(folder)
    whole(home)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["index_metadata.pickle", "data_level0.bin", "header.bin"])
def test_an_index_file_that_was_deleted_or_cut_comes_back(home: Path, name: str) -> None:
    files = [folder / name for folder in segments(home) if (folder / name).exists()]
    assert files
    for number, file in enumerate(files):
        if number % 2:
            file.unlink()
        else:
            file.write_bytes(file.read_bytes()[:50])
    whole(home)


@pytest.mark.slow
def test_chromas_own_file_damaged_deleted_or_emptied(home: Path) -> None:
    file = chroma(home) / "chroma.sqlite3"
    data = bytearray(file.read_bytes())
    data[4096 : len(data) // 2] = b"\xff" * (len(data) // 2 - 4096)
    file.write_bytes(data)
    whole(home)
    file.unlink()
    whole(home)
    file.write_bytes(b"")
    whole(home)
    shutil.rmtree(chroma(home))
    whole(home)


def mislead(file: Path, one: str, other: str, twice: int = 0) -> None:
    """Let SQLite's index of Chroma's records lead from `one` to `other` and back, as torn pages may:
    they are exchanged, and exchanged again in the table alone, as if it had no index. So many records
    are then there twice, as they are once Chroma writes through such an index."""
    index, column = "sqlite_autoindex_embeddings_1", "UNIQUE (segment_id, embedding_id)"
    swap = (
        "UPDATE embeddings SET embedding_id = CASE embedding_id WHEN ? THEN ? ELSE ? END"
        " WHERE embedding_id IN (?, ?)"
    )
    free = f"-{one}"
    exchange = [(one, free), (other, one), (free, other)]
    with closing(sqlite3.connect(file)) as db:
        for old, new in exchange:
            db.execute(swap, (old, new, old, old, old))
        (sql,) = db.execute("SELECT sql FROM sqlite_master WHERE name = 'embeddings'").fetchone()
        row = db.execute("SELECT * FROM sqlite_master WHERE name = ?", (index,)).fetchone()
        assert column in sql
        db.execute("PRAGMA writable_schema = ON")
        db.execute("DELETE FROM sqlite_master WHERE name = ?", (index,))
        plain = re.sub(r",\s*" + re.escape(column), "", sql)
        db.execute("UPDATE sqlite_master SET sql = ? WHERE name = 'embeddings'", (plain,))
        db.commit()
    with closing(sqlite3.connect(file)) as db:
        db.execute("PRAGMA writable_schema = ON")
        for old, new in exchange:
            db.execute(swap, (old, new, old, old, old))
        db.execute(
            "INSERT INTO embeddings (segment_id, embedding_id, seq_id)"
            " SELECT segment_id, embedding_id, seq_id FROM embeddings LIMIT ?",
            (twice,),
        )
        db.execute("INSERT INTO sqlite_master VALUES (?, ?, ?, ?, ?)", row)
        db.execute("UPDATE sqlite_master SET sql = ? WHERE name = 'embeddings'", (sql,))
        db.commit()


def test_an_index_of_sqlites_own_that_leads_to_other_records_is_written_again(home: Path) -> None:
    mislead(chroma(home) / "chroma.sqlite3", said(57).id, said(58).id)
    whole(home)


def test_a_file_whose_indexes_cannot_be_written_again_is_filled_anew(home: Path) -> None:
    mislead(chroma(home) / "chroma.sqlite3", said(57).id, said(58).id, twice=3)
    whole(home)


def test_the_lexical_cache_damaged_or_deleted(home: Path) -> None:
    file = home / "learners" / "default" / "lexical.sqlite3"
    file.write_bytes(b"\0garbage" * 4000)
    whole(home)
    file.unlink()
    whole(home)


def test_a_deleted_journal_comes_back_from_chroma(home: Path) -> None:
    (home / "learners" / "default" / "journal.sqlite3").unlink()
    with Memory.open(home, embedder=WordEmbedder()) as memory:
        assert f"{COUNT} events were found again" in memory.notice
    whole(home)


def test_a_damaged_journal_comes_back_from_itself_and_chroma(home: Path) -> None:
    with Memory.open(home, embedder=WordEmbedder()) as memory:
        memory._indexer.stop(0)
        before = memory.knowledge().to_json()
    file = home / "learners" / "default" / "journal.sqlite3"
    data = bytearray(file.read_bytes())
    data[8192:20480] = b"\xa5" * 12288
    file.write_bytes(data)
    try:
        with Memory.open(home, embedder=WordEmbedder()) as memory:
            memory.events()
            memory.knowledge()
    except HomeError as error:
        assert error.reason == "broken" and "Start Viva again" in error.mend
    whole(home)
    with Memory.open(home, embedder=WordEmbedder()) as memory:
        memory.rebuild()
        assert memory.knowledge().to_json() == before


def test_a_rebuild_gives_equal_knowledge_byte_for_byte(home: Path) -> None:
    steps = []
    with Memory.open(home, embedder=WordEmbedder()) as memory:
        before = memory.knowledge().to_json()
        told = memory.rebuild(report=lambda *step: steps.append(step))
        assert memory.knowledge().to_json() == before
        assert memory._index.collection("knowledge").count() == 4  # three points and the rest
    assert steps and f"{COUNT} events" in told
    file = home / "learners" / "default" / "journal.sqlite3"
    with sqlite3.connect(file) as db:
        db.execute("DELETE FROM snapshots")
    with Memory.open(home, embedder=WordEmbedder()) as memory:
        assert memory.knowledge().to_json() == before
    whole(home)


def test_another_embedder_fills_its_own_space_and_goes_on_where_it_was_stopped(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = WordEmbedder("others/64")
    monkeypatch.setattr("memory.rebuild.named_embedder", lambda name: other)

    class Stopped(Exception):
        pass

    def stop(done: int, total: int, text: str) -> None:
        if text.startswith("embedding") and done > total / 2:
            raise Stopped

    with Memory.open(home, embedder=WordEmbedder()) as memory:
        memory.recall("word1")
        with pytest.raises(Stopped):
            memory.rebuild("others", stop)
        # The old space serves meanwhile.
        assert memory._index.embedder.name == "words/64"
        assert memory.recall("word57", 1)[0].event == said(57)
        made = other.embedded
        assert made > 0
        memory.rebuild("others")
        texts = sum(n % 5 != 4 for n in range(COUNT))
        assert other.embedded <= texts
        assert memory._index.embedder is other
        names = {found.name for found in memory._index.client.list_collections()}
        assert "turns-others-64" in names and "turns-words-64" not in names
        assert memory.recall("word57", 1)[0].event == said(57)


@pytest.mark.slow
def test_a_kill_at_any_moment_of_indexing_leaves_a_whole_memory(
    tmp_path: Path, start: Callable[..., object]
) -> None:
    script = """
import os, sys, threading, time
from pathlib import Path
sys.path.insert(0, "tests/memory")
from stand_in import WordEmbedder
from test_repair import COUNT, said
from memory.store import Memory
memory = Memory.open(Path(sys.argv[1]), embedder=WordEmbedder())
memory.append_many([said(n) for n in range(COUNT)])
threading.Timer(float(sys.argv[2]), lambda: os.kill(os.getpid(), 9)).start()
memory.flush()
os.kill(os.getpid(), 9)
"""
    for delay in (0.5, 0.7, 5):
        start(script, tmp_path / "home", delay).wait()  # type: ignore[attr-defined]
        whole(tmp_path / "home")
