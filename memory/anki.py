"""Anki: cards of the questions as an `.apkg`, and Anki's review log as the start of a schedule."""

from __future__ import annotations

import hashlib
import html
import json
import re
import sqlite3
import tempfile
import time
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path

from corpus.model import Question
from memory.events import Event, now_ms

MODEL_ID = 1_607_392_319
_COLLECTIONS = ("collection.anki21b", "collection.anki21", "collection.anki2")
_LARGEST = 1 << 30
_SCHEMA = """
CREATE TABLE col (id integer primary key, crt integer, mod integer, scm integer, ver integer,
  dty integer, usn integer, ls integer, conf text, models text, decks text, dconf text, tags text);
CREATE TABLE notes (id integer primary key, guid text, mid integer, mod integer, usn integer,
  tags text, flds text, sfld text, csum integer, flags integer, data text);
CREATE TABLE cards (id integer primary key, nid integer, did integer, ord integer, mod integer,
  usn integer, type integer, queue integer, due integer, ivl integer, factor integer, reps integer,
  lapses integer, left integer, odue integer, odid integer, flags integer, data text);
CREATE TABLE revlog (id integer primary key, cid integer, usn integer, ease integer, ivl integer,
  lastIvl integer, factor integer, time integer, type integer);
CREATE TABLE graves (usn integer, oid integer, type integer);
"""


def write_apkg(questions: Iterable[Question], title: str, out: Path) -> int:
    """Write an Anki package, one note per question; returns their number.

    The same question makes the same note, so importing again updates it.
    """
    cards = list(questions)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "collection.anki2"
        with closing(sqlite3.connect(file)) as db:
            db.executescript(_SCHEMA)
            _fill(db, cards, title)
            db.commit()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
            package.write(file, "collection.anki2")
            package.writestr("media", "{}")
    return len(cards)


def _fill(db: sqlite3.Connection, questions: list[Question], title: str) -> None:
    now = int(time.time())
    deck_id = 1 + _number(title) % 2_000_000_000
    deck = {
        "id": deck_id, "name": title, "mod": now, "usn": -1, "desc": "", "dyn": 0, "conf": 1,
        "collapsed": False, "browserCollapsed": False, "extendNew": 0, "extendRev": 0,
        "newToday": [0, 0], "revToday": [0, 0], "lrnToday": [0, 0], "timeToday": [0, 0],
    }  # fmt: skip
    db.execute(
        "INSERT INTO col VALUES (1, ?, ?, ?, 11, 0, 0, 0, '{}', ?, ?, '{}', '{}')",
        (now, now * 1000, now * 1000, json.dumps({str(MODEL_ID): _model(deck_id, now)}),
         json.dumps({"1": {**deck, "id": 1, "name": "Default"}, str(deck_id): deck})),
    )  # fmt: skip
    for place, question in enumerate(questions, 1):
        note = 1_500_000_000_000 + _number(question.id) % 100_000_000_000
        front, back = _html(question.ask), _html(question.answer)
        sum_ = int(hashlib.sha1(front.encode()).hexdigest()[:8], 16)
        tag = re.sub(r"\s+", "-", question.topic)
        db.execute(
            "INSERT INTO notes VALUES (?, ?, ?, ?, -1, ?, ?, ?, ?, 0, '')",
            (note, question.id, MODEL_ID, now, f" {tag} ", f"{front}\x1f{back}", front, sum_),
        )
        db.execute(
            "INSERT INTO cards VALUES (?, ?, ?, 0, ?, -1, 0, 0, ?, 0, 0, 0, 0, 0, 0, 0, 0, '')",
            (note, note, deck_id, now, place),
        )


def _model(deck: int, now: int) -> dict[str, object]:
    def field(name: str, place: int) -> dict[str, object]:
        return {"name": name, "ord": place, "sticky": False, "rtl": False, "font": "Arial",
                "size": 20, "media": []}  # fmt: skip

    template = {"name": "Card 1", "ord": 0, "qfmt": "{{Front}}", "did": None, "bqfmt": "",
                "bafmt": "", "afmt": "{{FrontSide}}<hr id=answer>{{Back}}"}  # fmt: skip
    return {
        "id": MODEL_ID, "name": "Viva", "type": 0, "mod": now, "usn": -1, "sortf": 0, "did": deck,
        "tmpls": [template], "flds": [field("Front", 0), field("Back", 1)], "css": "", "tags": [],
        "latexPre": "", "latexPost": "", "vers": [], "req": [[0, "all", [0]]],
    }  # fmt: skip


def _number(text: str) -> int:
    return int(hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:15], 16)


def _html(text: str) -> str:
    return html.escape(text, quote=False).replace("\n", "<br>")


def read_reviews(package: Path, questions: Mapping[str, str], session: str = "") -> Event | None:
    """The review log of an Anki package as an `imported` event; None if nothing in it fits.

    `questions` maps a question's wording to its id; cards are found by their guid (a question's id)
    or their first field. The event's id follows from the log: importing again adds nothing. Raises
    `ValueError` if the file is not an Anki package, or one without reviews, and `OSError`.
    """
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "collection"
        file.write_bytes(_collection(package))
        with closing(sqlite3.connect(file)) as db:
            try:
                log = db.execute(
                    "SELECT n.guid, n.flds, r.id, r.ease FROM revlog r JOIN cards c ON c.id = r.cid"
                    " JOIN notes n ON n.id = c.nid WHERE r.ease BETWEEN 1 AND 4 AND r.id BETWEEN 0 AND ?"
                    " ORDER BY r.id",
                    (now_ms(),),
                ).fetchall()
            except sqlite3.DatabaseError as error:
                raise ValueError(f"{package} holds no review log that can be read") from error
    if not log:
        raise ValueError(f"{package} holds no reviews")
    known = {_words(ask): name for ask, name in questions.items()}
    ids = set(questions.values())
    reviews: dict[str, list[list[int]]] = {}
    for guid, fields, at, ease in log:
        name = guid if guid in ids else known.get(_words(_untagged(str(fields).split("\x1f")[0])))
        if name:
            reviews.setdefault(name, []).append([int(at), int(ease)])
    if not reviews:
        return None
    payload = {"source": "anki", "deck": package.stem, "reviews": reviews,
               "counts": {"questions": len(reviews), "reviews": sum(map(len, reviews.values()))}}  # fmt: skip
    last = max(at for some in reviews.values() for at, _ in some)
    mark = hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()[:10]
    return Event(f"{last:013d}-{mark}", "imported", last, session, payload=payload)


def _collection(package: Path) -> bytes:
    try:
        with zipfile.ZipFile(package) as archive:
            for name in _COLLECTIONS:
                if name in archive.namelist() and archive.getinfo(name).file_size < _LARGEST:
                    data = archive.read(name)
                    return _unpacked(data) if name.endswith("b") else data
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as error:
        raise ValueError(f"{package} is not a whole Anki package") from error
    raise ValueError(f"{package} is not an Anki package")


def _unpacked(data: bytes) -> bytes:
    import zstandard

    try:
        with zstandard.ZstdDecompressor().stream_reader(data) as stream:
            found = stream.read(_LARGEST)
    except zstandard.ZstdError as error:
        raise ValueError("the collection in the Anki package is damaged") from error
    if len(found) == _LARGEST:
        raise ValueError("the Anki package unpacks to more than 1 GB")
    return found


def _untagged(field: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", " ", field))


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))
