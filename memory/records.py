"""Events as JSON: what the journal, Chroma, the outbox and an export all hold."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from typing import Any

from memory.events import KINDS, SCHEMA, Event

_FIELDS = tuple(field.name for field in dataclasses.fields(Event))
_TEXT = ("session", "text", "speaker", "question", "topic", "model", "prompt")


def to_dict(event: Event) -> dict[str, Any]:
    """All fields; empty ones are left out."""
    made = {name: getattr(event, name) for name in _FIELDS}
    return {name: value for name, value in made.items() if value not in ("", {})}


def from_dict(said: Mapping[str, Any]) -> Event:
    """The event; fields of a later schema are ignored. Raises `ValueError` on a wrong type."""
    try:
        if any(not isinstance(said.get(name, ""), str) for name in _TEXT):
            raise ValueError("a field that should be text is not")
        payload = said.get("payload", {})
        if not isinstance(payload, Mapping):
            raise ValueError("the payload is not an object")
        return Event(
            id=str(said["id"]),
            kind=said["kind"],
            at=int(said["at"]),
            payload=dict(payload),
            schema=int(said.get("schema", SCHEMA)),
            **{name: said.get(name, "") for name in _TEXT},
        )
    except (KeyError, TypeError, OverflowError) as error:
        raise ValueError(f"not an event: {error!r}") from error


def encode(event: Event) -> str:
    """One line of ASCII JSON with sorted keys, so that equal events give equal bytes.

    Raises `ValueError` if the payload is not JSON (a NaN, a set).
    """
    try:
        return json.dumps(to_dict(event), sort_keys=True, allow_nan=False, separators=(",", ":"))
    except TypeError as error:
        raise ValueError(f"the payload of {event.id} is not JSON: {error}") from error


def decode(line: str | bytes) -> Event:
    """The event of a line made by `encode`. Raises `ValueError`."""
    said = json.loads(line)
    if not isinstance(said, dict):
        raise ValueError("not an event")
    return from_dict(said)


def check(event: Event) -> None:
    """Raises `ValueError` if the event may not be appended."""
    if not event.id or not event.id.isascii():
        raise ValueError(f"an event needs an ASCII id, not {event.id!r}")
    if event.kind not in KINDS:
        raise ValueError(f"{event.kind!r} is not a kind of event")


def printable(text: str) -> str:
    """`text` without what indexes cannot hold: NUL and lone surrogates."""
    return text.replace("\0", " ").encode("utf-8", "replace").decode("utf-8")
