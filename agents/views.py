"""What the engine shows a screen: frozen dataclasses of JSON values, nothing heavier.

All texts are plain: what a learner, a document or a model wrote is to be drawn literally.
Times are milliseconds since the epoch, UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from agents.figures import UseRow

Mode = Literal["study", "mock", "drill", "review", "design"]
Phase = Literal["answering", "working", "closed", "finished"]
"""answering: waits for the learner's words; working: a move is being made (words may still be
typed); closed: the question is done, the learner may read, ask back or go on; finished: recap."""

Action = Literal["hint", "tell", "skip", "dont_know", "next", "more", "challenge", "finish"]
Role = Literal[
    "question", "answer", "judgement", "pump", "hint", "prompt", "challenge",
    "assertion", "explanation", "conversation", "notice",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class SourceView:
    """Something that can be opened: `excerpt` is its text, `where` its place, `question` the id of the
    question it was made from, if it was."""

    title: str
    where: str = ""
    excerpt: str = ""
    question: str = ""


DOUBTFUL = 0.6
"""Sureness of the judge below which what contradicts a point is not called wrong outright."""


@dataclass(frozen=True, slots=True)
class PointView:
    """One expectation and how it stands. `text` is empty while showing it would give it away; `about`
    then says what a half-made point leaves open, without giving it away."""

    id: str
    verdict: Literal["covered", "partial", "missing", "contradicted", "open"]
    coverage: float
    text: str = ""
    quote: str = ""
    sure: float = 1.0
    note: str = ""
    aid: str = "none"
    overridden: bool = False
    gained: bool = False  # the last turn raised it
    old: bool = False  # in a verdict: credit of an earlier turn
    about: str = ""


@dataclass(frozen=True, slots=True)
class ErrorView:
    """A misconception that was said, and its correction."""

    text: str
    correction: str
    quote: str = ""
    old: bool = False  # in a verdict: said in an earlier turn, and corrected there


@dataclass(frozen=True, slots=True)
class JudgementView:
    """The verdict after a turn; coverage is cumulative over the turns of the question. `score` is their
    weighted mean, `sure` how sure the judge is, both 0..1. `refused`: the turn earned nothing, for it
    was a copy or a plea."""

    verdict: Literal["correct", "partial", "incorrect", "contradictory"]
    score: float
    points: tuple[PointView, ...]
    errors: tuple[ErrorView, ...] = ()
    notes: tuple[str, ...] = ()
    sure: float = 1.0
    grader: str = ""
    refused: bool = False


@dataclass(frozen=True, slots=True)
class TurnView:
    """One entry of the transcript. A `judgement` turn has an empty text and its `judgement` set."""

    id: str
    speaker: Literal["tutor", "learner", "viva"]
    role: Role
    text: str
    at: int
    question: str = ""
    judgement: JudgementView | None = None
    sources: tuple[SourceView, ...] = ()
    model: str = ""


@dataclass(frozen=True, slots=True)
class QuestionView:
    """The question being worked on. `number` counts within the session, from 1."""

    id: str
    ask: str
    topic: str
    level: int
    deck: str
    number: int
    total: int = 0  # 0: open-ended
    why: str = ""
    stage: str = ""
    options: tuple[str, ...] = ()
    seen: int = 0  # times asked before


@dataclass(frozen=True, slots=True)
class UsageView:
    """Model use so far in this session; zeros with the built-in tutor. `price` in US dollars."""

    model: str = ""
    tokens: int = 0
    price: float = 0.0
    seconds: float = 0.0
    degraded: str = ""  # why the built-in tutor is standing in, empty otherwise
    cached: int = 0  # replies that came from the cache


@dataclass(frozen=True, slots=True)
class SessionView:
    """The state of a session, enough to draw the interview screen from nothing."""

    id: str
    mode: Mode
    phase: Phase
    question: QuestionView | None
    turns: tuple[TurnView, ...] = ()
    older: int = 0  # turns before the first of `turns`, see `Older`
    points: tuple[
        PointView, ...
    ] = ()  # of the current question, texts hidden until told or covered
    hints_left: int = 0
    started: int = 0
    elapsed: float = 0.0  # seconds of study, pauses left out
    minutes: float = 0.0  # planned, 0: open-ended
    asked: int = 0
    confidence: int = 0  # 1..3 once given for the current question
    usage: UsageView = UsageView()
    resumed: bool = False
    left: bool = False  # an unfinished one was ended for this one


@dataclass(frozen=True, slots=True)
class TopicView:
    """How ready the learner is in a topic ("all" for everything): `low` to `high` is an 80 % band; counts of
    questions there are, were ever asked, and are due."""

    topic: str
    recall: float  # expected share recalled now, 0..1
    low: float
    high: float
    questions: int
    seen: int
    due: int


@dataclass(frozen=True, slots=True)
class ReachView:
    """What so many minutes a day would reach by the goal: expected coverage 0..1, its 80 % band, and the
    chance of passing an interview of ten questions."""

    minutes: float
    coverage: float
    low: float
    high: float
    passing: float


@dataclass(frozen=True, slots=True)
class PlanView:
    """A question that comes, how many minutes it takes, and why it comes."""

    question: str
    ask: str
    topic: str
    minutes: float
    reason: str


@dataclass(frozen=True, slots=True)
class TodayView:
    """What Today shows. `days_left` is -1 without a goal; `unfinished` is a session to resume."""

    due_now: int
    due_week: int
    new: int
    minutes_today: float
    streak: int
    days_left: int
    goal: str
    readiness: tuple[TopicView, ...]
    misconceptions: tuple[ErrorView, ...]
    plan: tuple[PlanView, ...]
    last_time: str = ""
    unfinished: str = ""
    first_run: bool = False
    decks: int = 0
    questions: int = 0
    goal_minutes: float = 0.0
    """Minutes a day that the learner means to study, 0 if none were named."""


@dataclass(frozen=True, slots=True)
class MovedView:
    """One line of a recap: a question's mean chance of recall in a week (0..1) `before` and `after`, how many
    of its `points` were said, in the learner's words, and when it comes back (`next_due`, 0: it does not)."""

    question: str
    ask: str
    topic: str
    before: float
    after: float
    covered: int
    points: int
    probes: int
    hints: int
    quote: str = ""
    next_due: int = 0
    confident_wrong: bool = False


