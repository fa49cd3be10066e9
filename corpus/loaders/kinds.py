"""What kind of document a file is: by its first bytes, then by its name."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Literal

from corpus.loaders.parts import Unreadable

Kind = Literal[
    "text", "html", "pdf", "docx", "pptx", "ipynb", "csv", "json", "epub", "anki"
]  # fmt: skip

_SUFFIXES: dict[str, Kind] = {
    ".txt": "text", ".text": "text", ".md": "text", ".markdown": "text", ".mdx": "text", ".mkd": "text",
    ".rst": "text", ".org": "text", ".adoc": "text", ".qmd": "text", ".rmd": "text", ".tex": "text",
    ".html": "html", ".htm": "html", ".xhtml": "html", ".pdf": "pdf", ".docx": "docx", ".docm": "docx",
    ".pptx": "pptx", ".pptm": "pptx", ".ppsx": "pptx", ".ipynb": "ipynb", ".csv": "csv", ".tsv": "csv",
    ".json": "json", ".jsonl": "json", ".ndjson": "json", ".epub": "epub", ".apkg": "anki",
    ".colpkg": "anki",
}  # fmt: skip
_PACKED = frozenset(("docx", "pptx", "epub", "anki"))
_FOREIGN = (
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "an old Office file or one with a password; save it anew",
    ),
    (b"{\\rtf", "a rich-text file; save it as docx or txt"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a gzip archive; unpack it first"),
    (b"7z\xbc\xaf", "an archive; unpack it first"),
    (b"Rar!", "an archive; unpack it first"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"SQLite format 3\x00", "a database; export a deck from it"),
)


def by_name(path: Path) -> Kind | None:
    """The kind that the file's name promises, None if it is none that is imported."""
    return _SUFFIXES.get(path.suffix.lower())


def kind_of(path: Path, *, content_type: str = "") -> Kind:
    """The kind of document a regular file holds. Raises `Unreadable`, `OSError`."""
    with path.open("rb") as file:
        head = file.read(4096)
    named = by_name(path) or _by_type(content_type)
    if not head.strip():
        raise Unreadable("the file is empty")
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _packed(path)
    for magic, what in _FOREIGN:
        if head.startswith(magic):
            raise Unreadable(f"it is {what}")
    if named in _PACKED or named == "pdf":
        if b"\x00" not in head and _is_page(head):
            return "html"
        raise Unreadable(f"it is named {path.suffix} but is damaged or something else inside")
    if (
        named in (None, "text")
        and path.suffix.lower() not in (".md", ".markdown", ".mdx")
        and _is_page(head)
    ):
        return "html"
    if (
        named in (None, "text")
        and path.suffix.lower() in ("", ".txt", ".text")
        and _is_tabbed(head)
    ):
        return "csv"
    return named or "text"


def _is_tabbed(head: bytes) -> bool:
    """True for an export of Anki or Quizlet: columns between tabs, or a header that says so."""
    if head.removeprefix(b"\xef\xbb\xbf").startswith((b"#separator:", b"#html:")):
        return True
    lines = [x for x in head.replace(b"\r", b"").split(b"\n")[:-1] or [head] if x.strip()]
    tabbed = [x for x in lines if 1 <= x.strip().count(b"\t") <= 3 and not x.startswith(b"\t")]
    return len(lines) >= 2 and len(tabbed) >= 0.9 * len(lines)


def _by_type(content_type: str) -> Kind | None:
    kind = content_type.partition(";")[0].strip().lower()
    known: dict[str, Kind] = {
        "text/html": "html",
        "application/xhtml+xml": "html",
        "application/json": "json",
        "text/csv": "csv",
        "text/tab-separated-values": "csv",
    }
    return known.get(kind)


def _is_page(head: bytes) -> bool:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return start.startswith((b"<!doctype html", b"<html")) or (
        start.startswith(b"<?xml") and b"<html" in start
    )


def _packed(path: Path) -> Kind:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise Unreadable("the file is damaged or cut off (it is not a whole archive)") from None
    if "word/document.xml" in names:
        return "docx"
    if "ppt/presentation.xml" in names:
        return "pptx"
    if "META-INF/container.xml" in names:
        return "epub"
    if any(n.startswith("collection.anki2") for n in names):
        return "anki"
    raise Unreadable("it is an archive of a kind that is not imported; unpack it first")
