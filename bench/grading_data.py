"""Graded answers for training and measuring: the public sets by path, the decks' own from tests/.

The public sets (see agents/grading/MODEL_CARD.md for names and licences) are not part of this
repository; where their folder is absent the loaders return nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from agents.judgement import Error, Point, Task
from corpus.deck import read_deck
from corpus.model import Question

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared" / "grading"
LABELS = ("correct", "contradictory", "incorrect")


@dataclass(frozen=True)
class Graded:
    """An answer to a question with references. `label` is one of `LABELS` or empty."""

    corpus: str
    qid: str
    domain: str
    task: Task
    score: float
    label: str


@dataclass(frozen=True)
class Pointed:
    """An answer judged point by point: `verdicts` by point id."""

    corpus: str
    qid: str
    kind: str
    split: str
    task: Task
    verdicts: dict[str, str]
    misconceptions: frozenset[str] = field(default=frozenset())


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    if path.is_file():
        with path.open(encoding="utf-8") as file:
            for line in file:
                yield json.loads(line)


def answers(folder: Path = DATA) -> list[Graded]:
    """SemEval-2013 Task 7 (two corpora) and Short Answer Feedback."""
    found = []
    for corpus in ("sra_beetle", "sra_scientsbank", "saf"):
        for row in _lines(folder / f"{corpus}.jsonl"):
            references = tuple(one["text"] for one in row["references"])
            task = Task(row["question"], (row["answer"],), references=references, id=row["id"])
            found.append(
                Graded(
                    corpus,
                    f"{corpus}/{row['qid']}",
                    f"{corpus}/{row['domain']}",
                    task,
                    float(row["score"]),
                    row.get("label3", ""),
                )
            )
    return found


def content_units(folder: Path = DATA) -> list[Pointed]:
    """Summaries with the content units people found in them (no question)."""
    found = []
    for row in _lines(folder / "content_units.jsonl"):
        points = tuple(Point(f"u{n}", one["text"]) for n, one in enumerate(row["expectations"]))
        verdicts = {
            f"u{n}": "covered" if one["covered"] else "missing"
            for n, one in enumerate(row["expectations"])
        }
        task = Task("", (row["answer"],), points, id=str(row["id"]))
        found.append(Pointed("units", f"units/{row['qid']}", "text", "", task, verdicts))
    return found


def bundled() -> dict[str, Question]:
    """The questions of the bundled decks by id."""
    found: dict[str, Question] = {}
    for folder in sorted((ROOT / "corpus" / "decks").iterdir()):
        if (folder / "deck.yaml").is_file():
            found |= {one.id: one for one in read_deck(folder).questions}
    return found


def deck_task(question: Question, answer: str, id: str = "") -> Task:
    """The task a session would hand the grader for one turn."""
    points = tuple(Point.of(e) for e in question.expectations)
    errors = tuple(Error.of(m) for m in question.misconceptions)
    return Task(question.ask, (answer,), points, errors=errors, id=id)


def model_answers() -> list[Pointed]:
    """The decks' model answers, as answers that make every point."""
    return [
        Pointed(
            "decks",
            one.id,
            "model",
            "train",
            deck_task(one, one.answer, f"{one.id}:model"),
            {e.id: "covered" for e in one.expectations},
        )
        for one in bundled().values()
    ]


def deck_answers() -> list[Pointed]:
    """The decks' own graded answers, training and test half."""
    questions = bundled()
    found = []
    for file in sorted((ROOT / "tests" / "answers").rglob("*.jsonl")):
        for row in _lines(file):
            question = questions.get(row["question"])
            if question is None:
                continue
            found.append(
                Pointed(
                    "decks",
                    row["question"],
                    row["kind"],
                    row["split"],
                    deck_task(question, row["answer"], f"{row['question']}:{row['kind']}"),
                    row["verdicts"],
                    frozenset(row.get("misconceptions", ())),
                )
            )
    return found
