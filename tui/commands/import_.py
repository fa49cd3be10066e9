"""`viva import FILE`: takes in an export, or Anki's review log."""

from __future__ import annotations

from agents.protocol import Done, Import
from tui.commands.shell import answer, options, parsed, say


def run(arguments: list[str]) -> int:
    parser = options("import", "Takes in what `viva export` wrote, or an Anki package's reviews.")
    parser.add_argument("path", metavar="FILE")
    args = parsed(parser, arguments)
    return args if isinstance(args, int) else answer(Import(args.path), _show, args.json)


def _show(done: Done) -> None:
    say(done.text)
