"""Two models, or two versions of a prompt, over the same requests."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass

from agents.scorecard.card import Card

DRAWS = 2_000


@dataclass(frozen=True, slots=True)
class Comparison:
    """`difference` is the agreement of `second` minus that of `first` on the shared points, with its
    95 % interval (paired bootstrap over answers); `p` is McNemar's exact test."""

    first: str
    second: str
    points: int
    agreement: tuple[float, float]
    difference: float
    low: float
    high: float
    p: float
    seconds: tuple[float, float]
    tokens: tuple[int, int]
    price: tuple[float, float]

    def text(self) -> str:
        """The comparison in a few lines."""
        sure = "significant" if self.p < 0.05 else "not significant"
        return (
            f"on {self.points} points both judged: {self.first} {100 * self.agreement[0]:.1f} %, "
            f"{self.second} {100 * self.agreement[1]:.1f} %; difference "
            f"{100 * self.difference:+.1f} points ({100 * self.low:+.1f} to "
            f"{100 * self.high:+.1f}), p = {self.p:.3f}, {sure}. Seconds an answer "
            f"{self.seconds[0]:.1f} and {self.seconds[1]:.1f}, tokens {self.tokens[0]} and "
            f"{self.tokens[1]}, price ${self.price[0]:.4f} and ${self.price[1]:.4f}"
        )


def compare(first: Card, second: Card, draws: int = DRAWS) -> Comparison:
    """Compares two cards on the points both have. Raises `ValueError` if they share none."""
    names = sorted(first.right.keys() & second.right.keys())
    if not names:
        raise ValueError("the two have judged nothing in common: run `viva models check` for both")
    a = [first.right[name] for name in names]
    b = [second.right[name] for name in names]
    low, high = _interval(names, a, b, draws)
    return Comparison(
        first=f"{first.model}@{first.prompt}",
        second=f"{second.model}@{second.prompt}",
        points=len(names),
        agreement=(sum(a) / len(a), sum(b) / len(b)),
        difference=(sum(b) - sum(a)) / len(names),
        low=low,
        high=high,
        p=mcnemar(
            sum(x and not y for x, y in zip(a, b, strict=True)),
            sum(y and not x for x, y in zip(a, b, strict=True)),
        ),
        seconds=(first.seconds, second.seconds),
        tokens=(first.tokens, second.tokens),
        price=(first.price, second.price),
    )


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
