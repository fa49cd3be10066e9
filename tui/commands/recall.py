"""`viva recall QUERY`: what was said, by you and by the tutor."""

from __future__ import annotations

from agents.protocol import Recall
from agents.views import RecollectionView
from tui.commands.shell import answer, day, options, parsed, say


def run(arguments: list[str]) -> int:
    parser = options("recall", "Recalls what you and the tutor said.")
    parser.add_argument("query", nargs="+", help='for example "what did I get wrong about masks?"')
    parser.add_argument("--limit", type=int, default=5)
    args = parsed(parser, arguments)
    if isinstance(args, int):
        return args
    return answer(Recall(" ".join(args.query), args.limit), _show, args.json)


def _show(found: tuple[RecollectionView, ...]) -> None:
    if not found:
        say("Nothing remembered about that.")
    for turn in found:
        parts = (day(turn.at), turn.question or turn.topic, _who(turn))
        say(" · ".join(part for part in parts if part) + ":")
        say(turn.text, 2)


def _who(turn: RecollectionView) -> str:
    if turn.kind.startswith("misconception"):
        return "You, judged to be a mix-up"
    return "You" if turn.speaker == "learner" else (turn.speaker or "Viva").capitalize()
