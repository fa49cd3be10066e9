"""ChromaDB: clients, collections and the settings under which a kill loses nothing.

Measured with Chroma 1.5.9: as shipped, a kill while an index persists can lose its vectors, because
the log they came from is purged. So purging is off, the log is in write-ahead mode and the index
persists every `SYNC_THRESHOLD` records: a damaged index can then be rebuilt from the log.
"""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import os
import re
import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection

SYNC_THRESHOLD = 100
LINKS = 32
"""Neighbours per vector in the index; with the usual 16, groups of like vectors became islands."""
BATCH = 1000
TIMEOUT = 10.0
"""Seconds to wait for a server."""
DATABASE = "chroma.sqlite3"
_M_PERTURB = -6
_PURGE_OFF = '{"automatically_purge":false,"_type":"EmbeddingsQueueConfigurationInternal"}'


@dataclass(frozen=True)
class Remote:
    """A Chroma server: address, tenant, database, and a token that is never written anywhere."""

    url: str
    tenant: str = "default_tenant"
    database: str = ""
    token: str = field(default="", repr=False)


def connect_local(folder: Path) -> ClientAPI:
    """A client over the files in `folder`, made if they are not there."""
    os.environ["ANONYMIZED_TELEMETRY"] = "False"
    import chromadb

    _clean_allocations()
    if not _keeps_log(folder):
        disconnect(chromadb.PersistentClient(folder, settings=_settings()))
        wait_closed(folder)
        _keep_log(folder)
    return chromadb.PersistentClient(folder, settings=_settings())


def _clean_allocations() -> None:
    """Let the C library fill what it allocates.

    Chroma's index writes its allocations to disk as they are, unused parts included: without this,
    whatever the process had in its memory before (answers that were forgotten) got into its files.
    """
    with contextlib.suppress(OSError, AttributeError):  # only glibc has it
        ctypes.CDLL(None).mallopt(_M_PERTURB, 0xFF)


# Python's SQLite and Chroma's are two libraries in one process: when one closes the file, POSIX
# drops the locks of both, and the log is deleted under the other. So these two, and anything else
# that opens Chroma's file here, run only while no client is open.


def _keeps_log(folder: Path) -> bool:
    if not (folder / DATABASE).is_file():
        return False
    with closing(sqlite3.connect(folder / DATABASE, timeout=10)) as db:
        try:
            said = db.execute("SELECT config_json_str FROM embeddings_queue_config").fetchall()
        except sqlite3.OperationalError:  # no such table yet
            return False
        return said == [(_PURGE_OFF,)] and db.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def _keep_log(folder: Path) -> None:
    with closing(sqlite3.connect(folder / DATABASE, timeout=10)) as db:
        db.execute("PRAGMA journal_mode = wal")
        db.execute("DELETE FROM embeddings_queue_config")
        db.execute("INSERT INTO embeddings_queue_config VALUES (1, ?)", (_PURGE_OFF,))
        db.commit()


def connect_remote(remote: Remote, learner: str) -> ClientAPI:
    """A client of a server, in a database of the learner's own, made if it may be.

    Raises whatever Chroma and its HTTP client raise when the server cannot be reached.
    """
    os.environ["ANONYMIZED_TELEMETRY"] = "False"
    from urllib.parse import urlsplit

    import chromadb
    import httpx

    address = urlsplit(remote.url)
    secure = address.scheme == "https"
    options: dict[str, Any] = {
        "host": address.hostname or "localhost",
        "port": address.port or (443 if secure else 8000),
        "ssl": secure,
        "headers": {"x-chroma-token": remote.token} if remote.token else None,
    }
    database = remote.database or database_name(learner)
    # Chroma's clients wait for ever: a server that hangs is found out before they are made.
    heartbeat = f"{remote.url.rstrip('/')}/api/v2/heartbeat"
    httpx.get(heartbeat, timeout=TIMEOUT, headers=options["headers"]).raise_for_status()
    _make_database(remote.tenant, database, options)
    client = chromadb.HttpClient(
        **options, settings=_settings(), tenant=remote.tenant, database=database
    )
    session = getattr(getattr(client, "_server", None), "_session", None)
    if isinstance(session, httpx.Client):
        session.timeout = httpx.Timeout(TIMEOUT)
    return client


