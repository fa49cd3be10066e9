"""Runs of all policies on the same simulated learners, and what is read off them.

Everything is paired: a learner (family, seed) is the same for every policy. Caps and shares of the
rivals are tuned on learners that are not scored.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from bench.planning.rivals import (
    CAPS,
    Cycle,
    FsrsDue,
    Heaviest,
    Oracle,
    Shuffled,
    Sm2,
    TeachThenQuiz,
)
from bench.planning.world import LUCK, MENTION, Run, Setting, World, run
from memory.days import DAY_MS
from memory.forecast import forecast, interview_odds
from memory.policy import Policy

SCENARIOS = {
    "60x30": Setting(60, 30),
    "150x30": Setting(150, 30),
    "150x60": Setting(150, 60),
    "60x30w": Setting(60, 30, weighted=True),
    "150x30w": Setting(150, 30, weighted=True),
}
"""Questions x days to the exam; ``w``: questions of unequal weight."""
SHARES = (0.2, 1 / 3, 0.5, 0.7)
TUNING_SEED = 5000
PLANNER, ORACLE, THIRD = "planner", "oracle", "top third in turn"
DOUBLED = ", error doubled"
FORECASTS = (1 / 3, 1 / 2, 2 / 3)
"""When the chance of passing is forecast, as shares of the days."""
INTERVIEWS = 100
MARKS = (0.4, 0.5, 0.6, 0.7)
"""Weighted coverage that passes an interview; the chance is forecast for each."""
Maker = Callable[[World], Any]


@dataclass(slots=True)
class Result:
    """One scenario. `kept[policy]` holds a row (weight retained at the exam, 30 days on) per learner,
    `families` whose memory each has, `forecasts` rows (share of the days, chance said, share passed)."""

    scenario: str
    tuned: dict[str, float]
    families: list[str] = field(default_factory=list)
    kept: dict[str, list[tuple[float, float]]] = field(default_factory=dict)
    forecasts: list[tuple[float, float, float]] = field(default_factory=list)

    def add(self, other: Result) -> None:
        """Take in more learners of the same scenario."""
        self.families += other.families
        self.forecasts += other.forecasts
        for name, rows in other.kept.items():
            self.kept.setdefault(name, []).extend(rows)

    def of(self, name: str) -> np.ndarray:
        return np.array(self.kept[name])

    @property
    def simple(self) -> list[str]:
        """The policies that know nothing of beliefs, the best first."""
        names = [n for n in self.kept if n not in (PLANNER, ORACLE) and DOUBLED not in n]
        return sorted(names, key=lambda n: -self.of(n).sum())

    def against(self, name: str, column: int) -> tuple[float, float, float]:
        """The planner's ratio to a policy with its interval, at the exam (0) or 30 days on (1)."""
        ours, theirs = self.of(PLANNER)[:, column], self.of(name)[:, column]
        return ratio(ours, theirs, np.array(self.families))

    def loss(self, name: str) -> tuple[float, float]:
        """Share lost when the grading error doubles, at the exam and 30 days on."""
        exam, later = 1 - self.of(name + DOUBLED).sum(axis=0) / self.of(name).sum(axis=0)
        return float(exam), float(later)


def measure(
    scenario: str, families: dict[str, type], learners: int, seed: int, tuning: int
) -> Result:
    """All policies on one scenario: so many learners per family, numbered from `seed` on; `tuning`
    learners per family for the rivals' caps."""
    setting = SCENARIOS[scenario]
    tuned = tune(setting, families, tuning)
    makers = rivals(setting, tuned)
    makers[PLANNER] = lambda w: Policy(w.items, setting.days)
    makers[ORACLE] = lambda w: Oracle(w.items, setting.days)
    for name in (PLANNER, ORACLE, "sequential"):
        makers[name + DOUBLED] = makers[name]
    result = Result(scenario, tuned, kept={name: [] for name in makers})
    for family in families:
        for k in range(learners):
            result.families.append(family)
            world = World(setting, family, seed + k)
            noisy = World(replace(setting, error=2 * setting.error), family, seed + k)
            for name, make in makers.items():
                at = noisy if DOUBLED in name else world
                if name == PLANNER:
                    end = with_forecasts(world, make(world), result.forecasts)
                else:
                    end = run(at, make(at))
                result.kept[name].append((end.exam, end.later))
    return result


