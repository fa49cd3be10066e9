"""Readings by flashcard syntax: ``::``, ``?`` lines, ``#flashcard`` tags, ``Term`` over ``: meaning``."""

from __future__ import annotations

import re

from corpus.banks.clozes import clozes
from corpus.banks.document import Document
from corpus.banks.found import Item, Reading
from corpus.banks.inline import plain
from corpus.banks.spans import spans
from corpus.banks.wording import ANSWER_ALONE, asks

_INLINE = re.compile(r"^(\S[^\n]{0,400}?\S|\S)\s*(:::?|;;|→→|(?<=\s)>>(?=\s))\s*(\S[^\n]*)$")
_CODE = re.compile(
    r"^\W*[\w.<>]+::\w|std::|::=|::\w+(?:::|\(|<)|^\s*(?:#|//|\$ |\.\. |import |use |from )|https?::?//|"
    r" \w*[a-z_\d]::[a-z_]\w*[ ,.)]"
)
_SAYING = re.compile(r"[^\W_]")
_QUOTING = tuple("`'‘’“”\"|])")
"""Beside these a mark is talked about, or is code."""
_TAG = re.compile(
    r"(?:^|\s)#(?:flashcards?|cards?|anki|spaced|fc)(?:/[\w/-]+)?(?=\s|$)|⚡️?|🧠", re.I
)
_ABOUT = re.compile(
    r"\b(?:use|using|with|add|the|instead of)\b[^\n]{0,40}(?:#\w|⚡|🧠|\btags?\b)", re.I
)
_ENDS_CARD = re.compile(r"^\s*(?:-{3,}|\*{3,}|(?:- ){2,}-?)\s*$")
_HIGHLIGHT = re.compile(r"==([^=\n]{1,80})==")


def read_flashcards(doc: Document) -> list[Reading]:
    """Cards in the syntax of Obsidian's spaced repetition, NeuraCache, Logseq, Mochi and org."""
    tagged_page = any(
        re.match(r"\s*(?:tags?:.*)?#?flashcards?\b", x.text, re.I) for x in doc.lines[:15]
    ) or bool(re.search(r"flashcard", doc.front))
    inline: list[Item] = []
    blocks: list[Item] = []
    tagged: list[Item] = []
    for index, line in enumerate(doc.lines):
        text = line.text.strip()
        if line.fenced or not text:
            continue
        if text in ("?", "??"):
            blocks += _block(doc, index)
        elif "{{c" in text or (tagged_page and "==" in text):
            inline += _gaps(text, index)
        elif ("::" in text or ";;" in text or ">>" in text) and not line.level:
            inline += _inline(doc, index)
        elif (
            ("#" in text or "⚡" in text or "🧠" in text)
            and _TAG.search(text)
            and not _ABOUT.search(text)
        ):
            tagged += _tagged(doc, index)
    made: list[Reading] = []
    for name, items in (("card-inline", inline), ("card-block", blocks), ("card-tag", tagged)):
        if items and (len(items) >= 2 or tagged_page or len(doc) < 40):
            made.append(Reading(name, items, 0.5))
    return made


def _block(doc: Document, mark: int) -> list[Item]:
    """A paragraph, a line with ``?`` alone, a paragraph."""
    start = mark
    while start and not doc.lines[start - 1].blank and not doc.lines[start - 1].level:
        if "::" in doc.lines[start - 1].text and _inline(doc, start - 1):
            break
        start -= 1
    end = mark + 1
    while (
        end < len(doc)
        and not doc.lines[end].level
        and (doc.lines[end].fenced or not doc.lines[end].blank)
    ):
        end += 1
    ask, answer = doc.text(start, mark), doc.text(mark + 1, end)
    if not ask.strip() or not answer.strip() or mark - start > 40:
        return []
    return [Item(_TAG.sub("", ask).strip(), answer, start, end)]


def _inline(doc: Document, index: int) -> list[Item]:
    text = re.sub(r"^\s*(?:[-*+]|\d{1,3}[.)])\s+", "", doc.lines[index].text).strip()
    match = _INLINE.match(text)
    if not match or _CODE.search(text) or text.startswith(("|", "`")):
        return []
    ask, answer = match.group(1), match.group(3)
    if not (_SAYING.search(ask) and _SAYING.search(answer)):
        return []
    if match.group(2) in answer:
        return []  # ``Topic :: Software :: Tools`` is a path.
    if ask.count("`") % 2 or ask.endswith((":", *_QUOTING)) or answer.startswith(_QUOTING):
        return []
    return [Item(_TAG.sub("", ask), _TAG.sub("", answer), index, index + 1)]


