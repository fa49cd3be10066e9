"""`viva due`: what comes back today and this week."""

from __future__ import annotations

from agents.protocol import GetRows, GetToday
from agents.views import RowView, TodayView
from tui.commands.shell import (
    Served,
    broken_decks,
    options,
    parsed,
    percent,
    print_json,
    say,
    table,
    with_tutor,
)
from tui.wording import count


def run(arguments: list[str]) -> int:
    parser = options("due", "What is due, and what the planner would ask next.")
    parser.add_argument("--deck", default="", help="only this deck")
    args = parsed(parser, arguments)
    if isinstance(args, int):
        return args

    def work(served: Served) -> tuple[TodayView, tuple[RowView, ...]]:
        today = served(GetToday(deck=args.deck))
        broken_decks(served)
        return today, served(GetRows(deck=args.deck, due=True))

    def show(found: tuple[TodayView, tuple[RowView, ...]]) -> None:
        today, rows = found
        if args.json:
            print_json({"today": today, "due": rows})
        else:
            _show(today, rows)

    return with_tutor(work, show)


def _show(today: TodayView, rows: tuple[RowView, ...]) -> None:
    say(f"{today.due_now} due now, {today.due_week} this week, {today.new} not yet asked.")
    if today.days_left >= 0:
        say(f"{count(today.days_left, 'day')} to {today.goal}.")
    table((row.id, percent(row.recall), row.ask) for row in rows)
    if today.plan:
        say("\nNext, as it looks now:")
        table((p.question, f"{max(p.minutes, 1):.0f} min", p.reason) for p in today.plan)
