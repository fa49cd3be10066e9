"""Rows of Markdown tables in an answer, each with what its cells are about."""

from __future__ import annotations

import re
from collections.abc import Sequence

_DIVIDER = re.compile(r"\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)+\|?$")


def with_columns(lines: Sequence[str]) -> list[str]:
    """`lines` without the heads of tables; in a table that compares things (three columns or more) the
    cells of a row name their column instead."""
    made: list[str] = []
    heads: list[str] = []
    for line, below in zip(lines, [*lines[1:], ""], strict=False):
        if not line.lstrip().startswith("|"):
            heads = []
        elif _DIVIDER.match(below.strip()):
            heads = cells(line)
            if len(heads) > 2 and len({*heads[1:], ""}) < len(heads):
                heads = []  # A head over several columns says little of each.
            continue
        elif len(heads) > 2 and not _DIVIDER.match(line.strip()):
            first, *rest = cells(line)
            pairs = (f"{head}: {cell}" for head, cell in zip(heads[1:], rest, strict=False) if cell)
            line = f"| {first} | {' | '.join(pairs)} |"
        made.append(line)
    return made


def cells(line: str) -> list[str]:
    """The cells of a row of a table."""
    return [cell.strip() for cell in line.strip().strip("|").split("|")]
