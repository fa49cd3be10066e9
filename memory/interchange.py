"""Out of Viva and back in: one JSON Lines file with everything, and Markdown to read.

The first line says what the file is; then one line per own deck file and per event, in order.
Importing the same file twice changes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from memory.events import Event
from memory.journal import Journal, Row
from memory.records import check, encode, from_dict, to_dict
from memory.shapes import check_shape

FORMAT = 1
PART = 1000
_LARGEST = 2**62
MEND = "mend or remove that line; nothing was imported"
NOT_OURS = "`viva import` reads what `viva export` wrote; questions and notes go in with `viva add`"
"""What to do where not even the first line is one of an export."""


class InterchangeError(Exception):
    """A file that cannot be imported: `line` (from 1) and `mend` say what to do."""

    def __init__(self, line: int, message: str, mend: str) -> None:
        super().__init__(f"line {line}: {message}")
        self.line = line
        self.mend = mend


def write_jsonl(journal: Journal, decks: Path, out: IO[str]) -> int:
    """Write everything; returns the number of events."""
    _line(out, {"viva": "export", "format": FORMAT, "made": datetime.now(UTC).isoformat()})
    for path in sorted(decks.rglob("*")):
        if path.is_file():
            name = path.relative_to(decks).as_posix()
            _line(out, {"deck_file": name, "text": path.read_text("utf-8", "replace")})
    count = 0
    for row in every_row(journal):
        event = row.event
        place = {"tick": row.tick, "origin": row.origin, "number": row.number}
        when = datetime.fromtimestamp(event.at / 1000, UTC).isoformat(timespec="milliseconds")
        _line(out, {"when": when, "event": to_dict(event), "place": place})
        count += 1
    return count


def _line(out: IO[str], said: dict[str, Any]) -> None:
    # ASCII only where UTF-8 cannot say it: the file is for people too.
    text = json.dumps(said, ensure_ascii=False, separators=(", ", ": "))
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        text = json.dumps(said, separators=(", ", ": "))
    out.write(text + "\n")


def every_row(journal: Journal) -> Iterator[Row]:
    """All rows in order, read in parts."""
    place = None
    while rows := journal.rows(after=place, limit=PART):
        yield from rows
        place = rows[-1].place


def read_jsonl(
    lines: Iterable[str], take: Callable[[list[Row]], int], decks: Path
) -> tuple[int, int]:
    """Read what `write_jsonl` wrote; returns how many events were new, and how many there were.

    The whole file is checked before anything is taken. Deck files that exist are left alone. Raises
    `InterchangeError`.
    """
    rows: list[Row] = []
    files: list[tuple[str, str]] = []
    head = False
    for number, line in enumerate(lines, 1):
        said = _parsed(number, line, head)
        if said is None:
            continue
        if not head:
            _check_head(number, said)
            head = True
        elif "deck_file" in said:
            files.append(_file(number, said))
        elif "event" in said:
            rows.append(_row(number, said))
        else:
            raise InterchangeError(number, "neither an event nor a deck file", MEND)
    if not head:
        raise InterchangeError(1, "the file is empty", NOT_OURS)
    for name, text in files:
        if not (decks / name).exists():
            (decks / name).parent.mkdir(parents=True, exist_ok=True)
            (decks / name).write_text(text, "utf-8")
    new = sum(take(rows[start : start + PART]) for start in range(0, len(rows), PART))
    return new, len(rows)


def _parsed(number: int, line: str, head: bool) -> dict[str, Any] | None:
    if not line.strip():
        return None
    try:
        said = json.loads(line)
    except (ValueError, RecursionError) as error:
        mend = MEND if head else NOT_OURS
        raise InterchangeError(number, f"not JSON ({error})", mend) from error
    if not isinstance(said, dict):
        raise InterchangeError(number, "not a JSON object", MEND if head else NOT_OURS)
    return said


def _check_head(number: int, said: dict[str, Any]) -> None:
    if said.get("viva") != "export":
        raise InterchangeError(number, "not an export of Viva", NOT_OURS)
    if not isinstance(said.get("format"), int) or said["format"] > FORMAT:
        raise InterchangeError(number, "written by a newer Viva", "upgrade Viva")


def _file(number: int, said: dict[str, Any]) -> tuple[str, str]:
    """Name and text of a deck file; what leads out of the folder is taken off the name."""
    name, text = said["deck_file"], said.get("text")
    inside = [part for part in str(name).replace("\\", "/").split("/") if part.strip(". ")]
    if not isinstance(name, str) or not isinstance(text, str) or not inside:
        raise InterchangeError(number, "a deck file needs a name and a text", MEND)
    return "/".join(inside), text


def _row(number: int, said: dict[str, Any]) -> Row:
    try:
        event = from_dict(said["event"])
        check(event)
        check_shape(event)
        place = said.get("place") or {}
        tick, count = int(place.get("tick", event.at)), int(place.get("number", 0))
        if not (abs(tick) < _LARGEST and abs(count) < _LARGEST):
            raise ValueError("`place` holds a number that is too large")
        origin = str(place.get("origin", "import"))
        return Row(0, event.id, tick, origin, count, encode(event))
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError) as error:
        raise InterchangeError(number, f"not an event ({error})", MEND) from error


def write_markdown(events: Iterable[Event], out: IO[str]) -> None:
    """Write the sessions as a transcript for people, one heading per session."""
    session = None
    for event in events:
        if not event.text.strip() and event.kind != "session_started":
            continue
        moment = datetime.fromtimestamp(event.at / 1000, UTC)
        if event.session != session:
            session = event.session
            out.write(f"\n# Session of {moment:%Y-%m-%d %H:%M} UTC\n")
        if event.text.strip():
            who = event.speaker or ("learner" if event.kind == "answered" else "tutor")
            about = f" ({event.topic})" if event.topic else ""
            body = "\n".join(f"> {line}" for line in _plain(event.text).splitlines())
            out.write(f"\n**{_plain(who)}**, {event.kind.replace('_', ' ')}{about}:\n\n{body}\n")


def _plain(text: str) -> str:
    clean = "".join(
        c if c.isprintable() or c in "\n\t" else "\N{REPLACEMENT CHARACTER}" for c in text
    )
    return clean.replace("<", "&lt;")
