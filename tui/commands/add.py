"""`viva add PATH|URL...`: questions and notes into the library."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from agents.protocol import AddSource, Refused, Trouble
from agents.views import ImportView
from tui.commands.shell import Served, complain, options, parsed, print_json, say, with_tutor
from tui.wording import count

MANY = 20
"""Lines of a listing shown to people."""


def run(arguments: list[str]) -> int:
    parser = options("add", "Imports question banks, decks, notes and papers.")
    parser.add_argument("paths", nargs="+", metavar="PATH|URL")
    parser.add_argument("--deck", default="", help="name of the deck (default: after the file)")
    parser.add_argument("--dry-run", action="store_true", help="only show what would be found")
    parser.add_argument("--online", action="store_true", help="allow fetching web addresses")
    args = parsed(parser, arguments)
    if isinstance(args, int):
        return args
    paths = tuple(args.paths)
    missing = [path for path in paths if not _is_there(path)]
    if missing:
        names = ", ".join(missing)
        return complain(Trouble(f"there is no file or folder {names}", "nothing was imported"))
    online = args.online or any(p.startswith(("http://", "https://")) for p in paths)
    if args.dry_run:
        return _preview(paths, online, args.json)

    done: list[ImportView] = []
    wrong: list[Trouble] = []

    def work(served: Served) -> None:
        for path in paths:
            try:
                done.append(served(AddSource(path, args.deck, f"add {path}", online)))
            except Refused as refused:  # the others are imported all the same
                wrong.append(refused.trouble)

    def show(_: None) -> None:
        if args.json:
            print_json(done)
        else:
            for view in done:
                _show(view)
        for trouble in wrong:
            complain(trouble)

    code = with_tutor(work, show, progress=not args.json)
    return code or int(bool(wrong) or not all(view.found or view.waiting for view in done))


def _is_there(path: str) -> bool:
    return "://" in path or Path(path).expanduser().exists()


def _preview(paths: tuple[str, ...], online: bool, as_json: bool) -> int:
    """Shows what would be found; needs no memory, so it works beside a running session."""
    from agents.desk.importing import preview

    try:
        finding = preview(paths, online)
    except Refused as refused:
        return complain(refused.trouble)
    if as_json:
        print_json(finding)
    else:
        _show_finding(finding)
    return 0 if finding["questions"] or finding.get("review") else 1


def _show(view: ImportView) -> None:
    changed = f"{view.updated} changed, " if view.updated else ""
    say(
        f"{view.source}: {count(view.found, 'question')} found, {view.added} new in deck "
        f"{view.deck!r}, {changed}{view.known} known already."
    )
    if view.waiting:
        cards = count(view.waiting, "card made from prose waits", "cards made from prose wait")
        say(f"{cards} for your review in the library.", 2)
    for where, why in view.skipped[:MANY]:
        say(f"left out {where}: {why}", 2)
    if len(view.skipped) > MANY:
        say(f"and {len(view.skipped) - MANY} more left out", 2)


def _show_finding(finding: dict[str, Any]) -> None:
    questions = finding["questions"]
    cards = count(len(finding.get("review", [])), "card")
    say(f"{count(len(questions), 'question')}, {cards} for review.")
    for question in questions[:MANY]:
        points = count(len(question["expectations"]), "point")
        say(f"{question['ask'].splitlines()[0]}  ({points}, {question['where']})", 2)
    if len(questions) > MANY:
        say(f"and {len(questions) - MANY} more", 2)
    for skip in finding["skipped"][:MANY]:
        say(f"left out {skip['where']}: {skip['why']}", 2)