def rivals(setting: Setting, tuned: dict[str, float]) -> dict[str, Maker]:
    """Every simple policy for a setting, by name."""
    makers: dict[str, Maker] = {
        "sequential": lambda w: Cycle(w.items),
        "random": lambda w: Shuffled(w.items, w.seed),
        "teach, then quiz": lambda w: TeachThenQuiz(w.items),
        "SM-2": lambda w: Sm2(w.items, None),
        "SM-2, capped": lambda w: Sm2(w.items, int(tuned["SM-2, capped"])),
        "FSRS due": lambda w: FsrsDue(w.items, None),
        "FSRS due, capped": lambda w: FsrsDue(w.items, int(tuned["FSRS due, capped"])),
    }
    if setting.weighted:
        makers[THIRD] = lambda w: Heaviest(w.items, 1 / 3)
        makers["top share in turn"] = lambda w: Heaviest(w.items, tuned["top share in turn"])
    return makers


def tune(setting: Setting, families: dict[str, type], learners: int) -> dict[str, float]:
    """The best cap and share on learners that are not scored."""
    grids: dict[str, tuple[Sequence[float], Callable[[World, float], Any]]] = {
        "SM-2, capped": (CAPS, lambda w, c: Sm2(w.items, int(c))),
        "FSRS due, capped": (CAPS, lambda w, c: FsrsDue(w.items, int(c))),
    }
    if setting.weighted:
        grids["top share in turn"] = (SHARES, lambda w, c: Heaviest(w.items, c))
    worlds = [World(setting, f, TUNING_SEED + k) for f in families for k in range(learners)]
    best: dict[str, float] = {}
    for name, (grid, make) in grids.items():
        ends = {c: [run(w, make(w, c)) for w in worlds] for c in grid}
        sums = {c: sum(e.exam + e.later for e in some) for c, some in ends.items()}
        best[name] = max(sums, key=lambda c: sums[c])
    return best


def ratio(
    ours: np.ndarray, theirs: np.ndarray, family: np.ndarray, draws: int = 2000
) -> tuple[float, float, float]:
    """Ratio of sums with its 95 % interval: learners resampled within each family."""
    rng = np.random.default_rng(1)
    groups = [np.flatnonzero(family == f) for f in np.unique(family)]
    rows = np.concatenate([rng.choice(g, (draws, len(g))) for g in groups], axis=1)
    ratios = ours[rows].sum(axis=1) / theirs[rows].sum(axis=1)
    low, high = np.quantile(ratios, [0.025, 0.975])
    return float(ours.sum() / theirs.sum()), float(low), float(high)


def with_forecasts(world: World, policy: Policy, rows: list[tuple[float, float, float]]) -> Run:
    """A run in which the chance of passing a ten-question interview is forecast on three days, then
    scored on interviews with random questions, for each of `MARKS`."""
    setting = world.setting
    rng = np.random.default_rng([world.seed, 3])
    days = {int(setting.days * share): share for share in FORECASTS}
    said: list[tuple[float, float, float]] = []

    def watch(day: int) -> None:
        if day in days:
            at, left = round((day + 1) * DAY_MS), setting.days - day
            daily = setting.minutes * (1 - setting.absent)
            seen = forecast(policy.knowledge, policy.items, at, left, daily)
            said.extend((days[day], mark, interview_odds(seen, 10, mark)) for mark in MARKS)

    end = run(world, policy, watch)
    heard = LUCK + (MENTION - LUCK) * world.memory.recall(end.state, setting.days)
    reached = np.array([_interview(world, heard, rng) for _ in range(INTERVIEWS)])
    rows += [(when, chance, float((reached >= mark).mean())) for when, mark, chance in said]
    return end


def _interview(world: World, heard: np.ndarray, rng: np.random.Generator) -> float:
    """Mean coverage of ten random questions, 0..1."""
    asked = [world.rows[world.items[i].id] for i in rng.choice(len(world.items), 10, replace=False)]
    return float(np.mean([(rng.random(len(rows)) < heard[rows]).mean() for rows in asked]))


def forecast_scores(said: np.ndarray, true: np.ndarray) -> dict[str, float]:
    """Expected Brier score, that of always saying the base rate, the least there can be (the true
    chances themselves, as ten questions are few), and calibration error (fifths)."""
    brier = true * (1 - said) ** 2 + (1 - true) * said**2
    base = float(true.mean())
    bins = np.minimum((said * 5).astype(int), 4)
    error = sum(
        (bins == b).mean() * abs(said[bins == b].mean() - true[bins == b].mean())
        for b in np.unique(bins)
    )
    return {
        "Brier": float(brier.mean()),
        "base": base * (1 - base),
        "least": float((true * (1 - true)).mean()),
        "calibration": float(error),
    }
