"""`viva rebuild`: knowledge and indexes anew from the events."""

from __future__ import annotations

from agents.protocol import Done, Rebuild
from tui.commands.shell import options, parsed, print_json, say, with_tutor


def run(arguments: list[str]) -> int:
    parser = options("rebuild", "Rebuilds what is derived from your events.")
    parser.add_argument("--embedder", default="", help="re-embed with this embedder")
    args = parsed(parser, arguments)
    if isinstance(args, int):
        return args

    def show(done: Done) -> None:
        if args.json:
            print_json(done)
        else:
            say(done.text or "Rebuilt.")

    return with_tutor(
        lambda tutor: tutor.request(Rebuild(args.embedder, "rebuild")), show, progress=True
    )
