"""What the commands share: options, one tutor in this process, printing for people or as JSON."""

from __future__ import annotations

import argparse
import json
import logging
import shutil
import sys
import textwrap
from collections.abc import Callable, Iterable
from typing import Any, Protocol, TypeVar

from agents.codec import to_json
from agents.protocol import Hello, Progress, Refused, Request, Trouble, Update
from tui.literal import shown

R = TypeVar("R")
MOST_PROBLEMS = 3
"""Problems of decks that are named."""


def options(name: str, about: str) -> argparse.ArgumentParser:
    """A parser for `viva NAME` with `--json`."""
    parser = argparse.ArgumentParser(prog=f"viva {name}", description=about)
    parser.add_argument("--json", action="store_true", help="print JSON")
    return parser


def parsed(parser: argparse.ArgumentParser, arguments: list[str]) -> argparse.Namespace | int:
    """The options, or the exit code when they are wrong or only help was wanted."""
    try:
        return parser.parse_args(arguments)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 2


class Served(Protocol):
    """Serves a request. Raises `Refused`."""

    def __call__(self, message: Request[R], /) -> R: ...


def answer(
    request: Request[R],
    show: Callable[[R], None],
    as_json: bool,
    agents: bool = False,
) -> int:
    """Has `request` served and prints the reply; returns the exit code."""
    return with_tutor(
        lambda served: served(request),
        lambda reply: print_json(reply) if as_json else show(reply),
        agents,
    )


def with_tutor(
    work: Callable[[Served], R],
    show: Callable[[R], None],
    agents: bool = False,
    progress: bool = False,
) -> int:
    """Opens memory and library in this process, does `work`, shows its result.

    Returns the exit code: 0, or 1 when the work was refused (what to do goes to standard error).
    """
    try:
        from agents.desk import open_desk
        from agents.logs import log_to_file
        from memory.home import locate

        try:
            desk = open_desk(_follow if progress else _ignore, agents=agents, lasting=agents)
        except Refused as refused:
            if refused.trouble.kind != "unavailable":
                raise
            show(work(_beside(refused)))
            return 0
        try:
            if not logging.getLogger().handlers:
                log_to_file(locate())
            result = work(desk.handle)
        finally:
            desk.close()
        show(result)
    except Refused as refused:
        return complain(refused.trouble)
    except KeyboardInterrupt:
        print("stopped; nothing is lost", file=sys.stderr)
        return 130
    except BrokenPipeError:
        return 0
    return 0


def _beside(refused: Refused) -> Served:
    """Look-ups by the Viva that has the folder open, if it was `refused` for that reason."""
    from agents.neighbour import Neighbour
    from memory.home import locate
    from memory.settings import SettingsError, load_settings

    try:
        learner = load_settings(locate()).learner
    except SettingsError:
        raise refused from None
    return Neighbour(locate(), learner, refused).handle


def _ignore(update: Update) -> None:
    """Nobody looks."""


def _follow(update: Update) -> None:
    if isinstance(update, Progress):
        done = f": {update.done} of {update.total}" if update.total else ""
        left = f", about {update.eta:.0f} s left" if update.eta > 0 else ""
        print(f"{shown(update.text)}{done}{left}", file=sys.stderr)


def broken_decks(served: Served) -> None:
    """Says on standard error what is wrong in the learner's decks, and how to mend it."""
    problems = served(Hello()).problems
    for check in problems[:MOST_PROBLEMS]:
        mend = f" ({check.mend})" if check.mend else ""
        print(f"viva: {shown(check.text)}{shown(mend)}", file=sys.stderr)
    if len(problems) > MOST_PROBLEMS:
        more = len(problems) - MOST_PROBLEMS
        print(f"viva: and {more} more in your decks", file=sys.stderr)


def complain(trouble: Trouble) -> int:
    """Says what is wrong and how to mend it; returns exit code 1."""
    print(f"viva: {shown(trouble.message)}", file=sys.stderr)
    if trouble.mend:
        print(f"      {shown(trouble.mend)}", file=sys.stderr)
    return 1


def print_json(value: Any) -> None:
    """Prints `value` as JSON; what cannot be encoded becomes a question mark."""
    text = json.dumps(to_json(value), ensure_ascii=False, indent=2)
    print(text.encode("utf-8", "replace").decode())


def width() -> int:
    return min(shutil.get_terminal_size((80, 24)).columns, 100)


def say(text: str = "", indent: int = 0) -> None:
    """Prints foreign or own text, wrapped and harmless."""
    for line in shown(text).split("\n"):
        prefix = " " * indent
        print(
            textwrap.fill(line, width(), initial_indent=prefix, subsequent_indent=prefix)
            if line.strip()
            else ""
        )


def table(rows: Iterable[tuple[str, ...]], gap: int = 2, wrap: bool = False) -> None:
    """Prints columns; the last one takes what is left of the line, or of several lines with `wrap`."""
    listed = [tuple(" ".join(shown(cell).split()) for cell in row) for row in rows]
    if not listed:
        return
    sizes = [max(len(row[i]) for row in listed) for i in range(len(listed[0]) - 1)]
    room = max(20, width() - sum(sizes) - gap * len(sizes))
    for row in listed:
        cells = [cell.ljust(size) for cell, size in zip(row, sizes, strict=False)]
        if wrap:
            lines = textwrap.wrap(row[-1], room) or [""]
        else:
            lines = [row[-1] if len(row[-1]) <= room else row[-1][: room - 1] + "…"]
        print((" " * gap).join([*cells, lines[0]]).rstrip())
        for line in lines[1:]:
            print(" " * (sum(sizes) + gap * len(sizes)) + line)


def percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def day(at: int) -> str:
    """A time in milliseconds as a local date."""
    from datetime import datetime

    return datetime.fromtimestamp(at / 1000).astimezone().strftime("%Y-%m-%d")
