"""`viva backup`: a copy of what cannot be made again."""

from __future__ import annotations

from pathlib import Path

from agents.protocol import BackUp, Done, Refused
from tui.commands.shell import answer, complain, options, parsed, say


def run(arguments: list[str]) -> int:
    parser = options("backup", "Copies events and decks to a new folder.")
    parser.add_argument("path", nargs="?", default="", metavar="FOLDER")
    parser.add_argument("--restore", action="store_true", help="put the backup in FOLDER in place")
    args = parsed(parser, arguments)
    if isinstance(args, int):
        return args
    if args.restore:
        return _restore(Path(args.path).expanduser())
    return answer(BackUp(args.path), _show, args.json)


def _restore(folder: Path) -> int:
    from agents.desk.interchange import restore

    try:
        say(restore(folder))
    except Refused as refused:
        return complain(refused.trouble)
    return 0


def _show(done: Done) -> None:
    say(done.text)
