"""Web pages and e-books."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from corpus.loaders.archive import Archive
from corpus.loaders.parts import Part, Unreadable
from corpus.loaders.text import decode
from corpus.markup import to_markdown, with_lines

_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{2,30})", re.I)
_CONTAINER = "{urn:oasis:names:tc:opendocument:xmlns:container}"
_OPF = "{http://www.idpf.org/2007/opf}"
_ENC = "{http://www.w3.org/2001/04/xmlenc#}"


def page_text(data: bytes) -> str:
    """A web page's bytes as text, in the encoding the page states if it fits."""
    match = _CHARSET.search(data[:4096])
    if match and not data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode(match.group(1).decode())
        except (LookupError, UnicodeDecodeError):
            pass
    return decode(data)


def read_html(path: Path) -> Iterator[Part]:
    """A web page as Markdown, without menus, scripts and forms."""
    pieces = with_lines(page_text(path.read_bytes()))
    if any(text for _, text in pieces):
        yield from (Part(text, f"line {line}") for line, text in pieces)


class Epub:
    """The chapters of an e-book in reading order. `notes` says what is locked."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.notes: list[str] = []

    def __iter__(self) -> Iterator[Part]:
        archive = Archive(self.path)
        self.notes += archive.notes
        if "META-INF/container.xml" not in archive:
            raise Unreadable("it is not an e-book inside")
        root = archive.xml("META-INF/container.xml").find(f".//{_CONTAINER}rootfile")
        package = root.get("full-path", "") if root is not None else ""
        if package not in archive:
            raise Unreadable("the e-book has no list of contents")
        locked = _locked(archive)
        number = 0
        for name in _chapters(archive, package):
            if name in locked:
                raise Unreadable("the e-book is locked (DRM)")
            if name in archive:
                text = to_markdown(page_text(archive.read(name)))
                number += 1
                if text:
                    yield Part(text, f"chapter {number}")


def _chapters(archive: Archive, package: str) -> list[str]:
    folder = posixpath.dirname(package)
    opf = archive.xml(package)
    items: dict[str, str] = {}
    for item in opf.iter(f"{_OPF}item"):
        if "nav" not in (item.get("properties") or "").split():
            path = posixpath.join(folder, unquote(item.get("href", "")))
            items[item.get("id", "")] = posixpath.normpath(path)
    order = [ref.get("idref", "") for ref in opf.iter(f"{_OPF}itemref")]
    return [items[i] for i in order if i in items]


def _locked(archive: Archive) -> set[str]:
    if "META-INF/encryption.xml" not in archive:
        return set()
    root = archive.xml("META-INF/encryption.xml")
    return {unquote(r.get("URI", "")) for r in root.iter(f"{_ENC}CipherReference")}
