"""`viva forget`: erases for good."""

from __future__ import annotations

import sys

from agents.protocol import Done, Forget
from tui.commands.shell import answer, options, parsed, say

SCOPES = ("claim", "question", "deck", "period", "learner", "all")


def run(arguments: list[str]) -> int:
    parser = options("forget", "Erases from every file. There is no way back; consider a backup.")
    parser.add_argument("scope", choices=SCOPES)
    parser.add_argument(
        "what",
        nargs="?",
        default="",
        help="an id, a deck, or a period such as 2026-01-01..2026-02-01",
    )
    parser.add_argument("--yes", action="store_true", help="do not ask")
    args = parsed(parser, arguments)
    if isinstance(args, int):
        return args
    if not args.yes and not _sure(args.scope, args.what):
        print("nothing was forgotten", file=sys.stderr)
        return 1
    return answer(Forget(args.scope, args.what), _show, args.json)


def _sure(scope: str, what: str) -> bool:
    if not sys.stdin.isatty():
        print("viva: say --yes to forget without being asked", file=sys.stderr)
        return False
    return input(f"Forget {scope} {what} for good? [y/N] ").strip().casefold() in ("y", "yes")


def _show(done: Done) -> None:
    say(done.text)
