"""The clerk of figures: Today, the recap, the goal."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from agents.agenda import utc_offset
from agents.briefs import Evidence, RecapBrief
from agents.desk.handling import handles, refuse
from agents.desk.room import Room
from agents.desk.session_view import unfinished
from agents.judgement import Point, Task
from agents.protocol import GetForecast, GetRecap, GetToday, OwnRecap, SetGoal
from agents.state import SessionState
from agents.usage import session_use
from agents.views import (
    ErrorView,
    JudgementView,
    MovedView,
    PlanView,
    PointView,
    ReachView,
    RecapView,
    TodayView,
    TopicView,
)
from memory.context import days_to_goal
from memory.events import Event
from memory.forecast import reach
from memory.knowledge import KnowledgeState
from memory.planner import Choice, items_from
from memory.readiness import TopicCoverage, coverage_by_topic
from memory.recap import Moved, Recap, recap
from memory.today import Today, today

PLANNED = 5


FURTHEST_GOAL = 731
"""Days ahead that a date may be: two years."""
USUAL_MINUTES = 20.0
"""A day's study where the learner has named none."""


class StudyClerk:
    """Figures about the learner, worked out by `memory` and shaped for the screens."""

    def __init__(self, room: Room) -> None:
        self._room = room

    # ── Today ────────────────────────────────────────────────────────────────────────────────────

    @handles(GetToday)
    def today(self, request: GetToday) -> TodayView:
        room = self._room
        questions = room.library.questions(request.deck, request.topic)
        items = items_from(questions)
        context = room.agenda.context(SessionState())
        knowledge = room.memory.knowledge()
        figures = today(knowledge, items, context, PLANNED)
        return self._today_view(figures, len(questions), knowledge)

    def _today_view(self, t: Today, questions: int, knowledge: KnowledgeState) -> TodayView:
        room = self._room
        errors = [self._error(m.question, m.misconception) for m in t.misconceptions]
        return TodayView(
            due_now=len(t.due),
            due_week=sum(t.due_week),
            new=t.new,
            minutes_today=round(sum(choice.minutes for choice in t.plan), 1),
            streak=t.streak,
            days_left=-1 if t.days_to_goal is None else t.days_to_goal,
            goal=t.goal_date,
            readiness=self._topics(t.readiness),
            misconceptions=tuple(error for error in errors if error is not None),
            plan=tuple(self._plan_view(choice) for choice in t.plan),
            last_time=self._last_time(),
            unfinished=unfinished(room),
            first_run=not knowledge.questions,
            decks=len(room.library.decks),
            questions=questions,
        )

    def _plan_view(self, choice: Choice) -> PlanView:
        question = self._room.library.question(choice.question)
        ask, topic = (question.ask, question.topic) if question else (choice.question, "")
        return PlanView(choice.question, ask, topic, choice.minutes, choice.reason)

    def _topics(self, rows: Sequence[TopicCoverage]) -> tuple[TopicView, ...]:
        knowledge = self._room.memory.knowledge()
        due = set(knowledge.due(self._room.today_until()))
        counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
        for question in self._room.library.questions():
            count = counts[question.topic]
            count[0] += 1
            count[1] += question.id in knowledge.questions
            count[2] += question.id in due
        whole = [sum(column) for column in zip(*counts.values(), strict=True)] or [0, 0, 0]
        views = []
        for row in rows:
            total, seen, waiting = counts.get(row.topic, whole)
            views.append(
                TopicView(row.topic or "all", row.now, row.low, row.high, total, seen, waiting)
            )
        return tuple(views)

    def _error(self, question: str, misconception: str) -> ErrorView | None:
        known = self._room.library.question(question)
        for error in known.misconceptions if known else ():
            if error.id == misconception:
                return ErrorView(error.text, error.correction)
        return None

    def _last_time(self) -> str:
        ended = self._room.memory.events(kinds=["session_ended"], newest_first=True, limit=1)
        if not ended:
            return ""
        period = self._room.memory.events(session=ended[0].session)
        knowledge, at = self._room.memory.knowledge(), self._room.clock()
        figures = recap(period, knowledge, self._room.library.questions(), at)
        moved = _by_question(figures.moved, period)
        return _headline(moved) if moved else ""

    # ── Recap ────────────────────────────────────────────────────────────────────────────────────

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
            title = f"Session of {_day(start)}" if period else "No session yet"
        questions = room.library.questions()
        figures = recap(
            period, knowledge, questions, room.clock(), start, utc_offset_minutes=utc_offset()
        )
        whole = recap(events, knowledge, questions, room.clock(), utc_offset_minutes=utc_offset())
        return self._recap_view(title, session, figures, whole, period, events, own)

    def _since(self, since: str) -> int:
        try:
            day = date.fromisoformat(since)
        except ValueError:
            raise refuse(f"{since!r} is not a date", "write it as 2026-11-30") from None
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
        whole: Recap,
        period: list[Event],
        events: list[Event],
        own: JudgementView | None,
    ) -> RecapView:
        moved = _by_question(figures.moved, period)
        usage, agents = session_use(self._room.home, session, self._room.team.usage().degraded)
        view = RecapView(
            title=title,
            headline=_headline(moved),
            session=session,
            minutes=figures.minutes,
            moved=moved,
            confident_wrong=tuple(
                ErrorView(e.quote or e.ask, e.correction, e.quote) for e in figures.confident_errors
            ),
            opened=self._errors(figures.misconceptions_opened),
            closed=self._errors(figures.misconceptions_closed),
            next_step=figures.one_thing,
            overrides=figures.overridden,
            judged=figures.verdicts,
            usage=usage,
            agents=agents,
            topics=tuple(t for t in self._topics(self._coverage()) if t.seen),
            calibration=whole.calibration,
            confidence=_confidence(period),
            coverage=tuple((s.at, s.coverage) for s in whole.sessions),
            forecast=_forecast(whole.due_forecast),
            calendar=_calendar(events),
            own=own,
        )
        return _with_sentences(view, self._sentences(view, figures, period))

    def _coverage(self) -> list[TopicCoverage]:
        items = items_from(self._room.library.questions())
        return coverage_by_topic(self._room.memory.knowledge(), items, self._room.clock())

    def _errors(self, rows: Sequence[tuple[str, str]]) -> tuple[ErrorView, ...]:
        views = [self._error(question, name) for question, name in rows]
        return tuple(view for view in views if view is not None)

    def _sentences(self, view: RecapView, figures: Recap, period: list[Event]) -> tuple[str, ...]:
        closed = {e.question: e.id for e in period if e.kind == "closed"}
        facts = []
        for row in view.moved[:4]:
            text = f"{row.covered} of {row.points} points on “{row.ask}”"
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

    @handles(GetForecast)
    def forecast(self, request: GetForecast) -> tuple[ReachView, ...]:
        room = self._room
        knowledge, items = room.memory.knowledge(), items_from(room.library.questions())
        context = room.agenda.context(SessionState())
        days = days_to_goal(knowledge.goal_date, context)
        if days is None or not items:
            return ()
        daily = knowledge.goal_minutes or USUAL_MINUTES
        rows = reach(knowledge, items, context.at, max(days, 0.0), (0.0, daily, 2 * daily))
        return tuple(ReachView(*row) for row in rows)

    # ── Goal ─────────────────────────────────────────────────────────────────────────────────────

    @handles(SetGoal)
    def set_goal(self, request: SetGoal) -> TodayView:
        if request.date:
            try:
                day = date.fromisoformat(request.date)
            except ValueError:
                raise refuse(f"{request.date!r} is not a date", "write it as 2026-11-30") from None
            now = datetime.fromtimestamp(self._room.clock() / 1000).date()
            if day < now:
                raise refuse(f"{request.date} is over", "choose a day that is still to come")
            if day > now + timedelta(days=FURTHEST_GOAL):
                raise refuse(
                    f"{request.date} is more than two years away",
                    "choose a nearer day, or none: --date none",
                )
        if not 0 <= request.minutes <= 24 * 60:
            raise refuse("the minutes of a day are between 0 and 1440")
        self._room.recorder.write(
            "goal_set", "", payload={"date": request.date, "minutes": request.minutes}
        )
        return self.today(GetToday())


