"""`viva ask "..."`: one question to the explainer about the corpus and your history."""

from __future__ import annotations

import secrets
import time

from agents.protocol import Ask, GetThread
from agents.views import TurnView
from tui.commands.shell import Served, options, parsed, print_json, say, with_tutor

PATIENCE = 120.0
"""Seconds to wait for the reply."""


def run(arguments: list[str]) -> int:
    parser = options("ask", "Asks the explainer; the conversation is remembered.")
    parser.add_argument("text", nargs="+")
    args = parsed(parser, arguments)
    if isinstance(args, int):
        return args

    def work(served: Served) -> TurnView | None:
        done = served(Ask(" ".join(args.text), secrets.token_hex(4)))
        for _ in range(int(PATIENCE / 0.1)):
            turns = served(GetThread(count=4))
            places = [i for i, turn in enumerate(turns) if turn.id == done.id]
            if places and len(turns) > places[0] + 1:
                return turns[places[0] + 1]
            time.sleep(0.1)
        return None

    def show(turn: TurnView | None) -> None:
        if args.json:
            print_json(turn)
        elif turn is None:
            say("No reply came; your question is kept.")
        else:
            say(turn.text)
            for number, source in enumerate(turn.sources, 1):
                say(f"[{number}] {source.title}: {source.excerpt[:160]}", 2)

    return with_tutor(work, show, agents=True)
