"""`viva profile`: what Viva believes about you, and correcting it."""

from __future__ import annotations

from agents.protocol import CorrectClaim, GetClaims
from agents.views import ClaimView
from tui.commands.shell import Served, day, options, parsed, print_json, say, with_tutor


def run(arguments: list[str]) -> int:
    parser = options("profile", "What Viva believes about you. Each line rests on events.")
    parser.add_argument("--wrong", default="", metavar="ID", help="this is not so: remove it")
    parser.add_argument(
        "--correct", nargs=2, default=None, metavar=("ID", "TEXT"), help="say it rightly"
    )
    args = parsed(parser, arguments)
    if isinstance(args, int):
        return args

    def work(served: Served) -> tuple[ClaimView, ...]:
        if args.wrong:
            served(CorrectClaim(args.wrong, ""))
        if args.correct:
            served(CorrectClaim(*args.correct))
        return served(GetClaims())

    return with_tutor(work, print_json if args.json else _show)


def _show(claims: tuple[ClaimView, ...]) -> None:
    if not claims:
        say("Nothing yet. What you do in sessions is what this is made of.")
    for claim in claims:
        done = " (put right since)" if claim.closed else ""
        say(f"{claim.id}  {claim.text}{done}")
        times = f"{claim.seen} times, last" if claim.seen > 1 else "once,"
        say(f"{times} on {day(claim.last)}", 14)
