"""What travels on the pipe: `{"id", "call", "args"}` one way, replies and updates the other."""

from __future__ import annotations

import typing
from functools import cache
from typing import Any, get_args

from agents.codec import CodecError, from_json, to_json
from agents.protocol import Request, Trouble, Update, request_types

UPDATES: dict[str, type[Any]] = {cls.__name__: cls for cls in get_args(Update)}


@cache
def reply_type(request: type[Request[Any]]) -> Any:
    """The type argument `R` of a request class ``class X(Request[R])``."""
    for base in request.__orig_bases__:  # type: ignore[attr-defined]
        if typing.get_origin(base) is Request:
            return get_args(base)[0]
    raise TypeError(f"{request.__name__} is no Request[...]")


def pack_request(number: int, message: Request[Any]) -> dict[str, Any]:
    return {"id": number, "call": type(message).__name__, "args": to_json(message)}


def unpack_request(line: dict[str, Any]) -> tuple[int, Request[Any]]:
    """The request on a line. Raises `CodecError`."""
    cls = request_types().get(line.get("call", ""))
    if cls is None:
        raise CodecError(f"unknown request {line.get('call')!r}")
    return int(line["id"]), from_json(cls, line.get("args", {}))


def pack_reply(number: int, reply: Any) -> dict[str, Any]:
    return {"id": number, "reply": to_json(reply)}


def pack_trouble(number: int, trouble: Trouble) -> dict[str, Any]:
    return {"id": number, "trouble": to_json(trouble)}


def pack_update(update: Update) -> dict[str, Any]:
    return {"update": type(update).__name__, "data": to_json(update)}


def unpack_update(line: dict[str, Any]) -> Update:
    return from_json(UPDATES[line["update"]], line["data"])
