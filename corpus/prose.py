"""Running text as blocks: paragraphs, lists and tables with the headings they stand under."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from corpus.abbreviations import abbreviations
from corpus.banks.blocks import cells
from corpus.banks.document import Document
from corpus.banks.inline import plain
from corpus.words import STOP, content, sentences, stem

_ITEM = re.compile(r"^(\s*)(?:[-*+•▪●◦‣]|\d{1,3}[.)])\s+(\S.*)$")
_EMPHASIS = re.compile(
    r"\*\*([^*\n]{2,60})\*\*|__([^_\n]{2,60})__|(?<![\w*])\*([^*\n]{2,60})\*(?![\w*])"
)
_FURNITURE = re.compile(
    r"^\s*(?:!\[|<|:::|\[\^|\$\$|import |export |\{%|:[a-z_]+:|\\[a-z]+\{|---\s*$)"
)
_NO_PROSE = re.compile(
    r"^\W*(?:references?|bibliography|acknowledge?ments?|licen[cs]e|credits?|contribut\w*|further reading|"
    r"see also|external links|table of contents|contents|index|changelog|exercises?|about the authors?|"
    r"sources?|translations?|related work|appendix.*|footnotes|discussions?|sponsors?|support)\W*$",
    re.I,
)
_REFERENCE = re.compile(
    r"\s*(?:\[(?:\d{1,3}(?:\s*[,–-]\s*\d{1,3})*|citation needed|note \d+)\]|\{cite\}`[^`]*`)"
)
_REFERENCE_LINK = re.compile(r"(?<![\w\]])\[([^\[\]\n]{1,80})\]\[[\w .:/-]{0,60}\]")
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9'+-]*")


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a text. `path` are the headings above it, `line` counts from 1.

    `items` are the items of a list, or the rows of a table as cells; `marked` the term an item
    begins with in bold.
    """

    kind: Literal["heading", "paragraph", "list", "table", "break"]
    text: str
    path: tuple[str, ...]
    line: int
    items: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass
class Prose:
    """The blocks of a document with what is known of its words."""

    blocks: list[Block] = field(default_factory=list)
    marked: Counter[str] = field(default_factory=Counter)

    @cached_property
    def title(self) -> str:
        """The first heading."""
        return next((b.text for b in self.blocks if b.kind == "heading"), "")

    @cached_property
    def text(self) -> str:
        """Paragraphs and items joined."""
        return "\n".join(
            b.text if b.kind == "paragraph" else "\n".join(b.items) for b in self.blocks
        )

    @cached_property
    def short_forms(self) -> dict[str, str]:
        """Abbreviations the text explains."""
        return abbreviations(self.text)

    @cached_property
    def names(self) -> frozenset[str]:
        """Words that are written with a capital inside sentences too."""
        upper: Counter[str] = Counter()
        lower: Counter[str] = Counter()
        for block in self.blocks:
            if block.kind == "paragraph":
                for sentence in sentences(block.text):
                    for word in _WORD.findall(sentence)[1:]:
                        (upper if word[0].isupper() else lower)[word.lower()] += 1
        return frozenset(w for w, n in upper.items() if n > lower[w])

    @cached_property
    def terms(self) -> frozenset[str]:
        """What the text is about, as stems: headings, emphasised words, phrases used again and again."""
        counts: Counter[str] = Counter()
        for block in self.blocks:
            if block.kind != "paragraph":
                continue
            run: list[str] = []
            for word in (*_WORD.findall(block.text), "the"):
                low = word.lower()
                if low in STOP or len(low) < 3:
                    for size in (1, 2, 3):
                        counts.update(
                            " ".join(run[i : i + size]) for i in range(len(run) - size + 1)
                        )
                    run = []
                else:
                    run.append(stem(low))
        often = {p for p, n in counts.items() if n >= (3 if " " in p else 5)}
        headings = {stems(b.text) for b in self.blocks if b.kind == "heading"}
        return frozenset((often | headings | {stems(m) for m in self.marked}) - {""})

    def about(self, phrase: str) -> bool:
        """True if `phrase` is, or holds, something the text is about."""
        wanted = stems(phrase)
        return wanted in self.terms or any(
            f" {t} " in f" {wanted} " for t in self.terms if len(t) > 3
        )


def stems(text: str) -> str:
    """The content words of a phrase as stems, in order."""
    words = (w.lower() for w in _WORD.findall(text))
    return " ".join(stem(w) for w in words if w not in STOP)


