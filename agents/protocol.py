"""The contract between screens and the engine: typed messages, nothing heavier than dataclasses.

A front end sends a `Request` and awaits its reply; the engine sends an `Update` whenever something
happens. Both are frozen dataclasses of JSON values, so that a screen never knows whether the engine
lives in this process (`agents.local`) or in another (`agents.client`).
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Generic, Literal, Protocol, TypeVar

from agents.views import (
    Action,
    CardView,
    CheckView,
    ClaimView,
    DeckView,
    DetailView,
    EngineView,
    ImportView,
    JudgementView,
    Mode,
    PlanView,
    RecapView,
    RecollectionView,
    RowView,
    SessionView,
    SettingView,
    SourceView,
    TodayView,
    TurnView,
    UsageView,
)

R = TypeVar("R")


class Request(Generic[R]):
    """Base of all requests; the type argument is the type of its reply."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Done:
    """Reply of a request that only acknowledges. What it acknowledges survives `kill -9`."""

    id: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Hello(Request[EngineView]):
    """Asks where the engine stands."""


@dataclass(frozen=True, slots=True)
class GetToday(Request[TodayView]):
    deck: str = ""
    topic: str = ""


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


@dataclass(frozen=True, slots=True)
class Override(Request[JudgementView]):
    """The learner's own verdict on one expectation; `verdict` empty takes the last one back."""

    point: str
    verdict: Literal["", "covered", "partial", "missing", "contradicted"]
    question: str = ""  # default: the current question


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
class SaveDraft(Request[Done]):
    text: str


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


@dataclass(frozen=True, slots=True)
class GetDecks(Request[tuple[DeckView, ...]]):
    pass


@dataclass(frozen=True, slots=True)
class GetRows(Request[tuple[RowView, ...]]):
    deck: str = ""
    query: str = ""
    due: bool = False
    limit: int = 500


@dataclass(frozen=True, slots=True)
class GetDetail(Request[DetailView]):
    question: str


@dataclass(frozen=True, slots=True)
class EditQuestion(Request[DetailView]):
    """Replaces a question by `text` (its YAML). Raises `Refused` naming the line and the mend."""

    question: str
    text: str


@dataclass(frozen=True, slots=True)
class AddSource(Request[ImportView]):
    """Imports a file, folder or (if `network`) URL. Sends `Progress` under `job`; `Cancel` stops it."""

    path: str
    deck: str = ""
    job: str = ""
    network: bool = False
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class GetCards(Request[tuple[CardView, ...]]):
    """Cards that wait for review."""

    deck: str = ""


@dataclass(frozen=True, slots=True)
class ReviewCard(Request[Done]):
    card: str
    decision: Literal["accept", "drop", "edit"]
    ask: str = ""
    answer: str = ""


@dataclass(frozen=True, slots=True)
class SearchCorpus(Request[tuple[SourceView, ...]]):
    query: str
    limit: int = 10


@dataclass(frozen=True, slots=True)
class Recall(Request[tuple[RecollectionView, ...]]):
    query: str
    limit: int = 10


@dataclass(frozen=True, slots=True)
class GetClaims(Request[tuple[ClaimView, ...]]):
    query: str = ""


