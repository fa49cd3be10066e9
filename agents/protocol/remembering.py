"""Requests about what is remembered, and talking about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from agents.protocol.base import Done, Request
from agents.views import ClaimView, RecollectionView, TurnView


@dataclass(frozen=True, slots=True)
class Recall(Request[tuple[RecollectionView, ...]]):
    query: str
    limit: int = 10


@dataclass(frozen=True, slots=True)
class GetClaims(Request[tuple[ClaimView, ...]]):
    query: str = ""


@dataclass(frozen=True, slots=True)
class GetEvents(Request[tuple[RecollectionView, ...]]):
    """The events behind a claim."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CorrectClaim(Request[Done]):
    """Rewrites a claim; an empty `text` says it is wrong and removes it."""

    claim: str
    text: str


@dataclass(frozen=True, slots=True)
class Forget(Request[Done]):
    """Erases for good: a claim, question, deck, period (``2026-01-01..2026-02-01``), or ``all``."""

    scope: Literal["claim", "question", "deck", "period", "learner", "all"]
    what: str = ""


@dataclass(frozen=True, slots=True)
class Ask(Request[Done]):
    """Free conversation with the explainer; the reply arrives as turns of role `conversation`."""

    text: str
    turn: str
    thread: str = ""


@dataclass(frozen=True, slots=True)
class GetThread(Request[tuple[TurnView, ...]]):
    """The last turns of the free conversation."""

    thread: str = ""
    count: int = 20
