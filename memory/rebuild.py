"""Making again what follows from the events: knowledge, words, vectors, also with another embedder."""

from __future__ import annotations

from collections.abc import Callable

from memory.embedder import Embedder, LexicalEmbedder, load_embedder
from memory.index import Index, checksum
from memory.indexer import TEXTS, put_missing
from memory.lexical import LexicalIndex
from memory.passages import PassageIndex

Report = Callable[[int, int, str], None]
"""Called between steps with (done, total, what is being done); may raise to stop: the next run goes
on from there."""


def named_embedder(name: str) -> Embedder:
    """The embedder for a name: "minilm" (or its full name), "lexical"; "" for the best there is.

    Raises `ValueError` for one that is not known or not to be had here.
    """
    if name in ("lexical", LexicalEmbedder.name):
        return LexicalEmbedder()
    found = load_embedder()
    if name in ("", found.name) or (name == "minilm" and "minilm" in found.name.lower()):
        return found
    raise ValueError(f"there is no embedder {name!r} here: lexical, minilm")


def fill(index: Index, lexical: LexicalIndex, passages: PassageIndex, report: Report) -> None:
    """Fill the vector spaces of `index.embedder`; what is there already is left as it is.

    Nothing else is touched: until the caller turns to the new spaces, the old ones serve.
    """
    total = lexical.count() + passages.count()
    done = 0
    for turns in lexical.all(TEXTS):
        put_missing(index, lexical, turns)
        done += len(turns)
        report(done, total, "embedding what was said")
    for shelf, page in passages.all(TEXTS):
        ids = [passage.id for passage in page]
        held = index.checksums("passages", ids)
        new = [p for p in page if held.get(p.id) != checksum(p.text)]
        index.put_passages([(shelf, passage) for passage in new])
        done += len(page)
        report(done, total, "embedding the corpus")
