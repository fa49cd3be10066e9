"""Figures of a bench with bootstrap intervals over questions."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

Figure = tuple[float, float, float]
"""A value with the ends of its 95 % interval."""


def over_questions(
    measure: Callable[[np.ndarray], float], questions: Sequence[str] | np.ndarray, rounds: int = 300
) -> Figure:
    """A measure of row indices, with the percentile bootstrap over whole questions."""
    names, place = np.unique(np.asarray(questions), return_inverse=True)
    groups = [np.flatnonzero(place == n) for n in range(len(names))]
    rng = np.random.default_rng(0)
    drawn = []
    for _ in range(rounds):
        rows = np.concatenate([groups[i] for i in rng.integers(0, len(groups), len(groups))])
        drawn.append(measure(rows))
    low, high = np.nanpercentile(drawn, [2.5, 97.5])
    return measure(np.arange(len(place))), float(low), float(high)


def accuracy(truth: np.ndarray, said: np.ndarray) -> float:
    return float((truth == said).mean())


def f1(truth: np.ndarray, said: np.ndarray, label: object = True) -> float:
    """F1 of one label."""
    hit = float(((truth == label) & (said == label)).sum())
    return 2 * hit / max(float((truth == label).sum() + (said == label).sum()), 1.0)


def macro_f1(truth: np.ndarray, said: np.ndarray) -> float:
    """The mean F1 over the labels that occur in the truth."""
    return float(np.mean([f1(truth, said, label) for label in np.unique(truth)]))


def brier(truth: np.ndarray, p: np.ndarray) -> float:
    return float(((p - truth) ** 2).mean())


def calibration_error(truth: np.ndarray, p: np.ndarray, bins: int = 10) -> float:
    """Expected calibration error over equal-width bins (Naeini et al. 2015)."""
    place = np.clip((p * bins).astype(int), 0, bins - 1)
    gaps = [
        abs(float(truth[place == b].mean()) - float(p[place == b].mean()))
        * float((place == b).mean())
        for b in range(bins)
        if (place == b).any()
    ]
    return float(sum(gaps))


def pearson(truth: np.ndarray, said: np.ndarray) -> float:
    if len(truth) < 2 or truth.std() == 0 or said.std() == 0:
        return float("nan")
    return float(np.corrcoef(truth, said)[0, 1])


def show(figure: Figure) -> str:
    return f"{figure[0]:.3f} [{figure[1]:.3f}, {figure[2]:.3f}]"
