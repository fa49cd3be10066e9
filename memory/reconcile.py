"""Comparing what the journal thinks Chroma holds with what it does hold."""

from __future__ import annotations

import logging

from corpus.passages import Passage
from memory.chroma import all_ids, pages, space_name
from memory.index import EVENTS, Index
from memory.journal import Journal
from memory.lexical import LexicalIndex
from memory.passages import PassageIndex

log = logging.getLogger(__name__)


def agrees(journal: Journal, lexical: LexicalIndex, passages: PassageIndex, index: Index) -> bool:
    """Whether the counts say that nothing is missing. Milliseconds, whatever the size."""
    if index.collection(EVENTS).count() < journal.count() - journal.pending():
        return False
    return all(
        held <= there and (held > 0 or there == 0)  # 0 held: the file beside Chroma was lost
        for held, there in (
            (passages.held(), index.space("passages").count()),
            (lexical.held(), index.space("turns").count()),
        )
    )


def reconcile(
    journal: Journal, lexical: LexicalIndex, passages: PassageIndex, index: Index
) -> None:
    """Note of every event and vector whether Chroma holds it, so that what is missing is made."""
    present = set(all_ids(index.collection(EVENTS)))
    with journal.transaction() as db:
        db.execute("CREATE TEMP TABLE IF NOT EXISTS present (id TEXT PRIMARY KEY)")
        db.execute("DELETE FROM present")
        db.executemany("INSERT OR IGNORE INTO present VALUES (?)", ((name,) for name in present))
        db.execute("UPDATE events SET sent = 1 WHERE sent = 0 AND id IN (SELECT id FROM present)")
        db.execute(
            "UPDATE events SET sent = 0 WHERE sent = 1 AND id NOT IN (SELECT id FROM present)"
        )
    lexical.mark_held(set(all_ids(index.space("turns"))))
    # An earlier Viva kept vectors of surroundings, too.
    index.drop_collections([space_name("windows", index.embedder.name)])
    _restore_passages(passages, index)
    passages.keep_marks(all_ids(index.space("passages")))
    log.info(
        "reconciled: %d events to send, %d vectors to make", journal.pending(), lexical.missing()
    )


def _restore_passages(passages: PassageIndex, index: Index) -> None:
    """Fill an empty file of passages from what Chroma holds of them."""
    if passages.count():
        return
    gone = set(passages.gone())
    for page in pages(index.space("passages")):
        for name, text, said in page:
            if name in gone:  # forgotten while Chroma was away
                continue
            source, where, question = (
                str(said.get(k, "")) for k in ("source", "where", "question")
            )
            passages.put([Passage(name, text, source, where, question)], str(said.get("shelf", "")))
