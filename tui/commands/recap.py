"""`viva recap`: what moved, on the terminal or as a file."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from agents.protocol import GetRecap
from agents.views import RecapView
from tui.commands.shell import day, options, parsed, percent, print_json, say, table, with_tutor
from tui.literal import one_line, shown


def run(arguments: list[str]) -> int:
    parser = options("recap", "What moved in the last session, or since a date.")
    parser.add_argument(
        "--since",
        default="",
        metavar="DATE",
        help="all since 2026-11-30, yesterday, last week",
    )
    parser.add_argument("--session", default="", metavar="ID", help="another session than the last")
    parser.add_argument("--html", type=Path, metavar="FILE", help="write one web page")
    parser.add_argument("--md", type=Path, metavar="FILE", help="write Markdown")
    parser.add_argument("--png", type=Path, metavar="FILE", help="write the plots as a picture")
    args = parsed(parser, arguments)
    if isinstance(args, int):
        return args
    code = 0

    def show(view: RecapView) -> None:
        nonlocal code
        files = [path for path in (args.html, args.md, args.png) if path is not None]
        for path in files:
            code |= _write(view, path)
        if args.json:
            print_json(view)
        elif not files:
            _show(view)

    request = GetRecap(session=args.session, since=args.since)
    return with_tutor(lambda served: served(request), show) or code


def _write(view: RecapView, path: Path) -> int:
    from tui.export import ExportError, write

    try:
        write(view, path, time.time_ns() // 1_000_000)
    except ExportError as error:
        print(f"viva: {error}", file=sys.stderr)
        return 1
    print(f"written: {shown(str(path))}", file=sys.stderr)
    return 0


def _show(view: RecapView) -> None:
    say(view.title)
    say(view.headline)
    rows = [("before", "now", "points", "comes back", "question")]
    for m in view.moved:
        due = day(m.next_due) if m.next_due else "-"
        points = f"{m.covered} of {m.points}"
        rows.append((percent(m.before), percent(m.after), points, due, m.ask))
    if view.moved:
        say()
        table(rows)
    for m in view.moved:
        if m.quote:
            say(f"“{m.quote}”", 2)
    for title, errors in (
        ("Said with confidence, and wrong:", view.confident_wrong),
        ("Misconceptions met:", view.opened),
        ("Misconceptions put right:", view.closed),
    ):
        if errors:
            say(f"\n{title}")
            for error in errors:
                say(f"{error.text} {error.correction}".strip(), 2)
    if view.overrides:
        say(f"\n{view.overrides} of {view.judged} verdicts overridden by you.")
    if view.next_step:
        say(f"\nNext: {one_line(view.next_step)}")
