"""The edge to LangChain: every format as a `BaseLoader`, ours where the community's is wrong.

Importing this module costs a quarter of a second and more, so only the child process does. The
community's loaders that are right are used as they are; its `TextLoader` is, with the encoding told
(its own detection fails on every file that is not UTF-8).
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Protocol

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from langchain_community.document_loaders.base import BaseLoader
    from langchain_community.document_loaders.text import TextLoader
    from langchain_core.documents import Document

from corpus.loaders import anki, books, data, office, pdf, tables
from corpus.loaders.kinds import Kind, kind_of
from corpus.loaders.parts import Part, Unreadable
from corpus.loaders.text import encoding_of


class _Parts(Protocol):
    def __iter__(self) -> Iterator[Part]: ...


class PartsLoader(BaseLoader):
    """Documents from the parts of one file. `notes` is filled while they are read.

    Metadata: `source` (the path), `where` (the place in it), `row` (the fields of a row).
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.notes: list[str] = []

    def parts(self) -> Iterable[Part]:
        """The parts of the file. Raises `Unreadable`."""
        raise NotImplementedError

    def lazy_load(self) -> Iterator[Document]:
        parts = self.parts()
        for part in parts:
            metadata: dict[str, object] = {"source": str(self.path), "where": part.where}
            text = part.text
            if part.row is not None:
                metadata["row"] = part.row
            yield Document(page_content=text, metadata=metadata)
        self.notes += getattr(parts, "notes", [])


class PlainLoader(PartsLoader):
    """Text in any encoding, through the community's `TextLoader`."""

    def lazy_load(self) -> Iterator[Document]:
        encoding = encoding_of(self.path.read_bytes())
        try:
            yield from TextLoader(self.path, encoding=encoding).lazy_load()
        except RuntimeError:
            text = self.path.read_bytes().decode(encoding, errors="replace")
            self.notes.append("some characters could not be read")
            yield Document(page_content=text, metadata={"source": str(self.path), "where": ""})


class HtmlLoader(PartsLoader):
    """Web pages; `BSHTMLLoader` glues words together."""

    def parts(self) -> Iterable[Part]:
        return books.read_html(self.path)


class PdfLoader(PartsLoader):
    """PDF with a word about pages without text, which the community's loaders pass over."""

    def parts(self) -> Iterable[Part]:
        return pdf.Pages(self.path)


class DocxLoader(PartsLoader):
    """Word with its automatic numbers, headings and tables."""

    def parts(self) -> Iterable[Part]:
        return office.read_docx(self.path)


class PptxLoader(PartsLoader):
    """PowerPoint, a part per slide."""

    def parts(self) -> Iterable[Part]:
        return office.read_pptx(self.path)


class NotebookLoader(PartsLoader):
    """Jupyter notebooks."""

    def parts(self) -> Iterable[Part]:
        return data.read_notebook(self.path)


class RowsLoader(PartsLoader):
    """CSV and TSV; `CSVLoader` swallows rows after an unclosed quote."""

    def parts(self) -> Iterable[Part]:
        return tables.Rows(self.path)


class RecordsLoader(PartsLoader):
    """Question records in JSON."""

    def parts(self) -> Iterable[Part]:
        return data.read_json(self.path)


class EpubLoader(PartsLoader):
    """E-books, a part per chapter."""

    def parts(self) -> Iterable[Part]:
        return books.Epub(self.path)


class AnkiLoader(PartsLoader):
    """Anki decks and collections."""

    def parts(self) -> Iterable[Part]:
        return anki.AnkiNotes(self.path)


LOADERS: dict[Kind, type[PartsLoader]] = {
    "text": PlainLoader,
    "html": HtmlLoader,
    "pdf": PdfLoader,
    "docx": DocxLoader,
    "pptx": PptxLoader,
    "ipynb": NotebookLoader,
    "csv": RowsLoader,
    "json": RecordsLoader,
    "epub": EpubLoader,
    "anki": AnkiLoader,
}


def loader_for(path: Path, content_type: str = "") -> PartsLoader:
    """The loader for a file. Raises `Unreadable` for a kind that is not imported."""
    return LOADERS[kind_of(path, content_type=content_type)](path)


__all__ = ["LOADERS", "PartsLoader", "Unreadable", "loader_for"]