def _tagged(doc: Document, index: int) -> list[Item]:
    """``Question #card`` with the answer below, or ``term: meaning #card`` on one line."""
    line = doc.lines[index]
    text = _TAG.sub(" ", line.heading or line.text).strip()
    bullet = re.match(r"^\s*(?:[-*+]|\d{1,3}[.)])\s+", line.text)
    text = re.sub(r"^(?:[-*+]|\d{1,3}[.)])\s+", "", text).strip()
    gaps = _gaps(text, index) if "{{c" in text or "==" in text else []
    if gaps:
        return gaps
    if line.level:
        end = next(e for _, e in spans(doc, [index], line.level))
        body = [x.text for x in doc.lines[index + 1 : end]]
        if body and ANSWER_ALONE.match(plain(next((b for b in body if b.strip()), ""))):
            body = body[body.index(next(b for b in body if b.strip())) + 1 :]
        answer = "\n".join(re.sub(r"^#{1,6}\s+(?:Back|Answer)\s*$", "", b) for b in body)
        return [Item(text, answer, index, end)] if text and answer.strip() else []
    single = re.match(r"^(\S.{1,300}?)\s*(?::|—|–|\s-\s)\s*(\S.*)$", text)
    end = index + 1
    while end < len(doc) and not _ends(doc, index, end, bool(bullet)):
        end += 1
    below = doc.text(index + 1, end)
    if below.strip() and not (single and not text.endswith("?") and doc.lines[index + 1].blank):
        return [Item(text, below, index, end)] if text else []
    if single:
        return [Item(single.group(1), single.group(2), index, index + 1)]
    return []


def _ends(doc: Document, start: int, at: int, bullet: bool) -> bool:
    line = doc.lines[at]
    if line.fenced:
        return False
    if line.level or _ENDS_CARD.match(line.text) or _TAG.search(line.text):
        return True
    if bullet and not line.blank:
        return line.indent <= doc.lines[start].indent
    return line.blank and at + 1 < len(doc) and doc.lines[at + 1].blank


def _gaps(text: str, index: int) -> list[Item]:
    text = re.sub(r"^\s*(?:[-*+]|\d{1,3}[.)])\s+", "", _TAG.sub(" ", text)).strip()
    return clozes(_HIGHLIGHT.sub(r"{{c1::\1}}", text), index, index + 1)


_TERM = re.compile(r"[^\W\d_]{2}")
_CALLOUT = re.compile(r"^>\s*\[!(\w+)\][+-]?\s*(\S.*)$")


def read_callouts(doc: Document) -> list[Reading]:
    """Obsidian's callouts with a question as title: ``> [!question]- What is a port?``."""
    items: list[Item] = []
    for index, line in enumerate(doc.lines):
        match = _CALLOUT.match(line.text) if line.text.startswith(">") else None
        if match is None or (match.group(1).lower() not in _ASKING and not asks(match.group(2))):
            continue
        end = index + 1
        while end < len(doc) and doc.lines[end].text.startswith(">"):
            end += 1
        body = [re.sub(r"^>\s?", "", x.text) for x in doc.lines[index + 1 : end]]
        items.append(Item(match.group(2), "\n".join(body), index, end))
    return [Reading("callout", items, 0.4)] if len(items) >= 2 else []


_ASKING = frozenset(("question", "faq", "help", "card", "flashcard", "quiz"))


def read_definitions(doc: Document) -> list[Reading]:
    """Definition lists: a term on its line, ``: meaning`` below it; or ``Question?::`` over its answer."""
    items: list[Item] = []
    for index, line in enumerate(doc.lines[:-1]):
        below = doc.lines[index + 1]
        if line.text.endswith("?::") and not line.fenced and below.text[:1].isspace():
            end = index + 1
            while end < len(doc) and (doc.lines[end].blank or doc.lines[end].indent):
                end += 1
            items.append(Item(line.text[:-2], doc.text(index + 1, end), index, end))
            continue
        if line.blank or line.fenced or not re.match(r"^:\s+\S", below.text):
            continue
        if line.text.startswith(":") or len(line.text) > 120:
            continue
        end = index + 2
        while end < len(doc) and (
            doc.lines[end].indent >= 2 or doc.lines[end].text.startswith(":")
        ):
            end += 1
        answer = re.sub(r"^:\s+", "", doc.text(index + 1, end), flags=re.M)
        items.append(Item(line.heading or line.text, answer, index, end))
    items = [i for i in items if _TERM.search(plain(i.ask))]
    return [Reading("definition", items, 0.4)] if len(items) >= 2 else []
