"""PDF text through PDFium, page by page, its lines joined to paragraphs again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
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


class Pages:
    """The pages of a PDF file as parts. `notes` says which pages hold no text. Raises `Unreadable`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.notes: list[str] = []

    def __iter__(self) -> Iterator[Part]:
        raw = [_lines(text, sizes) for text, sizes in self._raw()]
        furniture = _furniture(raw)
        sizes = Counter[float]()
        for page in raw:
            for text, size in page:
                sizes[round(size, 1)] += len(text)
        body = sizes.most_common(1)[0][0] if sizes else 0.0
        known = {w.lower() for page in raw for t, _ in page for w in _WORD.findall(t)}
        for number, page in enumerate(raw, 1):
            kept = [(t, s) for t, s in page if not _is_furniture(t, furniture)]
            text = _paragraphs(kept, body, known)
            if text:
                yield Part(text, f"page {number}")

    def _raw(self) -> list[tuple[str, list[float]]]:
        document = _open(self.path)
        made: list[tuple[str, list[float]]] = []
        empty: list[int] = []
        total = 0
        try:
            count = len(document)
            if count > _MAX_PAGES:
                self.notes.append(f"only the first {_MAX_PAGES} of {count} pages were read")
            for number in range(min(count, _MAX_PAGES)):
                try:
                    text, sizes = _page(document, number)
                except pypdfium2.PdfiumError:
                    text, sizes = "", []
                if not text.strip():
                    empty.append(number + 1)
                total += len(text)
                if total > MAX_TEXT:
                    self.notes.append(f"the text after page {number} was left out: too much")
                    break
                made.append((text, sizes))
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


def _page(document: pypdfium2.PdfDocument, number: int) -> tuple[str, list[float]]:
    """The text of a page, and for each of its lines the size of its first letter."""
    page = document[number]
    try:
        layer = page.get_textpage()
        try:
            text = layer.get_text_range()
            sizes: list[float] = []
            at = 0
            for line in text.split("\n"):
                sizes.append(pdfium.FPDFText_GetFontSize(layer, at) if line.strip() else 0.0)
                at += len(line) + 1
            return text, sizes
        finally:
            layer.close()
    finally:
        page.close()


def _lines(text: str, sizes: list[float]) -> list[tuple[str, float]]:
    made: list[tuple[str, float]] = []
    for line, size in zip(text.split("\n"), sizes, strict=True):
        made.append((line.replace("\r", "").replace("\ufffe", "\x02").rstrip(), size))
    return made


def _furniture(pages: list[list[tuple[str, float]]]) -> set[str]:
    """Lines at the top and bottom that stand on many pages, digits aside."""
    counts: Counter[str] = Counter()
    for page in pages:
        filled = [t for t, _ in page if t.strip()]
        counts.update({_DIGITS.sub("#", t.strip()) for t in (*filled[:2], *filled[-2:])})
    return {t for t, n in counts.items() if n > max(2, 0.4 * len(pages))}


def _is_furniture(line: str, furniture: set[str]) -> bool:
    text = line.strip()
    return bool(re.fullmatch(r"\d{1,4}", text)) or (
        bool(text) and _DIGITS.sub("#", text) in furniture
    )


def _paragraphs(lines: list[tuple[str, float]], body: float, known: set[str]) -> str:
    """Lines that were broken at the margin joined again; larger type as headings."""
    widths = sorted(len(t) for t, _ in lines if len(t) > 20)
    full = widths[int(len(widths) * 0.9)] if widths else 80
    made: list[str] = []
    last_full = False
    for text, size in lines:
        text = text.strip()
        if not text:
            last_full = False
            continue
        heading = body > 0 and size > 1.15 * body and len(text) < 120
        if heading:
            level = 2 if size < 1.6 * body else 1
            made.append("#" * level + " " + text.replace("\x02", ""))
            last_full = False
            continue
        if made and last_full and not _NEW.match(text) and not made[-1].startswith("#"):
            made[-1] = _joined(made[-1], text, known)
        else:
            made.append(text)
        last_full = len(text) > 0.7 * full and not (
            len(text) < 0.85 * full and text.endswith((".", "?", "!", ":"))
        )
    return re.sub(r"[\x02\u00ad]", "", "\n".join(made))


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
