"""What a new session is about: the learner's wish checked against the library, defaults filled in."""

from __future__ import annotations

from typing import Any

from agents.desk.naming import known_deck, no_question, stages
from agents.protocol import Start
from corpus.library import Library

QUESTIONS, STAGES = 5, 6
"""Questions of a session that names neither a number nor minutes, and of a design interview."""


def options_of(request: Start, library: Library) -> dict[str, Any]:
    """The payload of the session's first event; refused if the library lacks what is asked for."""
    mode, first, questions = request.mode, request.question, request.questions
    deck = known_deck(library, request.deck, request.topic)
    if parts := stages(library, first):
        mode, first, questions = "design", parts[0], questions or len(parts)
    if first and library.question(first) is None:
        raise no_question(library, first)
    questions = questions or _questions(request)
    if mode != "design" and not first:
        questions = min(questions, len(library.questions(deck, request.topic)))
    return {
        "mode": mode,
        "deck": deck,
        "topic": request.topic,
        "question": first,
        "questions": questions,
        "minutes": request.minutes,
    }


def _questions(request: Start) -> int:
    if request.mode == "design":
        return STAGES
    if request.minutes:
        return 0
    return 1 if request.question else QUESTIONS
