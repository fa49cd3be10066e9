"""What a learner reads: events as turns of a transcript."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from agents.excerpts import excerpt
from agents.grading import guards
from agents.judgement import Judgement, PointVerdict, Task
from agents.judging import overall
from agents.language import foreign
from agents.state import COVERED, PARTIAL, WHOLE, PointState, QuestionState, credited
from agents.views import ErrorView, JudgementView, PointView, Role, SourceView, TurnView
from corpus.model import Expectation, Question
from memory.events import Event

QUOTE = 12
"""Words shown of what the learner said for a point."""

REFUSALS = {guards.NOTE_QUESTION, guards.NOTE_PASTED, guards.NOTE_SHOWN, guards.NOTE_PLEA}
"""Notes on words that are no answer of the learner's own."""

Find = Callable[[str], Question | None]

ROLES: Mapping[str, Role] = {
    "asked": "question",
    "answered": "answer",
    "told": "assertion",
    "explained": "explanation",
    "conversation": "conversation",
}


def turn_of(event: Event, find: Find, asked: str = "", told: bool = False) -> TurnView | None:
    """`event` as a turn; None for what is not shown. `find` looks questions up by id; `asked` is the
    expectation that the tutor asks about next, after a verdict; `told`: no point is a secret."""
    if event.kind == "judged":
        judgement = judgement_view(event.payload, find(event.question), asked, told)
        return TurnView(
            event.id, "viva", "judgement", "", event.at, event.question, judgement=judgement
        )
    role = _role(event)
    if not role or (event.kind == "told" and not event.text):
        return None
    speaker = "learner" if event.speaker == "learner" else "tutor"
    sources = tuple(SourceView(**source) for source in event.payload.get("sources", ()))
    return TurnView(
        event.id,
        speaker,
        role,
        event.text,
        event.at,
        event.question,
        sources=sources,
        model=event.model,
    )


def _role(event: Event) -> Role | None:
    if event.kind in ("probed", "hinted"):
        return event.payload.get("move", "hint")
    return ROLES.get(event.kind)


def turns_of(events: Iterable[Event], find: Find, told: bool = False) -> list[TurnView]:
    """All turns of `events`, in order; `told`: no point of theirs is a secret."""
    listed = list(events)
    asked = [*(str(e.payload.get("expectation", "")) for e in listed), ""][1:]
    turns = (turn_of(e, find, name, told) for e, name in zip(listed, asked, strict=True))
    return [turn for turn in turns if turn is not None]


def judged_payload(task: Task, q: QuestionState, judgement: Judgement) -> dict[str, Any]:
    """The payload of a `judged` event: coverage as it stands after this turn, per expectation."""
    points = [_judged_point(v, q.points[v.id]) for v in judgement.points if v.id in q.points]
    weights = {name: point.weight for name, point in q.points.items()}
    total = sum(weights[row["id"]] for row in points) or 1.0
    said = sum(weights[row["id"]] * row["coverage"] for row in points) / total
    return {
        "verdict": overall(said, any(row["verdict"] == "contradicted" for row in points)),
        "points": points,
        "errors": _judged_errors(task, q, judgement),
        "notes": [note for note in _notes(task, judgement) if note not in q.notes],
        "sure": judgement.sure,
        "grader": judgement.grader,
    }


def _judged_point(verdict: PointVerdict, before: PointState) -> dict[str, Any]:
    raw = {
        "id": verdict.id,
        "verdict": verdict.verdict,
        "coverage": verdict.coverage,
        "quote": verdict.quote,
        "sure": verdict.sure,
    }
    after = credited(before, raw)
    frozen = not before.open
    return {
        **raw,
        "verdict": "covered" if after.coverage >= COVERED else _standing(raw, after),
        "coverage": after.coverage,
        "quote": after.quote if frozen else verdict.quote or after.quote,
        "note": "" if frozen else verdict.note,
        "gained": _level(after.coverage) > _level(before.coverage),
    }


def _judged_errors(task: Task, q: QuestionState, judgement: Judgement) -> list[dict[str, Any]]:
    known = {error.id: error for error in task.errors}
    return [
        {
            "id": hit.id,
            "text": known[hit.id].text,
            "correction": known[hit.id].correction,
            "quote": hit.quote,
            "old": hit.id in q.errors,
        }
        for hit in judgement.errors
        if hit.id in known and hit.id not in q.withdrawn
    ]


def _notes(task: Task, judgement: Judgement) -> Iterable[str]:
    """What to tell the learner about the answer; one in another language is no list of keywords."""
    if guards.NOTE_LIST not in judgement.notes or not task.turns:
        return judgement.notes
    matter = (task.question, *task.references, *(p.text for p in task.points))
    if not foreign(task.turns[-1], matter):
        return judgement.notes
    return [note for note in judgement.notes if note != guards.NOTE_LIST]


