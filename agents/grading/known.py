"""Questions of the learner's decks, recognised by their wording: their points are judged by all that
the deck knows of them, its other wordings and its misconceptions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cached_property

from agents.judgement import Error, Task
from corpus.model import Question


class Known:
    """Completes tasks whose question and expectations are a deck's. `load` is called once, when the
    first task with expectations comes."""

    def __init__(self, load: Callable[[], Iterable[Question]]) -> None:
        self._load = load

    @cached_property
    def _questions(self) -> dict[str, Question]:
        return {
            _plain(wording): question
            for question in self._load()
            for wording in (*question.variants, question.ask)
        }

    def complete(self, task: Task) -> Task:
        """The task with the deck's wordings and misconceptions, or as it is.

        Every point must be one of the question's, its text unchanged; what the task says itself
        stays.
        """
        if not task.points or not task.question.strip():
            return task
        question = self._questions.get(_plain(task.question))
        if question is None:
            return task
        ours = {_plain(one.text): one for one in question.expectations}
        found = [ours.get(_plain(point.text)) for point in task.points]
        points = tuple(
            replace(
                point,
                wordings=point.wordings or one.wordings,
                words=point.words or one.words,
                denials=point.denials or one.denials,
            )
            for point, one in zip(task.points, found, strict=True)
            if one is not None
        )
        if len(points) < len(task.points):
            return task
        errors = task.errors or tuple(
            Error(one.id, one.text, one.wordings, one.correction) for one in question.misconceptions
        )
        return replace(task, points=points, errors=errors)


def _plain(text: str) -> str:
    return " ".join(text.lower().split())
