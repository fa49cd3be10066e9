"""One expectation against the learner's words: the best window, and the features of the point head."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from agents.grading.features import NAMES, Alignment, align, measure
from agents.grading.lexicon import opposite
from agents.grading.text import Text
from agents.grading.view import View, best_window, clause_evidence, soft

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


def find(question: Text, wordings: Sequence[Text], seen: View) -> Finding:
    """Look for a point, given in one or more wordings (the first is its text), in an answer."""
    wordings = [one for one in wordings if len(one)]
    if not len(seen.text) or not wordings:
        return nothing()
    alignments = [align(question, one, seen.text) for one in wordings]
    windows = [best_window(seen, one) for one in alignments]
    scores = np.array([score for _, score in windows])
    best = int(scores.argmax())
    window, score = windows[best]
    reference, whole = wordings[best], alignments[best]
    part = seen.text.part(*window)
    within = align(question, reference, part)
    total = float(whole.new.sum()) + 1e-6
    reach = whole.similarity.max(axis=1)
    hybrid = whole.hybrid.max(axis=1)
    clash, clash_score, agree_score = _clash(reference, whole, seen)
    ordered = np.sort(scores)
    known = question.stem_set
    new_rows = [i for i, one in enumerate(reference.stem_list) if one not in known]
    extra = [
        score,
        float(max((a.new @ soft(a.hybrid.max(axis=1))) / (a.new.sum() + 1e-6) for a in alignments)),
        float(scores.mean()),
        float(ordered[-2]) if len(ordered) > 1 else score,
        float(reach @ whole.new) / total,
        float(hybrid @ whole.new) / total,
        float((hybrid > 0.75) @ whole.new) / total,
        len(part) / len(seen.text),
        float(np.log(min(len(wordings), _TEXTS))),
        float(best == 0),
        float(scores[0]),
        clash,
        clash_score,
        agree_score,
        float(hybrid[new_rows].min()) if new_rows else float(hybrid.min()),
        float(np.log1p(len(part))),
    ]
    row = np.array([*measure(question, reference, part, within), *extra], np.float32)
    both = clash_score > 0.75 and agree_score > 0.75
    return Finding(row, window, score, both, (reference, part))


def _clash(reference: Text, whole: Alignment, seen: View) -> tuple[float, float, float]:
    """Whether clauses about the point turn its polarity.

    Returns the share of such clauses, and how well the best turning and the best agreeing clause
    explain the point.
    """
    scores = whole.new @ clause_evidence(seen, whole) / (float(whole.new.sum()) + 1e-6)
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
    flips = sum(any(opposite(x, y) for y in only_c) for x in only_r)
    return bool((reference.negations + clause.negations + flips) % 2)


def against(found: Finding, rivals: Sequence[Finding]) -> np.ndarray:
    """The features of a finding in the order of `POINT_NAMES`: its own, and how well its rivals (a
    point's misconceptions, a misconception's points) explain the answer, and the same words of it."""
    score = max((one.score for one in rivals), default=0.0)
    start, end = found.window
    here = [one.score for one in rivals if one.window[0] < end and one.window[1] > start]
    lead = score - found.score if rivals else -1.0
    row = np.array([*found.features, score, lead, max(here, default=0.0)], np.float32)
    return np.concatenate([row, row[_LEFT] * row[_RIGHT]])
