"""`python -m agents.grading`: the contract of `viva grade --jsonl` without the command line."""

import sys

from agents.grading.stream import grade_stream

if __name__ == "__main__":
    source = open(sys.stdin.fileno(), encoding="utf-8", errors="surrogateescape", closefd=False)  # noqa: SIM115
    code = grade_stream(source, sys.stdout.write, jsonl="--plain" not in sys.argv)
    sys.stdout.flush()
    sys.exit(code)
