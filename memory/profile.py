"""What the agents are told about the learner: a few claims, each with the events it rests on.

Made anew from events and knowledge whenever it is asked for; nothing here is stored. The learner can
rewrite or remove a claim (a `profile_edited` event with its id), or add one of their own.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from corpus.counting import counted
from memory.events import Event
from memory.overruled import overruled

WORDS = 300
"""The longest profile."""
STRONG, WEAK = 0.8, 0.5
"""Share of a topic's points said without help from which it is strong, and up to which it is weak."""
SAID, UNAIDED = 0.8, ("none", "pump")
ENOUGH = 3
"""Points asked in a topic before anything is said about it."""
NEWEST = 3
"""Events shown behind a claim about a topic."""
KINDS = frozenset(
    {
        "misconception_opened",
        "misconception_closed",
        "feedback",
        "goal_set",
        "profile_edited",
        "closed",
        "overridden",
    }
)
ClaimKind = Literal["misconception", "strength", "weakness", "preference", "goal", "fact"]
_ORDER: tuple[ClaimKind, ...] = (
    "goal", "fact", "misconception", "preference", "weakness", "strength",
)  # fmt: skip
_WISH = re.compile(
    r"\b(short|long|brief|concise|detail|example|simple|slow|fast|hint|hard|eas|prefer|like|want|"
    r"please|more|less|fewer|don'?t|stop|always|never|too)",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Claim:
    """Something believed about the learner. `sure` is 0..1, `seen` counts the events behind it,
    `last` is when (ms), `closed` says that it is no longer so."""

    id: str
    kind: ClaimKind
    text: str
    sure: float
    seen: int
    last: int
    events: tuple[str, ...] = ()
    closed: bool = False


def claims(events: Iterable[Event]) -> list[Claim]:
    """All claims, the most useful first. `events`, in order, need only be those of `KINDS`."""
    by_kind: dict[str, list[Event]] = {}
    for event in overruled(events):
        by_kind.setdefault(event.kind, []).append(event)
    edits = by_kind.get("profile_edited", [])
    made = [
        *_goal(by_kind.get("goal_set", [])),
        *_misconceptions(
            by_kind.get("misconception_opened", []), by_kind.get("misconception_closed", [])
        ),
        *_preferences(by_kind.get("feedback", [])),
        *_topics(by_kind.get("closed", [])),
    ]
    told = _edited(made, edits)
    return sorted(told, key=lambda c: (c.closed, _ORDER.index(c.kind), -c.sure, -c.last, c.id))


def profile(found: Sequence[Claim], words: int = WORDS) -> str:
    """The claims as lines of text, at most `words` words in all, event ids in brackets."""
    lines, left = list[str](), words
    for claim in found:
        past = " (no longer so)" if claim.closed else ""
        line = f"{claim.kind}: {' '.join(claim.text.split())}{past} [{', '.join(claim.events)}]"
        count = len(line.split())
        if count <= left:
            lines.append(line)
            left -= count
    return "\n".join(lines)


def _goal(events: Sequence[Event]) -> list[Claim]:
    if not events or not events[-1].payload.get("date"):
        return []
    last = events[-1]
    minutes = last.payload.get("minutes")
    daily = f", {minutes:g} minutes a day" if isinstance(minutes, int | float) and minutes else ""
    text = f"interview on {last.payload['date']}{daily}"
    return [Claim("goal", "goal", text, 1.0, len(events), last.at, (last.id,))]


def _misconceptions(opened: Sequence[Event], closed: Sequence[Event]) -> list[Claim]:
    def key(event: Event) -> tuple[str, str]:
        return event.question, str(event.payload.get("misconception") or event.text)

    ended = {key(event): event for event in closed}
    grouped: dict[tuple[str, str], list[Event]] = {}
    for event in opened:
        grouped.setdefault(key(event), []).append(event)
    made = []
    for (question, name), some in grouped.items():
        end = ended.get((question, name))
        over = end is not None and end.at >= some[-1].at
        said = some[-1].text.strip() or name
        correction = str(some[-1].payload.get("correction") or "")
        text = f"said “{said}”" + (f"; in truth: {correction}" if correction else "")
        behind = (*[e.id for e in some[-NEWEST:]], *([end.id] if over and end else []))
        made.append(
            Claim(
                id=_id("misconception", question, name),
                kind="misconception",
                text=text,
                sure=min(0.6 + 0.15 * len(some), 0.95),
                seen=len(some),
                last=end.at if over and end else some[-1].at,
                events=behind,
                closed=over,
            )
        )
    return made


def _preferences(feedback: Sequence[Event]) -> list[Claim]:
    """Wishes in the learner's own words; the same wish twice is one claim."""
    grouped: dict[str, list[Event]] = {}
    for event in feedback:
        words = " ".join(event.text.split())
        if words and _WISH.search(words) and len(words) <= 200:
            grouped.setdefault(words.lower(), []).append(event)
    return [
        Claim(
            id=_id("preference", key),
            kind="preference",
            text=" ".join(some[-1].text.split()),
            sure=min(0.5 + 0.2 * len(some), 0.95),
            seen=len(some),
            last=some[-1].at,
            events=tuple(e.id for e in some[-NEWEST:]),
        )
        for key, some in grouped.items()
    ]


def _topics(closed: Sequence[Event]) -> list[Claim]:
    """Topics by what was said without help when each question was last asked: what was only told
    makes nobody strong."""
    last = {event.question: event for event in closed if event.payload.get("outcomes")}
    behind: dict[str, list[Event]] = {}
    for event in last.values():
        topic = str(event.payload.get("topic") or event.topic)
        if topic:
            behind.setdefault(topic, []).append(event)
    made = []
    for topic, events in behind.items():
        outcomes = [outcome for event in events for outcome in event.payload["outcomes"]]
        said = sum(o["coverage"] >= SAID and o["aid"] in UNAIDED for o in outcomes)
        if len(outcomes) < ENOUGH or WEAK < said / len(outcomes) < STRONG:
            continue
        kind: ClaimKind = "strength" if said >= STRONG * len(outcomes) else "weakness"
        made.append(
            Claim(
                id=_id("topic", topic),
                kind=kind,
                text=f"{topic}: {said} of {counted(len(outcomes), 'point')} said without help, last time",
                sure=len(outcomes) / (len(outcomes) + 5),
                seen=len(events),
                last=events[-1].at,
                events=tuple(e.id for e in events[-NEWEST:]),
            )
        )
    return made


def _edited(made: Sequence[Claim], edits: Sequence[Event]) -> list[Claim]:
    """The claims with the learner's corrections in them. A correction of a claim that is not made
    any more stands as a fact of its own, as does one that names no claim."""
    found = {claim.id: claim for claim in made}
    for edit in edits:
        name = str(edit.payload.get("claim") or f"own-{edit.id}")
        if not edit.text.strip():
            found.pop(name, None)
        elif name in found:
            old = found[name]
            found[name] = replace(
                old, text=edit.text, sure=1.0, last=edit.at, events=(*old.events, edit.id)
            )
        else:
            found[name] = Claim(name, "fact", edit.text, 1.0, 1, edit.at, (edit.id,))
    return list(found.values())


def _id(*parts: str) -> str:
    mark = hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()[:10]
    return f"{parts[0]}-{mark}"
