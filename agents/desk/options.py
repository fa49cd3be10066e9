"""What a new session is about: the learner's wish checked against the library, defaults filled in."""

from __future__ import annotations

from typing import Any

from agents.desk.handling import refuse
from agents.protocol import Start
from corpus.library import Library

QUESTIONS, STAGES = 5, 6
"""Questions of a session that names neither a number nor minutes, and of a design interview."""


def options_of(request: Start, library: Library) -> dict[str, Any]:
    """The payload of the session's first event; refused if the library lacks what is asked for."""
    deck = _deck(request.deck, library)
    if request.topic and request.topic not in library.topics(deck):
        names = ", ".join(library.topics(deck))
        raise refuse(f"there is no topic {request.topic!r}", f"choose one of: {names}")
    if request.question and library.question(request.question) is None:
        raise refuse(f"there is no question {request.question!r}", "see `viva show`")
    return {
        "mode": request.mode,
        "deck": deck,
        "topic": request.topic,
        "question": request.question,
        "questions": _questions(request),
        "minutes": request.minutes,
    }


def _deck(wanted: str, library: Library) -> str:
    if not wanted:
        return ""
    found = library.deck(wanted)
    if found is None:
        names = ", ".join(deck.id for deck in library.decks)
        raise refuse(f"there is no deck {wanted!r}", f"choose one of: {names}")
    return found.id


def _questions(request: Start) -> int:
    if request.questions:
        return request.questions
    if request.mode == "design":
        return STAGES
    if request.minutes:
        return 0
    return 1 if request.question else QUESTIONS
