"""How many sessions a second the bare policy plans: ``python -m bench.planner_speed``.

A session is a simulated learner's 20 minutes on one day: every choice, every answer taken in. Beside it
runs the same simulation with questions in a random order, so that what is measured can be compared
between machines: the ratio says what the planning costs on top of the simulation itself.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from typing import Any

from bench.planning.memories import FAMILIES
from bench.planning.rivals import Shuffled
from bench.planning.world import Setting, World, run
from memory.policy import Policy

DECKS = (60, 150, 400)
"""Questions of three to eight points each."""
DAYS = 30
ROUNDS = 3


def pace(worlds: list[World], make: Callable[[World], Any]) -> float:
    """Sessions per second of CPU, in the best of some rounds: what else runs only slows it down."""
    sessions = sum(int(world.present.sum()) for world in worlds)
    spent: list[float] = []
    for _ in range(ROUNDS):
        begun = time.process_time()
        for world in worlds:
            run(world, make(world))
        spent.append(time.process_time() - begun)
    return sessions / min(spent)


def main(argv: list[str] | None = None) -> int:
    """Run the bench; see ``--help``."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        prog="python -m bench.planner_speed",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--learners", type=int, default=1, help="per family of memory and deck")
    options = parser.parse_args(argv)
    print(
        f"{'questions':>9} {'sessions/s':>11} {'random order':>13} {'ratio':>6} {'1,000 sessions':>15}"
    )
    for questions in DECKS:
        setting = Setting(questions, DAYS)
        worlds = [World(setting, f, k) for f in FAMILIES for k in range(options.learners)]
        ours = pace(worlds, lambda w: Policy(w.items, w.setting.days))
        random = pace(worlds, lambda w: Shuffled(w.items, w.seed))
        print(
            f"{questions:>9} {ours:>11.0f} {random:>13.0f} {random / ours:>6.1f} {1000 / ours:>13.1f} s"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
