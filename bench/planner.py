"""The planner against simpler orders, on simulated learners: ``python -m bench.planner``.

Four families of memory (power law, half-life, ACT-R, two strengths), none of them the planner's own;
a grader with 15 % error; 20 minutes a day, one day in ten missed; an exam. Scored is the expected
weight of points retained at the exam and 30 days on, paired on the same learners, as a ratio of sums,
with 95 % bootstrap intervals over learners. Caps and shares of the rivals are tuned on other learners.
The forecast of readiness is scored by its chance of passing a ten-question interview.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from bench.planning.memories import FAMILIES
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
from memory.forecast import forecast, interview_odds
from memory.fsrs6 import DAY_MS
from memory.policy import Policy

SETTINGS = (Setting(60, 30), Setting(150, 30), Setting(150, 60))
WEIGHTED = (Setting(60, 30, weighted=True), Setting(150, 30, weighted=True))
SHARES = (0.2, 1 / 3, 0.5, 0.7)
TUNING_SEED, SEED = 5000, 0
Maker = Callable[[World], Any]


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
        makers["top third in turn"] = lambda w: Heaviest(w.items, 1 / 3)
        makers["top share in turn"] = lambda w: Heaviest(w.items, tuned["top share in turn"])
    return makers


def tune(setting: Setting, learners: int) -> dict[str, float]:
    """The best cap and share on learners that are not scored."""
    grids: dict[str, tuple[tuple[float, ...], Callable[[World, float], Any]]] = {
        "SM-2, capped": (CAPS, lambda w, c: Sm2(w.items, int(c))),
        "FSRS due, capped": (CAPS, lambda w, c: FsrsDue(w.items, int(c))),
    }
    if setting.weighted:
        grids["top share in turn"] = (SHARES, lambda w, c: Heaviest(w.items, c))
    worlds = [
        World(setting, family, TUNING_SEED + k) for family in FAMILIES for k in range(learners)
    ]
    best: dict[str, float] = {}
    for name, (grid, make) in grids.items():
        sums = {c: sum(_both(run(w, make(w, c))) for w in worlds) for c in grid}
        best[name] = max(sums, key=lambda c: sums[c])
    return best


def _both(result: Run) -> float:
    return result.exam + result.later


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


def measure(setting: Setting, learners: int, seed: int) -> dict[str, Any]:
    """All policies on one setting: what each retained, and the planner's ratios."""
    tuned = tune(setting, max(learners // 4, 2))
    makers = rivals(setting, tuned)
    makers["planner"] = lambda w: Policy(w.items, setting.days)
    makers["planner, error doubled"] = makers["planner"]
    makers["sequential, error doubled"] = makers["sequential"]
    makers["oracle"] = lambda w: Oracle(w.items, setting.days)
    kept: dict[str, list[tuple[float, float]]] = {name: [] for name in makers}
    forecasts: list[tuple[float, float]] = []
    families: list[str] = []
    for family in FAMILIES:
        for k in range(learners):
            families.append(family)
            world = World(setting, family, seed + k)
            noisy = World(replace(setting, error=2 * setting.error), family, seed + k)
            for name, make in makers.items():
                at = noisy if "doubled" in name else world
                if name == "planner":
                    result = _with_forecast(world, make(world), forecasts)
                else:
                    result = run(at, make(at))
                kept[name].append((result.exam, result.later))
    return _summary(setting, tuned, kept, np.array(families), np.array(forecasts))


def _with_forecast(world: World, policy: Any, forecasts: list[tuple[float, float]]) -> Run:
    """A run in which the chance of passing is forecast after a third of the days, then scored."""
    rng = np.random.default_rng([world.seed, 3])
    mark = float(rng.choice([0.4, 0.5, 0.6, 0.7]))
    said: list[float] = []

    def watch(day: int) -> None:
        if day == world.setting.days // 3:
            left = world.setting.days - day
            daily = world.setting.minutes * (1 - world.setting.absent)
            at = round((day + 1) * DAY_MS)
            said.append(
                interview_odds(forecast(policy.knowledge, policy.items, at, left, daily), 10, mark)
            )

    result = run(world, policy, watch)
    chance = world.memory.recall(result.state, world.setting.days)
    heard = LUCK + (MENTION - LUCK) * chance
    passed = 0
    for _ in range(100):
        asked = rng.choice(len(world.items), 10, replace=False)
        score = np.mean(
            [
                (rng.random(len(rows := world.rows[world.items[i].id])) < heard[rows]).mean()
                for i in asked
            ]
        )
        passed += bool(score >= mark)
    forecasts.append((said[0], passed / 100))
    return result


def _summary(
    setting: Setting,
    tuned: dict[str, float],
    kept: dict[str, list[tuple[float, float]]],
    families: np.ndarray,
    forecasts: np.ndarray,
) -> dict[str, Any]:
    values = {name: np.array(rows) for name, rows in kept.items()}
    simple = [
        n for n in values if n != "oracle" and not n.startswith("planner") and "doubled" not in n
    ]
    best = max(simple, key=lambda n: values[n].sum())
    ours = values["planner"]

    def against(name: str, column: int) -> tuple[float, float, float]:
        return ratio(ours[:, column], values[name][:, column], families)

    said, true = forecasts[:, 0], forecasts[:, 1]
    return {
        "setting": setting.name,
        "tuned": tuned,
        "best simple": best,
        "ratios": {n: [against(n, 0), against(n, 1)] for n in values if n != "planner"},
        "by family": {
            f: [
                float(ours[families == f, c].sum() / values[best][families == f, c].sum())
                for c in (0, 1)
            ]
            for f in FAMILIES
        },
        "share retained, sequential": float(values["sequential"][:, 0].mean()),
        "loss when the error doubles": {
            n: [
                float(1 - values[f"{n}, error doubled"][:, c].sum() / values[n][:, c].sum())
                for c in (0, 1)
            ]
            for n in ("planner", "sequential")
        },
        "forecast": {
            "said": said.tolist(),
            "true": true.tolist(),
        },
    }


def forecast_scores(said: np.ndarray, true: np.ndarray) -> dict[str, float]:
    """Expected Brier score, that of always saying the base rate, and calibration error (fifths)."""
    brier = true * (1 - said) ** 2 + (1 - true) * said**2
    base = float(true.mean())
    bins = np.minimum((said * 5).astype(int), 4)
    error = sum(
        (bins == b).mean() * abs(said[bins == b].mean() - true[bins == b].mean())
        for b in np.unique(bins)
    )
    return {"Brier": float(brier.mean()), "base": base * (1 - base), "calibration": float(error)}


def show(result: dict[str, Any]) -> None:
    """Print one setting for people."""
    print(
        f"\n{result['setting']}: best simple policy {result['best simple']}, tuned {result['tuned']}"
    )
    print(f"  {'planner against':26} {'at the exam':>24} {'30 days on':>24}")
    for name, columns in result["ratios"].items():
        cells = "".join(f"{r:10.3f} [{a:.3f}, {b:.3f}]" for r, a, b in columns)
        print(f"  {name:26} {cells}")
    for name, (exam, later) in result["loss when the error doubles"].items():
        print(f"    {name} loses {exam:.1%} and {later:.1%} when the grading error doubles")
    for family, (exam, later) in result["by family"].items():
        print(f"    {family:14} against the best: {exam:.3f}  {later:.3f}")
    sys.stdout.flush()


def main(argv: list[str] | None = None) -> int:
    """Run the bench; see ``--help``."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m bench.planner")
    parser.add_argument("--learners", type=int, default=12, help="per family and setting")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--only", help="a setting by name, e.g. 60q/30d")
    parser.add_argument("--json", help="write the figures to a file")
    options = parser.parse_args(argv)
    begun = time.monotonic()
    results = []
    for setting in (*SETTINGS, *WEIGHTED):
        if options.only in (None, setting.name):
            results.append(measure(setting, options.learners, options.seed))
            show(results[-1])
    said = np.concatenate([r["forecast"]["said"] for r in results])
    true = np.concatenate([r["forecast"]["true"] for r in results])
    scores = forecast_scores(said, true)
    print("\nforecast of passing:", ", ".join(f"{k} {v:.3f}" for k, v in scores.items()))
    print(f"{time.monotonic() - begun:.0f} s")
    if options.json:
        with Path(options.json).open("w", encoding="utf-8") as file:
            json.dump({"settings": results, "forecast": scores}, file)
    return 0


if __name__ == "__main__":
    sys.exit(main())
