"""Training rows of the grader, computed with the grader's own code and kept in a work folder."""

from __future__ import annotations

import math
import pickle
import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import numpy as np

from agents.grading.case import look, read_cases
from agents.grading.lexicon import OPPOSITE_WORDS, stem
from agents.grading.network import Pair
from agents.grading.reader import Reader
from agents.grading.text import split_words
from agents.grading.whole import answer_vector, measure_whole, question_key
from agents.judgement import Error, Point, Task
from bench.grading_data import Graded, Pointed
from corpus.model import Question
from memory.embedder import Embedder
from memory.vectors import TokenVectors

Made = TypeVar("Made")


def kept(file: Path, make: Callable[[], Made]) -> Made:
    """A result from the work folder, made and stored if absent. Delete the file to make it anew."""
    if file.is_file():
        return pickle.loads(file.read_bytes())
    made = make()
    file.write_bytes(pickle.dumps(made))
    return made


class Stored:
    """An embedder that keeps every text's token vectors (half precision) for the next run."""

    def __init__(self, inner: Embedder, file: Path) -> None:
        self.name, self.dimension = inner.name, inner.dimension
        self._inner, self._file = inner, file
        self._texts: dict[str, TokenVectors] = (
            pickle.loads(file.read_bytes()) if file.is_file() else {}
        )

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        return self._inner.embed(texts)

    def tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        new = [text for text in dict.fromkeys(texts) if text not in self._texts]
        for text, one in zip(new, self._inner.tokens(new) if new else (), strict=True):
            self._texts[text] = replace(one, vectors=one.vectors.astype(np.float16))
        return [
            replace(one, vectors=one.vectors.astype(np.float32))
            for one in (self._texts[text] for text in texts)
        ]

    def save(self) -> None:
        self._file.write_bytes(pickle.dumps(self._texts))


def rarity(texts: Iterable[str]) -> tuple[dict[str, float], float]:
    """Inverse document frequencies of stems seen at least twice, and that of an unseen stem."""
    count: Counter[str] = Counter()
    distinct = dict.fromkeys(texts)
    for text in distinct:
        count.update({stem(word) for word in split_words(text)[0]})
    n = len(distinct)
    return (
        {one: math.log((n + 1) / (k + 0.5)) for one, k in count.items() if k > 1},
        math.log(n + 1),
    )


@dataclass(frozen=True)
class WholeRow:
    """A graded answer measured: what the whole-answer heads and the memory look at."""

    row: np.ndarray
    best: np.ndarray
    pair: Pair
    vector: np.ndarray
    key: int


def whole_rows(reader: Reader, data: Sequence[Graded]) -> list[WholeRow | None]:
    """A row per answer, None where there is nothing to measure."""
    made: list[WholeRow | None] = []
    for one in data:
        task = one.task
        reader.prepare([task.question, *task.turns, *task.references])
        question, answer = reader.text(task.question), reader.text(task.turns[0])
        found = measure_whole(question, [reader.text(text) for text in task.references], answer)
        if found is None:
            made.append(None)
            continue
        made.append(
            WholeRow(
                found.row,
                found.best,
                _half(found.pair),
                answer_vector(answer),
                question_key(task.question),
            )
        )
    return made


def _half(pair: Pair) -> Pair:
    return Pair(
        pair.reference.astype(np.float16),
        pair.reference_signals.astype(np.float16),
        pair.answer.astype(np.float16),
        pair.answer_signals.astype(np.float16),
    )


@dataclass(frozen=True)
class PointRows:
    """An answer's findings: features and verdict per point, features and hit per misconception."""

    of: Pointed
    refused: bool
    rows: np.ndarray
    verdicts: tuple[str, ...]
    error_rows: np.ndarray
    hits: tuple[bool, ...]


def point_rows(reader: Reader, data: Sequence[Pointed]) -> list[PointRows]:
    """Findings of each answer that the guards let through."""
    made = []
    for start in range(0, len(data), 64):
        batch = data[start : start + 64]
        for one, case in zip(batch, read_cases(reader, [x.task for x in batch]), strict=True):
            if case.refused:
                continue
            found = look(reader, case)[-1]
            made.append(
                PointRows(
                    one,
                    bool(case.refused),
                    found.rows,
                    tuple(one.verdicts.get(p.id, "missing") for p in case.points),
                    found.error_rows,
                    tuple(error.id in one.misconceptions for error in one.task.errors),
                )
            )
    return made


_AUXILIARY = re.compile(
    r"\b(is|are|was|were|can|will|does|do|has|have|should|must|would|could)\b", re.IGNORECASE
)
_NEGATED = re.compile(_AUXILIARY.pattern + r"\s*(?:not\b|n't\b)", re.IGNORECASE)


def opposite_text(text: str, rng: random.Random) -> str:
    """The text with one word turned into its opposite or a negation added or dropped, else empty."""
    made = []
    for match in re.finditer(r"[A-Za-z]+", text):
        for other in OPPOSITE_WORDS.get(match.group().lower(), ()):
            made.append(text[: match.start()] + other + text[match.end() :])
    if _NEGATED.search(text):
        made.append(_NEGATED.sub(r"\1", text, count=1))
    else:
        made += [text[: m.end()] + " not" + text[m.end() :] for m in _AUXILIARY.finditer(text)]
    return rng.choice(made) if made else ""


def made_up(questions: Iterable[Question], seed: int = 0) -> list[Pointed]:
    """Answers made from the decks' own wordings: one point said, its opposite, a misconception.

    Each is judged on the points it is about only; a wording is withheld from its own point, so that
    the answer is never the text it is compared with.
    """
    rng = random.Random(seed)
    made = []
    for question in questions:
        points = {e.id: (e.text, *e.wordings) for e in question.expectations}
        errors = tuple(Error(m.id, m.text, tuple(m.wordings)) for m in question.misconceptions)
        for id, texts in points.items():
            for place, text in enumerate(texts):
                rest = tuple(other for other in texts if other != text)
                if not rest:
                    continue
                point = Point(id, rest[0], wordings=rest[1:])
                another = rng.choice([p for p in points if p != id] or [id])
                told = [(text, "covered"), (opposite_text(text, rng), "contradicted")]
                told.append((rng.choice(points[another]), "missing"))
                for answer, verdict in told:
                    if answer and not (verdict == "missing" and another == id):
                        task = Task(question.ask, (answer,), (point,), errors=errors)
                        kind = f"made-{verdict}-{place}"
                        made.append(
                            Pointed("made", question.id, kind, "train", task, {id: verdict})
                        )
    return made
