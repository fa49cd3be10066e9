"""A long memory beside a short one: `python -m bench.opening`.

Opens a memory of one week and one of five years (200,000 events), folds what is new, and plans the
next question, in turn, several times; prints the medians and their ratio. Both were closed cleanly,
as at the end of a session, and their indexes had caught up.
"""

from __future__ import annotations

import argparse
import contextlib
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from corpus.library import Library
from corpus.model import Question
from memory.events import Event, event_id
from memory.home import learner_folder
from memory.items import PlanItem, items_from
from memory.planner import PlanContext, choose
from memory.store import Memory

DAY = 86_400_000
START = 1_600_000_000_000
A_DAY = 110
"""Events of one day: a session of thirteen questions."""


def history(questions: list[Question], days: int, seed: int = 3) -> Iterator[Event]:
    """About `A_DAY` events a day: asked, answered, judged, hinted, explained, closed."""
    chance = random.Random(seed)
    for day in range(days):
        moves = [("session_started", None, "", {"mode": "study"})]
        for question in chance.sample(questions, 13):
            moves += [(*move[:1], question, *move[1:]) for move in _moves(question, chance)]
        for place, (kind, question, text, payload) in enumerate(moves):
            at = START + day * DAY + place * 30_000
            yield Event(
                event_id(at, f"{place:05d}"),
                kind,  # type: ignore[arg-type]
                at,
                f"s{day:05d}",
                text,
                "learner" if kind == "answered" else "tutor",
                question.id if question else "",
                question.topic if question else "",
                payload,
            )


def _moves(question: Question, chance: random.Random) -> list[tuple[str, str, dict[str, Any]]]:
    outcomes = [
        {"expectation": e.id, "coverage": round(chance.random(), 2), "aid": "none", "sure": 1.0}
        for e in question.expectations
    ]
    return [
        ("asked", question.ask, {}),
        ("answered", f"{question.answer[:160]} in short", {"turn": 1}),
        ("judged", "", {"verdict": "partial"}),
        ("hinted", "think of the cost", {}),
        ("answered", question.answer[:200], {"turn": 2}),
        ("judged", "", {"verdict": "partial"}),
        ("explained", question.answer[:300], {}),
        ("closed", "", {"outcomes": outcomes, "topic": question.topic}),
    ]


def fill(home: Path, questions: list[Question], days: int) -> int:
    """Make a memory whose indexes have caught up; returns the number of its events."""
    with Memory.open(home) as memory:
        memory._indexer.stop(0)
        memory.append_many(history(questions, days))
        memory._indexer.read_words()
        memory.knowledge()
        count = memory.journal.count()
    # Chroma is not opened here: what it would hold is only noted as held.
    folder = learner_folder(home, "default")
    for name, note in (("journal", "events SET sent"), ("lexical", "turns SET dense")):
        with contextlib.closing(sqlite3.connect(folder / f"{name}.sqlite3")) as db:
            db.execute(f"UPDATE {note} = 1")
            db.commit()
    return count


def open_and_plan(home: Path, items: list[PlanItem]) -> tuple[float, float, float]:
    """Seconds to open, to have the knowledge, and to plan."""
    begin = time.perf_counter()
    memory = Memory.open(home)
    opened = time.perf_counter()
    knowledge = memory.knowledge()
    known = time.perf_counter()
    choose(knowledge, items, PlanContext(at=memory.latest() + DAY))
    planned = time.perf_counter()
    memory.close()
    return opened - begin, known - opened, planned - known


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--days", type=int, nargs=2, default=[7, 1826])
    options.add_argument("--rounds", type=int, default=9)
    given = options.parse_args()
    totals = []
    with tempfile.TemporaryDirectory(prefix="viva-opening-") as folder:
        questions = [q for q in Library(Path(folder) / "none").questions() if q.expectations]
        items = items_from(questions)
        homes = [Path(folder) / f"{days}-days" for days in given.days]
        counts = [fill(home, questions, days) for home, days in zip(homes, given.days, strict=True)]
        times = [[open_and_plan(home, items) for home in homes] for _ in range(given.rounds)]
    for place, (days, count) in enumerate(zip(given.days, counts, strict=True)):
        parts = [statistics.median(row[place][n] for row in times) * 1000 for n in range(3)]
        totals.append(statistics.median(sum(row[place]) for row in times))
        print(
            f"{days} days, {count:,} events: open {parts[0]:.1f}, knowledge {parts[1]:.1f}, "
            f"plan {parts[2]:.1f} ms; together {totals[-1] * 1000:.1f} ms"
        )
    print(f"ratio {totals[1] / totals[0]:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
