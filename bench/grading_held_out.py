"""The grader's heads on questions, domains and answers they were not trained on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from agents.grading.features import GROUPS
from agents.grading.trees import Logistic, Trees
from agents.grading.whole import WHOLE_NAMES
from bench import scores, train_grader
from bench.grading_rows import PointRows
from bench.train_grader import Set

Odds = np.ndarray
BASELINES = {
    "token overlap": "max_f1",
    "TF-IDF cosine": "max_rare_recall",
    "MiniLM cosine": "max_cos",
    "token alignment": "max_align_new",
}
"""The one feature each baseline thresholds; the threshold is learnt on the training folds."""


def _one_feature(s: Set, name: str, folds: np.ndarray) -> Odds:
    column = s.x[:, [WHOLE_NAMES.index(name)]]
    return _folded(s, folds, lambda rest: _fitted(s, column, rest), column)


def _fitted(s: Set, x: np.ndarray, rest: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    rest = rest[s.y[rest] >= 0]
    weight = np.ones(len(rest))
    return Logistic(train_grader.logistic_arrays(x[rest], s.y[rest], weight, 1.0))


def _folded(
    s: Set,
    folds: np.ndarray,
    fit: Callable[[np.ndarray], Callable[[np.ndarray], np.ndarray]],
    x: np.ndarray,
) -> Odds:
    odds = np.zeros((len(s.y), 3))
    for fold in np.unique(folds):
        held = np.flatnonzero(folds == fold)
        odds[held] = fit(np.flatnonzero(folds != fold))(x[held])
    return odds


def _majority(s: Set, folds: np.ndarray) -> Odds:
    odds = np.zeros((len(s.y), 3))
    for fold in np.unique(folds):
        for corpus in np.unique(s.corpus):
            rest = s.y[(folds != fold) & (s.corpus == corpus) & (s.y >= 0)]
            if len(rest):
                share = np.bincount(rest, minlength=3) / len(rest)
                odds[(folds == fold) & (s.corpus == corpus)] = share
    return odds


def with_memory(s: Set, odds: Odds, folds: np.ndarray) -> Odds:
    """Held-out odds corrected by a memory of the questions fitted on the other folds."""
    out = odds.copy()
    for fold in np.unique(folds):
        arrays = train_grader.memory_arrays(s, odds, np.flatnonzero(folds != fold))
        place = {int(key): n for n, key in enumerate(arrays["keys"])}
        for i in np.flatnonzero(folds == fold):
            known = place.get(s.rows[i].key)
            if known is None:
                continue
            seen = s.rows[i].vector - arrays["mean"][known]
            out[i] = odds[i] + np.append(seen, 0.5) @ arrays["weights"][known]
            out[i, :3] = np.clip(out[i, :3], 0.005, 1)
            out[i, :3] /= out[i, :3].sum()
    return out


def systems(s: Set, work: Path, protocol: str) -> Iterator[tuple[str, Odds]]:
    """Names and held-out odds of the baselines, the parts and the whole."""
    folds = train_grader.protocols(s)[protocol]
    yield "majority", _majority(s, folds)
    for name, feature in BASELINES.items():
        yield name, _one_feature(s, feature, folds)
    trees, logistic = np.zeros((len(s.y), 3)), np.zeros((len(s.y), 3))
    for fold in np.unique(folds):
        held = np.flatnonzero(folds == fold)
        grown, fitted = train_grader.fit_whole(s, np.flatnonzero(folds != fold))
        trees[held], logistic[held] = Trees(grown)(s.x[held]), Logistic(fitted)(s.x[held])
    yield "logistic regression", logistic
    yield "boosted trees", trees
    file = work / f"network_{protocol}.npy"
    if not file.is_file():
        yield "trees + logistic", (2 * trees + logistic) / 3
        return
    network = np.load(file)
    yield "network", network
    odds = train_grader.blend(trees, logistic, network)
    yield "all three", odds
    if protocol == "answers":
        yield "all three + memory", with_memory(s, odds, folds)


def report(s: Set, work: Path, protocol: str) -> None:
    """Print the figures of every system per corpus."""
    print(f"\n## Held out: {protocol}\n")
    for name, odds in systems(s, work, protocol):
        for corpus in ("sra_beetle", "sra_scientsbank"):
            rows = np.flatnonzero((s.corpus == corpus) & (s.y >= 0))
            _line(f"{name:20} {corpus[4:]:13}", s, odds, rows)
        rows = np.flatnonzero(s.corpus == "saf")
        said = odds[rows, 0] if odds.shape[1] < 4 else 0.5 * (odds[rows, 0] + odds[rows, 3])
        figure = scores.over_questions(
            lambda i, said=said, rows=rows: scores.pearson(s.score[rows][i], said[i]), s.qid[rows]
        )
        print(f"{name:20} {'saf':13} Pearson {scores.show(figure)}", flush=True)


def _line(title: str, s: Set, odds: Odds, rows: np.ndarray) -> None:
    y, p, qid = s.y[rows], odds[rows], s.qid[rows]
    right, said, three = y == 0, p[:, 0] >= 0.5, p[:, :3].argmax(axis=1)
    figures = {
        "acc2": lambda i: scores.accuracy(right[i], said[i]),
        "mF2": lambda i: scores.macro_f1(right[i], said[i]),
        "acc3": lambda i: scores.accuracy(y[i], three[i]),
        "mF3": lambda i: scores.macro_f1(y[i], three[i]),
        "Brier": lambda i: scores.brier(right[i], p[i, 0]),
        "ECE": lambda i: scores.calibration_error(right[i], p[i, 0]),
    }
    shown = [f"{k} {scores.show(scores.over_questions(f, qid, 200))}" for k, f in figures.items()]
    print(title, "  ".join(shown), flush=True)


def ablation(s: Set) -> None:
    """What each group of features adds to logistic regression on unseen questions."""
    print("\n## Ablation: logistic regression, unseen questions, a group left out\n")
    folds = train_grader.protocols(s)["questions"]
    rows = np.flatnonzero(s.y >= 0)
    for group, names in [("nothing", ()), *GROUPS.items()]:
        keep = [i for i, n in enumerate(WHOLE_NAMES) if n.split("_", 1)[-1] not in names
                and n not in names]  # fmt: skip
        x = s.x[:, keep]
        odds = np.zeros((len(s.y), 3))
        for fold in np.unique(folds):
            rest = np.flatnonzero((folds != fold) & (s.y >= 0))
            weight = np.where(s.y[rest] == 1, train_grader.CONTRADICTORY_WEIGHT, 1.0)
            fitted = train_grader.logistic_arrays(x[rest], s.y[rest], weight, 0.01)
            held = np.flatnonzero(folds == fold)
            odds[held] = Logistic(fitted)(x[held])
        _line(f"without {group:12}", s, odds, rows)


def units(sets: list[PointRows]) -> None:
    """Presence of content units, whole texts' topics held out."""
    print("\n## Content units, topics held out\n")
    qid = np.array([one.of.qid for one in sets])
    _, place = np.unique(qid, return_inverse=True)
    fold = place % 5
    truth, said, groups = [], [], []
    for n in range(5):
        rest = [one for one, f in zip(sets, fold, strict=True) if f != n]
        head = Logistic(train_grader.point_heads(rest), "unit.")
        for one, f in zip(sets, fold, strict=True):
            if f == n and one.of.corpus == "units":
                truth += [v == "covered" for v in one.verdicts]
                said += head(one.rows)[:, 0].tolist()
                groups += [one.of.qid] * len(one.verdicts)
    t, p = np.array(truth), np.array(said)
    figures = {
        "macro-F1": lambda i: scores.macro_f1(t[i], p[i] >= 0.5),
        "F1": lambda i: scores.f1(t[i], p[i] >= 0.5),
        "Brier": lambda i: scores.brier(t[i], p[i]),
        "ECE": lambda i: scores.calibration_error(t[i], p[i]),
    }
    for name, figure in figures.items():
        print(f"{name:10} {scores.show(scores.over_questions(figure, groups, 200))}")
