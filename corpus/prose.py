"""Running text as blocks: paragraphs, lists and tables with the headings they stand under."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from corpus.abbreviations import abbreviations
from corpus.banks.blocks import cells
from corpus.banks.document import Document
from corpus.banks.inline import plain
from corpus.usage import WORD, Usage
from corpus.words import STOP, Asked, sentences, stem, tokens

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
_SPACED = re.compile(r" ([.,;:!?])(?=\s|$)")
_SPLIT = re.compile(r"‐\x00(?=[a-z])|(?<=\w-)\x00(?=[a-z])")
_LABEL = re.compile(r"[^.!?:;,]{2,60}")
_HUNG = re.compile(r"(\S(?:.{0,24}\S)?)\s{2,}\S")
_INDENTED = 10
"""The level of a label that is not indented, below that of every heading."""
_FIRST = re.compile(r"\w+")
_ADDRESS = re.compile(r"://|\w[./@]\w|\w-\w|[./]\w+/")
"""Addresses, files and compounds: how they are written tells nothing of their words."""
_SMALL = re.compile(r"\b[a-z][a-z'-]+")


def _words(text: str) -> str:
    """The text without addresses, files and compounds."""
    return " ".join(w for w in text.split() if w.isalpha() or not _ADDRESS.search(w))


@dataclass(frozen=True)
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

    @cached_property
    def sentences(self) -> list[str]:
        """The sentences of a paragraph."""
        return sentences(self.text)


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
        said: list[str] = []
        for block in self.blocks:
            for sentence in block.sentences if block.kind == "paragraph" else block.items:
                said += WORD.findall(_words(sentence))[1:]
        upper: Counter[str] = Counter()
        for word, times in Counter(said).items():
            upper[word.lower()] += times if word[0].isupper() else -times
        return frozenset(word for word, more in upper.items() if more > 0)

    @cached_property
    def small(self) -> frozenset[str]:
        """Words that are written in small letters somewhere."""
        headings = " ".join(b.text for b in self.blocks if b.kind == "heading")
        return frozenset(_SMALL.findall(_words(f"{self.text}\n{headings}")))

    @cached_property
    def named(self) -> frozenset[str]:
        """Headings and emphasised words as stems."""
        headings = {stems(b.text) for b in self.blocks if b.kind == "heading"}
        return frozenset((headings | {stems(m) for m in self.marked}) - {""})

    @cached_property
    def headed(self) -> frozenset[str]:
        """The words of short headings as stems."""
        texts = (b.text for b in self.blocks if b.kind == "heading" and len(b.text) < 60)
        return frozenset(word for text in texts for word in stems(text).split() if len(word) > 3)

    @cached_property
    def marked_from(self) -> dict[str, list[str]]:
        """Emphasised terms by the word they begin with."""
        found: dict[str, list[str]] = {}
        for term in self.marked:
            first = _FIRST.search(term)
            if first and len(term) > 4:
                found.setdefault(first.group(), []).append(term)
        return found

    @cached_property
    def usage(self) -> Usage:
        """How the paragraphs use their words."""
        return Usage(b.text for b in self.blocks if b.kind == "paragraph")

    def about(self, phrase: str) -> bool:
        """True if `phrase` is, or holds, what the text is about: a heading, an emphasised word, a word
        used five times (fewer in a short text), a phrase used three times, or ends in a word of a heading."""
        wanted = stems(phrase).split()
        if wanted and wanted[-1] in self.headed:
            return True
        runs = (
            wanted[start : start + size]
            for size in range(1, len(wanted) + 1)
            for start in range(len(wanted) - size + 1)
        )
        return any(
            (len(run) == len(wanted) or len(" ".join(run)) > 3)
            and (" ".join(run) in self.named or self.usage.often(run))
            for run in runs
        )


def stems(text: str) -> str:
    """The content words of a phrase as stems, in order."""
    words = (w.lower() for w in WORD.findall(text))
    return " ".join(stem(w) for w in words if w not in STOP)


def read_prose(doc: Document) -> Prose:
    """The blocks of `doc`; code, formulas and sections such as references are left out."""
    return _Reader(doc).read()


class _Reader:
    """Makes blocks of a document's lines, one after the other."""

    def __init__(self, doc: Document) -> None:
        self._doc = doc
        self._prose = Prose()
        self._path: list[tuple[int, str]] = []
        self._paragraph: list[str] = []
        self._start = 0
        self._muted = 0

    def read(self) -> Prose:
        for index, kind, text in _events(self._doc):
            if kind == "text":
                self._add(index, text)
                continue
            self._close()
            if kind == "heading":
                self._open(self._doc.lines[index].level, text, index)
            elif kind == "list" and not self._muted:
                names, marked = self._names(), self._prose.marked
                self._prose.blocks.append(_list(self._doc, index, names, marked))
            elif kind == "table" and not self._muted:
                self._prose.blocks.append(_table(self._doc, index, self._names()))
            elif kind == "code":
                self._prose.blocks.append(Block("break", "", self._names(), index + 1))
        self._close()
        return self._prose

    def _names(self) -> tuple[str, ...]:
        return tuple(name for _, name in self._path)

    def _add(self, index: int, text: str) -> None:
        if len(self._paragraph) == 1 and _is_label(self._doc, self._start, index):
            level = _INDENTED + self._doc.lines[self._start].indent
            self._open(level, self._paragraph.pop(), self._start)
        if not self._paragraph:
            self._start = index
            label = _hanging(self._doc, index)
            while self._path and self._path[-1][0] >= _INDENTED + self._doc.lines[index].indent:
                self._path.pop()
            if label:
                self._open(_INDENTED + self._doc.lines[index].indent, label, index)
                text = text[len(label) :].strip()
        self._paragraph.append(text)

    def _open(self, level: int, text: str, index: int) -> None:
        """Begin what stands below a heading."""
        while self._path and self._path[-1][0] >= level:
            self._path.pop()
        heading = _clean(text)
        self._path.append((level, heading))
        if self._muted and level <= self._muted:
            self._muted = 0
        if not self._muted and _NO_PROSE.match(heading):
            self._muted = level
        if not self._muted:
            self._prose.blocks.append(Block("heading", heading, self._names(), index + 1))

    def _close(self) -> None:
        """End the paragraph."""
        raw = _joined(self._paragraph)
        self._paragraph.clear()
        if raw and not self._muted:
            self._prose.marked.update(_marked(raw))
            text = _SPACED.sub(r"\1", _clean(raw))
            if text:
                self._prose.blocks.append(Block("paragraph", text, self._names(), self._start + 1))


