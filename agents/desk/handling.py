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


def handlers_of(clerk: object) -> dict[type, Callable[[Any], Any]]:
    """The marked methods of `clerk` by the request they serve."""
    found: dict[type, Callable[[Any], Any]] = {}
    for name in dir(type(clerk)):
        method = getattr(type(clerk), name)
        request = getattr(method, "_handles", None)
        if request is not None:
            found[request] = getattr(clerk, name)
    return found


def refuse(message: str, mend: str = "") -> Refused:
    """A refusal to raise: what is wrong and what to do."""
    return Refused(Trouble(message, mend))
