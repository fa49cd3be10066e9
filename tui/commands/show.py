"""`viva show ID`: one question in full."""

from __future__ import annotations

from agents.protocol import GetDetail
from agents.views import DetailView
from tui.commands.shell import answer, day, options, parsed, percent, say
from tui.wording import facts


def run(arguments: list[str]) -> int:
    parser = options("show", "Shows a question with its answer, points and state.")
    parser.add_argument("id", help="the question's id, as `viva search` and `viva due` name it")
    args = parsed(parser, arguments)
    return args if isinstance(args, int) else answer(GetDetail(args.id), _show, args.json)


def _show(detail: DetailView) -> None:
    row = detail.row
    say(row.ask)
    due = f", due {day(row.due)}" if row.due else ""
    say(facts(row.deck, row.topic, f"level {row.level}", f"{row.state}{due}"))
    if detail.answer:
        say()
        say(detail.answer)
    if detail.points:
        say("\nPoints (chance that you would say it now)")
        for point in detail.points:
            say(f"{percent(point.coverage):>5}  {point.text}", 1)
    for error in detail.misconceptions:
        say(f"Often said, but wrong: {error.text}")
        say(error.correction, 2)
    for source in detail.sources:
        say(f"Source: {source.title} {source.where}".rstrip())