@dataclass(frozen=True, slots=True)
class GetEvents(Request[tuple[RecollectionView, ...]]):
    """The events behind a claim."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CorrectClaim(Request[Done]):
    """Rewrites a claim; an empty `text` says it is wrong and removes it."""

    claim: str
    text: str


@dataclass(frozen=True, slots=True)
class Forget(Request[Done]):
    """Erases for good: a claim, question, deck, period (``2026-01-01..2026-02-01``), or ``all``."""

    scope: Literal["claim", "question", "deck", "period", "learner", "all"]
    what: str = ""


@dataclass(frozen=True, slots=True)
class Ask(Request[Done]):
    """Free conversation with the explainer; the reply arrives as turns of role `conversation`."""

    text: str
    turn: str
    thread: str = ""


@dataclass(frozen=True, slots=True)
class GetThread(Request[tuple[TurnView, ...]]):
    """The last turns of the free conversation."""

    thread: str = ""
    count: int = 20


@dataclass(frozen=True, slots=True)
class SetGoal(Request[TodayView]):
    date: str  # ISO date, empty removes the goal
    minutes: int = 0


@dataclass(frozen=True, slots=True)
class Doctor(Request[tuple[CheckView, ...]]):
    pass


@dataclass(frozen=True, slots=True)
class GetSettings(Request[tuple[SettingView, ...]]):
    pass


@dataclass(frozen=True, slots=True)
class SetSetting(Request[Done]):
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Rebuild(Request[Done]):
    """Rebuilds knowledge and indexes from events; `embedder` re-embeds. Sends `Progress`."""

    embedder: str = ""
    job: str = ""


@dataclass(frozen=True, slots=True)
class Export(Request[Done]):
    """Writes everything (jsonl), the history as text (markdown) or a deck's cards (anki) to `path`."""

    path: str
    form: Literal["jsonl", "markdown", "anki"] = "jsonl"
    deck: str = ""


@dataclass(frozen=True, slots=True)
class Import(Request[Done]):
    """Takes in an export, or the review log of an Anki package. Doing it twice adds nothing."""

    path: str


@dataclass(frozen=True, slots=True)
class BackUp(Request[Done]):
    """Copies what cannot be made again to a new folder; the reply's text names it."""

    path: str = ""


@dataclass(frozen=True, slots=True)
class CheckModel(Request[Done]):
    """Runs the model scorecard. Sends `Progress`; the reply's text is the result."""

    job: str = ""


@dataclass(frozen=True, slots=True)
class Cancel(Request[Done]):
    """Cancels a job, or with an empty `job` the move being made (the built-in tutor makes it)."""

    job: str = ""


@dataclass(frozen=True, slots=True)
class Quit(Request[Done]):
    """Closes memory cleanly and ends the engine; an unfinished session stays resumable."""


# ── Updates ──────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Status:
    """The engine came up further, or the model changed state; `text` is for the status line."""

    stage: Literal["starting", "memory", "ready", "restarting", "failed"]
    text: str = ""
    usage: UsageView = UsageView()


@dataclass(frozen=True, slots=True)
class TurnAdded:
    """A turn stands in the transcript. A streamed one comes first with `final` False and grows by
    `Chunk`s; the finished turn then comes with `replaces` set to the first one's id."""

    turn: TurnView
    final: bool = True
    replaces: str = ""


@dataclass(frozen=True, slots=True)
class Chunk:
    """More text of a streamed turn."""

    turn: str
    text: str


@dataclass(frozen=True, slots=True)
class SessionChanged:
    """The session moved; `session.turns` is empty (turns come as `TurnAdded`)."""

    session: SessionView


@dataclass(frozen=True, slots=True)
class Progress:
    """Long work: `total` 0 while unknown, `eta` in seconds (-1 unknown)."""

    job: str
    text: str
    done: int = 0
    total: int = 0
    eta: float = -1.0


Update = Status | TurnAdded | Chunk | SessionChanged | Progress


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a request failed. `mend` says what to do about it."""

    message: str
    mend: str = ""
    kind: Literal["refused", "unavailable", "bug"] = "refused"


class Refused(Exception):
    """A request that could not be done; carries a `Trouble`."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.message)
        self.trouble = trouble


class Tutor(Protocol):
    """What a front end talks to."""

    async def request(self, message: Request[R]) -> R:
        """Sends `message` and returns its reply. Raises `Refused`."""
        ...

    def updates(self) -> AsyncIterator[Update]:
        """All updates from now on, in order."""
        ...

    async def close(self) -> None:
        """Lets go of the engine; an unfinished session stays resumable."""
        ...


def request_types() -> dict[str, type[Any]]:
    """Every request class by name, for the codec."""
    return {cls.__name__: cls for cls in Request.__subclasses__()}
