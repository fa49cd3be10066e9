"""A list of what the text below asks, before it is asked and answered."""

from __future__ import annotations

import re

from corpus.banks.document import Document
from corpus.banks.line import Line

_ITEM = re.compile(r"^\s*(?:[-*+•]\s+|\(?\d{1,4}(?:\.\d{1,3})*[.):]?\s+|\[)")
_LETTERS = re.compile(r"[^\W\d_]+")
_LOOK, _KEY, _SHORTEST = 80, 30, 8
"""Characters looked at, and letters of a key."""
_LEAST, _MOSTLY = 5, 0.7


def drop_contents(doc: Document) -> None:
    """Blank the lists of which most items stand again further down; line numbers stay."""
    runs = [run for run in _runs(doc) if len(run) >= _LEAST]
    if not runs:
        return
    last = {
        _key(line.text): index
        for index, line in enumerate(doc.lines[runs[0][0] :], runs[0][0])
        if line.text and not line.fenced
    }
    for run in runs:
        keys = [_key(doc.lines[i].text) for i in run]
        again = sum(len(key) >= _SHORTEST and last.get(key, -1) > run[-1] for key in keys)
        if again >= _MOSTLY * len(run):
            end = run[-1] + 1
            while end < len(doc) and not doc.lines[end].blank and not doc.lines[end].level:
                end += 1
            doc.lines[run[0] : end] = [Line("") for _ in range(end - run[0])]


def _runs(doc: Document) -> list[list[int]]:
    """Items with nothing between them but their own further lines and blank ones, none twice."""
    runs: list[list[int]] = []
    known: set[str] = set()
    for index, line in enumerate(doc.lines):
        if line.level or line.fenced or not _ITEM.match(line.text):
            continue
        key = _key(line.text)
        if not runs or key in known or not _follows(doc, runs[-1][-1], index):
            runs.append([])
            known = set()
        runs[-1].append(index)
        known.add(key)
    return runs


def _follows(doc: Document, before: int, index: int) -> bool:
    """True if the item `before` runs on to `index`: no text after a blank line, none at the margin."""
    blank = False
    for line in doc.lines[before + 1 : index]:
        if line.level or line.fenced or (not line.blank and (blank or not line.indent)):
            return False
        blank = blank or line.blank
    return True


def _key(text: str) -> str:
    """The first letters of a line, by which it is known again; what a link leads to is none of it."""
    return "".join(_LETTERS.findall(text[:_LOOK].partition("](")[0])).casefold()[:_KEY]
