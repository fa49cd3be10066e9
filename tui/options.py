"""The options of `viva study`, checked before anything is drawn."""

from __future__ import annotations

import argparse
import sys
from importlib import metadata

from tui.wanted import MODES

ABOUT = """\
Opens the screens. Everything else is a command of its own (each has --help, most have --json):
  ask "..."      talk to the explainer        add PATH     import questions or notes
  decks  show    what there is to study       search       in the corpus
  recall why     what Viva remembers          due  goal    what comes back, and until when
  recap          what moved                   grade        judge answers from stdin
  profile forget what it believes of you      export import backup rebuild
  doctor models  state of things, and models  serve        in a browser
"""


def build() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="viva", description=ABOUT, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--deck", default="", help="study only this deck")
    parser.add_argument("--topic", default="", help="study only this topic")
    parser.add_argument(
        "--question",
        default="",
        metavar="ID",
        help="only this question, or all stages of this design interview",
    )
    parser.add_argument(
        "--questions", type=_count, default=0, metavar="N", help="stop after N questions"
    )
    parser.add_argument(
        "--minutes", type=_minutes, default=0.0, metavar="N", help="stop after N minutes"
    )
    modes = parser.add_mutually_exclusive_group()
    for mode, about in MODES.items():
        modes.add_argument(
            f"--{mode}", dest="mode", default="", action="store_const", const=mode, help=about
        )
    parser.add_argument("--start", action="store_true", help="skip Today and ask at once")
    parser.add_argument("--resume", action="store_true", help="go on with the unfinished session")
    parser.add_argument(
        "--plain", action="store_true", help="line by line, for screen readers and pipes"
    )
    parser.add_argument("--version", action="version", version=_version())
    return parser


def parse(args: list[str]) -> dict[str, object] | int:
    """The options given (only those that differ from their defaults), or an exit code."""
    parser = build()
    try:
        found = vars(parser.parse_args(args))
    except SystemExit as end:
        return int(end.code or 0) if not isinstance(end.code, str) else _fail(end.code)
    return {name: value for name, value in found.items() if value}


def _fail(text: str) -> int:
    print(text, file=sys.stderr)
    return 2


def _count(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 500:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to 500")
    return int(text)


def _minutes(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 1 <= value <= 600:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of minutes from 1 to 600")
    return value


def _version() -> str:
    try:
        return f"viva {metadata.version('viva-study')}"
    except metadata.PackageNotFoundError:
        return "viva (not installed)"
