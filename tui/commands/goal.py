"""`viva goal --date D`: the interview date and the minutes a day."""

from __future__ import annotations

from agents.protocol import GetToday, SetGoal
from agents.views import TodayView
from tui.commands.shell import answer, options, parsed, percent, say, table


def run(arguments: list[str]) -> int:
    parser = options("goal", "Sets the interview date; without --date shows it.")
    parser.add_argument("--date", default=None, help="ISO date such as 2026-12-24; none: remove it")
    parser.add_argument("--minutes", type=int, default=0, help="minutes a day")
    args = parsed(parser, arguments)
    if isinstance(args, int):
        return args
    if args.date is None:
        return answer(GetToday(), _show, args.json)
    date = "" if args.date == "none" else args.date
    return answer(SetGoal(date, args.minutes), _show, args.json)


def _show(today: TodayView) -> None:
    if today.days_left < 0:
        say("No date is set. Set one: viva goal --date 2026-12-24 --minutes 20")
        return
    say(f"{today.days_left} days to {today.goal}. Expected now, by topic:")
    table(
        (t.topic or "all", percent(t.recall), f"{percent(t.low)} to {percent(t.high)}")
        for t in today.readiness
    )
