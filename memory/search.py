"""Searching the corpus: words and meaning, each scaled to 0..1 per query, weighted and added.

Better than either half and than reciprocal rank fusion on the Cranfield collection
(`bench/search.py`): how far apart two passages are tells more than their places.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from corpus.passages import Passage
from memory.index import Index
from memory.passages import PassageIndex
from memory.records import printable

DEPTH = 100
MEANING = 0.55
"""Weight of meaning; words have the rest."""
LEAST = 0.25
"""Similarity below which a passage without any of the words is no answer."""


@dataclass(frozen=True, slots=True)
class Found:
    """A passage that answers a search, and its score, 0..1 within one search."""

    passage: Passage
    score: float

    @property
    def id(self) -> str:
        return self.passage.id

    @property
    def text(self) -> str:
        return self.passage.text

    @property
    def source(self) -> str:
        return self.passage.source

    @property
    def where(self) -> str:
        return self.passage.where


def search(passages: PassageIndex, index: Index | None, query: str, k: int) -> list[Found]:
    """The `k` passages that best answer `query`, those that hold it word for word before all others; by
    words alone if `index` is None."""
    words = dict(passages.ranked(query, DEPTH))
    meaning = _similar(passages, index, query, list(words)) if index is not None else {}
    near = [number for number in meaning if number in words or meaning[number] >= LEAST]
    scores = fused(words, meaning)
    exact = passages.holding(query, DEPTH)
    found = {*words, *near}
    best = sorted(found, key=lambda number: (number not in exact, -scores[number], number))[:k]
    found = passages.get(best)
    return [Found(found[number], scores[number]) for number in best if number in found]


def fused(words: dict[int, float], meaning: dict[int, float]) -> dict[int, float]:
    """The weighted sum of both scores, each scaled to 0..1. What lacks one counts 0 there."""
    if not meaning:
        return _scaled(words, from_zero=True)
    one, other = _scaled(words, from_zero=True), _scaled(meaning, from_zero=False)
    return {
        number: (1 - MEANING) * one.get(number, 0.0) + MEANING * other.get(number, 0.0)
        for number in {*one, *other}
    }


def _scaled(scores: dict[int, float], from_zero: bool) -> dict[int, float]:
    if not scores:
        return {}
    low = 0.0 if from_zero else min(scores.values())
    span = max(scores.values()) - low
    return {number: (score - low) / span if span > 0 else 1.0 for number, score in scores.items()}


def _similar(passages: PassageIndex, index: Index, query: str, also: list[int]) -> dict[int, float]:
    """Similarity of the nearest passages, and of those in `also`, by number."""
    vector = index.embedder.embed([printable(query)])[0]
    near = dict(index.nearest("passages", vector, DEPTH))
    rest = [passage.id for passage in passages.get(also).values() if passage.id not in near]
    for name, row in index.vectors("passages", rest).items():
        near[name] = float(np.dot(row, vector))
    numbers = passages.numbers(list(near))
    return {numbers[name]: score for name, score in near.items() if name in numbers}
