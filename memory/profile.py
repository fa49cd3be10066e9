"""The learner in at most 300 words: what Viva believes, each line resting on events one can open.

Rebuilt from the events each time; a `profile_edited` event rewrites a claim or, with an empty text,
removes it.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from corpus.model import Question
from memory.events import Event

WORDS = 300
STRONG, WEAK = 0.75, 0.5
"""Share of points said from which a topic is called strong, and below which it is called weak."""
SAID = 0.8
UNAIDED = ("none", "pump")
ENOUGH = 4
"""Points of a topic that must have been asked before anything is said about it."""
KINDS = frozenset(
    {
        "misconception_opened",
        "misconception_closed",
        "closed",
        "feedback",
        "conversation",
        "goal_set",
        "profile_edited",
    }
)
NEWEST = 600
"""How many of the newest events of these kinds are read."""

Kind = Literal["misconception", "strength", "weakness", "preference", "goal", "fact"]

_PREFERENCES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (text, re.compile(pattern, re.IGNORECASE))
    for text, pattern in (
        ("prefers shorter explanations", r"\b(too long|shorter|more brief|be brief|less text)\b"),
        ("prefers more detail", r"\b(more detail|too short|in depth|deeper|elaborate)\b"),
        ("likes examples", r"\b(an? example|examples|for instance|concrete)\b"),
        ("likes analogies", r"\b(analog(y|ies)|metaphors?|compare it to|like i'?m five)\b"),
        ("wants harder questions", r"\b(too easy|harder|more difficult|challenge me)\b"),
        ("wants easier questions", r"\b(too hard|too difficult|easier|simpler questions)\b"),
        ("wants to go slower", r"\b(slow(er| down)|too fast)\b"),
    )
)


@dataclass(frozen=True, slots=True)
class Claim:
    """Something believed about the learner. `sure` is 0..1, `seen` counts the events behind it,
    `last` is the time (ms) of the newest, `events` their ids, newest first."""

    id: str
    kind: Kind
    text: str
    sure: float
    seen: int
    last: int
    events: tuple[str, ...]
    closed: bool = False


def claims(events: Iterable[Event], find: Callable[[str], Question | None]) -> list[Claim]:
    """What the events support, most useful first: open misconceptions, weak topics, preferences,
    the goal, strong topics, closed misconceptions. `find` looks questions up by id."""
    ordered = sorted(events, key=lambda e: e.id)
    found = [
        *_misconceptions(ordered, find),
        *_topics(ordered),
        *_preferences(ordered),
        *_goal(ordered),
    ]
    return sorted(_edited(found, ordered), key=_order)


def profile(known: Sequence[Claim], words: int = WORDS) -> str:
    """The claims as lines, as many as fit into `words` words."""
    lines: list[str] = []
    left = words
    for claim in known:
        line = f"- {claim.text}" + (" (put right since)" if claim.closed else "")
        left -= len(line.split())
        if left < 0:
            break
        lines.append(line)
    return "\n".join(lines)


_RANK: dict[Kind, int] = {
    "misconception": 0, "weakness": 1, "preference": 2, "goal": 3, "fact": 4, "strength": 5,
}  # fmt: skip


def _order(claim: Claim) -> tuple[bool, int, int, str]:
    return claim.closed, _RANK[claim.kind], -claim.last, claim.id


def _claim(kind: Kind, key: str, text: str, rows: Sequence[Event], closed: bool = False) -> Claim:
    newest = sorted(rows, key=lambda e: e.id, reverse=True)
    name = hashlib.sha256(f"{kind}\0{key}".encode("utf-8", "replace")).hexdigest()[:12]
    return Claim(
        id=name,
        kind=kind,
        text=text,
        sure=round(1 - 0.5 ** len(rows), 3),
        seen=len(rows),
        last=newest[0].at if newest else 0,
        events=tuple(e.id for e in newest[:20]),
        closed=closed,
    )


def _misconceptions(
    events: Sequence[Event], find: Callable[[str], Question | None]
) -> Iterable[Claim]:
    opened: dict[tuple[str, str], list[Event]] = defaultdict(list)
    closed: dict[tuple[str, str], str] = {}
    for event in events:
        key = event.question, str(event.payload.get("misconception"))
        if event.kind == "misconception_opened":
            opened[key].append(event)
            closed.pop(key, None)
        elif event.kind == "misconception_closed":
            closed[key] = event.id
    for (question, name), rows in opened.items():
        known = find(question)
        error = next((m for m in known.misconceptions if m.id == name), None) if known else None
        said = error.text if error else str(rows[-1].payload.get("text") or rows[-1].text)
        yield _claim(
            "misconception", f"{question}#{name}", f"said: {said}", rows, (question, name) in closed
        )


def _topics(events: Sequence[Event]) -> Iterable[Claim]:
    """Topics by what was said without help when each question was last asked."""
    last: dict[str, Event] = {}
    for event in events:
        if event.kind == "closed" and event.payload.get("outcomes"):
            last[event.question] = event
    rows: dict[str, list[Event]] = defaultdict(list)
    for event in last.values():
        rows[event.topic or str(event.payload.get("topic") or "")].append(event)
    for topic, closed in rows.items():
        outcomes = [o for event in closed for o in event.payload["outcomes"]]
        said = sum(o["coverage"] >= SAID and o["aid"] in UNAIDED for o in outcomes)
        share = said / len(outcomes)
        if not topic or len(outcomes) < ENOUGH or WEAK <= share < STRONG:
            continue
        kind: Kind = "strength" if share >= STRONG else "weakness"
        word = "strong" if kind == "strength" else "weak"
        text = f"{word} on {topic}: {said} of {len(outcomes)} points said without help, last time"
        yield _claim(kind, topic, text, closed)


def _preferences(events: Sequence[Event]) -> Iterable[Claim]:
    rows: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        if event.kind == "feedback" or (
            event.kind == "conversation"
            and event.speaker == "learner"
            and not event.payload.get("restated")
        ):
            for text, pattern in _PREFERENCES:
                if pattern.search(event.text):
                    rows[text].append(event)
    return [_claim("preference", text, text, found) for text, found in rows.items()]


def _goal(events: Sequence[Event]) -> Iterable[Claim]:
    goals = [e for e in events if e.kind == "goal_set"]
    if goals and goals[-1].payload.get("date"):
        minutes = goals[-1].payload.get("minutes")
        daily = f", {minutes} minutes a day" if minutes else ""
        yield _claim("goal", "goal", f"interview on {goals[-1].payload['date']}{daily}", goals[-1:])


def _edited(found: Iterable[Claim], events: Sequence[Event]) -> list[Claim]:
    """`found` with the learner's corrections; a correction of what has new evidence gives way."""
    edits = {str(e.payload.get("claim")): e for e in events if e.kind == "profile_edited"}
    kept = []
    for claim in found:
        edit = edits.get(claim.id)
        if edit is None or claim.last > edit.at:
            kept.append(claim)
        elif edit.text.strip():
            behind = (edit.id, *claim.events)
            kept.append(replace(claim, text=edit.text.strip(), sure=1.0, events=behind))
    return kept
