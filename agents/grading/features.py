"""What is measured of an answer against a reference or expectation; names and values in order."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from agents.grading.lexicon import ABSOLUTES, alike, opposite, opposites
from agents.grading.text import Text

# Words that the question already says count this much of their rarity as evidence.
QUESTION_DISCOUNT = 0.15
_LEVELS = np.array([0.35, 0.5, 0.62, 0.75, 0.88])

GROUPS: dict[str, tuple[str, ...]] = {
    "sentence": (
        "cos", "cos_question", "cos_reference_question", "cos_gain", "cos_residual", "mean_cos",
        "clause_mean", "clause_min", "clause_max", "clause_back_mean", "clause_back_max",
    ),
    "tokens": (
        "align_mean", "align_rarity", "align_new", "align_min", "align_min2", "back_mean",
        "back_rarity", "back_new", "back_min", "align_f",
        *(f"align_level{i}" for i in range(6)), *(f"back_level{i}" for i in range(6)),
        "unaligned", "unaligned_new", "align_soft_new", "hybrid_new", "hybrid_min",
    ),
    "overlap": (
        "recall", "precision", "f1", "rare_recall", "rare_precision", "new_recall",
        "new_precision", "new_rare_recall", "new_rare_precision", "fuzzy_recall",
        "fuzzy_new_recall", "bigram_recall", "bigram_precision", "question_share",
        "question_recall", "new_words",
    ),
    "characters": ("trigram_recall", "trigram_precision"),
    "polarity": (
        "negation_gap", "negation_parity", "polarity_flips", "polarity_flip_share", "opposites",
        "opposite_share", "aligned_opposites", "parity_mismatch", "negations_answer",
        "negations_reference", "opposites_question", "absolutes", "absolutes_reference",
    ),
    "order": (
        "order", "order_pairs", "comparative", "neighbours_kept", "neighbours_turned",
        "comparison_turned",
    ),
    "numbers": ("numbers_missing", "numbers_extra", "numbers_reference"),
    "length": (
        "length_answer", "length_reference", "length_ratio", "content_answer", "no_content",
        "reference_new",
    ),
}  # fmt: skip
NAMES: tuple[str, ...] = tuple(name for names in GROUPS.values() for name in names)


@dataclass(frozen=True)
class Alignment:
    """Similarities of content words: rows the reference's, columns the answer's.

    `hybrid` also counts equal and misspelt stems; `new` is each reference word's rarity with the
    question's words discounted.
    """

    similarity: np.ndarray
    hybrid: np.ndarray
    new: np.ndarray


def newness(text: Text, question: Text) -> np.ndarray:
    """Rarity of the content words, the question's own words discounted."""
    known = question.stem_set
    factor = np.array(
        [QUESTION_DISCOUNT if one in known else 1.0 for one in text.stem_list], np.float32
    )
    return text.picked_rarity * factor


class Stack:
    """Several references to one question, one under another, to be aligned with an answer at once; all
    need at least one word.

    `starts` says where each reference's content words begin; `new` is as in `Alignment`, `totals` its
    sum per reference.
    """

    def __init__(self, question: Text, references: Sequence[Text]) -> None:
        self._question, self._references = question, references
        self._alone: dict[int, Stack] = {}
        self._vectors = np.concatenate([one.picked_vectors for one in references])
        edges = np.cumsum([0, *(len(one.picks) for one in references)])
        self.starts = edges[:-1]
        self._edges = list(pairwise(edges.tolist()))
        stems = [stem for one in references for stem in one.stem_list]
        self._stems = {stem: place for place, stem in enumerate(dict.fromkeys(stems))}
        self._at = np.array([self._stems[stem] for stem in stems])
        news = [newness(one, question) for one in references]
        self.new = np.concatenate(news)
        self.totals = np.array([one.sum() for one in news], np.float32) + np.float32(1e-6)

    def align(self, answer: Text) -> Alignment:
        """All references' words aligned with an answer's."""
        similarity = self._vectors @ answer.picked_vectors.T
        spelt = np.full((len(self._stems), similarity.shape[1]), -1.0, np.float32)
        for stem, row in self._stems.items():
            same, value = spelling(stem, answer)
            if same:
                spelt[row, same] = value
        hybrid = np.maximum(similarity, spelt[self._at])
        for reference, (start, end) in zip(self._references, self._edges, strict=True):
            _spell_out(reference, answer, hybrid[start:end])
        return Alignment(similarity, hybrid, self.new)

    def one(self, alignment: Alignment, reference: int) -> Alignment:
        """The part of an alignment that is a reference's."""
        rows = slice(*self._edges[reference])
        return Alignment(alignment.similarity[rows], alignment.hybrid[rows], alignment.new[rows])

    def alone(self, reference: int) -> Stack:
        """A reference by itself."""
        if reference not in self._alone:
            self._alone[reference] = Stack(self._question, [self._references[reference]])
        return self._alone[reference]


