"""PDF text through PDFium, page by page, its lines joined to paragraphs again."""

from __future__ import annotations

import ctypes
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium

from corpus.loaders.parts import MAX_TEXT, Part, Unreadable

_MAX_PAGES = 10_000
_DIGITS = re.compile(r"\d+")
_NEW = re.compile(
    r"^\s*(?:[-*+•▪●◦‣–]\s|\(?\d{1,4}[.):]\s|\(?[A-Ha-h][.)]\s|#{1,6}\s|Q(?:uestion)?\s*\d*\s*[.:)]|"
    r"A(?:nswer)?s?\s*[.:)]\s|\|)"
)
_WORD = re.compile(r"[A-Za-z]{2,}")
_LEADERS = re.compile(r"(?:\.\s?){5,}\s*[\divxlc]{1,5}\s*$")
"""A line of a table of contents."""
_COMMENT = re.compile(r"#\s*[^\sA-Z#]")
"""A comment of a program: in Markdown it would be a heading."""
_EDGE = 0.1
"""How much of a page's height, above and below, running heads and feet stand in."""
_MANY = 0.4
"""The share of pages from which on lines that recur at their edges belong to the paper."""
_CAPITALS = 8


@dataclass(slots=True)
class _Line:
    text: str
    size: float = 0.0
    edge: bool = False
    """True in the strip at the top or the bottom of the page."""


