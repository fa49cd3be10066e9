"""A whole answer against its references: the features of the whole-answer head."""

from __future__ import annotations

import math
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np

from agents.grading.features import NAMES, QUESTION_DISCOUNT, Stack, measure
from agents.grading.network import Pair, pair
from agents.grading.text import Text, joined

_POOLED = (
    "cos", "cos_residual", "align_new", "align_rarity", "back_new", "new_rare_recall",
    "rare_recall", "fuzzy_new_recall", "hybrid_new", "clause_mean", "f1", "trigram_recall",
    "polarity_flips", "opposites", "align_soft_new",
)  # fmt: skip
WHOLE_NAMES: tuple[str, ...] = (
    *NAMES,
    *(f"max_{name}" for name in _POOLED),
    *(f"mean_{name}" for name in _POOLED),
    "lnreferences",
    "plain",
)
MOST_REFERENCES = 16
_AT = {name: index for index, name in enumerate(NAMES)}
_PICKED = [_AT[name] for name in _POOLED]
_SHORT = 0.075  # taken off per unit of log length by which an answer is shorter than the reference
HASHED = 512


@dataclass(frozen=True)
class Whole:
    """An answer measured against all its references: `row` in the order of `WHOLE_NAMES`, `best` the
    features against the best reference, `pair` the two best references and the answer."""

    row: np.ndarray
    best: np.ndarray
    pair: Pair


def measure_whole(question: Text, references: Sequence[Text], answer: Text) -> Whole | None:
    """None where either side has no words."""
    references = [one for one in references if len(one)][:MOST_REFERENCES]
    if not references or not len(answer):
        return None
    stack = Stack(question, references)
    aligned = stack.align(answer)
    rows = np.array(
        [
            measure(question, one, answer, stack.one(aligned, place))
            for place, one in enumerate(references)
        ],
        np.float32,
    )
    near = rows[:, _AT["cos"]] + rows[:, _AT["align_new"]] + 0.5 * rows[:, _AT["new_rare_recall"]]
    order = np.argsort(-near, kind="stable")
    best = rows[order[0]]
    pooled = rows[:, _PICKED]
    plain = max(
        _plain(question, one, answer, mine) for one, mine in zip(references, rows, strict=True)
    )
    row = np.concatenate(
        [best, pooled.max(axis=0), pooled.mean(axis=0), [math.log(len(references)), plain]]
    )
    nearest = joined([references[i] for i in order[:2]])
    return Whole(row.astype(np.float32), best, pair(question, nearest, answer))


def _plain(question: Text, reference: Text, answer: Text, features: np.ndarray) -> float:
    """How much of a reference an answer says by alignment and by spelling, with nothing trained:
    meaning and letters err differently, and of two alike the longer answer is the better."""
    aligned, ratio = float(features[_AT["align_soft_new"]]), float(features[_AT["length_ratio"]])
    return 0.5 * (aligned + _spelt(question, reference, answer)) + _SHORT * min(ratio, 0.0)


def _spelt(question: Text, reference: Text, answer: Text) -> float:
    """The share of a reference's character trigrams in the answer, the question's own discounted."""
    known = reference.trigrams & question.trigrams
    new = reference.trigrams - known
    found = len(new & answer.trigrams) + QUESTION_DISCOUNT * len(known & answer.trigrams)
    return found / max(len(new) + QUESTION_DISCOUNT * len(known), 1e-9)


def text_key(text: str) -> int:
    """A number that names a question or a point by its words, case and spacing aside."""
    plain = " ".join(text.lower().split())
    digest = blake2b(plain.encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "little") >> 1


def answer_vector(answer: Text) -> np.ndarray:
    """What the memory of known questions looks at: the pooled vector, and hashed stems and stem
    pairs (signed, rarity-weighted, unit length), [dimension + HASHED]."""
    hashed = np.zeros(HASHED, np.float32)
    rarity = {
        one: min(float(r), 5.0) / 5 for one, r in zip(answer.stems, answer.rarity, strict=True)
    }
    for one, weight in rarity.items():
        _hash(hashed, one, weight)
    for pair_ in sorted(answer.bigrams):
        _hash(hashed, " ".join(pair_), 0.5)
    norm = float(np.linalg.norm(hashed))
    return np.concatenate([answer.pooled, hashed / norm if norm else hashed]).astype(np.float32)


def _hash(row: np.ndarray, key: str, weight: float) -> None:
    code = zlib.crc32(key.encode("utf-8", "replace"))
    row[code % HASHED] += weight if code & 0x100000 else -weight
