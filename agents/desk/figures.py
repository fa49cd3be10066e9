"""Figures that several screens show: topics, misconceptions, what moved."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from agents.state import said
from agents.views import ErrorView, MovedView, TopicView
from corpus.counting import counted

if TYPE_CHECKING:
    from agents.desk.room import Room
    from memory.events import Event
    from memory.readiness import TopicCoverage
    from memory.recap import Moved, Recap


def topics(room: Room, rows: Sequence[TopicCoverage]) -> tuple[TopicView, ...]:
    """Coverage by topic with how many questions there are, were seen and are due."""
    knowledge = room.memory.knowledge()
    due = set(knowledge.due(room.today_until()))
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for question in room.library.questions():
        count = counts[question.topic]
        count[0] += 1
        count[1] += question.id in knowledge.questions
        count[2] += question.id in due
    whole = [sum(column) for column in zip(*counts.values(), strict=True)] or [0, 0, 0]
    views = []
    for row in rows:
        total, seen, waiting = counts[row.topic] if row.topic else whole
        views.append(
            TopicView(row.topic or "all", row.now, row.low, row.high, total, seen, waiting)
        )
    return tuple(views)


def errors(room: Room, rows: Iterable[tuple[str, str]]) -> tuple[ErrorView, ...]:
    """Misconceptions by (question, misconception); those that no deck has any more are left out."""
    found = []
    for question, name in rows:
        known = room.library.question(question)
        found += [e for e in known.misconceptions if e.id == name] if known else []
    return tuple(ErrorView(e.text, e.correction) for e in found)


def by_question(figures: Recap, period: Iterable[Event]) -> tuple[MovedView, ...]:
    """The questions of a period (its figures and events) by how far they moved, most first."""
    rows: dict[str, list[Moved]] = defaultdict(list)
    for row in figures.moved:
        rows[row.question].append(row)
    counts = Counter((event.question, event.kind) for event in period)
    wrong = {error.question for error in figures.confident_errors}
    views = []
    for name, points in rows.items():
        # What was said against a point is no word of the learner's for it.
        best = max(points, key=lambda p: (bool(p.quote), p.coverage))
        dues = [p.due for p in points if p.due is not None]
        views.append(
            MovedView(
                question=name,
                ask=stage_first(points[0].ask) or name,
                topic=points[0].topic,
                before=sum(p.before for p in points) / len(points),
                after=sum(p.now for p in points) / len(points),
                covered=sum(said(p.coverage, p.aid) for p in points),
                points=len(points),
                probes=counts[name, "probed"],
                hints=counts[name, "hinted"],
                quote=best.quote if best.coverage > 0 else "",
                next_due=min(dues, default=0),
                confident_wrong=name in wrong,
            )
        )
    return tuple(sorted(views, key=lambda v: v.before - v.after))


def stage_first(ask: str) -> str:
    """A question in one line; of a stage of a design its name comes first, since lines are cut."""
    series, _, stage = ask.partition("\n\n")
    name, colon, _ = stage.partition(":")
    return f"{name}: {series}" if colon else " ".join(ask.split())


def headline(moved: Sequence[MovedView]) -> str:
    """A period in one sentence."""
    if not moved:
        return "No question is finished yet."
    covered, points = sum(m.covered for m in moved), sum(m.points for m in moved)
    said_of = f"{covered} of {counted(points, 'point')} said"
    return f"{counted(len(moved), 'question')}, {said_of}."
