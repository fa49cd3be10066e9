"""`viva goal --date D`: the interview date and the minutes a day."""

from __future__ import annotations

from agents.protocol import GetForecast, GetToday, SetGoal
from agents.views import ReachView, TodayView
from tui.commands.shell import Served, options, parsed, percent, print_json, say, table, with_tutor
from tui.wording import count


def run(arguments: list[str]) -> int:
    parser = options("goal", "Sets the interview date and the daily time, or shows them.")
    parser.add_argument("--date", default=None, help="ISO date such as 2026-12-24; none: remove it")
    parser.add_argument("--minutes", type=int, default=None, help="minutes a day")
    args = parsed(parser, arguments)
    if isinstance(args, int):
        return args
    date = "" if args.date == "none" else args.date

    def work(served: Served) -> tuple[TodayView, tuple[ReachView, ...]]:
        shown = date is None and args.minutes is None
        today = served(GetToday() if shown else SetGoal(date, args.minutes))
        return today, served(GetForecast())

    def show(found: tuple[TodayView, tuple[ReachView, ...]]) -> None:
        today, reach = found
        if args.json:
            print_json({"today": today, "reach": reach})
        else:
            _show(today, reach)

    return with_tutor(work, show)


def _show(today: TodayView, reach: tuple[ReachView, ...]) -> None:
    from memory.forecast import INTERVIEW, PASS_MARK

    daily = f"{today.goal_minutes:.0f} min a day" if today.goal_minutes else ""
    if today.days_left < 0:
        say(
            f"{daily}. No date is set.".removeprefix(". ") + " Set one: viva goal --date 2026-12-24"
        )
        return
    say(f"{count(today.days_left, 'day')} to {today.goal}{daily and f', {daily}'}.")
    if reach:
        say("\nExpected coverage of all points by then (4 times in 5 within the band):")
        table((_daily(r.minutes), *_band(r.coverage, r.low, r.high)) for r in reach)
        say(f"\nChance of saying {percent(PASS_MARK)} of what {INTERVIEW} questions ask for then:")
        table((_daily(r.minutes), percent(r.passing)) for r in reach)
    say("\nBy topic: expected now; the band is for the date, if nothing more is done:")
    topics = [t for t in today.readiness if t.topic != "all"]
    table((t.topic, *_band(t.recall, t.low, t.high)) for t in topics)


def _daily(minutes: float) -> str:
    return f"with {minutes:.0f} min a day" if minutes else "with nothing more"


def _band(middle: float, low: float, high: float) -> tuple[str, str]:
    return percent(middle), f"{percent(low)} to {percent(high)}"
