"""CSV and TSV files as rows; a quote that never closes costs its own line only."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from corpus.loaders.parts import Part, Unreadable
from corpus.loaders.text import read_text

_ANKI = re.compile(r"^#(separator|html|tags|deck|notetype|columns|guid|if matches)\b[^:]*:?(.*)$")
_NAMES = {"tab": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "space": " ", "colon": ":"}
_LONGEST_RECORD = 60
_MAX_ROWS = 1_000_000


class Rows:
    """The rows of a delimited file as parts. `notes` names the lines that were not well formed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.notes: list[str] = []

    def __iter__(self) -> Iterator[Part]:
        lines = read_text(self.path).replace("\r\n", "\n").replace("\r", "\n").split("\n")
        mark, columns, start = _header(lines)
        mark = mark or _delimiter(lines[start:], self.path)
        csv.field_size_limit(10_000_000)
        if columns:
            yield Part(where="line 1", row=next(csv.reader([columns], delimiter=mark)))
        for number, row in self._rows(lines, start, mark):
            if number > _MAX_ROWS:
                raise Unreadable("it has over a million rows")
            yield Part(where=f"line {number}", row=row)

    def _rows(self, lines: list[str], start: int, mark: str) -> Iterator[tuple[int, list[str]]]:
        at = start
        broken: list[int] = []
        while at < len(lines):
            line = lines[at]
            if not line.strip():
                at += 1
            elif line.count('"') % 2 == 0:
                yield at + 1, _cells(line, mark)
                at += 1
            else:
                end = _end_of_record(lines, at)
                if end:
                    yield at + 1, _cells("\n".join(lines[at:end]), mark)
                    at = end
                else:
                    broken.append(at + 1)
                    yield at + 1, [c.strip().strip('"') for c in line.split(mark)]
                    at += 1
        if broken:
            where = ", ".join(map(str, broken[:10])) + (" ..." if len(broken) > 10 else "")
            self.notes.append(f"a quote is never closed in line {where}; read as it stands")


def _end_of_record(lines: list[str], start: int) -> int:
    """The line after a record whose quoted field spans lines, 0 if it does not close soon."""
    for at in range(start + 1, min(len(lines), start + _LONGEST_RECORD)):
        first = lines[at].find('"')
        if first >= 0 and _opens(lines[at], first):
            return 0
        if lines[at].count('"') % 2:
            return at + 1
    return 0


def _opens(line: str, at: int) -> bool:
    """True if the quote at `at` begins a field rather than ends one."""
    before, after = line[:at].rstrip(" ")[-1:], line[at + 1 : at + 2]
    return before in ("", ",", ";", "\t", "|") and after not in ("", ",", ";", "\t", "|", '"', "\n")


def _cells(record: str, mark: str) -> list[str]:
    try:
        rows = list(csv.reader(io.StringIO(record), delimiter=mark, skipinitialspace=mark == ","))
    except csv.Error:
        return record.split(mark)
    return rows[0] if rows else []


def _header(lines: list[str]) -> tuple[str, str, int]:
    """Separator, names of columns and first line of content as an export of Anki states them."""
    mark, columns, at = "", "", 0
    while at < len(lines) and (match := _ANKI.match(lines[at].lstrip("\ufeff"))):
        value = match.group(2).strip("\n ")
        if match.group(1) == "separator":
            mark = _NAMES.get(value.lower(), value[:1] or "\t")
        elif match.group(1) == "columns":
            columns = match.group(2)
        at += 1
    return mark, columns, at


def _delimiter(lines: list[str], path: Path) -> str:
    sample = [x for x in lines[:200] if x.strip()]
    if not sample:
        return ","
    best, worth = "\t" if path.suffix.lower() == ".tsv" else ",", 0.0
    for mark in ("\t", ",", ";", "|"):
        counts = Counter(x.count(mark) for x in sample)
        steady = max((n for c, n in counts.items() if c), default=0) / len(sample)
        present = sum(mark in x for x in sample) / len(sample)
        score = present + steady + (0.5 if mark == "\t" else 0.0)
        if score > worth + 0.01:
            best, worth = mark, score
    return best
