"""Figures a learner asks about themselves: how many, how long, what is due, the weakest topic."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Literal

from agents.state import said
from corpus.counting import counted
from memory.events import Event
from memory.overruled import overruled
from memory.timewords import when

ENOUGH = 3
"""Points asked in a topic before anything is said about it."""
Wish = Literal["", "count", "due", "weakest", "strongest"]

_MINE = (
    r"\b(?:did|have|had)\s+i\b|\bi\s+(?:\w+\s+)?(?:answered|did|studied|practi[sc]ed|learn\w*)\b"
)
_COUNT = re.compile(
    rf"^\W*how\s+(?:many\s+(?:questions?|answers?|points?|minutes?|hours?)|long|much)\b.*(?:{_MINE})",
    re.IGNORECASE,
)
_DUE = re.compile(
    r"^\W*(?:how\s+many\s+(?:\w+\s+)?(?:are|is)\s+due|what(?:\s+is|['’]s|\s+are)\s+due)\b",
    re.IGNORECASE,
)
_TOPIC = r"(?:topics?|areas?|subjects?|fields?|spots?|points?)"
_WEAK = re.compile(
    rf"\bmy\s+(?:weak(?:est)?|worst)\s+{_TOPIC}\b|\bam\s+i\s+(?:the\s+)?(?:worst|weak(?:est)?|bad)\b",
    re.IGNORECASE,
)
_STRONG = re.compile(
    rf"\bmy\s+(?:strong(?:est)?|best)\s+{_TOPIC}\b|\bam\s+i\s+(?:the\s+)?(?:best|strong(?:est)?|good)\b",
    re.IGNORECASE,
)


def wish(text: str) -> Wish:
    """Which figure the words ask for; empty if none."""
    if _COUNT.search(text):
        return "count"
    if _DUE.search(text):
        return "due"
    if _WEAK.search(text):
        return "weakest"
    return "strongest" if _STRONG.search(text) else ""


def figures(text: str, events: Iterable[Event], due: Callable[[], int], now: int) -> str:
    """The figure that `text` asks for in words, from `events` in order; empty if it asks for none."""
    match wish(text):
        case "count":
            return _counted(text, overruled(events), now)
        case "due":
            many = due()
            return f"{counted(many, 'question')} {'is' if many == 1 else 'are'} due today."
        case "weakest":
            return _topic("weakest", overruled(events))
        case "strongest":
            return _topic("strongest", overruled(events))
    return ""


def _counted(text: str, events: Sequence[Event], now: int) -> str:
    spans = when(text, now).spans
    label = next((d for d in ("today", "yesterday") if d in text.casefold()), "")
    label = label.capitalize() or ("In that time" if spans else "So far")
    mine = [e for e in events if not spans or any(a <= e.at < b for a, b in spans)]
    answered = {(e.session, e.question) for e in mine if e.kind == "answered"}
    if not answered:
        return f"{label} you have answered no question."
    closed = [e for e in mine if e.kind == "closed" and e.payload.get("outcomes")]
    rows = [row for e in closed for row in e.payload["outcomes"]]
    made = sum(said(row["coverage"], row["aid"]) for row in rows)
    minutes = sum(float(e.payload.get("minutes") or 0.0) for e in closed)
    points = f", and said {made} of {counted(len(rows), 'point')}" if rows else ""
    time = f" in {counted(max(1, round(minutes)), 'minute')}" if rows else ""
    return f"{label} you answered {counted(len(answered), 'question')}{points}{time}."


def _topic(which: Literal["weakest", "strongest"], events: Iterable[Event]) -> str:
    """The topic of which least or most was said when its questions were last asked."""
    last = {e.question: e for e in events if e.kind == "closed" and e.payload.get("outcomes")}
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for event in last.values():
        count = counts[str(event.payload.get("topic") or event.topic)]
        count[0] += sum(said(row["coverage"], row["aid"]) for row in event.payload["outcomes"])
        count[1] += len(event.payload["outcomes"])
    known = {topic: row for topic, row in counts.items() if topic and row[1] >= ENOUGH}
    if not known:
        return f"There is no {which} topic yet: too little has been asked."
    sign = 1 if which == "weakest" else -1
    order = sorted(known, key=lambda t: (sign * known[t][0] / known[t][1], -known[t][1], t))
    told = [f"{topic} ({known[topic][0]} of {known[topic][1]} points said)" for topic in order[:2]]
    then = f" Then comes {told[1]}." if told[1:] else ""
    return f"Your {which} topic so far is {told[0]}.{then}"
