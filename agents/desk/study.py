"""The clerk of figures: Today, the goal, what would be reached by it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from agents.desk.figures import by_question, errors, headline, topics
from agents.desk.handling import handles, refuse
from agents.desk.latest import unfinished
from agents.desk.naming import known_deck
from agents.desk.room import Room
from agents.protocol import GetForecast, GetToday, SetGoal
from agents.state import SessionState
from agents.views import PlanView, ReachView, TodayView
from memory.context import days_to_goal
from memory.days import utc_offset
from memory.forecast import reach
from memory.knowledge import KnowledgeState
from memory.planner import Choice, items_from
from memory.reasons import when
from memory.recap import recap
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
        deck = known_deck(room.library, request.deck, request.topic)
        questions = room.library.questions(deck, request.topic)
        items = items_from(questions)
        context = room.agenda.context(SessionState())
        knowledge = room.memory.knowledge()
        figures = today(knowledge, items, context, PLANNED)
        return self._today_view(figures, len(questions), knowledge)

    def _today_view(self, t: Today, questions: int, knowledge: KnowledgeState) -> TodayView:
        room = self._room
        return TodayView(
            due_now=len(t.due),
            due_week=sum(t.due_week),
            new=t.new,
            minutes_today=round(sum(choice.minutes for choice in t.plan), 1),
            streak=t.streak,
            days_left=-1 if t.days_to_goal is None else t.days_to_goal,
            goal=t.goal_date,
            goal_minutes=t.goal_minutes,
            readiness=topics(room, t.readiness),
            misconceptions=errors(room, ((m.question, m.misconception) for m in t.misconceptions)),
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

    def _last_time(self) -> str:
        ended = self._room.memory.events(kinds=["session_ended"], newest_first=True, limit=1)
        if not ended:
            return ""
        period = self._room.memory.events(session=ended[0].session)
        knowledge, at = self._room.memory.knowledge(), self._room.clock()
        figures = recap(period, knowledge, self._room.library.questions(), at)
        moved = by_question(figures, period)
        day = when(ended[0].at, at, utc_offset())
        return f"Last time, {day}: {headline(moved)}" if moved else ""

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
        known = self._room.memory.knowledge()
        minutes = known.goal_minutes if request.minutes is None else request.minutes
        if not 0 <= minutes <= 24 * 60:
            raise refuse("the minutes of a day are between 0 and 1440")
        goal = known.goal_date if request.date is None else request.date
        self._room.recorder.write("goal_set", "", payload={"date": goal, "minutes": minutes})
        return self.today(GetToday())