class Pages:
    """The pages of a PDF file as parts. `notes` says which pages hold no text. Raises `Unreadable`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.notes: list[str] = []

    def __iter__(self) -> Iterator[Part]:
        raw = self._raw()
        furniture = _furniture(raw)
        sizes = Counter[float]()
        for page in raw:
            for line in page:
                sizes[round(line.size, 1)] += len(line.text)
        body = sizes.most_common(1)[0][0] if sizes else 0.0
        widths = sorted(len(x.text) for page in raw for x in page if len(x.text) > 20)
        full = widths[int(len(widths) * 0.9)] if widths else 80
        known = {w.lower() for page in raw for x in page for w in _WORD.findall(x.text)}
        for number, page in enumerate(raw, 1):
            text = _paragraphs(_without_furniture(page, furniture), body, full, known)
            if text:
                yield Part(text, f"page {number}")

    def _raw(self) -> list[list[_Line]]:
        document = _open(self.path)
        made: list[list[_Line]] = []
        empty: list[int] = []
        total = 0
        try:
            count = len(document)
            if count > _MAX_PAGES:
                self.notes.append(f"only the first {_MAX_PAGES} of {count} pages were read")
            for number in range(min(count, _MAX_PAGES)):
                try:
                    lines = _page(document, number)
                except pypdfium2.PdfiumError:
                    lines = []
                if not any(x.text.strip() for x in lines):
                    empty.append(number + 1)
                total += sum(len(x.text) for x in lines)
                if total > MAX_TEXT:
                    self.notes.append(f"the text after page {number} was left out: too much")
                    break
                made.append(lines)
        finally:
            document.close()
        if len(empty) == len(made):
            raise Unreadable("no page holds text: it was scanned, and needs text recognition first")
        if empty:
            pages = ", ".join(map(str, empty[:10])) + (" ..." if len(empty) > 10 else "")
            self.notes.append(f"{len(empty)} pages hold no text (scanned?): {pages}")
        return made


def _open(path: Path) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        if "assword" in str(error):
            raise Unreadable("it is protected by a password") from None
        raise Unreadable("the PDF is damaged or cut off") from None


def _page(document: pypdfium2.PdfDocument, number: int) -> list[_Line]:
    """The lines of a page, each with the size and the height of its first letter."""
    page = document[number]
    try:
        height = page.get_height()
        layer = page.get_textpage()
        try:
            made: list[_Line] = []
            at = 0
            for text in layer.get_text_range().split("\n"):
                line = _Line(text.replace("\r", "").replace("\ufffe", "\x02").rstrip())
                if line.text.strip():
                    line.size = pdfium.FPDFText_GetFontSize(layer, at)
                    line.edge = _is_at_edge(layer, at, height)
                made.append(line)
                at += len(text) + 1
            return made
        finally:
            layer.close()
    finally:
        page.close()


def _is_at_edge(layer: pypdfium2.PdfTextPage, at: int, height: float) -> bool:
    across, up = ctypes.c_double(), ctypes.c_double()
    if not height or not pdfium.FPDFText_GetCharOrigin(layer, at, across, up):
        return False
    return not _EDGE * height < up.value < (1 - _EDGE) * height


def _furniture(pages: list[list[_Line]]) -> set[str]:
    """Lines in the strips at the top and bottom that stand on many pages, digits aside."""
    counts: Counter[str] = Counter()
    for page in pages:
        counts.update({_DIGITS.sub("#", x.text.strip()) for x in page if x.edge and x.text.strip()})
    often = {t for t, n in counts.items() if n >= 2 and n >= _MANY * min(len(pages), 50)}
    return often | _running_heads(pages)


def _running_heads(pages: list[list[_Line]]) -> set[str]:
    """First lines that change with the chapter: in capitals, or again on another page, on many pages."""
    firsts = [next((x for x in page if x.text.strip()), None) for page in pages]
    texts = [_DIGITS.sub("#", x.text.strip()) for x in firsts if x and x.edge]
    counts = Counter(texts)
    heads = {t for t, n in counts.items() if n >= 2 or (t.isupper() and len(t) >= _CAPITALS)}
    held = sum(counts[t] for t in heads)
    return heads if held >= max(3, _MANY * len(pages)) else set()


def _without_furniture(page: list[_Line], furniture: set[str]) -> list[_Line]:
    filled = [i for i, x in enumerate(page) if x.text.strip()]
    ends = {filled[0], filled[-1]} if filled else set()
    return [x for i, x in enumerate(page) if not _is_furniture(x, furniture, i in ends)]


def _is_furniture(line: _Line, furniture: set[str], end: bool) -> bool:
    text = line.text.strip()
    if _LEADERS.search(text):
        return True
    if not text or not (line.edge or end):
        return False
    number = r"\W*(?:page\s*)?\d{1,4}(?:\s*(?:/|of)\s*\d{1,4})?\W*"
    return bool(re.fullmatch(number, text, re.I)) or _DIGITS.sub("#", text) in furniture


def _paragraphs(lines: list[_Line], body: float, full: int, known: set[str]) -> str:
    """Lines that were broken at the margin joined again; larger type as headings.

    `body` is the size of most letters, `full` the length of a full line.
    """
    made: list[str] = []
    last_full = False
    broken = 0.0
    for line in lines:
        text, size = line.text.strip(), line.size
        if not text:
            last_full, broken = False, 0.0
            continue
        if body > 0 and size > 1.15 * body and len(text) < 120 * (1 + text.count("\x02")):
            last = text.rpartition("\x02")[2]
            text = text.replace("\x02", "")
            if broken == size and _goes_on(made[-1], text):
                made[-1] += f" {text}"
            else:
                made.append("#" * (2 if size < 1.6 * body else 1) + f" {text}")
            broken = size if len(last) > 0.6 * full * body / size else 0.0
            last_full = False
            continue
        broken = 0.0
        if _COMMENT.match(text):
            text = f"    {text}"
        if made and last_full and not _NEW.match(text) and not made[-1].startswith("#"):
            made[-1] = _joined(made[-1], text, known)
        else:
            made.append(text)
        last_full = len(text) > 0.7 * full and not (
            len(text) < 0.85 * full and text.endswith((".", "?", "!", ":"))
        )
    return re.sub(r"[\x02\u00ad]", "", "\n".join(made))


def _goes_on(heading: str, text: str) -> bool:
    """True if `text`, in the same type below a full line, belongs to the heading above."""
    return text[0].islower() or (heading[-1] not in "?!:" and not text[0].isdigit())


def _joined(line: str, text: str, known: set[str]) -> str:
    """Two lines of a paragraph as one, a word broken by a hyphen put together."""
    if line[-1:] not in ("\x02", "\u00ad", "-"):
        return f"{line} {text}"
    head = re.split(r"[^A-Za-z]", line[-60:-1])[-1]
    rest = re.match(r"[a-z]+", text)
    if not head or not rest:
        return f"{line} {text}"
    whole = (head + rest.group()).lower()
    apart = head.lower() in known and rest.group() in known and whole not in known
    return line + text if line[-1] == "-" and apart else line[:-1] + text
