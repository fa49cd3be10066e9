"""The grader's heads on questions, domains and answers they were not trained on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from agents.grading.features import GROUPS
from agents.grading.trees import Logistic, Trees
from agents.grading.whole import WHOLE_NAMES
from bench import scores, train_grader
from bench.fitting import logistic_arrays
from bench.grading_rows import kept
from bench.train_grader import Set

Odds = np.ndarray
BASELINES = {
    "token overlap": "max_f1",
    "TF-IDF cosine": "max_rare_recall",
    "MiniLM cosine": "max_cos",
    "token alignment": "max_align_new",
    "alignment and spelling": "plain",
}
"""The one feature each baseline thresholds; the threshold is learnt on the training folds."""
PLAIN = WHOLE_NAMES.index("plain")


def _one_feature(s: Set, name: str, folds: np.ndarray) -> Odds:
    column = s.x[:, [WHOLE_NAMES.index(name)]]
    odds = np.zeros((len(s.y), 3))
    for fold in np.unique(folds):
        rest = np.flatnonzero((folds != fold) & (s.y >= 0))
        head = Logistic(logistic_arrays(column[rest], s.y[rest], np.ones(len(rest)), 1.0))
        odds[folds == fold] = head(column[folds == fold])
    return odds


def _trained(s: Set, work: Path, protocol: str, folds: np.ndarray) -> tuple[Odds, Odds]:
    """Held-out odds of trees and logistic regression, kept in the work folder."""

    def make() -> tuple[Odds, Odds]:
        trees, logistic = np.zeros((len(s.y), 3)), np.zeros((len(s.y), 3))
        for fold in np.unique(folds):
            held = np.flatnonzero(folds == fold)
            grown, fitted = train_grader.fit_whole(s, np.flatnonzero(folds != fold))
            trees[held], logistic[held] = Trees(grown)(s.x[held]), Logistic(fitted)(s.x[held])
        return trees, logistic

    return kept(work / f"odds_{protocol}.pkl", make)


def _majority(s: Set, folds: np.ndarray) -> Odds:
    odds = np.zeros((len(s.y), 3))
    for fold in np.unique(folds):
        for corpus in np.unique(s.corpus):
            mine = (s.corpus == corpus) & (s.y >= 0)
            rest = s.y[(folds != fold) & mine]
            rest = rest if len(rest) else s.y[(folds != fold) & (s.y >= 0)]
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
    trees, logistic = _trained(s, work, protocol, folds)
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
        said = BASELINES.get(name)
        if said:
            score = s.x[:, WHOLE_NAMES.index(said)]
        else:
            score = odds[:, 0] if name == "majority" else _score(s, odds, protocol == "answers")
        rows = np.flatnonzero(s.corpus == "saf")
        figure = scores.over_questions(
            lambda i, score=score, rows=rows: scores.pearson(s.score[rows][i], score[rows][i]),
            s.qid[rows],
        )
        print(f"{name:20} {'saf':13} Pearson {scores.show(figure)}", flush=True)


def _score(s: Set, odds: Odds, seen: bool) -> np.ndarray:
    """The score as `TrainedHeads` makes it; without a network p_correct stands for its score."""
    own = odds[:, 3] if odds.shape[1] > 3 else odds[:, 0]
    shares = train_grader.SCORE[int(seen)]
    return shares[0] * odds[:, 0] + shares[1] * own + shares[2] * s.x[:, PLAIN] + shares[3]


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
            fitted = logistic_arrays(x[rest], s.y[rest], weight, 0.01)
            held = np.flatnonzero(folds == fold)
            odds[held] = Logistic(fitted)(x[held])
        _line(f"without {group:12}", s, odds, rows)