def disconnect(client: ClientAPI) -> None:
    """Close a client and what it holds open."""
    client.close()  # type: ignore[attr-defined]  # every client has it, the protocol does not say so


def wait_closed(folder: Path, patience: float = 2.0) -> None:
    """Wait until a closed client has let go of its files: it does so in the background."""
    until = time.monotonic() + patience
    while (folder / f"{DATABASE}-wal").exists() and time.monotonic() < until:
        time.sleep(0.005)


def _make_database(tenant: str, database: str, options: Mapping[str, Any]) -> None:
    import chromadb
    from chromadb.errors import ChromaError

    settings = _settings()
    settings.chroma_api_impl = "chromadb.api.fastapi.FastAPI"
    settings.chroma_server_host = options["host"]
    settings.chroma_server_http_port = options["port"]
    settings.chroma_server_ssl_enabled = options["ssl"]
    settings.chroma_server_headers = options["headers"]
    admin = chromadb.AdminClient(settings)
    for look, make in (
        (lambda: admin.get_tenant(tenant), lambda: admin.create_tenant(tenant)),
        (
            lambda: admin.get_database(database, tenant),
            lambda: admin.create_database(database, tenant),
        ),
    ):
        try:
            look()
        except ChromaError:
            # Two machines may make it at once; and a server may not let us look, only use it.
            try:
                make()
            except ChromaError:
                continue


def _settings() -> Any:
    from chromadb.config import Settings

    # `_env_file`: Chroma would read a stray `.env` of the working directory.
    return Settings(_env_file=None, anonymized_telemetry=False)  # type: ignore[call-arg]


def database_name(learner: str) -> str:
    """The database of a learner on a server: one each, so that nobody sees another's memory."""
    plain = re.sub(r"[^a-z0-9]+", "-", learner.lower()).strip("-")[:40] or "learner"
    mark = hashlib.sha256(learner.encode("utf-8", "replace")).hexdigest()[:8]
    return f"viva-{plain}-{mark}"


def space_name(kind: str, embedder: str) -> str:
    """The collection of `kind` in the vector space of an embedder."""
    return f"{kind}-{re.sub(r'[^a-z0-9.]+', '-', embedder.lower()).strip('-.')}"


def collection(client: ClientAPI, name: str, embedder: str = "") -> Collection:
    """The collection, made if it is not there. Vectors are always handed in."""
    return client.get_or_create_collection(
        name,
        embedding_function=None,
        configuration={
            "hnsw": {"space": "cosine", "sync_threshold": SYNC_THRESHOLD, "max_neighbors": LINKS}
        },
        metadata={"embedder": embedder or "none", "schema": 1},
    )


def marks(ids: Sequence[str]) -> np.ndarray:
    """Vectors for records that are never searched by meaning: Chroma wants one for each."""
    import numpy as np

    turns = [int(hashlib.sha256(name.encode()).hexdigest()[:8], 16) / 2**32 for name in ids]
    angles = 2 * np.pi * np.array(turns)
    return np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)


def all_ids(found: Collection, page: int = 5000) -> Iterator[str]:
    """Every id in a collection."""
    offset = 0
    while True:
        ids = found.get(limit=page, offset=offset, include=[])["ids"]
        yield from ids
        if len(ids) < page:
            return
        offset += page


def pages(
    found: Collection, page: int = 1000
) -> Iterator[list[tuple[str, str, Mapping[str, Any]]]]:
    """Every record of a collection as (id, document, metadata), in pages."""
    offset = 0
    while True:
        got = found.get(limit=page, offset=offset, include=["documents", "metadatas"])
        documents, metadatas = got["documents"] or [], got["metadatas"] or []
        yield list(zip(got["ids"], documents, metadatas, strict=True))
        if len(got["ids"]) < page:
            return
        offset += page