def unjudged(note: str, *points: str) -> dict[str, Any]:
    """The payload of a `judged` event for an answer that nothing was compared with."""
    rows = [{"id": name, "verdict": "open", "coverage": 0.0, "sure": 0.0} for name in points]
    return {
        "verdict": "partial",
        "points": [{**row, "quote": "", "note": "", "gained": False} for row in rows],
        "errors": [],
        "notes": [note] if note else [],
        "sure": 0.0,
        "grader": "",
    }


def given_up(event: Event, events: Iterable[Event]) -> Event:
    """The end of a question on which nothing was said, as a verdict that shows what was missing; any
    other event as it is."""
    rows = event.payload.get("outcomes") if event.kind == "closed" else None
    judged = any(e.kind == "judged" and e.question == event.question for e in events)
    if not rows or judged:
        return event
    missing = unjudged("", *(row["expectation"] for row in rows))
    points = [{**row, "verdict": "missing"} for row in missing["points"]]
    payload = {**missing, "verdict": "incorrect", "points": points, "sure": 1.0}
    return replace(event, kind="judged", payload=payload)


def _level(coverage: float) -> int:
    return (coverage >= PARTIAL) + (coverage >= COVERED)


def _standing(raw: Mapping[str, Any], after: Any) -> str:
    if after.contradicted:
        return "contradicted"
    return "partial" if after.coverage >= PARTIAL else "missing"


def judgement_view(
    payload: Mapping[str, Any], question: Question | None, asked: str = "", told: bool = False
) -> JudgementView:
    """A `judged` payload as screens show it; unless `told` only covered points show their text. What
    `asked` leaves open is not said: that is what the tutor asks next."""
    known = {e.id: e for e in question.expectations} if question else {}
    rows = payload.get("points", ())
    weights = [known[row["id"]].weight if row["id"] in known else 1.0 for row in rows]
    gained = sum(w * row["coverage"] for w, row in zip(weights, rows, strict=True))
    errors = tuple(
        ErrorView(
            row["text"],
            row["correction"],
            excerpt(row.get("quote", ""), (row["text"], row["correction"]), QUOTE),
            old=bool(row.get("old")),
        )
        for row in payload.get("errors", ())
    )
    return JudgementView(
        verdict=payload.get("verdict", "partial"),
        score=gained / sum(weights) if weights else 0.0,
        points=tuple(_point_view(row, known.get(row["id"]), asked, told) for row in rows),
        errors=errors,
        notes=tuple(payload.get("notes", ())),
        sure=payload.get("sure", 1.0),
        grader=payload.get("grader", ""),
        refused=_refused(payload),
    )


def _refused(payload: Mapping[str, Any]) -> bool:
    rows = payload.get("points", ())
    notes = {*payload.get("notes", ()), *(row.get("note") for row in rows)}
    return bool(notes & REFUSALS) and not any(row.get("gained") for row in rows)


def _point_view(
    row: Mapping[str, Any], known: Expectation | None, asked: str, told: bool
) -> PointView:
    """A row of a `judged` payload; see `judgement_view`."""
    text = known.text if known and (told or row["coverage"] >= COVERED) else ""
    half = known is not None and row["verdict"] == "partial" and row["id"] != asked
    return PointView(
        id=row["id"],
        verdict=row["verdict"],
        coverage=row["coverage"],
        text="your answer as a whole" if row["id"] == WHOLE else text,
        quote=_shortened(row.get("quote", ""), known),
        sure=row.get("sure", 1.0),
        note=row.get("note", ""),
        gained=bool(row.get("gained")),
        old=row["verdict"] in ("covered", "partial") and not row.get("gained"),
        about=known.probe if known and half and not told else "",
    )


def _shortened(quote: str, point: Expectation | None) -> str:
    return excerpt(quote, point.told if point else (), QUOTE)


def point_views(q: QuestionState, question: Question | None) -> tuple[PointView, ...]:
    """Where each expectation of the current question stands; texts only once they are no secret."""
    known_as = {e.id: e for e in question.expectations} if question else {}
    views = []
    for name, point in q.points.items():
        known = q.closed or not point.open
        text = known_as[name].text if name in known_as else ""
        verdict = point.verdict
        if verdict == "missing" and (name == WHOLE or not (q.closed or q.turns)):
            verdict = "open"
        views.append(
            PointView(
                id=name,
                verdict=verdict,
                coverage=point.coverage,
                text="your answer as a whole" if name == WHOLE else (text if known else ""),
                quote=_shortened(point.quote, known_as.get(name)),
                sure=point.sure,
                aid=point.aid,
                overridden=point.judged is not None,
            )
        )
    return tuple(views)