@dataclass(frozen=True, slots=True)
class RecapView:
    """What moved, what is confidently wrong, what comes back when, one thing to do."""

    title: str
    headline: str
    session: str
    minutes: float
    moved: tuple[MovedView, ...]
    confident_wrong: tuple[ErrorView, ...] = ()
    opened: tuple[ErrorView, ...] = ()
    closed: tuple[ErrorView, ...] = ()
    next_step: str = ""
    overrides: int = 0
    judged: int = 0
    usage: UsageView = UsageView()
    agents: tuple[UseRow, ...] = ()  # the same per agent, where a model was used
    topics: tuple[TopicView, ...] = ()
    calibration: tuple[tuple[float, float, int], ...] = ()  # predicted, actual, answers
    confidence: tuple[tuple[int, float, int], ...] = ()  # level, share right, answers
    coverage: tuple[tuple[int, float], ...] = ()  # session time, mean coverage
    forecast: tuple[tuple[str, int], ...] = ()  # ISO date, due that day
    calendar: tuple[tuple[str, float], ...] = ()  # ISO date, minutes studied
    own: JudgementView | None = None  # the learner's own recap, judged
    sentences: tuple[str, ...] = ()  # the recap writer's, each tied to events


@dataclass(frozen=True, slots=True)
class DeckView:
    """A deck, and how many of its questions were ever asked and are due. `bundled`: it came with Viva."""

    id: str
    title: str
    about: str
    questions: int
    seen: int
    due: int
    bundled: bool = False
    path: str = ""


@dataclass(frozen=True, slots=True)
class RowView:
    """One question in the library: chance of `recall` now (0..1), when it is `due` (0: not asked yet), how
    many `points` it has."""

    id: str
    ask: str
    topic: str
    level: int
    deck: str
    state: Literal["new", "learning", "known", "due", "waiting"]
    recall: float = 0.0
    due: int = 0
    points: int = 0


@dataclass(frozen=True, slots=True)
class DetailView:
    """One question in full, as `viva show` prints it: `coverage` of a point is its chance of recall now,
    `text` the YAML for `$EDITOR`, `history` what happened, newest first."""

    row: RowView
    answer: str
    points: tuple[PointView, ...]
    misconceptions: tuple[ErrorView, ...]
    sources: tuple[SourceView, ...]
    text: str
    history: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CardView:
    """A generated or imported card waiting for review; `confidence` 0..1."""

    id: str
    ask: str
    answer: str
    where: str
    confidence: float


@dataclass(frozen=True, slots=True)
class ImportView:
    """How many questions an import found, which of them were new, `updated` or `known` as they stand,
    and how many cards are `waiting` for review. `skipped` are (where, why) pairs."""

    source: str
    deck: str
    found: int
    added: int
    known: int
    waiting: int
    skipped: tuple[tuple[str, str], ...] = ()
    updated: int = 0


@dataclass(frozen=True, slots=True)
class ClaimView:
    """Something Viva believes about the learner: how `sure` (0..1), `seen` how often and when
    `last`, with the ids of the events it rests on; `closed` if it is no longer so."""

    id: str
    kind: Literal["misconception", "strength", "weakness", "preference", "goal", "fact"]
    text: str
    sure: float
    seen: int
    last: int
    events: tuple[str, ...] = ()
    closed: bool = False


@dataclass(frozen=True, slots=True)
class RecollectionView:
    """One remembered turn, with its neighbours as context; `kind` is what happened."""

    id: str
    at: int
    speaker: str
    text: str
    topic: str = ""
    question: str = ""
    score: float = 0.0
    context: tuple[str, ...] = ()
    kind: str = ""


@dataclass(frozen=True, slots=True)
class CheckView:
    """One line of the doctor: `state` ok, warn or fail; `mend` says what to do."""

    name: str
    state: Literal["ok", "warn", "fail"]
    text: str
    mend: str = ""


@dataclass(frozen=True, slots=True)
class SettingView:
    """One setting, from the schema: `choices` is empty for free values, `source` says where the value
    comes from."""

    name: str
    value: str
    default: str
    help: str
    choices: tuple[str, ...] = ()
    source: str = "default"


@dataclass(frozen=True, slots=True)
class EngineView:
    """`stage`: starting, memory (Today, library and line-work served), ready (agents too)."""

    stage: Literal["starting", "memory", "ready"]
    problems: tuple[CheckView, ...] = ()
