"""The clerk of the recap: what moved in a session or since a day."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, date, datetime

from agents.briefs import Evidence, RecapBrief
from agents.desk.figures import by_question, errors, headline, topics
from agents.desk.handling import handles, refuse
from agents.desk.room import Room
from agents.judgement import Point, Task
from agents.protocol import GetRecap, OwnRecap
from agents.usage import session_use
from agents.views import ErrorView, JudgementView, PointView, RecapView
from memory.days import day_in_words, local_day, utc_offset
from memory.events import Event
from memory.overruled import overruled
from memory.planner import items_from
from memory.readiness import TopicCoverage, coverage_by_topic
from memory.recap import Recap, due_forecast, recap, session_coverage
from memory.timewords import when


class RecapClerk:
    """Looks back."""

    def __init__(self, room: Room) -> None:
        self._room = room

    @handles(GetRecap)
    def recap(self, request: GetRecap) -> RecapView:
        return self._recap(request.session, request.since)

    def _recap(
        self, session: str = "", since: str = "", own: JudgementView | None = None
    ) -> RecapView:
        room = self._room
        events = room.memory.events()
        knowledge = room.memory.knowledge()
        if since:
            start, period = self._since(since), list(events)
            title = f"Since {since}"
            session = ""
        else:
            session = session or self._last_session(events)
            period = [e for e in events if e.session == session]
            start = period[0].at if period else 0
            title = f"Session of {day_in_words(start)}" if period else "No session yet"
        figures = recap(period, knowledge, room.library.questions(), room.clock(), start)
        return self._recap_view(title, session, figures, period, events, own)

    def _since(self, since: str) -> int:
        try:
            day = date.fromisoformat(since)
        except ValueError:
            said = when(since, self._room.clock())
            if said.spans and said.rest == since:
                return said.spans[0][0]
            mend = "write it as 2026-11-30, yesterday, last week or 3 days ago"
            raise refuse(f"{since!r} is not a date", mend) from None
        local = datetime(day.year, day.month, day.day, tzinfo=UTC)
        return int(local.timestamp() * 1000) - utc_offset() * 60_000

    def _last_session(self, events: list[Event]) -> str:
        closed = [e for e in events if e.kind in ("closed", "answered")]
        return closed[-1].session if closed else ""

    def _recap_view(
        self,
        title: str,
        session: str,
        figures: Recap,
        period: list[Event],
        events: list[Event],
        own: JudgementView | None,
    ) -> RecapView:
        room = self._room
        knowledge = room.memory.knowledge()
        moved = by_question(figures, period)
        usage, agents = session_use(room.home, session, room.team.usage().degraded)
        view = RecapView(
            title=title,
            headline=headline(moved),
            session=session,
            minutes=figures.minutes,
            moved=moved,
            confident_wrong=tuple(
                ErrorView(e.quote or e.ask, e.correction, e.quote) for e in figures.confident_errors
            ),
            opened=errors(room, figures.misconceptions_opened),
            closed=errors(room, figures.misconceptions_closed),
            next_step=figures.one_thing,
            overrides=figures.overridden,
            judged=figures.verdicts,
            usage=usage,
            agents=agents,
            topics=tuple(t for t in topics(room, self._coverage()) if t.seen),
            calibration=tuple(knowledge.calibration_pairs()),
            confidence=_confidence(overruled(period)),
            coverage=session_coverage(events),
            forecast=due_forecast(knowledge, room.clock(), utc_offset()),
            calendar=_calendar(events),
            own=own,
        )
        return replace(view, sentences=self._sentences(view, figures, period))

    def _coverage(self) -> list[TopicCoverage]:
        items = items_from(self._room.library.questions())
        return coverage_by_topic(self._room.memory.knowledge(), items, self._room.clock())

    def _sentences(self, view: RecapView, figures: Recap, period: list[Event]) -> tuple[str, ...]:
        closed = {e.question: e.id for e in period if e.kind == "closed"}
        facts = []
        for row in view.moved[:4]:
            points = "point" if row.points == 1 else "points"
            text = f"{row.covered} of {row.points} {points} on “{row.ask}”"
            text += f", in your words: “{row.quote}”." if row.quote else "."
            facts.append(Evidence(id=closed.get(row.question, ""), text=text, kind="memory"))
        known = [fact for fact in facts if fact.id]
        if not known:
            return ()
        written = self._room.team.recap(RecapBrief(facts=tuple(known)))
        return tuple(sentence.text for sentence in written.sentences)

    @handles(OwnRecap)
    def own_recap(self, request: OwnRecap) -> RecapView:
        room = self._room
        session = request.session or self._last_session(room.memory.events())
        events = room.memory.events(session=session)
        points = self._recap_points(events)
        if not request.text.strip() or not points:
            raise refuse("there is nothing to compare that with", "study a question first")
        task = Task("What did you learn in this session?", (request.text,), points)
        judged = room.grader.grade(task)
        views = tuple(
            PointView(v.id, v.verdict, v.coverage, _text_of(points, v.id), v.quote, v.sure, v.note)
            for v in judged.points
        )
        own = JudgementView(judged.verdict, judged.score, views, notes=judged.notes)
        room.recorder.write(
            "recap", session, request.text, speaker="learner", payload={"score": judged.score}
        )
        return self._recap(session, own=own)

    def _recap_points(self, events: list[Event]) -> tuple[Point, ...]:
        """One point per question of the session: the heaviest thing it was about."""
        points = []
        closed = [e for e in events if e.kind == "closed" and e.payload.get("outcomes")]
        for name in dict.fromkeys(e.question for e in closed):
            question = self._room.library.question(name)
            if question and question.expectations:
                best = max(question.expectations, key=lambda e: e.weight)
                points.append(Point(f"{name}#{best.id}", best.text, 1.0, best.wordings))
        return tuple(points)


def _confidence(period: list[Event]) -> tuple[tuple[int, float, int], ...]:
    rows: dict[int, list[float]] = defaultdict(list)
    for event in period:
        level = event.payload.get("confidence") if event.kind == "closed" else None
        outcomes = event.payload.get("outcomes") or ()
        if level and outcomes:
            rows[level].append(sum(o["coverage"] for o in outcomes) / len(outcomes))
    return tuple((level, sum(v) / len(v), len(v)) for level, v in sorted(rows.items()))


def _calendar(events: list[Event]) -> tuple[tuple[str, float], ...]:
    """Minutes studied on each local day on which a question was closed."""
    days: dict[str, float] = defaultdict(float)
    for event in events:
        if event.kind == "closed":
            day = str(local_day(event.at, utc_offset()))
            days[day] += float(event.payload.get("minutes") or 0)
    return tuple(sorted(days.items()))


def _text_of(points: tuple[Point, ...], name: str) -> str:
    return next((p.text for p in points if p.id == name), "")
