"""Readings without any mark: lines and paragraphs that ask, one after the other."""

from __future__ import annotations

import re

from corpus.banks.document import Document
from corpus.banks.found import Item, Reading
from corpus.banks.spans import spans
from corpus.banks.wording import ends_asking, likeness

_LIST_MARK = re.compile(r"^\s*(?:[-*+•|>]|#{1,6}\s|\d{1,3}[.)]|\(?[a-h][.)])\s*", re.I)


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
    """Paragraphs of one line that end with a question mark, each followed by text."""
    starts: list[int] = []
    for index, line in enumerate(doc.lines):
        if "?" not in line.text or line.fenced or line.level or len(line.text) > 300:
            continue
        alone = index == 0 or doc.lines[index - 1].blank
        text = line.bare
        if (
            alone
            and ends_asking(text)
            and likeness(text) == 1.0
            and not _LIST_MARK.match(line.text)
        ):
            words = len(text.split())
            if 3 <= words <= 40 and text[0].isupper():
                starts.append(index)
    if len(starts) < 3:
        return []
    items = [Item(doc.lines[s].text, doc.text(s + 1, e), s, e) for s, e in spans(doc, starts, 6)]
    items = [i for i in items if i.answer.strip()]
    words = sorted(len(i.answer.split()) for i in items)
    # Questions that a running text asks its reader are followed by pages, not by an answer.
    if len(items) < 3 or words[len(words) // 2] > 400:
        return []
    return [Reading("paragraph", items, -0.1)]
