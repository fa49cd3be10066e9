"""A decomposable-attention network over frozen word vectors, in numpy (Parikh et al. 2016).

Each word of a reference attends to the answer's words and back; what differs is compared word by
word, pooled, and joined with the pair's features. Weights come from `bench/train_grader.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from agents.grading.features import QUESTION_DISCOUNT
from agents.grading.lexicon import opposites
from agents.grading.text import Text, is_negation

MOST_WORDS = 72
SIGNALS = (
    "rarity", "content", "in_question", "negated", "negation", "same", "opposite", "nearest",
    "nearest_question",
)  # fmt: skip
_SCALE = 16.0  # unit vectors of 384 dimensions have entries near 1/20: bring them near 1
_BATCH = 64


@dataclass(frozen=True)
class Pair:
    """A reference and an answer, each as word vectors [n, d] and signals [n, 9]."""

    reference: np.ndarray
    reference_signals: np.ndarray
    answer: np.ndarray
    answer_signals: np.ndarray


def pair(question: Text, reference: Text, answer: Text) -> Pair:
    """The network's view of a pair; long texts are cut at `MOST_WORDS` words."""
    r, a = reference.part(0, MOST_WORDS), answer.part(0, MOST_WORDS)
    similarity = r.vectors @ a.vectors.T
    return Pair(
        r.vectors,
        _signals(r, a, question, similarity.max(axis=1) if len(a) else np.zeros(len(r))),
        a.vectors,
        _signals(a, r, question, similarity.max(axis=0) if len(r) else np.zeros(len(a))),
    )


def _signals(text: Text, other: Text, question: Text, nearest: np.ndarray) -> np.ndarray:
    there, asked = set(other.stems), question.stem_set
    lone = other.stem_set - text.stem_set
    near_question = (
        (text.vectors @ question.vectors.T).max(axis=1) if len(question) else np.zeros(len(text))
    )
    opposed = [
        bool(content) and not lone.isdisjoint(opposites(one))
        for one, content in zip(text.stems, text.content, strict=True)
    ]
    columns = [
        text.rarity / 9.0,
        text.content,
        [one in asked for one in text.stems],
        text.negated,
        [is_negation(word) for word in text.words],
        [one in there for one in text.stems],
        opposed,
        nearest,
        near_question,
    ]
    return np.stack([np.asarray(column, np.float32) for column in columns], axis=1)


UNSEEN = np.array([0.0, 0.0, 1.0, 0.0], np.float32)
"""What is said of a point for which there is nothing to look at."""


class Network:
    """Several networks of one shape whose outputs are averaged."""

    def __init__(self, members: Sequence[Mapping[str, np.ndarray]]) -> None:
        self._members = [
            {name: np.asarray(value, np.float32) for name, value in one.items()} for one in members
        ]

    def __call__(self, pairs: Sequence[Pair], features: np.ndarray) -> np.ndarray:
        """Probabilities [n, 4]: correct, contradictory, incorrect (sum 1), and the score (0..1)."""
        result = np.zeros((len(pairs), 4), np.float32)
        order = sorted(range(len(pairs)), key=lambda i: len(pairs[i].answer))
        for start in range(0, len(order), _BATCH):
            rows = order[start : start + _BATCH]
            batch = _Batch.of([pairs[i] for i in rows])
            for weights in self._members:
                logits = _forward(weights, batch, features[rows])
                result[rows, :3] += _softmax(logits[:, :3])
                result[rows, 3] += 1 / (1 + np.exp(-logits[:, 3]))
        return result / len(self._members)


@dataclass(frozen=True)
class _Batch:
    r: np.ndarray
    rs: np.ndarray
    rm: np.ndarray
    a: np.ndarray
    as_: np.ndarray
    am: np.ndarray

    @classmethod
    def of(cls, pairs: Sequence[Pair]) -> _Batch:
        r, rs, rm = _padded([p.reference for p in pairs], [p.reference_signals for p in pairs])
        a, as_, am = _padded([p.answer for p in pairs], [p.answer_signals for p in pairs])
        return cls(r, rs, rm, a, as_, am)


def _padded(
    vectors: Sequence[np.ndarray], signals: Sequence[np.ndarray]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    longest = max(max((len(one) for one in vectors), default=1), 1)
    rows = np.zeros((len(vectors), longest, vectors[0].shape[1]), np.float32)
    marks = np.zeros((len(vectors), longest, len(SIGNALS)), np.float32)
    mask = np.zeros((len(vectors), longest), bool)
    for index, (one, signal) in enumerate(zip(vectors, signals, strict=True)):
        rows[index, : len(one)] = one
        marks[index, : len(one)] = signal
        mask[index, : len(one)] = True
    return rows, marks, mask


def _softmax(x: np.ndarray, axis: int = -1) -> np.ndarray:
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def _linear(w: Mapping[str, np.ndarray], name: str, x: np.ndarray) -> np.ndarray:
    return x @ w[name + ".weight"].T + w[name + ".bias"]


def _unit(x: np.ndarray) -> np.ndarray:
    return x / np.maximum(np.linalg.norm(x, axis=-1, keepdims=True), 1e-12)


def _forward(w: Mapping[str, np.ndarray], b: _Batch, features: np.ndarray) -> np.ndarray:
    r = np.tanh(_linear(w, "project", b.r * _SCALE))
    a = np.tanh(_linear(w, "project", b.a * _SCALE))
    match = _unit(_linear(w, "attend", r)) @ _unit(_linear(w, "attend", a)).transpose(0, 2, 1)
    match = match * w["sharpness"]
    to_answer = _softmax(np.where(b.am[:, None, :], match, -1e4), 2) @ a
    to_reference = _softmax(np.where(b.rm[:, :, None], match, -1e4), 1).transpose(0, 2, 1) @ r
    pooled = [
        *_compared(w, r, to_answer, b.rs, b.rm),
        *_compared(w, a, to_reference, b.as_, b.am),
    ]
    scaled = np.clip((features - w["mean"]) / w["deviation"], -4, 4)
    pooled.append(np.maximum(_linear(w, "features", scaled), 0))
    hidden = np.maximum(_linear(w, "hidden", np.concatenate(pooled, axis=1)), 0)
    return _linear(w, "out", hidden)


def _compared(
    w: Mapping[str, np.ndarray],
    own: np.ndarray,
    other: np.ndarray,
    signals: np.ndarray,
    mask: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    joint = np.concatenate([own, other, np.abs(own - other), own * other, signals], axis=-1)
    seen = np.maximum(_linear(w, "compare", joint), 0) * mask[..., None]
    weight = (signals[..., 0] * (1 - (1 - QUESTION_DISCOUNT) * signals[..., 2]) + 0.05) * mask
    mean = (seen * weight[..., None]).sum(axis=1) / np.maximum(
        weight.sum(axis=1, keepdims=True), 1e-6
    )
    return mean, seen.max(axis=1)
