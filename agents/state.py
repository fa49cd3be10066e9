"""The state of an interview: a pure fold over the events of its session.

Nothing here reads a clock, draws a random number or does I/O; resuming is folding again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from agents.views import Mode
from memory.events import Aid, Event

COVERED = 0.8
"""Coverage from which an expectation counts as said; then it is frozen."""

WHOLE = "whole"
"""The one point of a question that came without an answer: the learner judges it."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What a mode allows per question. `feedback`: verdicts and explanations are shown at once."""

    probes: int
    hints: int
    feedback: bool
    auto_next: bool


RULES: Mapping[str, Rules] = {
    "study": Rules(probes=3, hints=3, feedback=True, auto_next=False),
    "drill": Rules(probes=3, hints=3, feedback=True, auto_next=False),
    "review": Rules(probes=1, hints=2, feedback=True, auto_next=False),
    "design": Rules(probes=2, hints=3, feedback=True, auto_next=False),
    "mock": Rules(probes=1, hints=0, feedback=False, auto_next=True),
}


@dataclass(frozen=True, slots=True)
class PointState:
    """One expectation while its question is open. `aid` is the strongest help given so far,
    `earned` the help that had been given when its coverage last rose."""

    coverage: float = 0.0
    weight: float = 1.0
    aid: Aid = "none"
    earned: Aid = "none"
    sure: float = 1.0
    contradicted: bool = False
    quote: str = ""
    judged: PointState | None = None
    """How the judge left it, while the learner's own verdict stands."""

    @property
    def open(self) -> bool:
        return self.coverage < COVERED and self.aid != "told"

    @property
    def verdict(self) -> Literal["covered", "partial", "missing", "contradicted"]:
        if self.coverage >= COVERED:
            return "covered"
        if self.contradicted:
            return "contradicted"
        return "partial" if self.coverage >= PARTIAL else "missing"

    def helped(self, aid: Aid) -> PointState:
        """The point after that help."""
        return replace(self, aid=aid, judged=self.judged and self.judged.helped(aid))


@dataclass(frozen=True, slots=True)
class QuestionState:
    """The question being worked on. `due` says that the tutor owes a move."""

    id: str
    asked: str
    at: int
    points: Mapping[str, PointState]
    turns: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    focus: str = ""
    step: str = ""
    probes: int = 0
    hints: int = 0
    gave_up: int = 0
    confidence: int = 0
    score: float = 0.0
    errors: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()
    """Misconceptions that were no such thing, by the learner's own verdict."""
    notes: tuple[str, ...] = ()
    pending: str = ""
    unreplied: str = ""
    due: bool = False
    closed: bool = False
    skipped: bool = False
    explained: bool = False
    last_at: int = 0


@dataclass(frozen=True, slots=True)
class SessionState:
    """A session so far. `seen` holds the turn words already taken in, so that a resent one is
    recognised; `busy` is study time in milliseconds, pauses over `PAUSE` left out."""

    id: str = ""
    mode: Mode = "study"
    deck: str = ""
    topic: str = ""
    questions: int = 0
    minutes: float = 0.0
    started: int = 0
    asked: tuple[str, ...] = ()
    current: QuestionState | None = None
    seen: frozenset[str] = frozenset()
    ended: bool = False
    busy: int = 0
    last_at: int = 0

    @property
    def rules(self) -> Rules:
        return RULES.get(self.mode, RULES["study"])


PARTIAL = 0.3
"""Coverage from which an expectation counts as partly said."""
PAUSE = 5 * 60 * 1000


def fold(state: SessionState, event: Event) -> SessionState:
    """The session after `event`. Events of other sessions are ignored."""
    if event.kind == "session_started":
        p = event.payload
        return SessionState(
            id=event.session,
            mode=p.get("mode", "study"),
            deck=p.get("deck", ""),
            topic=p.get("topic", ""),
            questions=int(p.get("questions", 0)),
            minutes=float(p.get("minutes", 0)),
            started=event.at,
            last_at=event.at,
            seen=_seen(frozenset(), event),
        )
    if event.session != state.id or not state.id:
        return state
    gap = max(0, event.at - state.last_at)
    state = replace(
        state,
        seen=_seen(state.seen, event),
        busy=state.busy + (gap if gap < PAUSE else 0),
        last_at=max(state.last_at, event.at),
    )
    if event.kind == "session_ended":
        return replace(state, ended=True)
    if event.kind == "asked":
        return replace(state, asked=(*state.asked, event.question), current=_asked(event))
    if state.current is None:
        return state
    return replace(state, current=fold_question(state.current, event))


def _seen(seen: frozenset[str], event: Event) -> frozenset[str]:
    turn = event.payload.get("turn")
    return seen | {turn} if turn else seen


def _asked(event: Event) -> QuestionState:
    weights: dict[str, float] = event.payload.get("weights", {})
    # A mapping comes back from memory with its keys sorted; the order of the deck is kept apart.
    order = event.payload.get("points") or list(weights)
    points = {point: PointState(weight=weights[point]) for point in order}
    return QuestionState(event.question, event.id, event.at, points, last_at=event.at)


