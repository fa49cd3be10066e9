"""`viva decks`: what there is to study, and taking out of it what was brought in."""

from __future__ import annotations

import sys

from agents.protocol import Done, GetDecks, RemoveSource
from agents.views import DeckView
from tui.commands.shell import (
    Served,
    answer,
    broken_decks,
    options,
    parsed,
    print_json,
    say,
    table,
    with_tutor,
)
from tui.literal import shown


def run(arguments: list[str]) -> int:
    parser = options("decks", "Lists the decks, or removes one of your own.")
    parser.add_argument(
        "--remove", metavar="NAME", help="remove an own deck, or what only a document gave"
    )
    parser.add_argument(
        "--history",
        choices=("keep", "forget"),
        help="what becomes of the history of questions removed (default: ask)",
    )
    args = parsed(parser, arguments)
    if isinstance(args, int):
        return args
    if args.remove is None:
        if args.history:
            print("viva: --history goes with --remove NAME", file=sys.stderr)
            return 2
        return with_tutor(_listed, print_json if args.json else _show)
    history = args.history or _wish(args.remove)
    if not history:
        print("nothing was removed", file=sys.stderr)
        return 1
    return answer(RemoveSource(args.remove, history == "forget"), _removed, args.json)


def _listed(served: Served) -> tuple[DeckView, ...]:
    broken_decks(served)
    return served(GetDecks())


def _wish(name: str) -> str:
    """ "keep" or "forget", as the learner says; "" for neither."""
    if not sys.stdin.isatty():
        print(
            "viva: say what becomes of the history of its questions: --history keep or --history forget",
            file=sys.stderr,
        )
        return ""
    question = f"Remove {shown(name)}. And the history of its questions? [keep / forget / cancel] "
    try:
        said = input(question).strip().casefold()
    except EOFError:
        return ""
    return said if said in ("keep", "forget") else ""


def _removed(done: Done) -> None:
    say(done.text)


def _show(decks: tuple[DeckView, ...]) -> None:
    rows = [("deck", "questions", "seen", "due", "title")]
    rows += [(d.id, str(d.questions), str(d.seen), str(d.due), d.title) for d in decks]
    table(rows)
    if not decks:
        say("No decks. Add one: viva add PATH")