def _spell_out(reference: Text, answer: Text, hybrid: np.ndarray) -> None:
    """Mark in `hybrid` where one side has an acronym of the other's words."""
    short = [(rows, [column]) for column, rows in acronyms(answer, reference)]
    short += [([row], columns) for row, columns in acronyms(reference, answer)]
    for rows, columns in short:
        hybrid[np.ix_(rows, columns)] = 1.0


def acronyms(short: Text, long: Text) -> list[tuple[int, list[int]]]:
    """Content words of `short` that are the initials of words of `long` ("LIFO"), by their places
    among the content words."""
    found = []
    known = short.short_words & long.initial_runs
    for place, index in enumerate(short.picks) if known else ():
        word = short.words[index]
        if word in known:
            at = long.initials.find(word)
            run = np.flatnonzero((long.picks >= at) & (long.picks < at + len(word)))
            if len(run) >= 2:
                found.append((place, run.tolist()))
    return found


def spelling(one: str, answer: Text) -> tuple[Sequence[int], float]:
    """Which content words of an answer have a stem, or one spelt nearly like it, and how nearly."""
    places = answer.stem_places
    if one in places:
        return places[one], 1.0
    other, value = _closest(one, answer)
    return (places[other], value) if value else ((), 0.0)


def _closest(one: str, answer: Text) -> tuple[str, float]:
    """The answer's stem spelt most like another, the earliest of equals."""
    best, value = "", 0.0
    if len(one) >= 4 and one[0].isalpha():
        starts, places = answer.stem_starts, answer.stem_places
        for other in (*starts.get(one[0], ()), *starts.get(one[1:3], ())):
            found = alike(one, other)
            if found > value or (found == value and best and places[other] < places[best]):
                best, value = other, found
    return best, value


def _share(part: float, whole: float) -> float:
    return part / whole if whole > 1e-9 else 0.0


def measure(question: Text, reference: Text, answer: Text, alignment: Alignment) -> list[float]:
    """The features of one pair in the order of `NAMES`. Texts without words give zeros."""
    if not len(reference) or not len(answer):
        return [0.0] * len(NAMES)
    return [
        *_sentence(question, reference, answer),
        *_tokens(question, answer, alignment),
        *_overlap(question, reference, answer, alignment),
        *_characters(reference, answer),
        *_polarity(question, reference, answer, alignment),
        *_order(reference, answer, alignment),
        *_numbers(question, reference, answer),
        *_length(question, reference, answer),
    ]


def _sentence(question: Text, reference: Text, answer: Text) -> list[float]:
    q, r, a = question.pooled, reference.pooled, answer.pooled
    cos, qa, qr = float(r @ a), float(q @ a), float(q @ r)
    left, right = r - qr * q, a - qa * q
    residual = float(left @ right) / (float(np.linalg.norm(left) * np.linalg.norm(right)) + 1e-6)
    clauses = reference.clause_vectors @ answer.clause_vectors.T
    there, back = clauses.max(axis=1), clauses.max(axis=0)
    return [
        cos, qa, qr, cos - qa, residual, float(reference.mean @ answer.mean),
        float(there.mean()), float(there.min()), float(there.max()),
        float(back.mean()), float(back.max()),
    ]  # fmt: skip


def _tokens(question: Text, answer: Text, alignment: Alignment) -> list[float]:
    there, back = alignment.similarity.max(axis=1), alignment.similarity.max(axis=0)
    new = alignment.new
    rarity = np.maximum(new, 1e-6)
    answer_new = newness(answer, question)
    total, answer_total = float(new.sum()) + 1e-6, float(answer_new.sum()) + 1e-6
    plain = float(there.mean())
    rare = float((there * rarity).sum() / rarity.sum())
    back_rare = float((back * answer.picked_rarity).sum() / (answer.picked_rarity.sum() + 1e-6))
    ordered = np.sort(there)
    levels = np.bincount(np.digitize(there, _LEVELS), weights=new, minlength=6) / total
    back_levels = np.bincount(np.digitize(back, _LEVELS), weights=answer_new, minlength=6)
    unaligned = there < 0.5
    hybrid = alignment.hybrid.max(axis=1)
    soft = np.clip((there - 0.3) / 0.5, 0, 1)
    return [
        plain, rare, float((there * new).sum() / total), float(ordered[0]),
        float(ordered[:2].mean()), float(back.mean()), back_rare,
        float((back * answer_new).sum() / answer_total), float(back.min()),
        2 * rare * back_rare / (rare + back_rare + 1e-6),
        *levels.tolist(), *(back_levels / answer_total).tolist(),
        float(unaligned.sum()), float((new * unaligned).sum() / total),
        float((soft * new).sum() / total), float((hybrid * new).sum() / total),
        float(hybrid.min()),
    ]  # fmt: skip


