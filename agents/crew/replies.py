"""Reading typed replies out of what models write."""

from __future__ import annotations

import json
from typing import Any

import json_repair
from pydantic import BaseModel

MOST = 60_000
"""Characters of a reply that are looked at; no reply of ours needs a tenth of it."""


def parse_reply(reply: Any, wanted: type[BaseModel]) -> BaseModel | None:
    """`reply` (an instance, or text with JSON somewhere in it) as `wanted`; None if it is not."""
    if isinstance(reply, wanted):
        return reply
    if isinstance(reply, BaseModel):
        reply = reply.model_dump_json()
    if not isinstance(reply, str) or len(reply) > MOST or "{" not in reply:
        return None
    for start in _starts(reply):
        try:
            return wanted.model_validate(json_repair.loads(reply[start:]))
        except (ValueError, RecursionError):
            continue
    return None


def _starts(reply: str) -> list[int]:
    """Where a JSON object may begin; the last try is after a model's visible thinking."""
    first = reply.index("{")
    after = reply.rfind("</think>")
    later = reply.find("{", after) if after >= 0 else -1
    return [later, first] if later > first else [first]


def schema_request(wanted: type[BaseModel]) -> str:
    """The words that ask a model without structured output for JSON of the type `wanted`."""
    schema = json.dumps(_plain(wanted.model_json_schema()), separators=(",", ":"))
    return f"Reply with one JSON object and nothing else. Its JSON schema: {schema}"


def _plain(schema: Any) -> Any:
    """A schema without titles: small models copy them into their replies."""
    if isinstance(schema, dict):
        return {
            name: _plain(value)
            for name, value in schema.items()
            if not (name == "title" and isinstance(value, str))
        }
    return [_plain(item) for item in schema] if isinstance(schema, list) else schema
