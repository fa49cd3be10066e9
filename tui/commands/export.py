"""`viva export`: everything as JSON Lines, the history as Markdown, a deck for Anki."""

from __future__ import annotations

from agents.protocol import Done, Export
from tui.commands.shell import answer, options, parsed, say


def run(arguments: list[str]) -> int:
    parser = options("export", "Writes your memory to a file. Nothing is taken away.")
    parser.add_argument("path", metavar="FILE")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--anki", action="store_true", help="questions as an Anki package (.apkg)")
    form.add_argument("--markdown", action="store_true", help="the history as readable text")
    parser.add_argument("--deck", default="", help="with --anki: only this deck")
    args = parsed(parser, arguments)
    if isinstance(args, int):
        return args
    kind = "anki" if args.anki else "markdown" if args.markdown else "jsonl"
    return answer(Export(args.path, kind, args.deck), _show, args.json)


def _show(done: Done) -> None:
    say(done.text)
