"""A learner asks about an answer of their own: which question they mean, and how it went there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from agents.briefs import ErrorBrief, Evidence, PointBrief
from agents.excerpts import excerpt
from agents.leaks import content_stems
from agents.state import COVERED, said
from corpus.counting import counted
from corpus.model import Expectation, Question
from memory.events import Event

QUOTE = 14
"""Words shown of what the learner said for a point."""
_ASKS = re.compile(
    r"\b(?:did|was|were|have|had)\s+i\s+(?:\w+\s+){0,2}?(?:wrong|right|mistaken|miss\w*|forg[eo]t\w*|"
    r"sa(?:y|id)|answer\w*|writ\w*|wrote|do|done|g[eo]t|fail\w*|mix\w*|confus\w*|mean|told|tell|go)\b|"
    r"\bi\s+(?:\w+\s+){0,2}?(?:was\s+(?:\w+\s+)?wrong|missed|said|answered|wrote|mixed|confused|forgot|"
    r"got\s+(?:\w+\s+){0,4}?wrong)\b|"
    r"\bmy\s+(?:\w+\s+)?(?:answers?|mistakes?|errors?|verdicts?|points?|score)\b",
    re.IGNORECASE,
)
_PROFILE = re.compile(
    r"\bmy\s+(?:\w+\s+)?(?:weak\w*|strengths?|strong\s+points?|gaps?)\b|\bam\s+i\s+(?:\w+\s+)?(?:weak|strong|bad|"
    r"good)\b|\bdo\s+i\s+(?:keep|often|always|usually)\b|\b(?:know|believe|remember|think)\s+(?:about|of)\s+me\b",
    re.IGNORECASE,
)
_ABOUT_ASKING = content_stems(
    """answer answers ask asked confuse confused do done explain fail failed forget forgot forgotten
    full get give given go got last mean meant miss missed missing mistake mistaken mistakes mix
    mixed earlier error errors point points previous question questions recently remember remind
    right said say score session tell time today told verdict verdicts write wrong wrote yesterday"""
)
"""Stems of such a question that do not say what it is about."""
LEAST = 0.5
"""Share of what it is about that a question must hold to be the one that is meant."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How one expectation ended: the learner's words for it, how far they went, whether it was `made`."""

    expectation: Expectation
    coverage: float
    quote: str
    made: bool


@dataclass(frozen=True, slots=True)
class Look:
    """The last time `question` was closed, on `day` (in words): the points heaviest first, the learner's
    turns, the errors in them as rows of `judged` events, and the event `id` that holds the verdict."""

    question: Question
    day: str
    points: tuple[Standing, ...]
    said: tuple[str, ...]
    errors: tuple[dict[str, str], ...]
    id: str

    @property
    def made(self) -> int:
        """How many points the learner made."""
        return sum(p.made for p in self.points)


def asks_profile(text: str) -> bool:
    """Whether the words ask what is known about the learner."""
    return bool(_PROFILE.search(text))


def looks_back(text: str) -> bool:
    """Whether the words ask about an answer the learner gave."""
    return bool(_ASKS.search(text))


def subject(text: str) -> frozenset[str]:
    """The stems of such words that say what they are about."""
    return content_stems(text) - _ABOUT_ASKING


def look_back(
    text: str,
    closed: Iterable[Event],
    events: Callable[[str, str], list[Event]],
    find: Callable[[str], Question | None],
    day: Callable[[int], str],
) -> Look | None:
    """What `text` looks back at; None if it does not, or nothing of the kind was answered.

    `closed` are the `closed` events in order, `events(question, session)` those of one of them, `find`
    looks a question up by id, `day` says a time (ms) in words.
    """
    if not looks_back(text):
        return None
    last = {e.question: e for e in closed if e.payload.get("outcomes")}
    known = [(event, question) for event in last.values() if (question := find(event.question))]
    wanted = subject(text)
    ranked = []
    for place, (event, question) in enumerate(known):
        head = wanted & content_stems(" ".join((question.ask, question.topic, *question.variants)))
        body = wanted & content_stems(_body(question))
        missed = any(o["coverage"] < COVERED for o in event.payload["outcomes"])
        if len(head | body) >= LEAST * len(wanted):
            ranked.append((len(head) + len(head | body), missed, place))
    if not ranked:
        return None
    event, question = known[max(ranked)[-1]]
    return look_at(event, question, events(event.question, event.session), day(event.at))


def _body(question: Question) -> str:
    points = (text for e in question.expectations for text in (e.text, *e.words))
    wrong = (text for m in question.misconceptions for text in (m.text, m.correction))
    return " ".join((question.answer, *points, *wrong))


def look_at(closed: Event, question: Question, events: list[Event], day: str) -> Look:
    """How `question` went when it was closed by the event `closed`; `events` are those of the question in
    that session."""
    until = [e for e in events if e.id <= closed.id]
    begin = max((n for n, e in enumerate(until) if e.kind == "asked"), default=0)
    until = until[begin:]
    judged = [e for e in until if e.kind == "judged"]
    rows = {row["id"]: row for e in judged for row in e.payload["points"]}
    outcomes = {o["expectation"]: o for o in closed.payload.get("outcomes") or ()}
    points = []
    for e in sorted(question.expectations, key=lambda e: -e.weight):
        if e.id in outcomes:
            quote = excerpt(rows.get(e.id, {}).get("quote", ""), e.told, QUOTE)
            coverage, aid = outcomes[e.id]["coverage"], outcomes[e.id]["aid"]
            points.append(Standing(e, coverage, quote, said(coverage, aid)))
    errors = {row["id"]: row for e in judged for row in e.payload["errors"]}
    turns = tuple(e.text for e in until if e.kind == "answered" and e.text)
    event = judged[-1].id if judged else closed.id
    return Look(question, day, tuple(points), turns, tuple(errors.values()), event)


def shown_of(look: Look) -> dict[str, Any]:
    """Fields of the explainer's brief: how it went with the question, what was missed and wrong, and what
    the learner said."""
    question = look.question
    said = Evidence(
        id=look.id,
        title=f"Your answer {look.day}",
        text="\n".join((question.ask, *look.said)),
        kind="memory",
    )
    own = Evidence(id=f"q:{question.id}", title=question.ask, text=question.answer)
    return {
        "ask": question.ask,
        "past": f"On “{question.ask}” you had {look.made} of "
        f"{counted(len(look.points), 'point')} {look.day}.",
        "points": tuple(_shown_point(p) for p in look.points if not p.made),
        "errors": tuple(
            ErrorBrief(text=e["text"], correction=e["correction"], quote=e["quote"])
            for e in look.errors
        ),
        "credited": tuple(dict.fromkeys(p.quote for p in look.points if p.made and p.quote)),
        "said": look.said,
        "evidence": (said, own) if question.answer else (said,),
    }


def _shown_point(standing: Standing) -> PointBrief:
    return PointBrief(
        id=standing.expectation.id,
        text=standing.expectation.text,
        coverage=standing.coverage,
        quote=standing.quote,
    )
