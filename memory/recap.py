"""The figures of a recap: what moved, in the learner's own words, and what comes next.

A pure function of events, knowledge and questions. Quotes are those of the judged events, whose
substring check has been done where they were made.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from corpus.model import Question
from memory.days import DAY_MS, day_number, local_day
from memory.events import Event
from memory.knowledge import KnowledgeState
from memory.overruled import overruled
from memory.reasons import when

SURE = 3
FORECAST_DAYS = 14
AHEAD = 7 * DAY_MS
"""What moved is the chance of recall a week later: right after an explanation everything is known."""
SAID = ("proven", "repaired")
"""What a point is after the learner has said it, without help or with a hint."""
HELPED = ("hint", "prompt", "told")
ENOUGH = 0.5
"""Unaided coverage from which a point counts as had."""


@dataclass(frozen=True, slots=True)
class Moved:
    """One point that was asked: chance of recall in a week (0..1), seen from before its last answer
    and from now.

    A point that was only told is no success: `now` is not above `before` until the learner has said it.
    `coverage` is what the answer reached, `aid` the help it took, `due` when (ms) it comes back.
    """

    question: str
    ask: str
    expectation: str
    text: str
    topic: str
    before: float
    now: float
    coverage: float
    aid: str
    quote: str
    due: int | None


@dataclass(frozen=True, slots=True)
class ConfidentError:
    """Said with confidence, and wrong: the learner's words, and the correction if one is known."""

    question: str
    ask: str
    quote: str
    correction: str
    at: int


@dataclass(frozen=True, slots=True)
class Recap:
    """What happened in a period; `minutes` of study, `verdicts` given and how many the learner has
    `overridden`."""

    minutes: float
    moved: tuple[Moved, ...]
    confident_errors: tuple[ConfidentError, ...]
    misconceptions_opened: tuple[tuple[str, str], ...]
    misconceptions_closed: tuple[tuple[str, str], ...]
    one_thing: str
    verdicts: int
    overridden: int


def recap(
    events: Iterable[Event],
    knowledge: KnowledgeState,
    questions: Iterable[Question],
    at: int,
    since: int = 0,
) -> Recap:
    """The recap of what happened in [since, at] (ms); `events` may hold more than that."""
    period = sorted((e for e in events if since <= e.at <= at), key=lambda e: e.id)
    period = overruled(period)
    by_id = {q.id: q for q in questions}
    moved = _moved(period, knowledge, by_id, at)
    errors = _confident_errors(period, by_id)
    closed = [e for e in period if e.kind == "closed"]
    outcomes = [outcome for e in closed for outcome in e.payload.get("outcomes") or ()]
    return Recap(
        minutes=round(sum(_minutes(e) for e in closed), 2),
        moved=tuple(moved),
        confident_errors=tuple(errors),
        misconceptions_opened=_misconceptions(period, "misconception_opened"),
        misconceptions_closed=_misconceptions(period, "misconception_closed"),
        one_thing=_one_thing(moved, errors, knowledge, by_id, at),
        verdicts=len(outcomes),
        overridden=sum(bool(outcome.get("overruled")) for outcome in outcomes),
    )


def due_forecast(knowledge: KnowledgeState, at: int, offset: int) -> tuple[tuple[str, int], ...]:
    """Questions coming due on each of the next `FORECAST_DAYS` local days (ISO), today's first; overdue
    ones count for today. `offset` is local time ahead of UTC in minutes."""
    today = day_number(at, offset)
    counts = [0] * FORECAST_DAYS
    for question in {**knowledge.questions, **knowledge.schedule}:
        due = knowledge.due_at(question)
        if due is None:
            continue
        ahead = max(day_number(due, offset) - today, 0)
        if ahead < FORECAST_DAYS:
            counts[ahead] += 1
    first = local_day(at, offset)
    return tuple((str(first + timedelta(days=n)), count) for n, count in enumerate(counts))


def session_coverage(events: Iterable[Event]) -> tuple[tuple[int, float], ...]:
    """For each session that closed a question: when it first did (ms), and the mean share of a question
    that was said without help, 0..1."""
    sessions: dict[str, list[Event]] = defaultdict(list)
    for event in overruled(events):
        if event.kind == "closed" and event.payload.get("outcomes"):
            sessions[event.session].append(event)
    return tuple(
        (rows[0].at, round(sum(_unaided(e) for e in rows) / len(rows), 4))
        for rows in sessions.values()
    )


