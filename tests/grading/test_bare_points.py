"""Points in one wording, as imports derive them, are judged by what is said about them."""

from __future__ import annotations

import pytest

from agents.grading.builtin import BuiltinGrader
from agents.judgement import Point, Task

POINTS = (
    Point("precision", "n-gram precision"),
    Point("fast", "Fast, standard for MT"),
    Point("meaning", "Captures meaning, context-aware"),
)


@pytest.fixture(scope="module")
def grader() -> BuiltinGrader:
    return BuiltinGrader()


@pytest.mark.parametrize(
    "answer",
    [
        "It normalizes the inputs over the features of every token and makes training stable",
        "bananas are yellow and tasty in the summer months",
    ],
)
def test_an_answer_about_something_else_contradicts_nothing(grader: BuiltinGrader, answer: str):
    judged = grader.grade(Task("Compare BLEU and BERTScore.", (answer,), POINTS))
    assert {point.verdict for point in judged.points} == {"missing"}


def test_what_is_said_is_covered(grader: BuiltinGrader):
    answer = "BLEU measures n-gram precision"
    judged = grader.grade(Task("Compare BLEU and BERTScore.", (answer,), POINTS))
    assert judged.points[0].verdict == "covered"
    assert judged.points[0].quote in answer


def test_content_units_are_judged_by_presence_whether_a_summary_is_asked_for_or_nothing(
    grader: BuiltinGrader,
):
    units = (
        Point("a", "Anna Berg won the race."),
        Point("b", "The race was held in Oslo."),
        Point("c", "It rained all day."),
    )
    answer = "Anna Berg has won this year's race in Oslo ahead of two others."
    for question in ("", "Summarise the article."):
        judged = grader.grade(Task(question, (answer,), units))
        assert judged.points[0].verdict == "covered"
        assert judged.points[2].verdict == "missing"
