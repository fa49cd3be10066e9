"""The grader's heads for points on questions they were not trained on."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from agents.grading.builtin import PARTIAL
from agents.grading.point import POINT_NAMES
from agents.grading.reader import Reader
from agents.grading.trees import Logistic
from bench import scores
from bench.exemplars import Answered, third_look
from bench.fitting import grouped, logistic_arrays
from bench.grading_rows import PointRows
from bench.train_points import (
    UNIT_C,
    Points,
    beside,
    held_out_beside,
    held_out_points,
)

UNIT_BASELINES = {
    "token overlap": "recall",
    "TF-IDF cosine": "rare_recall",
    "MiniLM cosine": "cos",
    "token alignment": "whole_align_new",
}


def points(
    made: Points,
    shown: list[PointRows],
    title: str,
    c: float,
    limit: float,
    reader: Reader | None = None,
) -> None:
    """Each point alone by each part, and beside the others, on the decks' training half, questions held out.

    `made` are the points learnt from; those of the answers `shown` come first and are reported;
    from odds of `limit` on a point counts as contradicted. With a
    `reader` also as points that training met, beside the other answers to them.
    """
    print(f"\n## Decks' training half, questions held out: {title}\n")
    count = sum(len(one.verdicts) for one in shown)
    earned = made.y[:count] == 0
    first = held_out_points(made, c)
    second = held_out_beside(made, beside(made, first))
    parts = ("logistic regression", "boosted trees", "network")
    named = {name: first[:, n] for n, name in enumerate(parts)}
    named |= {"their mean": first.mean(axis=1), "all beside the others": second}
    if reader is not None:
        answered = Answered.of(reader, shown, second, made.weight)
        named["beside other answers"] = third_look(answered, second)
    kind = np.array([o.of.kind for o in shown])[made.answer[:count]]
    for name, all_odds in named.items():
        odds = all_odds[:count]
        turned = (odds[:, 1] >= limit) & (odds[:, 1] > odds[:, 0])
        given = (odds[:, 0] >= PARTIAL) & ~turned
        figures = {
            "credit F1": lambda i, g=given: scores.f1(earned[i], g[i]),
            "contradicted F1": lambda i, t=turned: scores.f1(made.y[:count][i] == 1, t[i]),
        }
        line = [
            f"{k} {scores.show(scores.over_questions(f, made.qid[:count]))}"
            for k, f in figures.items()
        ]
        false = [
            f"{k} {given[(kind == k) & ~earned].mean():.3f}"
            for k in ("vague", "off-topic", "wrong", "contradicting")
        ]
        print(f"{name:22}", "  ".join(line), " false credit:", ", ".join(false), flush=True)


def units(sets: list[PointRows]) -> None:
    """Presence of content units, whole texts' topics held out."""
    print("\n## Content units, topics held out\n")
    made = Points.of(sets)
    fold = grouped(made.qid, np.random.default_rng(2), 5)
    said = np.zeros(len(fold))
    for n in range(5):
        rest, held = fold != n, fold == n
        arrays = logistic_arrays(
            made.x[rest], (made.y[rest] != 0).astype(int), made.weight[rest], UNIT_C
        )
        said[held] = Logistic(arrays)(made.x[held])[:, 0]
    truth = made.y == 0
    columns = {name: made.x[:, POINT_NAMES.index(of)] for name, of in UNIT_BASELINES.items()}
    for name, p in {**columns, "the head": said}.items():
        steps = np.quantile(p, np.linspace(0.05, 0.95, 37))
        cut = (
            PARTIAL
            if name == "the head"
            else max(steps, key=lambda t, p=p: scores.macro_f1(truth, p >= t))
        )
        figures: dict[str, Callable[[np.ndarray], float]] = {
            "macro-F1": lambda i, p=p, cut=cut: scores.macro_f1(truth[i], p[i] >= cut),
            "F1": lambda i, p=p, cut=cut: scores.f1(truth[i], p[i] >= cut),
        }
        if name == "the head":
            figures["Brier"] = lambda i, p=p: scores.brier(truth[i], p[i])
            figures["ECE"] = lambda i, p=p: scores.calibration_error(truth[i], p[i])
        shown = [
            f"{k} {scores.show(scores.over_questions(f, made.qid, 200))}"
            for k, f in figures.items()
        ]
        print(f"{name:20}", "  ".join(shown), flush=True)
