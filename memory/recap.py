"""The figures of a recap: what moved, in the learner's own words, and what comes next.

A pure function of events, knowledge and questions. Quotes are those of the judged events, whose
substring check has been done where they were made.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from corpus.model import Question
from memory.days import DAY_MS
from memory.events import Event
from memory.knowledge import KnowledgeState
from memory.reasons import when

SURE = 3
FORECAST_DAYS = 14
AHEAD = 7 * DAY_MS
"""What moved is the chance of recall a week later: right after an explanation everything is known."""
SAID = ("proven", "repaired")
"""What a point is after the learner has said it, without help or with a hint."""
ENOUGH = 0.5
"""Unaided coverage from which a point counts as had."""


@dataclass(frozen=True, slots=True)
class Moved:
    """One point that was asked: chance of recall in a week (0..1), seen from before and from now.

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
class TopicMoved:
    """Mean chance of recall in a week over the points of a topic asked in the period."""

    topic: str
    points: int
    before: float
    now: float


@dataclass(frozen=True, slots=True)
class ConfidentError:
    """Said with confidence, and wrong: the learner's words, and the correction if one is known."""

    question: str
    ask: str
    quote: str
    correction: str
    at: int


@dataclass(frozen=True, slots=True)
class SessionCoverage:
    """One session: unaided weighted coverage (0..1), the same with hints, questions, minutes."""

    session: str
    at: int
    questions: int
    coverage: float
    with_help: float
    minutes: float


@dataclass(frozen=True, slots=True)
class Help:
    """Help taken in the period."""

    hints: int
    probes: int
    told: int


@dataclass(frozen=True, slots=True)
class Recap:
    """Everything a recap shows. Times in ms; `calendar` is (ISO day, questions closed)."""

    since: int
    until: int
    questions: int
    points: int
    minutes: float
    moved: tuple[Moved, ...]
    topics: tuple[TopicMoved, ...]
    confident_errors: tuple[ConfidentError, ...]
    misconceptions_opened: tuple[tuple[str, str], ...]
    misconceptions_closed: tuple[tuple[str, str], ...]
    help: Help
    next_dates: tuple[tuple[str, int], ...]
    one_thing: str
    verdicts: int
    overridden: int
    calibration: tuple[tuple[float, float, int], ...]
    sessions: tuple[SessionCoverage, ...]
    due_forecast: tuple[int, ...]
    calendar: tuple[tuple[str, int], ...]
    streak: int


def recap(
    events: Iterable[Event],
    knowledge: KnowledgeState,
    questions: Iterable[Question],
    at: int,
    since: int = 0,
    earlier: KnowledgeState | None = None,
    utc_offset_minutes: int = 0,
) -> Recap:
    """The recap of what happened in [since, at] (ms).

    `events` may hold more than the period; those before it only fill the calendar and the sessions.
    `earlier` is the knowledge at `since`; without it "before" is before each point's last answer.
    """
    ordered = sorted((e for e in events if e.at <= at), key=lambda e: e.id)
    period = [e for e in ordered if e.at >= since]
    by_id = {q.id: q for q in questions}
    moved = _moved(period, knowledge, by_id, at, earlier)
    errors = _confident_errors(period, by_id)
    closed = [e for e in period if e.kind == "closed"]
    dates = {m.question: due for m in moved if (due := knowledge.due_at(m.question)) is not None}
    verdicts = sum(len(e.payload.get("outcomes") or ()) for e in closed)
    return Recap(
        since=since,
        until=at,
        questions=len({e.question for e in closed}),
        points=len(moved),
        minutes=round(sum(_minutes(e) for e in closed), 2),
        moved=tuple(moved),
        topics=tuple(_topics(moved)),
        confident_errors=tuple(errors),
        misconceptions_opened=_misconceptions(period, "misconception_opened"),
        misconceptions_closed=_misconceptions(period, "misconception_closed"),
        help=_help(period),
        next_dates=tuple(sorted(dates.items(), key=lambda row: (row[1], row[0]))),
        one_thing=_one_thing(moved, errors, knowledge, by_id, at),
        verdicts=verdicts,
        overridden=_overridden(period),
        calibration=tuple(knowledge.calibration_pairs()),
        sessions=tuple(_sessions(ordered)),
        due_forecast=due_forecast(knowledge, at, FORECAST_DAYS, utc_offset_minutes),
        calendar=_calendar(ordered, utc_offset_minutes),
        streak=knowledge.streak(at, utc_offset_minutes),
    )


