"""A made-up learner: sessions of questions, answers, slips and free talk over two years, and questions
about them whose answer is known. Deterministic."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from memory.events import Event, event_id

START = datetime(2024, 1, 8, 18, tzinfo=UTC)
DAY = timedelta(days=1)

_LINES = (Path(__file__).parent / "topics.tsv").read_text("utf-8").splitlines()
TOPICS: dict[str, list[str]] = {line.split("\t")[0]: line.split("\t")[1:] for line in _LINES}
"""Topic: how the tutor asks, what the learner says, another way to ask for it later."""
SLIPS = [
    "I said {topic} doubles the learning rate", "I mixed up {topic} with batch norm",
    "I claimed {topic} needs labelled data", "I thought {topic} happens only in training",
]  # fmt: skip
FRIENDS = ["Noor", "Tomas", "Ingrid", "Kwame", "Yuki", "Pablo"]
PLACES = [
    "Lisbon",
    "Tartu",
    "Oaxaca",
    "Hobart",
    "Kigali",
    "Bergen",
    "Cusco",
    "Aarhus",
    "Tbilisi",
    "Nagoya",
]
HOBBIES = ["climbing", "baking sourdough", "repairing bicycles", "watching birds", "playing the oud",
           "growing chillies", "rowing", "folding paper", "keeping bees", "restoring radios"]  # fmt: skip
COLOURS = ["blue", "old", "tiny", "loud"]
THINGS = ["ferry", "attic", "market", "lantern"]
FIRMS = [
    "Nordlys",
    "Palmetto",
    "Quorum",
    "Halyard",
    "Brightwell",
    "Ostrava Labs",
    "Meridian",
    "Kestrel",
]
FILLER = [
    "let us go on", "I need a moment", "that was clear, thanks", "can you repeat the last part",
    "I am tired today", "one more and then a break", "good, that helps", "hm, I am not sure",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Query:
    """A question about the past, asked at `at` (ms), and the ids of the events that answer it."""

    text: str
    at: int
    answers: frozenset[str]
    kind: str


class _Writer:
    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.events: list[Event] = []
        self.now = START
        self.session = ""

    def say(self, kind: str, speaker: str, text: str, topic: str = "") -> Event:
        self.now += timedelta(seconds=self.random.randint(20, 90))
        at = int(self.now.timestamp() * 1000)
        name = event_id(at, f"{len(self.events):06d}")
        event = Event(name, kind, at, self.session, text, speaker, topic=topic)  # type: ignore[arg-type]
        self.events.append(event)
        return event


def learner(count: int = 2000, seed: int = 7) -> tuple[list[Event], list[Query]]:
    """About `count` events, and the questions about them."""
    writer, queries = _Writer(seed), list[Query]()
    topics = list(TOPICS)
    number = 0
    while len(writer.events) < count:
        writer.session = f"session-{number:05d}"
        writer.now = START + number * DAY
        number += 1
        for topic in writer.random.sample(topics, 2):
            queries += _question(writer, topic, number)
        queries += _talk(writer, number)
    end = int((writer.now + 30 * DAY).timestamp() * 1000)
    kept = [Query(q.text, q.at or end, q.answers, q.kind) for q in queries]
    writer.random.shuffle(kept)
    return writer.events, kept


def _question(writer: _Writer, topic: str, number: int) -> Iterator[Query]:
    ask, said, other = TOPICS[topic]
    random = writer.random
    firm, share = random.choice(FIRMS), random.randint(11, 97)
    writer.say("asked", "tutor", ask, topic)
    answer = writer.say(
        "answered",
        "learner",
        f"{said}; at {firm} that made up {share} percent in run {number}",
        topic,
    )
    writer.say("answered", "learner", random.choice(FILLER), topic)
    yield Query(
        f"{other}: what did I report about {firm} in run {number}?",
        0,
        frozenset({answer.id}),
        "fact",
    )
    month = f"{writer.now:%B %Y}"
    if random.random() < 0.3:
        slip = random.choice(SLIPS).format(topic=topic)
        opened = writer.say("misconception_opened", "learner", slip, topic)
        same = [e.id for e in writer.events if e.text == slip and f"{_when(e):%B %Y}" == month]
        yield Query(
            f"What did I get wrong about {topic} in {month}?",
            0,
            frozenset({*same, opened.id}),
            "time",
        )


def _when(event: Event) -> datetime:
    return datetime.fromtimestamp(event.at / 1000, UTC)


def _talk(writer: _Writer, number: int) -> Iterator[Query]:
    random = writer.random
    friend, place, hobby = random.choice(FRIENDS), random.choice(PLACES), random.choice(HOBBIES)
    colour, thing = random.choice(COLOURS), random.choice(THINGS)
    detail = f"{colour} {thing}"
    writer.say("conversation", "learner", f"{friend}, how was the trip number {number}?")
    went = writer.say("conversation", friend, f"{place} was lovely, we stayed near the {detail}")
    writer.say("conversation", "learner", random.choice(FILLER))
    fun = writer.say(
        "conversation", friend, f"and I have taken up {hobby} since, every {writer.now:%A}"
    )
    yield Query(
        f"Where did {friend} go on trip number {number}?", 0, frozenset({went.id}), "neighbour"
    )
    yield Query(
        f"Which pastime did {friend} start after travelling to {place} and the {detail}?",
        0, frozenset({fun.id, went.id}), "context",
    )  # fmt: skip
