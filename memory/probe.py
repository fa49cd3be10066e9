"""Is a Chroma folder sound? Run in a process of its own: a damaged index can end it by a signal.

`python -m memory.probe FOLDER` prints a JSON list of the vector segments that are damaged and exits
with 0; it exits with 2 if the folder as a whole cannot be used.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import pickle
import sqlite3
import sys
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np

from memory.chroma import DATABASE, connect_local, disconnect, wait_closed

SAMPLES = 24
MEMORY = 6 << 30
"""Bytes of address space for Python, Chroma and their threads (most of it is never used)."""
_FILES = ("header.bin", "data_level0.bin", "length.bin", "link_lists.bin", "index_metadata.pickle")


class _Plain(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        raise pickle.UnpicklingError(f"an index holds no {module}.{name}")


def segments(db: sqlite3.Connection) -> list[tuple[str, str, str]]:
    """(collection name, vector segment, metadata segment) of every collection."""
    return db.execute(
        "SELECT c.name, v.id, m.id FROM collections c"
        " JOIN segments v ON v.collection = c.id AND v.scope = 'VECTOR'"
        " JOIN segments m ON m.collection = c.id AND m.scope = 'METADATA'"
    ).fetchall()


def damaged(folder: Path) -> list[str]:
    """The vector segments whose files cannot hold all that Chroma's SQLite file says they do.

    Raises `sqlite3.DatabaseError` if that file itself is damaged.
    """
    with closing(sqlite3.connect(f"file:{folder / DATABASE}?mode=ro", uri=True)) as db:
        # A quick check does not see rows that are missing from an index of SQLite's own.
        check = db.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if check != "ok":
            raise sqlite3.DatabaseError(check)
        return [
            vector
            for _, vector, metadata in segments(db)
            if not _holds_all(db, folder / vector, vector, metadata)
        ]


def _holds_all(db: sqlite3.Connection, folder: Path, vector: str, metadata: str) -> bool:
    persisted = db.execute("SELECT seq_id FROM max_seq_id WHERE segment_id = ?", (vector,))
    found = persisted.fetchone()
    if found is None:
        return True  # nothing was persisted yet: everything comes from the log
    if any(not (folder / name).is_file() for name in _FILES):
        return False
    try:
        with (folder / "index_metadata.pickle").open("rb") as stream:
            held = _Plain(stream).load()["id_to_label"]
    except (pickle.UnpicklingError, EOFError, KeyError, TypeError, ValueError, IndexError):
        return False
    # Ids in the log after what was persisted need not be in the files.
    topic = db.execute("SELECT collection FROM segments WHERE id = ?", (vector,)).fetchone()[0]
    later = db.execute(
        "SELECT id FROM embeddings_queue WHERE seq_id > ? AND topic LIKE ?",
        (found[0], f"%{topic}"),
    )
    recent = {name for (name,) in later}
    known = db.execute("SELECT embedding_id FROM embeddings WHERE segment_id = ?", (metadata,))
    return all(name in held or name in recent for (name,) in known)


def unusable(folder: Path) -> list[str]:
    """The collections that fail in use, by name. May be ended by a signal."""
    client = connect_local(folder)
    bad = []
    for found in client.list_collections():
        try:
            handle = client.get_collection(found.name, embedding_function=None)
            total = handle.count()
            offsets = sorted({total * n // SAMPLES for n in range(SAMPLES)} | {max(0, total - 1)})
            for offset in offsets if total else ():
                got = handle.get(limit=1, offset=offset, include=["embeddings"])
                vectors = got["embeddings"]
                if vectors is None or len(vectors) != 1 or not len(vectors[0]):
                    raise LookupError(found.name)
                hits = handle.query(
                    query_embeddings=np.asarray(vectors[:1]), n_results=1, include=[]
                )
                if not hits["ids"][0]:
                    raise LookupError(found.name)
        except Exception:
            bad.append(found.name)
    disconnect(client)
    wait_closed(folder)
    return bad


def _end_with_parent() -> None:
    """End when standard input closes: a probe must not outlive the process that asked for it, or
    it would hold the folder open beside the next one."""

    def watch() -> None:
        while os.read(0, 1):
            pass
        os._exit(3)

    threading.Thread(target=watch, daemon=True).start()


def _limit_memory(folder: Path) -> None:
    """A damaged header can ask for any amount of memory: allow what a sound folder may need."""
    if sys.platform == "win32":
        return
    import resource

    files = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    allowed = MEMORY + 4 * files
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (allowed, allowed))


def main(folder: Path) -> int:
    _end_with_parent()
    _limit_memory(folder)
    try:
        bad = damaged(folder)
    except sqlite3.DatabaseError:
        return 2
    if not bad:
        names = set(unusable(folder))
        with closing(sqlite3.connect(f"file:{folder / DATABASE}?mode=ro", uri=True)) as db:
            bad = [vector for name, vector, _ in segments(db) if name in names]
    print(json.dumps(bad))
    return 0


if __name__ == "__main__":
    gc.disable()  # Chroma's modules stay until the end, which is near
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    sys.exit(main(Path(sys.argv[1])))
