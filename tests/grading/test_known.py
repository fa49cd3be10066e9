"""A question of a deck is recognised by its wording and judged with all the deck knows."""

from __future__ import annotations

from dataclasses import replace

from agents.grading.known import Known
from agents.judgement import Point, Task
from corpus.model import Expectation, Misconception, Question

QUESTION = Question(
    id="boil",
    ask="When does water boil?",
    variants=("At what temperature does water boil?",),
    expectations=(
        Expectation(id="degrees", text="At 100 degrees.", wordings=("Once it is at 100 C.",)),
        Expectation(id="pressure", text="At sea level pressure."),
    ),
    misconceptions=(Misconception(id="always", text="Everywhere alike.", correction="No."),),
)
GIVEN = Task(" when does  WATER boil?", ("hot",), (Point("1", "at 100 degrees."),))


def known() -> Known:
    return Known(lambda: [QUESTION])


def test_wordings_and_misconceptions_are_added_and_ids_kept() -> None:
    done = known().complete(GIVEN)
    assert [(p.id, p.wordings) for p in done.points] == [("1", ("Once it is at 100 C.",))]
    assert [error.id for error in done.errors] == ["always"]
    variant = replace(GIVEN, question=QUESTION.variants[0])
    assert known().complete(variant).points == done.points


def test_other_points_or_questions_stay_as_they_are() -> None:
    for other in (
        replace(GIVEN, question="When does oil boil?"),
        replace(GIVEN, points=(*GIVEN.points, Point("2", "When it bubbles."))),
        replace(GIVEN, points=(), references=("At 100 degrees.",)),
        replace(GIVEN, question=""),
    ):
        assert known().complete(other) == other


def test_decks_are_not_read_for_answers_with_references_only() -> None:
    def load() -> list[Question]:
        raise AssertionError("read")

    task = Task("Why?", ("so",), references=("Because.",))
    assert Known(load).complete(task) == task
