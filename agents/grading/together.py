"""The points of one answer seen together: whose words are whose, and what that says about each.

Words that say one point beyond doubt do not contradict its neighbour; words in which a misconception
lies earn little; who contradicts one point is likelier to contradict another. A second look at all
points of an answer weighs such things; it is trained on what the first look says of held-out questions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from agents.grading.point import Finding
from agents.grading.text import Text

_NO_OTHERS = (0.05, 0.05, 0.3, 0.3)  # what stands for the other points where there are none
_MUCH = 0.5  # of a point's words: from here another's words are much the same


@dataclass(frozen=True)
class Shared:
    """Which content words of an answer its points, their denials and the misconceptions lay claim to:
    `words` [2 points + misconceptions, content words of the answer], in that order, and how well each
    explains the words it claims, `score`."""

    words: np.ndarray
    score: np.ndarray
    points: int

    @cached_property
    def overlap(self) -> np.ndarray:
        """[i, j]: the share of the words of claim i that claim j lays claim to as well."""
        size = np.maximum(self.words.sum(axis=1, keepdims=True), 1)
        return (self.words @ self.words.T) / size


def shared(
    text: Text, points: Sequence[Finding], denied: Sequence[Finding], errors: Sequence[Finding]
) -> Shared:
    """The claims that were found in an answer."""
    found = (*points, *denied, *errors)
    places = np.flatnonzero(text.content)
    windows = np.array([one.window for one in found], int).reshape(len(found), 2)
    words = (places >= windows[:, :1]) & (places < windows[:, 1:])
    score = np.array([one.score for one in found], np.float32)
    return Shared(words.astype(np.float32), score, len(points))


def second_look(seen: Shared, parts: np.ndarray, errors: np.ndarray) -> np.ndarray:
    """Features of the second look, a row per point, from the odds that every part of the first gives
    [points, parts, 3] and those that a misconception is voiced."""
    worst = float(errors.max(initial=0.0))
    each = [_context(parts[:, n], worst) for n in range(parts.shape[1])]
    claims = _claims(seen, parts.mean(axis=1), errors)
    return np.concatenate([*each, claims], axis=1).astype(np.float32)


def _context(odds: np.ndarray, worst: float) -> np.ndarray:
    """A point's odds beside those of the other points and of the likeliest misconception: [n, 13]."""
    own = odds[:, :2].astype(np.float64)
    margin = np.log(np.clip(own, 1e-3, 1 - 1e-3) / np.clip(1 - own, 1e-3, 1 - 1e-3))
    rest = np.tile(np.array([*_NO_OTHERS, worst, 0.0]), (len(own), 1))
    if len(own) > 1:
        for i in range(len(own)):
            others = np.delete(own, i, axis=0)
            rest[i, :4] = [
                others[:, 1].max(), others[:, 1].mean(), others[:, 0].max(), others[:, 0].mean()
            ]  # fmt: skip
            rest[i, 5] = len(others)
    crosses = np.stack(
        [margin[:, 0] * rest[:, 0], margin[:, 1] * rest[:, 1], own[:, 0] * rest[:, 4]], axis=1
    )
    return np.concatenate([margin, own, rest, crosses], axis=1)


def _claims(seen: Shared, odds: np.ndarray, errors: np.ndarray) -> np.ndarray:
    """What the claims on the words of each point, and on those of its denials, say: [n, 33]."""
    n = seen.points
    credit, against = odds[:, 0], odds[:, 1]
    said, denied, wrong = seen.score[:n], seen.score[n : 2 * n], seen.score[2 * n :]
    other = 1.0 - np.eye(n)
    mine, denial = seen.overlap[:n, :n] * other, seen.overlap[n : 2 * n, :n] * other
    mine_wrong, denial_wrong = seen.overlap[:n, 2 * n :], seen.overlap[n : 2 * n, 2 * n :]
    there = seen.words.max(axis=1, initial=0.0)
    size = seen.words.sum(axis=1) / max(1, seen.words.shape[1])
    kept = seen.overlap[n : 2 * n, :n].diagonal()
    credited, blamed = _most(mine, credit), _most(mine, against)
    excused = _most(denial, credit)
    mistaken = _most(mine_wrong, errors)
    rival = np.where(mine >= _MUCH, said[None, :], 0.0).max(axis=1, initial=0.0)
    lead = said - rival
    free = _unclaimed(seen.words[:n], credit)
    tainted = 1.0 - _unclaimed(seen.words[:n], against)
    columns = (
        credited, blamed, _most(mine, said), (mine >= _MUCH).sum(axis=1),
        excused, _most(denial, against), _most(denial, said),
        mistaken, _most(denial_wrong, errors), _most(mine_wrong, wrong), _most(denial_wrong, wrong),
        kept, said, denied, denied - said, size[:n], size[n : 2 * n], there[n : 2 * n],
        lead, free, tainted, rival,
    )  # fmt: skip
    products = (
        credited * credit, credited * against, blamed * credit, blamed * against, excused * against,
        mistaken * credit, mistaken * against, lead * credit, lead * against, free * credit,
        tainted * against,
    )  # fmt: skip
    return np.stack([*columns, *products], axis=1)


def _most(shares: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Per row the largest share times weight; 0 without any."""
    return (shares * weights[None, :]).max(axis=1, initial=0.0)


def _unclaimed(words: np.ndarray, odds: np.ndarray) -> np.ndarray:
    """The mean over a point's words of the chance that no other point that is so judged claims them."""
    left = np.log1p(-np.clip(odds, 0, 0.99))
    total = words.T @ left  # per word: log of the chance that no point at all claims it
    mine = np.exp(np.minimum(total[None, :] - words * left[:, None], 0.0)) * words
    return mine.sum(axis=1) / np.maximum(words.sum(axis=1), 1)
