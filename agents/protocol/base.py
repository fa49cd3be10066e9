"""What a message is: requests with the type of their reply, and why one fails."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from agents.views import EngineView

R = TypeVar("R")


class Request(Generic[R]):
    """Base of all requests; the type argument is the type of its reply."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Done:
    """Reply of a request that only acknowledges. What it acknowledges survives `kill -9`."""

    id: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a request failed. `mend` says what to do about it."""

    message: str
    mend: str = ""
    kind: Literal["refused", "unavailable", "bug"] = "refused"


class Refused(Exception):
    """A request that could not be done; carries a `Trouble`."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.message)
        self.trouble = trouble


@dataclass(frozen=True, slots=True)
class Hello(Request[EngineView]):
    """Asks where the engine stands."""


@dataclass(frozen=True, slots=True)
class Cancel(Request[Done]):
    """Cancels a job, or with an empty `job` the move being made (the built-in tutor makes it)."""

    job: str = ""


@dataclass(frozen=True, slots=True)
class Quit(Request[Done]):
    """Closes memory cleanly and ends the engine; an unfinished session stays resumable."""
