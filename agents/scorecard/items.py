"""The graded answers of the scorecard, as tasks for a judge."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from agents.judgement import Error, Point, Task
from corpus.model import Question

FILE = Path(__file__).with_name("items.jsonl")
EMPTY_KINDS = frozenset({"vague", "parroted", "hostile", "off-topic"})
"""Kinds of answers in which a judge should find next to nothing."""


@dataclass(frozen=True, slots=True)
class Item:
    """An answer with the verdicts people gave, by expectation."""

    id: str
    kind: str
    task: Task
    verdicts: dict[str, str]


def load_items(find: Callable[[str], Question | None]) -> list[Item]:
    """The items whose questions (looked up with `find`) still have the expectations they were graded
    on."""
    items = []
    for number, line in enumerate(FILE.read_text(encoding="utf-8").splitlines(), 1):
        row = json.loads(line)
        question = find(row["question"])
        if question is None or set(row["verdicts"]) != {e.id for e in question.expectations}:
            continue
        items.append(Item(f"s{number}", row["kind"], _task(question, row), row["verdicts"]))
    return items


def _task(question: Question, row: dict[str, str]) -> Task:
    return Task(
        question=question.ask,
        turns=(row["answer"],),
        points=tuple(Point.of(e) for e in question.expectations),
        errors=tuple(Error.of(m) for m in question.misconceptions),
        id=row["question"],
    )
