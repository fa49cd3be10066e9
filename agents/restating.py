"""What a learner's restatement of an explanation holds, judged against the points that had failed."""

from __future__ import annotations

from dataclasses import dataclass

from agents.copying import copied_from
from agents.judgement import Grader, Point, Task
from agents.leaks import content_stems
from agents.listening import gives_up
from agents.state import COVERED, QuestionState
from corpus.model import Expectation, Question

HELD = 0.5
"""Coverage from which a restated point holds."""


@dataclass(frozen=True, slots=True)
class Restatement:
    """`held` and `turned` (round) come with the learner's words; `missing` has the points that the
    learner's words speak of first. `copied` and `gave_up` leave all of them empty."""

    held: tuple[tuple[Expectation, str], ...] = ()
    turned: tuple[tuple[Expectation, str], ...] = ()
    missing: tuple[Expectation, ...] = ()
    copied: bool = False
    gave_up: bool = False


def restatement(text: str, question: Question, q: QuestionState, grader: Grader) -> Restatement:
    """What of the points that failed `text` says again; nothing failed, nothing is missing."""
    if gives_up(text):
        return Restatement(gave_up=True)
    if copied_from(text, q.shown):
        return Restatement(copied=True)
    standing = {name: point.coverage for name, point in q.points.items()}
    failed = [e for e in question.expectations if standing.get(e.id, 0.0) < COVERED]
    if not failed:
        return Restatement()
    points = tuple(Point.of(e) for e in failed)
    verdicts = {p.id: p for p in grader.grade(Task(question.ask, (text,), points)).points}
    turned = [e for e in failed if verdicts[e.id].verdict == "contradicted"]
    held = [e for e in failed if verdicts[e.id].coverage >= HELD and e not in turned]
    missing = [e for e in failed if e not in turned and e not in held]
    spoken = content_stems(text) - content_stems(question.ask)
    missing.sort(key=lambda e: (-len(spoken & content_stems(e.text)), -e.weight))
    return Restatement(
        held=tuple((e, verdicts[e.id].quote) for e in held),
        turned=tuple((e, verdicts[e.id].quote) for e in turned),
        missing=tuple(missing),
    )
