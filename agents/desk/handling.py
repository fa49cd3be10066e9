"""Which method serves which request."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from agents.protocol import Refused, Request, Trouble

M = TypeVar("M", bound=Callable[..., Any])


def handles(request: type[Request[Any]]) -> Callable[[M], M]:
    """Marks a method as the one that serves `request`."""

    def mark(method: M) -> M:
        method.__dict__["_handles"] = request
        return method

    return mark


def served_by(clerk: type) -> dict[type[Request[Any]], str]:
    """The marked methods of a class by the request they serve."""
    named = ((name, getattr(clerk, name)) for name in dir(clerk))
    return {m._handles: name for name, m in named if hasattr(m, "_handles")}


def handlers_of(clerk: object) -> dict[type[Request[Any]], Callable[[Any], Any]]:
    """The marked methods of `clerk`, bound, by the request they serve."""
    return {request: getattr(clerk, name) for request, name in served_by(type(clerk)).items()}


def refuse(message: str, mend: str = "") -> Refused:
    """A refusal to raise: what is wrong and what to do."""
    return Refused(Trouble(message, mend))
