"""Anki decks and collections, the format with compressed ``collection.anki21b`` included."""

from __future__ import annotations

import io
import json
import re
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import zstandard

from corpus.loaders.archive import Archive
from corpus.loaders.parts import MAX_UNPACKED, Part, Unreadable
from corpus.markup import to_markdown

_FRONT = re.compile(
    r"^(?:front|question|q|prompt|term|word|expression|text|title|cloze|header)\b", re.I
)
_BACK = re.compile(
    r"^(?:back|answer|a|response|definition|meaning|solution|translation)\b(?!\s*extra)", re.I
)
_EXTRA = re.compile(
    r"^(?:extra|back extra|explanation|notes?|remarks?|comments?|details|example)", re.I
)
_SOUND = re.compile(r"\[sound:[^\]\n]*\]|\[anki:[^\]\n]*\]|\[/?latex\]|\[\$\$?\]|\[/\$\$?\]")
_UPDATE = "update to the latest Anki"


class AnkiNotes:
    """The notes of an ``.apkg`` or ``.colpkg`` as rows with front, back, extra and tags."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.notes: list[str] = []

    def __iter__(self) -> Iterator[Part]:
        archive = Archive(self.path)
        self.notes += archive.notes
        with tempfile.TemporaryDirectory(prefix="viva-anki-") as folder:
            database = Path(folder) / "collection"
            database.write_bytes(_collection(archive))
            try:
                yield from _notes(database)
            except sqlite3.Error as error:
                raise Unreadable(f"the collection is damaged: {str(error)[:80]}") from None


def _collection(archive: Archive) -> bytes:
    if "collection.anki21b" in archive:
        packed = archive.read("collection.anki21b")
        try:
            with zstandard.ZstdDecompressor(max_window_size=2**27).stream_reader(
                io.BytesIO(packed)
            ) as reader:
                data = reader.read(MAX_UNPACKED + 1)
        except zstandard.ZstdError:
            raise Unreadable("the collection is damaged") from None
        if len(data) > MAX_UNPACKED:
            raise Unreadable("it unpacks to too much: it looks like a bomb")
        return data
    for name in ("collection.anki21", "collection.anki2"):
        if name in archive:
            return archive.read(name)
    raise Unreadable("it is not an Anki deck inside")


def _notes(path: Path) -> Iterator[Part]:
    with closing(sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)) as db:
        db.create_collation(
            "unicase", lambda a, b: (a.lower() > b.lower()) - (a.lower() < b.lower())
        )
        db.execute("PRAGMA trusted_schema = OFF")
        db.text_factory = lambda raw: raw.decode("utf-8", "replace")
        fields = _fields(db)
        decks = _decks(db)
        rows = db.execute("SELECT id, mid, tags, flds FROM notes ORDER BY id")
        for number, (note, model, tags, values) in enumerate(rows, 1):
            row = _row(fields.get(str(model), []), str(values).split("\x1f"))
            if row:
                row["tags"] = " ".join(str(tags).split()) or decks.get(note, "")
                yield Part(where=f"note {number}", row=row)


def _fields(db: sqlite3.Connection) -> dict[str, list[str]]:
    """The names of the fields of each note type."""
    tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master")}
    if "fields" in tables:
        found: dict[str, list[str]] = {}
        for kind, name in db.execute("SELECT ntid, name FROM fields ORDER BY ntid, ord"):
            found.setdefault(str(kind), []).append(str(name))
        return found
    row = db.execute("SELECT models FROM col").fetchone()
    try:
        models = json.loads(row[0]) if row and row[0] else {}
        return {str(k): [str(f["name"]) for f in m["flds"]] for k, m in models.items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def _decks(db: sqlite3.Connection) -> dict[int, str]:
    """The deck of each note, the default deck left out."""
    tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master")}
    try:
        if "decks" in tables:
            names = {
                i: str(n).replace("\x1f", "::") for i, n in db.execute("SELECT id, name FROM decks")
            }
        else:
            data = json.loads(db.execute("SELECT decks FROM col").fetchone()[0] or "{}")
            names = {int(k): str(v["name"]) for k, v in data.items()}
        pairs = (
            db.execute("SELECT nid, min(did) FROM cards GROUP BY nid") if "cards" in tables else []
        )
        return {nid: names[did] for nid, did in pairs if names.get(did, "Default") != "Default"}
    except (ValueError, KeyError, TypeError, RecursionError, sqlite3.Error):
        return {}


def _row(names: list[str], values: list[str]) -> dict[str, object]:
    texts = [to_markdown(_SOUND.sub("", v), targets=False) for v in values]
    if not texts or _UPDATE in texts[0]:
        return {}
    names = [*names, *[""] * (len(texts) - len(names))]
    front = next((i for i, n in enumerate(names[: len(texts)]) if _FRONT.match(n) and texts[i]), 0)
    back = next((i for i, n in enumerate(names[: len(texts)]) if _BACK.match(n) and i != front), -1)
    if back < 0:
        back = next(
            (i for i, t in enumerate(texts) if i != front and t and not _EXTRA.match(names[i])), -1
        )
    extra = next((t for n, t in zip(names, texts, strict=False) if _EXTRA.match(n) and t), "")
    return {"front": texts[front], "back": texts[back] if back >= 0 else "", "extra": extra}
