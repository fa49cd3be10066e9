"""Plain text in any encoding."""

from __future__ import annotations

import codecs
from pathlib import Path

from charset_normalizer import from_bytes

from corpus.loaders.parts import Unreadable

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 100_000
_WESTERN = frozenset(
    name.strip()
    for name in """Basic Latin, Latin-1 Supplement, Latin Extended-A, Latin Extended-B, Control character,
    General Punctuation, Currency Symbols, Letterlike Symbols, Spacing Modifier Letters""".split(
        ","
    )
)
_MARKS_IN_TEXT = "‘’“”–—…•«»€£§°±²³·½ ¡¿"


def encoding_of(data: bytes) -> str:
    """The encoding in which `data` is text. Raises `Unreadable` for binary data."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name
    zeros = data[:4096].count(0)
    if zeros:
        wide = data[1:4096:2].count(0), data[0:4096:2].count(0)
        if max(wide) > 0.3 * len(data[:4096]) / 2:
            return "utf-16-le" if wide[0] > wide[1] else "utf-16-be"
        raise Unreadable("it is a binary file, not text")
    try:
        data.decode("utf-8")
        return "utf-8"
    except UnicodeDecodeError as error:
        # A text cut off in the middle of its last character is still UTF-8.
        if error.start > len(data) - 4:
            return "utf-8"
    matches = from_bytes(data[:_SAMPLE])
    best = matches.best()
    control = sum(b < 9 or 13 < b < 27 for b in data[:4096])
    if best is None or control > 0.05 * len(data[:4096]):
        raise Unreadable("its encoding is unknown, or it is not text")
    if set(best.alphabets) <= _WESTERN:
        # On short texts the pages of Central Europe and the Baltic look as good; Western is likelier.
        western = [m for m in matches if m.encoding == "cp1252" and m.chaos <= best.chaos + 0.05]
        return "cp1252" if western or _reads_as_western(data) else best.encoding
    return best.encoding


def _reads_as_western(data: bytes) -> bool:
    try:
        text = data[:_SAMPLE].decode("cp1252")
    except UnicodeDecodeError:
        return False
    foreign = [c for c in text if ord(c) > 127]
    return sum(c.isalpha() or c in _MARKS_IN_TEXT for c in foreign) >= 0.9 * len(foreign)


def decode(data: bytes) -> str:
    """`data` as text. Raises `Unreadable`."""
    try:
        return data.decode(encoding_of(data), errors="replace")
    except LookupError:
        raise Unreadable("its encoding is unknown") from None


def read_text(path: Path) -> str:
    """The text of a file. Raises `Unreadable`."""
    return decode(path.read_bytes())
