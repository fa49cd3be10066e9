"""Two models, or two versions of a prompt, over the same requests."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Mapping

from agents.figures import ComparisonView, SideView, ThumbsView
from agents.scorecard.card import Card

DRAWS = 2_000


def compare(
    first: Card, second: Card, thumbs: Iterable[ThumbsView] = (), draws: int = DRAWS
) -> ComparisonView:
    """Compares two cards on the points both have. Raises `ValueError` if they share none."""
    names = sorted(first.right.keys() & second.right.keys())
    if not names:
        raise ValueError("the two have judged nothing in common: run `viva models check` for both")
    a = [first.right[name] for name in names]
    b = [second.right[name] for name in names]
    low, high = _interval(names, a, b, draws)
    listed = tuple(thumbs)
    return ComparisonView(
        first=_side(first, sum(a) / len(a)),
        second=_side(second, sum(b) / len(b)),
        points=len(names),
        difference=(sum(b) - sum(a)) / len(names),
        low=low,
        high=high,
        p=mcnemar(
            sum(x and not y for x, y in zip(a, b, strict=True)),
            sum(y and not x for x, y in zip(a, b, strict=True)),
        ),
        thumbs=listed,
        thumbs_p=fisher(
            (sum(row.first[0] for row in listed), sum(row.first[1] for row in listed)),
            (sum(row.second[0] for row in listed), sum(row.second[1] for row in listed)),
        ),
    )


def _side(card: Card, agreement: float) -> SideView:
    return SideView(
        name=f"{card.model}@{card.prompt}",
        agreement=agreement,
        false_credit=card.false_credit,
        failures=card.failures,
        seconds=card.seconds,
        tokens=card.tokens,
        price=card.price,
    )


Thumbs = Mapping[tuple[str, str], tuple[int, int]]
"""The learner's thumbs up and down per (prompt version, model)."""


def thumbs_of(first: Card, second: Card, given: Thumbs) -> list[ThumbsView]:
    """The thumbs `given` to each side, by prompt version. Of one model only the two versions that are
    compared count; two models are compared in all that they said."""
    if first.model == second.model:
        pairs = [(first.prompt, second.prompt)]
    else:
        models = (first.model, second.model)
        pairs = [(p, p) for p in sorted({p for p, model in given if model in models})]
    none = (0, 0)
    return [
        ThumbsView(
            one if one == other else f"{one}, {other}",
            given.get((one, first.model), none),
            given.get((other, second.model), none),
        )
        for one, other in pairs
    ]


def fisher(first: tuple[int, int], second: tuple[int, int]) -> float:
    """Two-sided p of Fisher's exact test that two pairs of counts have the same shares."""
    rows, up, total = sum(first), first[0] + second[0], sum(first) + sum(second)

    def ways(k: int) -> int:
        return math.comb(up, k) * math.comb(total - up, rows - k)

    seen = ways(first[0])
    least = range(max(0, rows - (total - up)), min(rows, up) + 1)
    return sum(w for w in map(ways, least) if w <= seen) / math.comb(total, rows)


def mcnemar(only_first: int, only_second: int) -> float:
    """Two-sided exact p of McNemar's test from the counts of points only one got right."""
    n, k = only_first + only_second, min(only_first, only_second)
    if n == 0:
        return 1.0
    tail = sum(math.comb(n, i) for i in range(k + 1)) / 2**n
    return min(1.0, 2 * tail)


def _interval(names: list[str], a: list[bool], b: list[bool], draws: int) -> tuple[float, float]:
    """The 95 % interval of the difference, drawing whole answers: points of one answer hang together."""
    groups: dict[str, list[int]] = {}
    for name, x, y in zip(names, a, b, strict=True):
        groups.setdefault(name.partition("/")[0], []).append(int(y) - int(x))
    rows = [(sum(diffs), len(diffs)) for diffs in groups.values()]
    chance = random.Random(0)
    found = []
    for _ in range(draws):
        drawn = chance.choices(rows, k=len(rows))
        found.append(sum(d for d, _ in drawn) / sum(n for _, n in drawn))
    found.sort()
    return found[int(0.025 * draws)], found[min(draws - 1, int(0.975 * draws))]
