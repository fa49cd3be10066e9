"""`viva decks`: what there is to study."""

from __future__ import annotations

from agents.protocol import GetDecks
from agents.views import DeckView
from tui.commands.shell import answer, options, parsed, say, table


def run(arguments: list[str]) -> int:
    args = parsed(options("decks", "Lists the decks."), arguments)
    return args if isinstance(args, int) else answer(GetDecks(), _show, args.json)


def _show(decks: tuple[DeckView, ...]) -> None:
    rows = [("deck", "questions", "seen", "due", "title")]
    rows += [(d.id, str(d.questions), str(d.seen), str(d.due), d.title) for d in decks]
    table(rows)
    if not decks:
        say("No decks. Add one: viva add PATH")
