"""The prose of a document in passages.

Prose is parsed into its sections first and only then split, so that no passage runs over a heading.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from corpus.banks.document import Document, parse
from corpus.banks.inline import plain
from corpus.naming import fingerprint, slug
from corpus.passages import Passage

if TYPE_CHECKING:
    from corpus.gathering import Source

LONGEST = 1200
"""Characters of a passage of prose."""
_OVERLAP = 120
_SHORTEST = 40


def of_document(source: Source) -> Iterator[Passage]:
    """The prose of a document in passages of at most `LONGEST` characters, headings kept on top."""
    text, places = source.text()
    seen: set[str] = set()
    for line, path, body in _sections(parse(text)):
        for offset, piece in _pieces(body):
            said = f"{' > '.join(path)}\n\n{piece}" if path else piece
            name = f"p:{slug(source.title, limit=40)}-{fingerprint(source.title + said, 12)}"
            if len(plain(piece)) >= _SHORTEST and name not in seen:
                seen.add(name)
                yield Passage(name, said, source.title, places.of(line + offset))


def _sections(doc: Document) -> Iterator[tuple[int, tuple[str, ...], str]]:
    """Line, headings above, and text of each run of lines between two headings."""
    path: list[tuple[int, str]] = []
    start = 0
    for index in range(len(doc) + 1):
        line = doc.lines[index] if index < len(doc) else None
        if line is not None and not line.level:
            continue
        body = doc.text(start, index)
        if body.strip():
            yield start + 1, tuple(h for _, h in path[-3:]), body
        start = index + 1
        if line is not None:
            while path and path[-1][0] >= line.level:
                path.pop()
            path.append((line.level, plain(line.heading)[:120]))


def _pieces(body: str) -> Iterator[tuple[int, str]]:
    """The section in pieces with the number of lines before each."""
    if len(body) <= LONGEST:
        yield _blank_lines(body), body.strip()
        return
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(
        chunk_size=LONGEST,
        chunk_overlap=_OVERLAP,
        separators=["\n\n", "\n", r"(?<=[.!?])\s+", " ", ""],
        is_separator_regex=True,
        keep_separator="end",
        add_start_index=True,
    )
    line, at = 0, 0
    for document in splitter.create_documents([body]):
        start = int(document.metadata["start_index"])
        if start >= at:
            line += body.count("\n", at, start)
            at = start
        yield line, document.page_content.strip()


def _blank_lines(body: str) -> int:
    lead = re.match(r"\s*", body)
    return lead.group().count("\n") if lead else 0
