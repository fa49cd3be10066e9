"""The learner's own verdicts on a question, and what follows from them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from agents.judging import overall
from agents.state import QuestionState, SessionState, fold, fold_question, score
from agents.transcript import given_up, judgement_view, point_views
from agents.views import JudgementView
from corpus.model import Expectation, Misconception, Question
from corpus.words import content
from memory.events import Event, Kind

RANK = ("contradicted", "missing", "partial", "covered")

Follows = tuple[Kind, str, dict[str, Any]]


class Overruling:
    """The verdicts on `question` in a session, from its `events`. `state` is None if it was never asked
    there, `judged` if nothing was judged."""

    def __init__(self, events: Sequence[Event], question: str) -> None:
        self.state: QuestionState | None = None
        self.judged: Event | None = None
        self._opened: dict[str, Event] = {}
        session = SessionState()
        for event in events:
            session = fold(session, event)
            now = session.current
            if now is not None and now.id == question:
                self.state = now
            elif self.state is not None and event.question == question:
                self.state = fold_question(self.state, event)
            if event.question == question:
                self._take(given_up(event, events))

    def _take(self, event: Event) -> None:
        if event.kind == "judged":
            self.judged = event
        elif event.kind == "misconception_opened":
            self._opened[str(event.payload.get("misconception"))] = event

    def follows(self, question: Question | None, name: str) -> Iterator[Follows]:
        """The events that follow from the verdict that stands on point `name`: what was found wrong in
        the same words is withdrawn by a better one, and stands again without."""
        q = self.state
        if q is None or question is None:
            return
        point = q.points[name]
        better = point.judged is not None and _rank(point.verdict) > _rank(point.judged.verdict)
        for error in question.misconceptions:
            opened = self._opened.get(error.id)
            if opened is None or not self._about(opened, error, question, name):
                continue
            base = {"misconception": error.id, "text": error.text, "correction": error.correction}
            if better and error.id in q.errors:
                gone = {"withdraws": opened.id, "since": opened.at}
                yield "misconception_closed", "", {**base, **gone}
            elif not better and error.id in q.withdrawn:
                yield "misconception_opened", opened.text, dict(opened.payload)

    def _about(self, opened: Event, error: Misconception, question: Question, name: str) -> bool:
        """Whether a misconception was found in the words that were judged for point `name`, or speaks of
        it more than of any other."""
        assert self.judged is not None
        quotes = {row["id"]: row["quote"] for row in self.judged.payload["points"]}
        quote, wrong = quotes.get(name, ""), opened.text
        if quote and (quote in wrong or wrong in quote):
            return True
        stems = content(" ".join((error.text, error.correction, *error.wordings)))

        def near(e: Expectation) -> float:
            own = content(" ".join((e.text, *e.wordings)))
            return len(stems & own) / max(len(own), 1) ** 0.5

        return max(question.expectations, key=near).id == name

    def view(self, question: Question | None) -> JudgementView:
        """The last verdict with the learner's own in it."""
        assert self.judged is not None and self.state is not None
        rows = self.judged.payload["errors"]
        errors = [row for row in rows if row["id"] not in self.state.withdrawn]
        view = judgement_view({**self.judged.payload, "errors": errors}, question)
        points = point_views(self.state, question)
        grade = score(self.state.points)
        wrong = any(point.verdict == "contradicted" for point in points)
        return replace(view, verdict=overall(grade, wrong), score=grade, points=points)

    @property
    def stands(self) -> bool:
        """Whether the learner has overruled a verdict."""
        return self.state is not None and any(p.judged for p in self.state.points.values())


def _rank(verdict: str) -> int:
    return RANK.index(verdict)
