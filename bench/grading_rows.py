"""Training rows of the grader, computed with the grader's own code and kept in a work folder."""

from __future__ import annotations

import math
import pickle
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import numpy as np

from agents.grading.case import Found, look, read_cases
from agents.grading.lexicon import stem
from agents.grading.network import Pair, pair
from agents.grading.reader import Reader
from agents.grading.text import split_words
from agents.grading.together import Shared
from agents.grading.whole import answer_vector, measure_whole, text_key
from bench.grading_data import Graded, Pointed
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
                text_key(task.question),
            )
        )
    return made


def _half(full: Pair) -> Pair:
    return Pair(
        full.reference.astype(np.float16),
        full.reference_signals.astype(np.float16),
        full.answer.astype(np.float16),
        full.answer_signals.astype(np.float16),
    )


@dataclass(frozen=True)
class Examples:
    """What a network learns from: pairs, their features, the label (-1: only the score is known), the
    score, and the fold that each is held out in."""

    pairs: Sequence[Pair]
    features: np.ndarray
    y: np.ndarray
    score: np.ndarray
    folds: np.ndarray


@dataclass(frozen=True)
class PointRows:
    """An answer's findings: features, features of the denials, pair and verdict per point, features and
    hit per misconception, whose words are whose, and the vector of the words found for each point
    [points, dimension], zeros where there are none."""

    of: Pointed
    rows: np.ndarray
    denial_rows: np.ndarray
    pairs: tuple[Pair | None, ...]
    verdicts: tuple[str, ...]
    error_rows: np.ndarray
    hits: tuple[bool, ...]
    shared: Shared
    said: np.ndarray


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
                    found.rows,
                    found.denial_rows,
                    tuple(
                        one.sides and _half(pair(found.question, *one.sides))
                        for one in found.points
                    ),
                    tuple(one.verdicts.get(p.id, "missing") for p in case.points),
                    found.error_rows,
                    tuple(error.id in one.misconceptions for error in one.task.errors),
                    found.shared,
                    _said(found),
                )
            )
    return made


def _said(found: Found) -> np.ndarray:
    nothing = np.zeros_like(found.question.mean)
    return np.stack([one.sides[1].mean if one.sides else nothing for one in found.points])
