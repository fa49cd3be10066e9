"""`viva rebuild`: knowledge and indexes anew from the events."""

from __future__ import annotations

import argparse

from agents.protocol import Done, Rebuild
from tui.commands.shell import options, parsed, print_json, say, with_tutor


def run(arguments: list[str]) -> int:
    parser = options("rebuild", "Rebuilds what is derived from your events.")
    one = parser.add_mutually_exclusive_group()
    one.add_argument("--embedder", default="", help="re-embed with this embedder")
    one.add_argument(
        "--fit",
        action=argparse.BooleanOptionalAction,
        help="learn from your own log how you forget, and use it if it is better; "
        "--no-fit: as the average learner",
    )
    args = parsed(parser, arguments)
    if isinstance(args, int):
        return args

    fit = "" if args.fit is None else "own" if args.fit else "average"

    def show(done: Done) -> None:
        if args.json:
            print_json(done)
        else:
            say(done.text or "Rebuilt.")

    return with_tutor(
        lambda served: served(Rebuild(args.embedder, "rebuild", fit)), show, progress=True
    )
