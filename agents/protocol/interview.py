"""Requests of an interview: starting, answering, acting, looking back, the recap."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from agents.protocol.base import Done, Request
from agents.views import (
    Action,
    JudgementView,
    Mode,
    PlanView,
    ReachView,
    RecapView,
    SessionView,
    TodayView,
    TurnView,
)


@dataclass(frozen=True, slots=True)
class Start(Request[SessionView]):
    """Starts a session, or resumes the unfinished one if `resume`. Replies once a question stands."""

    mode: Mode = "study"
    deck: str = ""
    topic: str = ""
    question: str = ""  # start with this one
    questions: int = 0
    minutes: float = 0.0
    resume: bool = True


@dataclass(frozen=True, slots=True)
class GetSession(Request[SessionView]):
    """The session as it stands, e.g. after the engine was restarted."""


@dataclass(frozen=True, slots=True)
class Answer(Request[Done]):
    """The learner's answer. `turn` is chosen by the front end (any unique word): sending it again
    after a lost acknowledgement is harmless. In phase `closed` it is a reply to the explanation."""

    text: str
    turn: str
    confidence: int = 0


@dataclass(frozen=True, slots=True)
class AskBack(Request[Done]):
    """A question from the learner about the current one; never judged."""

    text: str
    turn: str


@dataclass(frozen=True, slots=True)
class Act(Request[Done]):
    action: Action
    turn: str
    point: str = ""  # the expectation meant, the controller's choice if empty


@dataclass(frozen=True, slots=True)
class Confidence(Request[Done]):
    level: int  # 1 unsure, 2 fairly, 3 sure


OwnVerdict = Literal["", "covered", "partial", "missing", "contradicted"]


@dataclass(frozen=True, slots=True)
class Override(Request[JudgementView]):
    """The learner's own verdict on one expectation of a question of this session (the current one); an
    empty one takes the last one back."""

    point: str
    verdict: OwnVerdict
    question: str = ""


@dataclass(frozen=True, slots=True)
class Feedback(Request[Done]):
    about: str  # a turn id
    thumbs: Literal[-1, 0, 1]
    words: str = ""


@dataclass(frozen=True, slots=True)
class Why(Request[PlanView]):
    """Why this question now; of the current one if `question` is empty. `reason` is the long form."""

    question: str = ""


@dataclass(frozen=True, slots=True)
class Older(Request[tuple[TurnView, ...]]):
    """The `count` turns before turn `before`, oldest first."""

    before: str
    count: int = 10


@dataclass(frozen=True, slots=True)
class GetToday(Request[TodayView]):
    deck: str = ""
    topic: str = ""


@dataclass(frozen=True, slots=True)
class SetGoal(Request[TodayView]):
    date: str | None  # ISO date, empty removes the goal, None keeps it
    minutes: int | None = None  # a day; None keeps them


@dataclass(frozen=True, slots=True)
class GetForecast(Request[tuple[ReachView, ...]]):
    """What daily minutes would reach by the goal; nothing without a goal that is still to come."""


@dataclass(frozen=True, slots=True)
class GetRecap(Request[RecapView]):
    """Recap of a session, of all since `since` (ISO date), or of the last session."""

    session: str = ""
    since: str = ""


@dataclass(frozen=True, slots=True)
class OwnRecap(Request[RecapView]):
    """The learner's own two sentences, judged against what happened."""

    text: str
    session: str = ""