def fold_question(q: QuestionState, event: Event) -> QuestionState:
    """The question after `event` of its session."""
    p = event.payload
    if event.kind == "conversation":
        if event.speaker == "learner":
            return replace(q, unreplied=event.id)
        return replace(q, unreplied="", shown=_shown(q, event.text))
    if event.question and event.question != q.id:
        return q
    match event.kind:
        case "answered":
            return _answered(q, event)
        case "judged":
            return _judged(q, event)
        case "probed" | "hinted":
            return _aided(q, event)
        case "told":
            names = p.get("expectations") or [p["expectation"]]
            told = {name: _point(q, name).helped("told") for name in names}
            points = {**q.points, **told}
            return replace(q, points=points, shown=_shown(q, event.text), due=True)
        case "confidence":
            return replace(q, confidence=int(p["level"]))
        case "explained":
            return replace(q, explained=True, shown=_shown(q, event.text))
        case "overridden":
            return _overridden(q, event)
        case "misconception_opened" | "misconception_closed":
            return _misconception(q, event)
        case "closed":
            skipped = bool(p.get("skipped"))
            return replace(q, closed=True, due=False, pending="", skipped=skipped)
    return q


_QUOTED = re.compile("“([^“”]*)”")


def _shown(q: QuestionState, text: str) -> tuple[str, ...]:
    return (*q.shown, not_theirs(q, text))


def not_theirs(q: QuestionState, text: str) -> str:
    """`text` of the tutor without the learner's own words, taken up in it: they stay theirs."""
    said = [turn.casefold() for turn in q.turns]

    def theirs(found: re.Match[str]) -> str:
        words = found[1].removesuffix(" …").casefold()
        return " … " if any(words in turn for turn in said) else found[0]

    return _QUOTED.sub(theirs, text)


def _point(q: QuestionState, name: str) -> PointState:
    return q.points.get(name, PointState())


def _answered(q: QuestionState, event: Event) -> QuestionState:
    confidence = int(event.payload.get("confidence") or q.confidence)
    if event.payload.get("dont_know"):
        return replace(q, gave_up=q.gave_up + 1, due=True, confidence=confidence)
    turns = (*q.turns, event.text)
    return replace(q, turns=turns, pending=event.id, gave_up=0, confidence=confidence)


def _judged(q: QuestionState, event: Event) -> QuestionState:
    points = dict(q.points)
    for verdict in event.payload.get("points", ()):
        name = verdict["id"]
        if name in points:
            points[name] = credited(points[name], verdict)
    errors = tuple(hit["id"] for hit in event.payload.get("errors", ()))
    merged = tuple(dict.fromkeys((*q.errors, *errors)))
    notes = (*q.notes, *event.payload.get("notes", ()))
    q = replace(q, points=points, errors=merged, notes=notes, score=score(points))
    # A newer answer may have come in while this one was being judged.
    if event.payload.get("answer", q.pending) != q.pending:
        return q
    return replace(q, pending="", due=True)


def credited(point: PointState, verdict: Mapping[str, Any]) -> PointState:
    """`point` after a verdict (`coverage`, `verdict`, `quote`, `sure`): coverage never falls, a
    covered point is frozen, and what the tutor told earns nothing."""
    if point.judged is not None:
        judged = credited(point.judged, verdict)
        said_more = point.open and judged.coverage > point.coverage
        return judged if said_more else replace(point, judged=judged)
    if not point.open:
        return point
    coverage = float(verdict["coverage"])
    contradicted = verdict["verdict"] == "contradicted"
    sure = float(verdict.get("sure", 1.0))
    if coverage <= point.coverage:
        return replace(point, contradicted=contradicted, sure=sure)
    quote = str(verdict.get("quote") or point.quote)
    return replace(
        point,
        coverage=coverage,
        earned=point.aid,
        contradicted=contradicted,
        sure=sure,
        quote=quote,
    )


def said(coverage: float, aid: str) -> bool:
    """Whether the learner said an expectation that ended with this coverage, rather than was told it."""
    return coverage >= COVERED and aid != "told"


def score(points: Mapping[str, PointState]) -> float:
    """Weighted coverage, 0..1."""
    total = sum(p.weight for p in points.values())
    return sum(p.weight * p.coverage for p in points.values()) / total if total else 0.0


def _aided(q: QuestionState, event: Event) -> QuestionState:
    name, step = event.payload.get("expectation", ""), event.payload.get("move", "hint")
    asked_for = event.kind == "hinted"
    q = replace(
        q,
        shown=_shown(q, event.text),
        unreplied="" if event.payload.get("to") == q.unreplied else q.unreplied,
        due=False,
        focus=name,
        step=step,
        hints=q.hints + asked_for,
        probes=q.probes + (not asked_for and step != "challenge"),
    )
    if name not in q.points or step == "challenge":
        return q
    return replace(q, points={**q.points, name: q.points[name].helped(step)})


def _overridden(q: QuestionState, event: Event) -> QuestionState:
    name = event.payload["expectation"]
    if name not in q.points:
        return q
    judged = q.points[name].judged or q.points[name]
    verdict = event.payload.get("verdict")
    point = judged
    if verdict:
        point = replace(
            judged,
            coverage=COVERAGE_OF[verdict],
            contradicted=verdict == "contradicted",
            sure=1.0,
            judged=judged,
        )
    points = {**q.points, name: point}
    # A follow-up on a point that is said by the learner's own verdict has lost its object.
    moot = not q.closed and name == q.focus and not point.open
    return replace(q, points=points, score=score(points), due=q.due or moot)


def _misconception(q: QuestionState, event: Event) -> QuestionState:
    name = str(event.payload.get("misconception"))
    errors = tuple(e for e in q.errors if e != name)
    withdrawn = tuple(e for e in q.withdrawn if e != name)
    if event.kind == "misconception_opened":
        return replace(q, errors=(*errors, name), withdrawn=withdrawn)
    if not event.payload.get("withdraws"):
        return q
    return replace(q, errors=errors, withdrawn=(*withdrawn, name))


COVERAGE_OF: Mapping[str, float] = {
    "covered": 1.0,
    "partial": 0.5,
    "missing": 0.0,
    "contradicted": 0.0,
}
