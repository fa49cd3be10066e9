"""Readings without any mark: lines and paragraphs that ask, one after the other."""

from __future__ import annotations

import re

from corpus.banks.document import Document
from corpus.banks.found import Item, Reading
from corpus.banks.inline import plain
from corpus.banks.spans import spans
from corpus.banks.wording import ends_asking, likeness

_LIST_MARK = re.compile(r"^\s*(?:[-*+•|>]|#{1,6}\s|\d{1,3}[.)]|\(?[a-h][.)])\s*", re.I)

_CLOSING = "?\"”’'). "
_TITLE = 60
_LINES = 3
"""A question is broken over so many lines at most."""


def read_question_lines(doc: Document) -> list[Reading]:
    """A text whose lines nearly all ask something: each is a question without an answer."""
    rows = [i for i, x in enumerate(doc.lines) if not x.blank and not x.fenced and not x.level]
    marked = sum("?" in doc.lines[i].text or "？" in doc.lines[i].text for i in rows)
    if marked < 0.4 * len(rows):
        return []
    asking = [i for i in rows if likeness(doc.lines[i].text) >= 0.9]
    if len(asking) < 3 or len(asking) < 0.8 * len(rows):
        return []
    ended = sum(ends_asking(doc.lines[i].bare) for i in asking)
    if ended < 0.5 * len(asking):
        return []
    return [Reading("line", [Item(doc.lines[i].text, "", i, i + 1) for i in asking])]


def read_paragraphs(doc: Document) -> list[Reading]:
    """Paragraphs of a line, or of one broken over some, that end asking, each followed by text."""
    starts: dict[int, str] = {}
    for index, line in enumerate(doc.lines):
        if line.level or line.fenced or not _may_ask(doc, index) or _LIST_MARK.match(line.text):
            continue
        text = _asked(doc, index) if _stands_apart(doc, index) else ""
        if text:
            starts[index] = text
    if len(starts) < 3:
        return []
    items = [
        Item(starts[s], doc.text(s + 1 + starts[s].count("\n"), e), s, e)
        for s, e in spans(doc, starts, 6)
    ]
    items = [i for i in items if i.answer.strip()]
    words = sorted(len(i.answer.split()) for i in items)
    # Questions that a running text asks its reader are followed by pages, not by an answer.
    if len(items) < 3 or words[len(words) // 2] > 400:
        return []
    for item in items:
        item.ask = " ".join(item.ask.split())
    return [Reading("paragraph", items, -0.1)]


def _may_ask(doc: Document, index: int) -> bool:
    """True if a question mark stands in the line or in one of those it may run on to."""
    if doc.lines[index].blank:
        return False
    return any("?" in x.text for x in doc.lines[index : index + _LINES])


def _stands_apart(doc: Document, index: int) -> bool:
    """True for a line below a blank one, or indented below a title."""
    above = doc.lines[index - 1] if index else None
    if above is None or above.blank:
        return True
    return above.indent < doc.lines[index].indent and len(above.text) <= _TITLE


def _asked(doc: Document, start: int) -> str:
    """The paragraph at `start`, its lines kept, if it is one question; "" otherwise."""
    end = start + 1
    while end < len(doc) and end - start < _LINES and not doc.lines[end].blank:
        if doc.lines[end].fenced or doc.lines[end].level:
            return ""
        end += 1
    if end - start > 1 and (
        ends_asking(doc.lines[start].bare) or (end < len(doc) and not doc.lines[end].blank)
    ):
        end = start + 1
    text = doc.text(start, end)
    if "?" not in text or len(text) > 300:
        return ""
    bare = plain(" ".join(text.split()))
    asks = (
        ends_asking(bare) and likeness(bare if "\n" not in text else bare.rstrip(_CLOSING)) >= 0.9
    )
    return text if asks and 2 <= len(bare.split()) <= 40 and bare[0].isupper() else ""
