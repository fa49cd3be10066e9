"""Requests about what can be asked: decks, questions, importing, cards, search."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from agents.protocol.base import Done, Request
from agents.views import CardView, DeckView, DetailView, ImportView, RowView, SourceView


@dataclass(frozen=True, slots=True)
class GetDecks(Request[tuple[DeckView, ...]]):
    pass


@dataclass(frozen=True, slots=True)
class GetRows(Request[tuple[RowView, ...]]):
    deck: str = ""
    query: str = ""
    due: bool = False
    limit: int = 500


@dataclass(frozen=True, slots=True)
class GetDetail(Request[DetailView]):
    question: str


@dataclass(frozen=True, slots=True)
class EditQuestion(Request[DetailView]):
    """Replaces a question by `text` (its YAML). Raises `Refused` naming the line and the mend."""

    question: str
    text: str


@dataclass(frozen=True, slots=True)
class AddSource(Request[ImportView]):
    """Imports a file, folder or (if `network`) URL. Sends `Progress` under `job`; `Cancel` stops it."""

    path: str
    deck: str = ""
    job: str = ""
    network: bool = False


@dataclass(frozen=True, slots=True)
class RemoveSource(Request[Done]):
    """Takes an own deck, or what only one document gave, out of the library.

    With `forget` the history of its questions is erased for good, else it stays.
    """

    name: str
    forget: bool = False


@dataclass(frozen=True, slots=True)
class GetCards(Request[tuple[CardView, ...]]):
    """Cards that wait for review."""

    deck: str = ""


@dataclass(frozen=True, slots=True)
class ReviewCard(Request[Done]):
    card: str
    decision: Literal["accept", "drop", "edit"]
    ask: str = ""
    answer: str = ""


@dataclass(frozen=True, slots=True)
class SearchCorpus(Request[tuple[SourceView, ...]]):
    query: str
    limit: int = 10
