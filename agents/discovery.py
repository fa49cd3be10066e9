"""Finding model servers on this computer; only when the learner asks for it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlsplit

from agents.models import is_loopback

PORTS: tuple[tuple[str, int], ...] = (
    ("ollama", 11434),
    ("lmstudio", 1234),
    ("llamacpp", 8080),
    ("vllm", 8000),
)
PATIENCE = 1.0
"""Seconds to wait for one server."""
MOST_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class LocalServer:
    """A server that answered. `models` are written as the setting `model` wants them."""

    provider: str
    url: str
    models: tuple[str, ...]


def find_local_servers(ports: Iterable[tuple[str, int]] | None = None) -> list[LocalServer]:
    """The model servers that answer on loopback; `ports` are (provider, port), by default the usual
    ones and that of `OLLAMA_HOST` if it names this computer."""
    wanted = list(dict.fromkeys(ports if ports is not None else (*_from_environment(), *PORTS)))
    with ThreadPoolExecutor(max(1, len(wanted))) as pool:
        found = list(pool.map(lambda row: _look(*row), wanted))
    return [server for server in found if server is not None]


def _from_environment() -> list[tuple[str, int]]:
    host = os.environ.get("OLLAMA_HOST", "")
    if not host or not is_loopback(host):
        return []
    parts = urlsplit(host if "//" in host else f"//{host}")
    return [("ollama", parts.port)] if parts.port else []


def _look(provider: str, port: int) -> LocalServer | None:
    listed = _get(port, "/v1/models")
    rows = listed.get("data") if isinstance(listed, dict) else None
    if not isinstance(rows, list):
        return None
    names = [str(row["id"]) for row in rows if isinstance(row, dict) and row.get("id")]
    models = tuple(f"{provider}/{name}" for name in names)
    return LocalServer(provider, f"http://127.0.0.1:{port}/v1", models)


def _get(port: int, path: str) -> Any:
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", path)
        reply = connection.getresponse()
        if reply.status != 200:
            return None
        return json.loads(reply.read(MOST_BYTES))
    except (OSError, HTTPException, ValueError):
        return None
    finally:
        connection.close()
