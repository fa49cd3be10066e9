"""What the payload of an event must look like where code relies on it; asked of what comes from outside.

What Viva writes itself is of this shape. A field that is absent is no error, nor is one nobody knows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from memory.events import Event

LATEST = 253_402_300_800_000
"""Milliseconds: the year 10000, which no calendar here can show."""

Shape = tuple[str, Callable[[Any], bool]]
"""What a field must be, in words, and whether a value is that."""


def check_shape(event: Event) -> None:
    """Raises `ValueError` if something in the payload, or the time, would break what reads it."""
    if not 0 <= event.at < LATEST:
        raise ValueError(f"`at` is {event.at}: no time in milliseconds since 1970")
    for name, value in event.payload.items():
        words, fits = _SHAPES.get((event.kind, name)) or _SHAPES.get(("", name)) or _ANY
        if value is not None and not fits(value):
            raise ValueError(f"`{name}` must be {words}")
    if event.kind == "asked" and isinstance(points := event.payload.get("points"), list):
        weights = event.payload.get("weights") or {}
        if any(point not in weights for point in points):
            raise ValueError("`weights` must hold a number for each of `points`")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _are_numbers(value: Any) -> bool:
    return isinstance(value, Mapping) and all(map(_is_number, value.values()))


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _is_date(value: Any) -> bool:
    try:
        return value == "" or bool(date.fromisoformat(value))
    except (TypeError, ValueError):
        return False


def _are_reviews(value: Any) -> bool:
    return isinstance(value, Mapping) and all(
        isinstance(log, list) and all(isinstance(r, list) and len(r) == 2 for r in log)
        and all(type(part) is int for r in log for part in r)
        for log in value.values()
    )  # fmt: skip


def _rows(**fields: type) -> Shape:
    """A list of objects that have these fields."""
    named = " and ".join(f"`{name}`" for name in fields)

    def fits(value: Any) -> bool:
        return isinstance(value, list) and all(
            isinstance(row, Mapping)
            and all(
                _is_number(row.get(name)) if kind is float else isinstance(row.get(name), kind)
                for name, kind in fields.items()
            )
            for row in value
        )

    return f"a list of objects, each with {named}", fits


_ANY: Shape = "anything", lambda _: True
_NUMBER: Shape = "a number", _is_number
_NUMBERS: Shape = "an object of numbers", _are_numbers
_NAMES = "answer deck expectation misconception mode move reason topic turn verdict".split()
_TEXT: Shape = "a text", lambda value: isinstance(value, str)
_TEXTS: Shape = "a list of texts", _are_texts
_SHAPES: dict[tuple[str, str], Shape] = {
    ("", "confidence"): _NUMBER,
    ("", "level"): _NUMBER,
    ("", "minutes"): _NUMBER,
    ("", "basis"): _NUMBER,
    ("", "nominal"): _NUMBER,
    ("", "weights"): _NUMBERS,
    ("", "ids"): _TEXTS,
    ("", "expectations"): _TEXTS,
    ("", "sources"): _rows(title=str),
    **{("", name): _TEXT for name in _NAMES},
    ("session_started", "questions"): _NUMBER,
    ("goal_set", "date"): ("a date such as 2027-01-31, or empty", _is_date),
    ("asked", "points"): _TEXTS,
    ("judged", "points"): _rows(id=str, verdict=str),
    ("judged", "errors"): _rows(id=str),
    ("closed", "outcomes"): _rows(expectation=str, coverage=float),
    ("fitted", "parameters"): _NUMBERS,
    ("imported", "reviews"): (
        "an object of lists of pairs: milliseconds and a rating",
        _are_reviews,
    ),
}