def _moved(
    period: Sequence[Event],
    knowledge: KnowledgeState,
    questions: dict[str, Question],
    at: int,
) -> list[Moved]:
    quotes = _quotes(period)
    rows: dict[str, Moved] = {}
    for event in period:
        if event.kind != "closed":
            continue
        question = questions.get(event.question)
        texts = {e.id: e.text for e in question.expectations} if question else {}
        for outcome in event.payload.get("outcomes") or ():
            name = str(outcome.get("expectation"))
            key = f"{event.question}#{name}"
            point = knowledge.points.get(key)
            if point is None:
                continue
            held = point.before or point.belief
            before = held.recall((point.at or event.at) + AHEAD, point.tempo, knowledge.model)
            now = point.belief.recall(at + AHEAD, knowledge.tempo, knowledge.model)
            rows[key] = Moved(
                question=event.question,
                ask=question.ask if question else "",
                expectation=name,
                text=texts.get(name, ""),
                topic=str(event.payload.get("topic") or event.topic),
                before=round(before, 4),
                now=round(now if point.belief.phase in SAID else min(now, before), 4),
                coverage=float(outcome.get("coverage") or 0.0),
                aid=str(outcome.get("aid") or "none"),
                quote=quotes.get(key, ""),
                due=knowledge.point_due(key),
            )
    return sorted(rows.values(), key=lambda m: (m.before - m.now, m.question, m.expectation))


def _quotes(period: Sequence[Event]) -> dict[str, str]:
    """Per point the quote with the most credit, later ones winning ties."""
    best: dict[str, tuple[float, str]] = {}
    for event in period:
        if event.kind != "judged":
            continue
        for point in event.payload.get("points") or ():
            quote = str(point.get("quote") or "")
            credit = float(point.get("coverage") or 0.0)
            key = f"{event.question}#{point.get('id')}"
            if quote and credit >= best.get(key, (0.0, ""))[0]:
                best[key] = credit, quote
    return {key: quote for key, (_, quote) in best.items()}


def _confident_errors(
    period: Sequence[Event], questions: dict[str, Question]
) -> list[ConfidentError]:
    """Questions closed with full confidence and less than half of the points had, or a mix-up."""
    out: list[ConfidentError] = []
    said: dict[str, str] = {}
    wrong: dict[str, tuple[str, str]] = {}
    sure: dict[str, int] = {}
    for event in period:
        if event.kind == "asked":
            for seen in (said, wrong, sure):
                seen.pop(event.question, None)
        elif event.kind == "answered":
            said.setdefault(event.question, event.text)
        elif event.kind == "confidence":
            sure[event.question] = int(event.payload.get("level") or 0)
        elif event.kind == "misconception_opened":
            wrong[event.question] = event.text, str(event.payload.get("correction") or "")
        elif event.kind == "closed":
            level = event.payload.get("confidence") or sure.get(event.question)
            mistaken = event.question in wrong or _unaided(event) < ENOUGH
            if level == SURE and mistaken:
                quote, correction = wrong.get(event.question, (said.get(event.question, ""), ""))
                question = questions.get(event.question)
                ask = question.ask if question else ""
                out.append(ConfidentError(event.question, ask, quote, correction, event.at))
    return out


def _unaided_credit(outcome: dict[str, Any]) -> float:
    if outcome.get("contradicted") or outcome.get("aid") in HELPED:
        return 0.0
    return float(outcome.get("coverage") or 0.0)


def _unaided(event: Event) -> float:
    """Weighted coverage without help of a closed question, 0..1."""
    weights = event.payload.get("weights") or {}
    rows = event.payload.get("outcomes") or ()
    total = sum(float(weights.get(r.get("expectation"), 1.0)) for r in rows)
    had = sum(float(weights.get(r.get("expectation"), 1.0)) * _unaided_credit(r) for r in rows)
    return had / total if total else 0.0


def _misconceptions(period: Sequence[Event], kind: str) -> tuple[tuple[str, str], ...]:
    rows = [(e.question, str(e.payload.get("misconception"))) for e in period if e.kind == kind]
    return tuple(dict.fromkeys(rows))


def _minutes(event: Event) -> float:
    minutes = event.payload.get("minutes")
    return float(minutes) if isinstance(minutes, int | float) else 0.0


def _one_thing(
    moved: Sequence[Moved],
    errors: Sequence[ConfidentError],
    knowledge: KnowledgeState,
    questions: dict[str, Question],
    at: int,
) -> str:
    """One concrete thing to do next: a confident error first, then the weakest point missed, then the
    weakest said with help."""
    if errors:
        last = errors[-1]
        return f"Say in one sentence what was wrong here: {_line(last.ask or last.question)}"
    missed = [m for m in moved if m.coverage < ENOUGH or m.aid in HELPED]
    if missed:
        worst = min(missed, key=lambda m: (m.coverage >= ENOUGH, m.now, m.question, m.expectation))
        return f"Read this point once, look away and say it aloud: {_line(worst.text or worst.ask)}"
    dues = sorted((due, q) for q in knowledge.questions if (due := knowledge.due_at(q)) is not None)
    if dues:
        due, question = dues[0]
        ask = _line(questions[question].ask) if question in questions else question
        if due <= at:
            return f"Answer what is waiting since {when(due, at).removeprefix('on ')}: {ask}"
        days = round((due - at) / DAY_MS)
        return f"Come back {f'in {days} days' if days > 1 else 'tomorrow'} for: {ask}"
    return "Answer a first question."


def _line(text: str) -> str:
    """`text` on one line: a stage of a design interview has several."""
    return " ".join(text.split())
