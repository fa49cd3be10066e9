"""Which answers are taken for another language: sentences in one, never notes in English."""

from __future__ import annotations

import pytest

from agents.grading.guards import NOTE_LIST
from agents.judgement import Judgement, Point, Task
from agents.language import foreign
from agents.state import QuestionState
from agents.transcript import judged_payload

MATTER = (
    "How do you split documents into chunks for retrieval?",
    "Small chunks are found precisely but lose context, while large chunks keep context.",
)
LISTED = Judgement("incorrect", 0.0, 0.0, 0.0, points=(), notes=(NOTE_LIST,))
GERMAN = "Kleine Abschnitte werden genau gefunden, aber sie verlieren den Zusammenhang"


@pytest.mark.parametrize(
    "text",
    [
        GERMAN,
        "Los fragmentos pequeños se encuentran con precisión, pero pierden el contexto",
        "Les petits morceaux sont précis mais ils perdent le contexte",
        "Małe fragmenty tracą kontekst, duże fragmenty rozmywają wynik wyszukiwania",
        "маленькие фрагменты теряют контекст",
    ],
)
def test_a_sentence_in_another_language_is_seen(text: str) -> None:
    assert foreign(text, MATTER)


@pytest.mark.parametrize(
    "text",
    [
        "small chunks match precisely, big chunks keep context",
        "chunks, overlap, context, retrieval, precision, recall, embedding, size",
        "die size matters",
        "overlap so no sentence is cut",
        "size=512, overlap=64",
    ],
)
def test_notes_in_english_are_not_another_language(text: str) -> None:
    assert not foreign(text, MATTER)


def test_another_language_is_not_called_a_list_of_keywords() -> None:
    def notes(answer: str) -> list[str]:
        point = Point("p", MATTER[1], 1.0, (), ())
        task = Task(MATTER[0], (answer,), points=(point,))
        return judged_payload(task, QuestionState("q", "a", 0, {}), LISTED)["notes"]

    assert notes(GERMAN) == []
    assert notes("chunks overlap context retrieval precision recall") == [NOTE_LIST]
