"""Conversations written by hand (`talks/*.txt`), and questions about them whose evidence is known.

`plain` questions share words with their evidence as they do where people ask about what they have
read; `queries` avoid them, which is harder than any public set. Kinds: `fact`, `when`, `many`
(evidence in several sessions), `time` (the question names a time), `swap` (asked about the wrong
person, as tests of memory like to do), `none` (never said).
`padded` lays sessions of small talk between, which touch the same subjects and answer nothing, so that
a conversation is as long as those of the public sets (400 to 600 turns).
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench.remembering.learner import Query
from memory.events import Event, event_id

FOLDER = Path(__file__).parent / "talks"
SUBJECTS = {
    "friends": "the pottery class|the kiln|the running|your knees|the workshop|the twins|your back|"
    "the band|the dog|the cat|the allotment|the beans|the children's ward|your father|your sister|"
    "the wedding|the chairs|the apprentice|the night shifts|the holidays",
    "neighbours": "the team|the game|the birds|the owl|the carving|the swimming|the classes|your dad|"
    "the gumbo|the boys|the flight cage|the fundraiser|the recordings|the students|the school|"
    "the volunteers|the trip|the glasses|the garden|dinner",
}
SMALL_TALK = (
    "Hey {you}, how are things with {a}?|{you}! I was just thinking about you and {a}.|"
    "Not much to tell about {a} this week, but thank you for asking.",
    "Oh, {a} keeps me busy, you know how it is. And how is {b} going?|Same as ever, {a} first and "
    "then {b}. What about you, {you}?|I talked about {a} and {b} all evening, and then I slept.",
    "That sounds great, {you}!|Wow, {you}, that's amazing!|I can imagine that. It is the same here "
    "with {b}.|So true. I wouldn't want to be without {a}.",
    "Do you ever get tired of {b}?|Tell me more about {b} when there is time.|We should talk about "
    "{a} properly one day, {you}.|What do the others say about {b}?",
    "Never! {b} is what gets me out of bed.|Some days, yes, and then {a} makes up for it.|Everyone "
    "has an opinion on {a}, and nobody wants to help.|I will write to you about {b} next week.",
    "Thanks, {you}, that means a lot to me.|You always know what to say, {you}.|Ha, very funny.|"
    "[shares a photo of {a}]|Good night, {you}. Say hello to everybody!",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation and the questions about it. What was never said has no answers."""

    name: str
    events: list[Event]
    queries: list[Query]
    plain: list[Query]


def talks(padded: bool = True) -> list[Talk]:
    """All conversations, in the order of their names."""
    return [_read(path, padded) for path in sorted(FOLDER.glob("*.txt"))]


def _read(path: Path, padded: bool) -> Talk:
    names = dict[str, str]()
    events, tags = list[Event](), dict[str, str]()
    queries, plain = list[Query](), list[Query]()
    asked = queries
    session, at = "", 0
    for line in path.read_text("utf-8").splitlines():
        if found := re.match(r"# (\w) = (\w+)$", line):
            names[found[1]] = found[2]
        elif found := re.match(r"== (.+)$", line):
            session = found[1]
            at = _ms(datetime.strptime(session, "%Y-%m-%d %H:%M"))
        elif line.startswith("# Plain questions"):
            asked = plain
        elif found := re.match(r"(\w): (.*?)(?: \{([\w-]+)\})?$", line):
            at += 60_000
            name = event_id(at, f"{len(events):04d}")
            events.append(Event(name, "conversation", at, session, found[2], names[found[1]]))
            if found[3]:
                tags[found[3]] = name
        elif found := re.match(r"(fact|when|many|time|swap|none) \| (.+) \|(.*)$", line):
            answers = frozenset(tags[tag] for tag in found[3].split())
            asked.append(Query(found[2], at + 7 * 86_400_000, answers, found[1]))
    if padded and path.stem in SUBJECTS:
        events += _small_talk(path.stem, events)
        events.sort(key=lambda event: event.id)
    return Talk(path.stem, events, queries, plain)


def _ms(moment: datetime) -> int:
    return int(moment.replace(tzinfo=UTC).timestamp() * 1000)


def _small_talk(name: str, events: list[Event]) -> Iterator[Event]:
    """A session of small talk five days after each one that was written."""
    chance = random.Random(name)
    subjects = SUBJECTS[name].split("|")
    speakers = sorted({event.speaker for event in events})
    for session in dict.fromkeys(event.session for event in events):
        last = max(event.at for event in events if event.session == session)
        for turn in range(16):
            at = last + 5 * 86_400_000 + turn * 60_000
            one, other = chance.sample(subjects, 2)
            words = chance.choice(SMALL_TALK[turn % len(SMALL_TALK)].split("|"))
            text = words.format(you=speakers[(turn + 1) % 2], a=one, b=other)
            yield Event(event_id(at, f"p{turn:03d}"), "conversation", at, f"{session} small talk",
                        text[0].upper() + text[1:], speakers[turn % 2])  # fmt: skip
