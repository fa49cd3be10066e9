"""What CrewAI costs: the tutor's moves through its agents beside the same moves without it.

    python -m bench.turns [--rounds 30]

Built-in tutor both times, in one process, alternating; CPU time of the whole process in milliseconds
per move, median of the rounds. A turn is a verdict and a follow-up.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from agents.briefs import ExplainBrief, PointBrief, QuizBrief
from agents.crew.team import CrewTeam
from agents.grading.builtin import BuiltinGrader
from agents.judgement import Point, Task
from agents.team import BuiltinTeam, Team
from corpus.library import Library
from corpus.model import Question

QUESTION = "tokenization-bpe"
ANSWER = "It starts from bytes and keeps merging the most frequent neighbouring pair, round {n}."
WARM = 3


Move = Callable[[Team, int], object]
"""A move of the tutor by a team; the number makes its texts unlike those of every other round."""
Times = dict[tuple[str, str], list[float]]
"""Milliseconds of processor time by (move, team)."""


def moves_of(question: Question) -> dict[str, Move]:
    """The moves that are measured."""
    first = question.expectations[0]
    point = PointBrief(id=first.id, text=first.text, probe=first.probe, hint=first.hint)
    points = tuple(Point.of(e) for e in question.expectations)
    hint = QuizBrief(task="hint", ask=question.ask, point=point, mood="vague")
    explain = ExplainBrief(task="explain", ask=question.ask, points=(point,))
    return {
        "judge": lambda team, n: team.judge(
            Task(question.ask, (ANSWER.format(n=n),), points, id=str(n))
        ),
        "follow-up": lambda team, n: team.quiz(hint),
        "explanation": lambda team, n: team.explain(explain),
    }


def measured(moves: dict[str, Move], teams: dict[str, Team], rounds: int) -> Times:
    """Every move by every team in turn, after `WARM` rounds that do not count."""
    spent: Times = {}
    for number in range(rounds + WARM):
        for order, (name, team) in enumerate(teams.items()):
            team.begin_turn("bench")
            for move, make in moves.items():
                begun = time.process_time()
                make(team, 2 * number + order)
                if number >= WARM:
                    took = 1000 * (time.process_time() - begun)
                    spent.setdefault((move, name), []).append(took)
    return spent


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=30)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        question = Library(home).question(QUESTION)
        assert question is not None
        moves, grader = moves_of(question), BuiltinGrader()
        with closing(CrewTeam(home, grader, {}, str, str)) as crew_team:
            teams: dict[str, Team] = {"bare": BuiltinTeam(grader), "CrewAI": crew_team}
            times = measured(moves, teams, rounds)
    medians = {key: statistics.median(some) for key, some in times.items()}
    for move in moves:
        bare, crew = medians[move, "bare"], medians[move, "CrewAI"]
        print(f"{move:12} bare {bare:6.1f} ms   CrewAI {crew:6.1f} ms   more {crew - bare:6.1f} ms")
    turn = {name: medians["judge", name] + medians["follow-up", name] for name in teams}
    print(f"{'turn':12} bare {turn['bare']:6.1f} ms   CrewAI {turn['CrewAI']:6.1f} ms")


if __name__ == "__main__":
    main()
