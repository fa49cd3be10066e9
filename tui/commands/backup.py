"""`viva backup`: a copy of what cannot be made again."""

from __future__ import annotations

from agents.protocol import BackUp, Done
from tui.commands.shell import answer, options, parsed, say


def run(arguments: list[str]) -> int:
    parser = options("backup", "Copies events and decks to a new folder.")
    parser.add_argument("path", nargs="?", default="", metavar="FOLDER")
    args = parsed(parser, arguments)
    return args if isinstance(args, int) else answer(BackUp(args.path), _show, args.json)


def _show(done: Done) -> None:
    say(done.text)
