"""The planner against simpler orders, on simulated learners: ``python -m bench.planner``.

Four families of memory (power law, half-life, ACT-R, two strengths), none of them the planner's own,
and a fifth (``--held-out``: several time scales) that nothing was chosen on; a grader with 15 % error;
20 minutes a day, one day in ten missed; an exam. Scored is the expected weight of points retained at
the exam and 30 days on, paired on the same learners, as a ratio of sums, with 95 % bootstrap intervals
over learners. Forecasts of passing a ten-question interview are scored beside the least Brier score there
can be: that of someone who knows each true chance. It can be run in parts::

    python -m bench.planner --scenario 60x30 --learners 12 --json a.json
    python -m bench.planner --scenario 60x30 --learners 12 --seed 12 --json b.json
    python -m bench.planner --merge a.json b.json
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

import numpy as np

from bench.planning.measure import (
    FORECASTS,
    ORACLE,
    PLANNER,
    SCENARIOS,
    THIRD,
    Result,
    forecast_scores,
    measure,
)
from bench.planning.memories import FAMILIES, HELD_OUT

AIMS = {"60x30": 1.02, "150x30": 1.04, "150x60": 1.03}
"""The lower ends of the intervals against the best simple policy are to be above these."""
WEIGHTED_AIM, ORACLE_AIM, LOSS_AIM = 1.06, 0.88, 0.03
BRIER_AIM, CALIBRATION_AIM = 0.08, 0.03
TUNING = 3


def show(result: Result) -> None:
    """Print one scenario for people."""
    best = result.simple[0]
    print(f"\n{result.scenario}, {len(result.families)} learners; best simple policy: {best}")
    print(f"  tuned: {', '.join(f'{k} {v:g}' for k, v in result.tuned.items())}")
    print(f"  {'planner against':26} {'at the exam':>24} {'30 days on':>24}")
    for name in result.kept:
        if name != PLANNER:
            rows = [result.against(name, column) for column in (0, 1)]
            cells = "".join(f"{r:10.3f} [{a:.3f}, {b:.3f}]" for r, a, b in rows)
            print(f"  {name:26} {cells}")
    for name in (PLANNER, ORACLE, "sequential"):
        exam, later = result.loss(name)
        print(f"    {name} loses {exam:.1%} and {later:.1%} when the grading error doubles")
    families = np.array(result.families)
    for family in dict.fromkeys(result.families):
        mine = families == family
        exam, later = (result.of(PLANNER)[mine].sum(0) / result.of(best)[mine].sum(0)).tolist()
        print(f"    {family:14} against the best: {exam:.3f}  {later:.3f}")
    for line in aims(result):
        print(f"  {line}")
    sys.stdout.flush()


def aims(result: Result) -> list[str]:
    """What the issue asks of this scenario and what was reached, the worse of the two times."""
    lines = []

    def line(what: str, aim: float, reached: float, *, below: bool = False) -> None:
        met = reached < aim if below else reached > aim
        sign = "below" if below else "above"
        lines.append(f"{'met   ' if met else 'MISSED'} {what} {sign} {aim:g}: {reached:.4f}")

    def lowest(name: str) -> float:
        return min(result.against(name, column)[1] for column in (0, 1))

    if result.scenario in AIMS:
        line("lower end against the best simple", AIMS[result.scenario], lowest(result.simple[0]))
    if THIRD in result.kept:
        line(f"lower end against the {THIRD}", WEIGHTED_AIM, lowest(THIRD))
    reached = min(result.against(ORACLE, column)[0] for column in (0, 1))
    line("share of the oracle", ORACLE_AIM, reached)
    line("loss when the error doubles", LOSS_AIM, max(result.loss(PLANNER)), below=True)
    return lines


def show_forecasts(results: Iterable[Result]) -> None:
    """Print the scores of all forecasts of passing, together and by when they were made."""
    rows = np.array([row for r in results for row in r.forecasts])
    print(f"\nchance of passing a ten-question interview, {len(rows)} forecasts:")
    for share in (None, *FORECASTS):
        some = rows if share is None else rows[np.isclose(rows[:, 0], share)]
        scores = forecast_scores(some[:, 1], some[:, 2])
        when = "all" if share is None else f"made after {share:.0%} of the days"
        print(f"  {when:32}", ", ".join(f"{k} {v:.3f}" for k, v in scores.items()))
    scores = forecast_scores(rows[:, 1], rows[:, 2])
    for name, aim in (("Brier", BRIER_AIM), ("calibration", CALIBRATION_AIM)):
        met = "met   " if scores[name] <= aim else "MISSED"
        print(f"  {met} {name} at most {aim:g}: {scores[name]:.4f}")
    edges = np.minimum((rows[:, 1] * 5).astype(int), 4)
    for b in np.unique(edges):
        said, true = rows[edges == b, 1].mean(), rows[edges == b, 2].mean()
        print(f"    said {said:.2f}, passed {true:.2f} ({(edges == b).sum()} forecasts)")


def merged(paths: Iterable[Path]) -> list[Result]:
    """The results in files of this bench, the learners of one scenario put together."""
    found: dict[str, Result] = {}
    for path in paths:
        for row in json.loads(path.read_text(encoding="utf-8")):
            result = Result(**row)
            if result.scenario in found:
                found[result.scenario].add(result)
            else:
                found[result.scenario] = result
    return list(found.values())


def main(argv: list[str] | None = None) -> int:
    """Run the bench; see ``--help``."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        prog="python -m bench.planner",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--scenario", action="append", choices=SCENARIOS, help="all if not given")
    parser.add_argument("--learners", type=int, default=12, help="per family and scenario")
    parser.add_argument("--seed", type=int, default=0, help="number of the first learner")
    parser.add_argument("--held-out", action="store_true", help="the held-out family alone")
    parser.add_argument("--json", type=Path, help="write every learner's figures to a file")
    parser.add_argument("--merge", nargs="+", type=Path, help="show files instead of running")
    options = parser.parse_args(argv)
    begun = time.process_time()
    if options.merge:
        results = merged(options.merge)
        for result in results:
            show(result)
    else:
        results = []
        families = HELD_OUT if options.held_out else FAMILIES
        for name in options.scenario or SCENARIOS:
            results.append(measure(name, families, options.learners, options.seed, TUNING))
            show(results[-1])
            if options.json:
                text = json.dumps([asdict(r) for r in results])
                options.json.write_text(text, encoding="utf-8")
    show_forecasts(results)
    print(f"{time.process_time() - begun:.0f} s of CPU")
    return 0


if __name__ == "__main__":
    sys.exit(main())
