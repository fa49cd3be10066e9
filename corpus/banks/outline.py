"""Headings of plain text that only their numbers tell: ``2.3. Where do I get it?`` between blanks."""

from __future__ import annotations

import re
from itertools import pairwise

from corpus.banks.line import Line
from corpus.banks.wording import likeness

_NUMBERED = re.compile(r"(\d{1,3}(?:\.\d{1,3})*)\.?[ \t]+(?=[^\d\s]|\d+[^\W\d])(\S.*)$")
CHAPTER = re.compile(
    r"(?:chapter|part|appendix|kapitel|chapitre|cap[ií]tulo)\s+(?:\d{1,3}|[IVXLC]+|[A-Z])\b", re.I
)
_INNER = re.compile(r"\d{1,3}\.\d{1,3}")
_LINES, _LENGTH = 4, 300
"""A heading runs over at most so many lines and characters."""
_LEAST = 3
_RISING = 0.9
_MOSTLY = 0.6


def mark_numbered(lines: list[Line]) -> None:
    """Mark the numbered lines that stand alone as headings, if no other headings are there.

    They must be numbered in two steps (``1.1``) and rise through the text; then ``Chapter 2`` and
    ``2. Title`` are headings above them. Where most of them ask they are all of one level, as a
    question of a section and one below it are two questions.
    """
    if any(line.level for line in lines):
        return
    if not any(_INNER.match(line.text) for line in lines):
        return
    alone = [(at, *head) for at in range(len(lines)) if (head := _alone(lines, at))]
    numbered = [(at, end, m[1], m[2]) for at, end, text in alone if (m := _NUMBERED.match(text))]
    inner = [_places(number) for _, _, number, _ in numbered if "." in number]
    rising = sum(a < b for a, b in pairwise(inner))
    if len(inner) < _LEAST or rising < _RISING * (len(inner) - 1):
        return
    chapters = {places[0] for places in inner}
    asking = sum(likeness(text) >= 0.9 for _, _, number, text in numbered if "." in number)
    flat = asking >= _MOSTLY * len(inner)
    for at, end, number, text in numbered:
        depth = number.count(".") + 1
        if depth > 1 or int(number) in chapters:
            _mark(lines, at, end, min(depth, 2 if flat else 6), text)
    for at, end, text in alone:
        if CHAPTER.match(text):
            _mark(lines, at, end, 1, text)


def _alone(lines: list[Line], at: int) -> tuple[int, str] | None:
    """Where the lines that begin at `at` without an indent, between blank ones, end; and their text."""
    first = lines[at]
    if first.fenced or not first.text[:1].isalnum() or (at and not lines[at - 1].blank):
        return None
    end = at + 1
    while end < len(lines) and end - at < _LINES and not lines[end].blank:
        end += 1
    text = " ".join(line.text.strip() for line in lines[at:end])
    if len(text) > _LENGTH or (end < len(lines) and not lines[end].blank):
        return None
    return end, text


def _mark(lines: list[Line], at: int, end: int, level: int, text: str) -> None:
    lines[at].level, lines[at].heading = level, text
    for line in lines[at + 1 : end]:
        line.text = ""


def _places(number: str) -> tuple[int, ...]:
    return tuple(map(int, number.split(".")))
