"""`viva grade`: judges answers from standard input, as JSON Lines or one by one."""

from __future__ import annotations

import io
import sys

from tui.commands.shell import options, parsed


def run(arguments: list[str]) -> int:
    parser = options(
        "grade",
        'Judges answers. With --jsonl each line in is {"id", "question", "references", '
        '"expectations"?, "answer"} and each line out is its judgement, in order.',
    )
    parser.add_argument("--jsonl", action="store_true", help="JSON Lines in and out")
    args = parsed(parser, arguments)
    if isinstance(args, int):
        return args
    from agents.grading.known import Known
    from agents.grading.stream import grade_stream
    from corpus.library import Library
    from memory.home import locate

    known = Known(lambda: Library(locate()).questions())
    source = io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8", errors="surrogateescape")
    code = grade_stream(
        source, sys.stdout.write, jsonl=args.jsonl or args.json, complete=known.complete
    )
    sys.stdout.flush()
    return code