def due_forecast(
    knowledge: KnowledgeState, at: int, days: int, utc_offset_minutes: int = 0
) -> tuple[int, ...]:
    """Questions coming due on each of the next `days` local days; overdue ones count for today."""
    counts = [0] * days
    shift = utc_offset_minutes * 60_000
    today = (at + shift) // DAY_MS
    for question in {**knowledge.questions, **knowledge.schedule}:
        due = knowledge.due_at(question)
        if due is not None and (ahead := max((due + shift) // DAY_MS - today, 0)) < days:
            counts[ahead] += 1
    return tuple(counts)


def _moved(
    period: Sequence[Event],
    knowledge: KnowledgeState,
    questions: dict[str, Question],
    at: int,
    earlier: KnowledgeState | None,
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
            topic = str(event.payload.get("topic") or event.topic)
            before = _before(knowledge, earlier, event, name, topic)
            now = point.belief.recall(at + AHEAD, knowledge.tempo, knowledge.model)
            rows[key] = Moved(
                question=event.question,
                ask=question.ask if question else "",
                expectation=name,
                text=texts.get(name, ""),
                topic=topic,
                before=round(before, 4),
                now=round(now if point.belief.phase in SAID else min(now, before), 4),
                coverage=float(outcome.get("coverage") or 0.0),
                aid=str(outcome.get("aid") or "none"),
                quote=quotes.get(key, ""),
                due=knowledge.point_due(key),
            )
    return sorted(rows.values(), key=lambda m: (m.before - m.now, m.question, m.expectation))


def _before(
    knowledge: KnowledgeState, earlier: KnowledgeState | None, event: Event, name: str, topic: str
) -> float:
    if earlier is not None:
        level = int(event.payload.get("level") or 2)
        return earlier.recall_probability(event.question, name, event.at + AHEAD, topic, level)
    point = knowledge.points[f"{event.question}#{name}"]
    held = point.before or point.belief
    return held.recall((point.at or event.at) + AHEAD, point.tempo, knowledge.model)


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


def _topics(moved: Sequence[Moved]) -> list[TopicMoved]:
    groups: dict[str, list[Moved]] = defaultdict(list)
    for row in moved:
        groups[row.topic].append(row)
    return [
        TopicMoved(
            topic,
            len(rows),
            round(sum(r.before for r in rows) / len(rows), 4),
            round(sum(r.now for r in rows) / len(rows), 4),
        )
        for topic, rows in sorted(groups.items())
    ]


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
            mistaken = event.question in wrong or _share(event, help_counts=False) < ENOUGH
            if level == SURE and mistaken:
                quote, correction = wrong.get(event.question, (said.get(event.question, ""), ""))
                question = questions.get(event.question)
                ask = question.ask if question else ""
                out.append(ConfidentError(event.question, ask, quote, correction, event.at))
    return out


def _outcome_credit(outcome: dict[str, Any], help_counts: bool) -> float:
    if outcome.get("contradicted") or outcome.get("aid") == "told":
        return 0.0
    if not help_counts and outcome.get("aid") in ("hint", "prompt"):
        return 0.0
    return float(outcome.get("coverage") or 0.0)


def _share(event: Event, help_counts: bool) -> float:
    """Weighted coverage of a closed question, 0..1."""
    weights = event.payload.get("weights") or {}
    rows = event.payload.get("outcomes") or ()
    total = sum(float(weights.get(r.get("expectation"), 1.0)) for r in rows)
    had = sum(
        float(weights.get(r.get("expectation"), 1.0)) * _outcome_credit(r, help_counts)
        for r in rows
    )
    return had / total if total else 0.0


def _misconceptions(period: Sequence[Event], kind: str) -> tuple[tuple[str, str], ...]:
    rows = [(e.question, str(e.payload.get("misconception"))) for e in period if e.kind == kind]
    return tuple(dict.fromkeys(rows))


def _help(period: Sequence[Event]) -> Help:
    kinds = Counter(e.kind for e in period)
    return Help(hints=kinds["hinted"], probes=kinds["probed"], told=kinds["told"])


def _overridden(period: Sequence[Event]) -> int:
    """Verdicts that stand overridden at the end of the period."""
    standing: dict[tuple[str, str], bool] = {}
    for event in period:
        if event.kind == "overridden":
            key = event.question, str(event.payload.get("expectation"))
            standing[key] = event.payload.get("verdict") is not None
    return sum(standing.values())


def _sessions(events: Sequence[Event]) -> list[SessionCoverage]:
    groups: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        if event.kind == "closed" and event.payload.get("outcomes"):
            groups[event.session].append(event)
    return [
        SessionCoverage(
            session=name,
            at=rows[0].at,
            questions=len(rows),
            coverage=round(sum(_share(e, False) for e in rows) / len(rows), 4),
            with_help=round(sum(_share(e, True) for e in rows) / len(rows), 4),
            minutes=round(sum(_minutes(e) for e in rows), 2),
        )
        for name, rows in groups.items()
    ]


def _calendar(events: Sequence[Event], utc_offset_minutes: int) -> tuple[tuple[str, int], ...]:
    days: Counter[str] = Counter()
    for event in events:
        if event.kind == "closed":
            moment = datetime.fromtimestamp(event.at / 1000 + utc_offset_minutes * 60, UTC)
            days[moment.date().isoformat()] += 1
    return tuple(sorted(days.items()))


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
    """One concrete thing to do next: a confident error first, then the weakest point touched."""
    if errors:
        last = errors[-1]
        return f"Say in one sentence what was wrong here: {last.ask or last.question}"
    missed = [m for m in moved if m.coverage < ENOUGH or m.aid in ("hint", "prompt", "told")]
    if missed:
        worst = min(missed, key=lambda m: (m.now, m.question, m.expectation))
        return f"Read this point once, look away and say it aloud: {worst.text or worst.ask}"
    dues = sorted((due, q) for q in knowledge.questions if (due := knowledge.due_at(q)) is not None)
    if dues:
        due, question = dues[0]
        ask = questions[question].ask if question in questions else question
        if due <= at:
            return f"Answer what is waiting since {when(due, at).removeprefix('on ')}: {ask}"
        days = round((due - at) / DAY_MS)
        return f"Come back {f'in {days} days' if days > 1 else 'tomorrow'} for: {ask}"
    return "Answer a first question."