def _overlap(question: Text, reference: Text, answer: Text, alignment: Alignment) -> list[float]:
    r, a, q = reference.stem_set, answer.stem_set, question.stem_set
    weight_r, weight_a = reference.stem_rarity, answer.stem_rarity
    both, new_r, new_a = r & a, (r - q) or r, a - q
    sum_r, sum_a = sum(weight_r.values()), sum(weight_a.values())
    recall, precision = len(both) / len(r), len(both) / len(a)
    hybrid = alignment.hybrid.max(axis=1)
    fuzzy = np.where(hybrid > alignment.similarity.max(axis=1) + 1e-6, hybrid, 0)
    total = float(alignment.new.sum()) + 1e-6
    pairs = len(reference.bigrams & answer.bigrams)
    return [
        recall, precision, _share(2 * recall * precision, recall + precision),
        _share(sum(weight_r[x] for x in both), sum_r),
        _share(sum(weight_a[x] for x in both), sum_a),
        len(new_r & a) / len(new_r), _share(len(new_a & r), len(new_a)),
        _share(sum(weight_r[x] for x in new_r & a), sum(weight_r[x] for x in new_r)),
        _share(sum(weight_a[x] for x in new_a & r), sum(weight_a[x] for x in new_a)),
        float(fuzzy.mean()), float((fuzzy * alignment.new).sum() / total),
        _share(pairs, len(reference.bigrams)), _share(pairs, len(answer.bigrams)),
        len(a & q) / len(a), _share(len(a & q), len(q)), math.log1p(len(new_a)),
    ]  # fmt: skip


def _characters(reference: Text, answer: Text) -> list[float]:
    both = len(reference.trigrams & answer.trigrams)
    return [_share(both, len(reference.trigrams)), _share(both, len(answer.trigrams))]


def count_opposed(some: Iterable[str], others: frozenset[str]) -> int:
    """How many of some stems have an opposite among others."""
    return sum(not others.isdisjoint(opposites(one)) for one in some) if others else 0


def _polarity(question: Text, reference: Text, answer: Text, alignment: Alignment) -> list[float]:
    r, a = reference.stem_set, answer.stem_set
    reference_words, answer_words = set(reference.words), set(answer.words)
    negated_r, negated_a = reference.polarity, answer.polarity
    both = r & a
    flips = sum(negated_r[x] != negated_a[x] for x in both)
    only_a, only_r = a - r, r - a
    found, loose = count_opposed(only_r, only_a), count_opposed(both, only_a)
    nearest = alignment.similarity.argmax(axis=1)
    columns = answer.stem_list
    aligned = sum(
        opposite(one, columns[int(nearest[row])]) for row, one in enumerate(reference.stem_list)
    )
    asked = count_opposed(question.stem_set - r, only_a)
    gap = answer.negations - reference.negations
    return [
        float(abs(gap)), float(gap % 2), float(flips), _share(flips, len(both)),
        found + 0.5 * loose, (found + 0.5 * loose) / len(r), float(aligned),
        float((gap + found) % 2), float(answer.negations), float(reference.negations),
        float(asked), float(len(ABSOLUTES & (answer_words - reference_words))),
        float(len(ABSOLUTES & reference_words)),
    ]  # fmt: skip


def _order(reference: Text, answer: Text, alignment: Alignment) -> list[float]:
    """Kendall's tau of the aligned words' places and how many pairs it rests on; whether neighbours
    are still neighbours, or come the other way round (swapped roles)."""
    comparative = float("than" in reference.words or "than" in answer.words)
    best = alignment.hybrid.max(axis=1)
    rows = np.flatnonzero(best > 0.7)
    if len(rows) < 2:
        return [0.0, 0.0, comparative, 0.0, 0.0, 0.0]
    places = alignment.hybrid[rows].argmax(axis=1)
    signs = np.sign(places[None, :] - places[:, None])[np.triu_indices(len(rows), 1)]
    ranked = int(np.count_nonzero(signs))
    steps = np.diff(places)[np.diff(rows) == 1]
    turned = _share(float((steps < 0).sum()), len(steps))
    return [
        _share(float(signs.sum()), ranked), math.log1p(ranked), comparative,
        _share(float(((steps > 0) & (steps <= 2)).sum()), len(steps)), turned,
        comparative * turned,
    ]  # fmt: skip


def _numbers(question: Text, reference: Text, answer: Text) -> list[float]:
    r, a, q = reference.numbers, answer.numbers, question.numbers
    return [_share(len(r - a), len(r)), float(min(len(a - r - q), 3)), float(bool(r))]


def _length(question: Text, reference: Text, answer: Text) -> list[float]:
    return [
        math.log1p(len(answer)), math.log1p(len(reference)),
        math.log((1 + len(answer)) / (1 + len(reference))),
        math.log1p(int(answer.content.sum())), float(not answer.content.any()),
        float(len(reference.stem_set - question.stem_set)),
    ]  # fmt: skip
