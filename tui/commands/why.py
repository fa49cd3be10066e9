"""`viva why ID`: why the planner would ask a question now, or did."""

from __future__ import annotations

from agents.protocol import Why
from agents.views import PlanView
from tui.commands.shell import answer, options, parsed, say


def run(arguments: list[str]) -> int:
    parser = options("why", "Why a question was or would be asked.")
    parser.add_argument("id", help="the question's id")
    args = parsed(parser, arguments)
    return args if isinstance(args, int) else answer(Why(args.id), _show, args.json)


def _show(plan: PlanView) -> None:
    say(plan.ask)
    say(plan.reason, 2)