def read_prose(doc: Document) -> Prose:
    """The blocks of `doc`; code, formulas and sections such as references are left out."""
    prose = Prose()
    path: list[tuple[int, str]] = []
    paragraph: list[str] = []
    start = 0
    muted = 0
    for index, kind, text in _events(doc):
        if kind == "text":
            if not paragraph:
                start = index
            paragraph.append(text)
            continue
        _close(prose, paragraph, path, start, muted)
        if kind == "heading":
            level = doc.lines[index].level
            while path and path[-1][0] >= level:
                path.pop()
            path.append((level, _clean(text)))
            if muted and level <= muted:
                muted = 0
            if not muted and _NO_PROSE.match(path[-1][1]):
                muted = level
            if not muted:
                prose.blocks.append(Block("heading", path[-1][1], _names(path), index + 1))
        elif kind == "list" and not muted:
            prose.blocks.append(_list(doc, index, path, prose.marked))
        elif kind == "table" and not muted:
            prose.blocks.append(_table(doc, index, path))
        elif kind == "code":
            prose.blocks.append(Block("break", "", _names(path), index + 1))
    _close(prose, paragraph, path, start, muted)
    return prose


def _names(path: list[tuple[int, str]]) -> tuple[str, ...]:
    return tuple(name for _, name in path)


def _clean(text: str) -> str:
    return plain(_REFERENCE_LINK.sub(r"\1", _REFERENCE.sub("", text)))


def _close(
    prose: Prose, lines: list[str], path: list[tuple[int, str]], start: int, muted: int
) -> None:
    raw = " ".join(lines)
    lines.clear()
    if raw and not muted:
        prose.marked.update(_marked(raw))
        text = re.sub(r"\s+([.,;:!?])", r"\1", _clean(raw))
        if text:
            prose.blocks.append(Block("paragraph", text, _names(path), start + 1))


def _marked(raw: str) -> Iterator[str]:
    for match in _EMPHASIS.finditer(raw):
        term = plain(next(g for g in match.groups() if g)).strip(" .:,")
        if 2 < len(term) < 50:
            yield term.lower()


def _events(doc: Document) -> Iterator[tuple[int, str, str]]:
    """(line, kind, text) in order; the first line of a list or table stands for the whole."""
    index = 0
    formula = False
    while index < len(doc):
        line = doc.lines[index]
        text = line.text
        if text.lstrip().startswith("$$"):
            formula = not formula if text.count("$$") % 2 else formula
            yield index, "code", ""
        elif formula:
            pass
        elif line.fenced:
            yield index, "code", ""
            while index + 1 < len(doc) and doc.lines[index + 1].fenced:
                index += 1
        elif line.level:
            yield index, "heading", line.heading
        elif line.blank or _FURNITURE.match(text):
            yield index, "blank", ""
        elif text.lstrip().startswith("|"):
            yield index, "table", ""
            while index + 1 < len(doc) and doc.lines[index + 1].text.lstrip().startswith("|"):
                index += 1
        elif _ITEM.match(text):
            yield index, "list", ""
            index = _list_end(doc, index) - 1
        else:
            yield index, "text", re.sub(r"^\s*>\s?", "", text).strip()
        index += 1


def _list_end(doc: Document, start: int) -> int:
    end = start + 1
    while end < len(doc):
        line = doc.lines[end]
        if line.level or line.fenced:
            break
        if line.blank:
            after = doc.lines[end + 1] if end + 1 < len(doc) else None
            if after is None or not _ITEM.match(after.text):
                break
        elif not _ITEM.match(line.text) and not line.indent:
            break
        end += 1
    return end


def _list(doc: Document, start: int, path: list[tuple[int, str]], marked: Counter[str]) -> Block:
    items: list[str] = []
    base = doc.lines[start].indent
    for line in doc.lines[start : _list_end(doc, start)]:
        match = _ITEM.match(line.text)
        if match and (line.indent <= base + 1 or not items):
            items.append(match.group(2))
        elif match:
            items[-1] += "; " + match.group(2)
        elif items and not line.blank:
            items[-1] += " " + line.text.strip()
    for item in items:
        marked.update(_marked(item))
    return Block("list", "", _names(path), start + 1, tuple(_clean(i) for i in items))


def _table(doc: Document, start: int, path: list[tuple[int, str]]) -> Block:
    rows: list[tuple[str, ...]] = []
    index = start
    while index < len(doc) and doc.lines[index].text.lstrip().startswith("|"):
        text = doc.lines[index].text
        if text.strip(" |:-\t"):
            rows.append(tuple(_clean(c) for c in cells(text)))
        index += 1
    return Block("table", "", _names(path), start + 1, rows=tuple(rows))


def shared(one: str, other: str) -> float:
    """The share of the content words of `one` that `other` holds too."""
    a = content(one)
    return len(a & content(other)) / len(a) if a else 0.0
