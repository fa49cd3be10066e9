"""One expectation against the learner's words: the best window, and the features of the point head."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from agents.grading.features import NAMES, Alignment, Stack, count_opposed, measure
from agents.grading.text import Text
from agents.grading.view import View, Windows, best_windows, clause_evidence, soft

EXTRA = (
    "window_score", "whole_score", "wording_mean_score", "second_wording", "whole_align_new",
    "whole_hybrid_new", "whole_recall_new", "window_share", "lnwordings", "best_is_text",
    "text_score", "clash", "clash_score", "agree_score", "weakest_new_word", "window_words",
)  # fmt: skip
_RIVALS = ("rival_score", "rival_lead", "rival_here")
_CROSSES = (
    ("window_score", "parity_mismatch"), ("window_score", "rival_here"),
    ("window_score", "rival_lead"), ("rival_here", "rival_lead"), ("window_score", "opposites"),
    ("window_score", "negation_parity"), ("align_new", "rival_here"),
    ("window_score", "question_share"), ("whole_hybrid_new", "window_share"),
    ("window_score", "window_score"), ("whole_hybrid_new", "whole_hybrid_new"),
    ("align_new", "align_new"), ("rival_lead", "rival_lead"), ("hybrid_min", "hybrid_min"),
)  # fmt: skip
_BASE = (*NAMES, *EXTRA, *_RIVALS)
POINT_NAMES: tuple[str, ...] = (*_BASE, *(f"{one}*{other}" for one, other in _CROSSES))
_LEFT = [_BASE.index(one) for one, _ in _CROSSES]
_RIGHT = [_BASE.index(other) for _, other in _CROSSES]
# Clauses that explain less of a point than this are not about it.
_ABOUT = 0.45
# The point head was trained on points in up to three texts and extrapolates badly to more.
_TEXTS = 3


@dataclass(frozen=True)
class Finding:
    """What was found for one point: features in the order of `NAMES` and `EXTRA`, the window of words,
    whether one clause says it and another the opposite, and the best wording beside the window's words
    (None where there was nothing to look at)."""

    features: np.ndarray
    window: tuple[int, int]
    score: float
    both: bool
    sides: tuple[Text, Text] | None = None


def nothing() -> Finding:
    """The finding where there is nothing to look at."""
    return Finding(np.zeros(len(NAMES) + len(EXTRA), np.float32), (0, 0), 0.0, False)


class Sought:
    """What is looked for in answers to a question: points and misconceptions, each in one or more
    wordings (the first is its text), read once however many answers come."""

    def __init__(self, question: Text, wanted: Sequence[Sequence[Text]]) -> None:
        self._question = question
        self._wanted = [[one for one in wordings if len(one)] for wordings in wanted]
        self._wordings = [one for wordings in self._wanted for one in wordings]
        self._stack = Stack(question, self._wordings) if self._wordings else None
        self._new = [
            [i for i, stem in enumerate(one.stem_list) if stem not in question.stem_set]
            for one in self._wordings
        ]

    def find(self, seen: View) -> tuple[Finding, ...]:
        """Look for all of it in an answer: a finding each."""
        if not len(seen.text) or self._stack is None:
            return tuple(nothing() for _ in self._wanted)
        aligned = self._stack.align(seen.text)
        evidence = soft(aligned.hybrid)
        reach = clause_evidence(seen, evidence)
        starts, totals = self._stack.starts, self._stack.totals
        windows = best_windows(seen, reach, aligned.new, starts, totals)
        wholes = np.add.reduceat(aligned.new * evidence.max(axis=1), starts) / totals
        edges = np.cumsum([0, *(len(wordings) for wordings in self._wanted)]).tolist()
        return tuple(
            self._one(seen, aligned, windows, wholes, start, end) if end > start else nothing()
            for start, end in pairwise(edges)
        )

    def _one(
        self,
        seen: View,
        aligned: Alignment,
        windows: Windows,
        wholes: np.ndarray,
        start: int,
        end: int,
    ) -> Finding:
        """The finding for the wordings from `start` to `end`."""
        assert self._stack is not None
        scores = windows.score[start:end]
        best = int(scores.argmax())
        score, reference = float(scores[best]), self._wordings[start + best]
        window = windows.range(seen, start + best)
        part = seen.window(*window)
        whole = self._stack.one(aligned, start + best)
        within = self._stack.alone(start + best).align(part)
        total = float(whole.new.sum()) + 1e-6
        hybrid = whole.hybrid.max(axis=1)
        turned = _clash(reference, seen, windows.alone[start + best])
        new = self._new[start + best]
        extra = [
            score,
            float(wholes[start:end].max()),
            float(scores.mean()),
            float(np.sort(scores)[-2]) if len(scores) > 1 else score,
            float(whole.similarity.max(axis=1) @ whole.new) / total,
            float(hybrid @ whole.new) / total,
            float((hybrid > 0.75) @ whole.new) / total,
            len(part) / len(seen.text),
            math.log(min(len(scores), _TEXTS)),
            float(best == 0),
            float(scores[0]),
            *turned,
            float(hybrid[new].min()) if new else float(hybrid.min()),
            math.log1p(len(part)),
        ]
        row = np.array([*measure(self._question, reference, part, within), *extra], np.float32)
        _, against, agreed = turned
        return Finding(row, window, score, min(against, agreed) > 0.75, (reference, part))


def _clash(reference: Text, seen: View, scores: np.ndarray) -> tuple[float, float, float]:
    """Whether clauses about the point turn its polarity; `scores` says how well each explains it.

    Returns the share of such clauses, and how well the best turning and the best agreeing clause
    explain the point.
    """
    about = np.flatnonzero(scores >= _ABOUT)
    turned, agreed, turning = 0.0, 0.0, 0
    for place in about:
        score = float(scores[place])
        if turns_polarity(reference, seen.clauses[place]):
            turning += 1
            turned = max(turned, score)
        else:
            agreed = max(agreed, score)
    return (turning / len(about) if len(about) else 0.0), turned, agreed


def turns_polarity(reference: Text, clause: Text) -> bool:
    """Whether negations and opposites, counted together, differ by an odd number."""
    only_r = reference.stem_set - clause.stem_set
    only_c = clause.stem_set - reference.stem_set
    flips = count_opposed(only_r, only_c)
    return bool((reference.negations + clause.negations + flips) % 2)


def against(found: Sequence[Finding], rivals: Sequence[Finding]) -> np.ndarray:
    """The features of findings in the order of `POINT_NAMES`, a row each: their own, and how well
    their rivals (points' misconceptions, misconceptions' points) explain the answer, and the same
    words of it."""
    if not found:
        return np.zeros((0, len(POINT_NAMES)), np.float32)
    own = np.array([one.score for one in found])
    scores = np.array([one.score for one in rivals])
    starts, ends = _edges(found)
    rival_starts, rival_ends = _edges(rivals)
    near = (rival_starts < ends[:, None]) & (rival_ends > starts[:, None])
    here = np.where(near, scores, 0.0).max(axis=1, initial=0.0)
    score = scores.max(initial=0.0)
    lead = score - own if len(rivals) else np.full(len(own), -1.0)
    rivalry = np.stack([np.full(len(own), score), lead, here], axis=1).astype(np.float32)
    rows = np.concatenate([np.stack([one.features for one in found]), rivalry], axis=1)
    return np.concatenate([rows, rows[:, _LEFT] * rows[:, _RIGHT]], axis=1)


def _edges(found: Sequence[Finding]) -> tuple[np.ndarray, np.ndarray]:
    windows = np.array([one.window for one in found], int).reshape(len(found), 2)
    return windows[:, 0], windows[:, 1]
