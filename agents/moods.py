"""How the learner's last turn is taken up before the tutor asks on: read off the last verdict."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from agents.briefs import Mood
from agents.copying import copied_from
from agents.excerpts import excerpt
from agents.grading import guards
from agents.language import foreign, looks_english
from agents.listening import stays_general
from agents.state import COVERED, QuestionState
from agents.views import DOUBTFUL
from corpus.model import Question
from corpus.words import tokens
from memory.events import Event

QUOTE = 9
"""Words of the learner that are taken up again."""
HARDLY = 2
"""Letters up to which an answer is a noise rather than a word."""
UNSURE = 0.55
"""Sureness of the grader below which half a credit is said to be a guess."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A `mood` and the learner's own words behind it, a piece of the last turn."""

    mood: Mood = ""
    said: str = ""


def taken_up(
    last: Event | None,
    before: Event | None,
    q: QuestionState,
    question: Question,
    target: str,
    feedback: bool,
) -> Taken:
    """How to go on after the event `last` (judged, answered or told); `before` is the verdict before
    it on the same question, `target` the expectation to be asked about. Without `feedback` nothing is
    said about the verdict."""
    if last is None or last.kind == "told":
        return Taken()
    if last.kind == "answered":
        return Taken("gave_up" if last.payload.get("dont_know") else "")
    answer = q.turns[-1] if q.turns else ""
    if len("".join(tokens(answer))) <= HARDLY:
        return Taken("gave_up")
    odd = _odd(answer, question, q.shown)
    if not feedback:
        return Taken(odd)
    points = [row for row in last.payload["points"] if row["gained"] and row["quote"] in answer]
    weight = {e.id: -e.weight for e in question.expectations}
    points.sort(key=lambda row: weight.get(row["id"], 0.0))
    made = [row for row in points if row["coverage"] >= COVERED]
    if odd == "copied":
        return Taken(odd)
    wrong = _wrong(last, before, answer)
    if wrong is not None:
        doubted = wrong and all(row.get("sure", 1.0) < DOUBTFUL for row in wrong)
        return Taken("doubted" if doubted else "contradicted", _piece(wrong, question))
    if made:
        return Taken("gained", _piece(made, question))
    if odd:
        return Taken(odd)
    general = stays_general(answer, question.ask)
    if general or not points:
        return Taken("vague" if general else "nothing")
    unsure = [row for row in points if row["id"] == target and row.get("sure", 1.0) < UNSURE]
    return Taken("unsure" if unsure else "partly", _piece(unsure or points, question))


def _wrong(last: Event, before: Event | None, answer: str) -> list[Mapping[str, Any]] | None:
    """What the last turn newly got wrong: rows with the words that show it; None if nothing."""
    known = _wrong_ids(before) if before is not None else frozenset()
    if not _wrong_ids(last) - known:
        return None
    rows = [*last.payload["errors"], *_contradicted(last)]
    return [row for row in rows if row["quote"] and row["quote"] in answer]


def _contradicted(judged: Event) -> list[Mapping[str, Any]]:
    return [row for row in judged.payload["points"] if row["verdict"] == "contradicted"]


def _wrong_ids(judged: Event) -> frozenset[str]:
    """Ids of the points contradicted and the misconceptions voiced in a verdict."""
    rows = (*_contradicted(judged), *judged.payload["errors"])
    return frozenset(row["id"] for row in rows)


def _piece(rows: Iterable[Mapping[str, Any]], question: Question) -> str:
    """The words that matter in the first quote of `rows` that has any."""
    about = {e.id: e.told for e in question.expectations}
    about |= {m.id: (m.text, *m.wordings) for m in question.misconceptions}
    found = (excerpt(row["quote"], about.get(row["id"], ()), QUOTE) for row in rows)
    return next((piece for piece in found if piece), "")


def _odd(answer: str, question: Question, shown: tuple[str, ...]) -> Mood:
    """What keeps an answer from being one: another language, a plea to the grader, a copy."""
    if looks_english(question.ask) and foreign(answer, _matter(question)):
        return "language"
    if guards.pleas(answer):
        return "aside"
    return "copied" if copied_from(answer, (question.ask, *shown)) else ""


def _matter(question: Question) -> Iterable[str]:
    """The texts whose terms an answer to `question` would have."""
    said = ((e.text, *e.wordings) for e in question.expectations)
    return (question.ask, question.answer, *(text for texts in said for text in texts))