def _by_question(moved: Sequence[Moved], period: list[Event]) -> tuple[MovedView, ...]:
    rows: dict[str, list[Moved]] = defaultdict(list)
    for row in moved:
        rows[row.question].append(row)
    counts: dict[tuple[str, str], int] = defaultdict(int)
    wrong: set[str] = set()
    for event in period:
        counts[event.question, event.kind] += 1
        if event.kind == "closed" and event.payload.get("confidence") == 3:
            low = [o for o in event.payload["outcomes"] if o["coverage"] < 0.5]
            if len(low) * 2 > len(event.payload["outcomes"]):
                wrong.add(event.question)
    views = []
    for name, points in rows.items():
        best = max(points, key=lambda p: (bool(p.quote), p.coverage))
        dues = [p.due for p in points if p.due is not None]
        views.append(
            MovedView(
                question=name,
                ask=points[0].ask or name,
                topic=points[0].topic,
                before=sum(p.before for p in points) / len(points),
                after=sum(p.now for p in points) / len(points),
                covered=sum(p.coverage >= 0.8 and p.aid != "told" for p in points),
                points=len(points),
                probes=counts[name, "probed"],
                hints=counts[name, "hinted"],
                quote=best.quote,
                next_due=min(dues, default=0),
                confident_wrong=name in wrong,
            )
        )
    return tuple(sorted(views, key=lambda v: v.before - v.after))


def _headline(moved: Sequence[MovedView]) -> str:
    if not moved:
        return "Nothing was answered yet."
    covered, points = sum(m.covered for m in moved), sum(m.points for m in moved)
    many = "question" if len(moved) == 1 else "questions"
    return f"{len(moved)} {many}, {covered} of {points} points said."


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
            moment = datetime.fromtimestamp(event.at / 1000 + utc_offset() * 60, UTC)
            days[moment.date().isoformat()] += float(event.payload.get("minutes") or 0)
    return tuple(sorted(days.items()))


def _forecast(counts: Sequence[int]) -> tuple[tuple[str, int], ...]:
    start = datetime.now(UTC).date()
    return tuple((str(start + timedelta(days=i)), count) for i, count in enumerate(counts))


def _with_sentences(view: RecapView, sentences: tuple[str, ...]) -> RecapView:
    from dataclasses import replace

    return replace(view, sentences=sentences)


def _text_of(points: tuple[Point, ...], name: str) -> str:
    return next((p.text for p in points if p.id == name), "")


def _day(at: int) -> str:
    moment = datetime.fromtimestamp(at / 1000 + utc_offset() * 60, UTC)
    return f"{moment:%A} {moment.day} {moment:%B}"
