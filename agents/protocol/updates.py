"""What the engine tells by itself, as things happen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from agents.views import SessionView, TurnView, UsageView


@dataclass(frozen=True, slots=True)
class Status:
    """The engine came up further, or the model changed state; `text` is for the status line."""

    stage: Literal["starting", "memory", "ready", "restarting", "failed"]
    text: str = ""
    usage: UsageView = UsageView()


@dataclass(frozen=True, slots=True)
class TurnAdded:
    """A turn stands in the transcript. A streamed one comes first with `final` False and grows by
    `Chunk`s; the finished turn then comes with `replaces` set to the first one's id."""

    turn: TurnView
    final: bool = True
    replaces: str = ""


@dataclass(frozen=True, slots=True)
class Chunk:
    """More text of a streamed turn."""

    turn: str
    text: str


@dataclass(frozen=True, slots=True)
class SessionChanged:
    """The session moved; `session.turns` is empty (turns come as `TurnAdded`)."""

    session: SessionView


@dataclass(frozen=True, slots=True)
class Progress:
    """Long work: `total` 0 while unknown, `eta` in seconds (-1 unknown)."""

    job: str
    text: str
    done: int = 0
    total: int = 0
    eta: float = -1.0


Update = Status | TurnAdded | Chunk | SessionChanged | Progress