def _clean(text: str) -> str:
    if "[" in text or "{cite}" in text:
        text = _REFERENCE_LINK.sub(r"\1", _REFERENCE.sub("", text))
    return plain(text).removesuffix("¶")


def _joined(lines: Iterable[str]) -> str:
    """Lines of one paragraph, words that were cut at a line's end whole again."""
    text = "\x00".join(lines)
    return (_SPLIT.sub("", text) if "-\x00" in text or "‐" in text else text).replace("\x00", " ")


def _is_label(doc: Document, index: int, below: int) -> bool:
    """True for a line that names what stands below it further in, as a manual does."""
    above, line = doc.lines[index], doc.lines[below]
    text = above.text.strip()
    return (
        line.indent >= above.indent + 2
        and below == index + 1
        and len(text.split()) <= 8
        and _LABEL.fullmatch(text) is not None
    )


def _hanging(doc: Document, index: int) -> str:
    """The label that text hangs from, as in ``-v     be verbose`` with its next line further in."""
    line = doc.lines[index]
    below = doc.lines[index + 1] if index + 1 < len(doc) else line
    match = _HUNG.match(line.text.strip())
    return match.group(1) if match and below.indent >= line.indent + 4 and not below.blank else ""


def _marked(raw: str) -> Iterator[str]:
    for match in _EMPHASIS.finditer(raw) if "*" in raw or "__" in raw else ():
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


def _list(doc: Document, start: int, path: tuple[str, ...], marked: Counter[str]) -> Block:
    items: list[str] = []
    base = doc.lines[start].indent
    for line in doc.lines[start : _list_end(doc, start)]:
        match = _ITEM.match(line.text)
        if match and (line.indent <= base + 1 or not items):
            items.append(match.group(2))
        elif match:
            items[-1] += (" " if items[-1].endswith(":") else "; ") + match.group(2)
        elif items and not line.blank:
            items[-1] = _joined((items[-1], line.text.strip()))
    for item in items:
        marked.update(_marked(item))
    return Block("list", "", path, start + 1, tuple(_clean(i) for i in items))


def _table(doc: Document, start: int, path: tuple[str, ...]) -> Block:
    rows: list[tuple[str, ...]] = []
    index = start
    while index < len(doc) and doc.lines[index].text.lstrip().startswith("|"):
        text = doc.lines[index].text
        if text.strip(" |:-\t"):
            rows.append(tuple(_clean(c) for c in cells(text)))
        index += 1
    return Block("table", "", path, start + 1, rows=tuple(rows))


def shared(one: str, other: str) -> float:
    """The share of the content words of `one` that `other` holds too."""
    words = {stem(t): t for t in tokens(one) if t not in STOP}
    held = Asked(other) if words else ()
    return sum(word in held for word in words.values()) / len(words) if words else 0.0
