"""Frozen dataclasses to JSON lines and back, for the pipe between front end and engine."""

from __future__ import annotations

import dataclasses
import json
import types
import typing
from functools import cache
from typing import Any, Literal, TypeVar, Union, get_args, get_origin

T = TypeVar("T")


class CodecError(ValueError):
    """A message that does not have the shape of its type."""


@cache
def _hints(cls: type) -> dict[str, Any]:
    return typing.get_type_hints(cls)


def to_json(value: Any) -> Any:
    """`value` (a dataclass, tuple, mapping or JSON value) as plain JSON values."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: to_json(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, list | tuple):
        return [to_json(item) for item in value]
    if isinstance(value, dict):
        return {str(key): to_json(item) for key, item in value.items()}
    return value


def from_json(kind: Any, value: Any) -> Any:
    """`value` (plain JSON) as the type `kind`: a dataclass, tuple, Literal, union or JSON type.

    Fields that `kind` does not know are ignored and absent ones take their default, so that a newer
    engine and an older front end understand each other. Raises `CodecError`.
    """
    if kind is Any:
        return value
    origin = get_origin(kind)
    if origin is Literal:
        if value not in get_args(kind):
            raise CodecError(f"{value!r} is none of {get_args(kind)}")
        return value
    if origin in (Union, types.UnionType):
        return _union(get_args(kind), value)
    if origin is tuple:
        return _tuple(get_args(kind), value)
    if origin is dict:
        return {key: from_json(get_args(kind)[1], item) for key, item in value.items()}
    if dataclasses.is_dataclass(kind):
        return _record(kind, value)
    if kind is float and isinstance(value, int):
        return float(value)
    if not isinstance(value, kind):
        raise CodecError(f"expected {kind.__name__}, got {type(value).__name__}")
    return value


def _union(options: tuple[Any, ...], value: Any) -> Any:
    if value is None and type(None) in options:
        return None
    for option in options:
        if option is type(None):
            continue
        try:
            return from_json(option, value)
        except (CodecError, TypeError):
            continue
    raise CodecError(f"{value!r} fits none of {options}")


def _tuple(items: tuple[Any, ...], value: Any) -> tuple[Any, ...]:
    if not isinstance(value, list | tuple):
        raise CodecError(f"expected a list, got {type(value).__name__}")
    if len(items) == 2 and items[1] is Ellipsis:
        return tuple(from_json(items[0], item) for item in value)
    if len(items) != len(value):
        raise CodecError(f"expected {len(items)} items, got {len(value)}")
    return tuple(from_json(kind, item) for kind, item in zip(items, value, strict=True))


def _record(kind: Any, value: Any) -> Any:
    if not isinstance(value, dict):
        raise CodecError(f"expected the fields of {kind.__name__}, got {type(value).__name__}")
    hints = _hints(kind)
    try:
        return kind(**{k: from_json(hints[k], v) for k, v in value.items() if k in hints})
    except TypeError as error:
        raise CodecError(str(error)) from error


def dump_line(value: Any) -> bytes:
    """One line of ASCII JSON with its newline; lone surrogates survive as escapes."""
    return json.dumps(to_json(value), ensure_ascii=True, separators=(",", ":")).encode() + b"\n"
