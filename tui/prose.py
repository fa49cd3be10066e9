"""Texts laid out as lines of styled spans, by cells of the terminal; nothing here draws.

A span is `(text, style)` where `style` is a key of `STYLES`; a line is a tuple of spans. Tutor
texts get a light layout (code blocks, tables, lists, bold); learner texts are left as typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import TypeAlias

from rich.cells import cell_len, get_character_cell_size

from tui.literal import shown

Span: TypeAlias = tuple[str, str]
Line: TypeAlias = tuple[Span, ...]
Mark: TypeAlias = tuple[int, int, str]

STYLES = (
    "text", "title", "strong", "dim", "code", "quote", "learner", "key", "warn", "bar",
    "right", "partial", "wrong", "against", "mark-right", "mark-partial", "mark-against",
)  # fmt: skip
BLANK: Line = ()

_TOKENS = re.compile(r"\s+|\S+")
_HEADING = re.compile(r"#{1,6}\s")
_BULLET = re.compile(r"[-*]")
_LIST = re.compile(r"(\s*(?:[-*•]|\d{1,3}[.)])\s+)(.*)")
_INLINE = re.compile(
    r"\*\*(?P<strong>[^*\n]+)\*\*|(?P<code>`[^`\n]+`)|(?<![\w*])\*(?P<quote>[^*\s](?:[^*\n]*[^*\s])?)\*(?![\w*])"
)
_RULE = re.compile(r"\s*\|?[\s:|-]*-[\s:|-]*\|?\s*\Z")


def wrap(text: str, width: int, first: int = 0) -> list[tuple[int, int]]:
    """Where to break one paragraph (no `\\n`) into lines of at most `width` cells, as offsets.

    `first` cells of the first line are taken already. Words longer than a line are cut.
    """
    width = max(1, width)
    if len(text) <= width - first and cell_len(text) <= width - first:
        return [(0, len(text))]
    lines: list[tuple[int, int]] = []
    start, end, room = 0, 0, width - first
    for match in _TOKENS.finditer(text):
        token = match[0]
        cells = cell_len(token)
        if token[0].isspace():
            if end == start:  # leading blanks are kept, as far as they leave room for a word
                end = match.start() + min(len(token), max(0, room - 1))
                room -= end - match.start()
            continue
        gap = match.start() - end
        if gap + cells <= room:
            end, room = match.end(), room - gap - cells
            continue
        if end > start:
            lines.append((start, end))
            start, room = match.start(), width
        while cells > room:
            cut = _fit(token, room)
            lines.append((start, start + cut))
            start, token, room = start + cut, token[cut:], width
            cells = cell_len(token)
        end, room = match.end(), room - cells
    lines.append((start, end))
    return lines


def _fit(text: str, width: int, least: int = 1) -> int:
    """How many characters of `text` fit in `width` cells, but at least `least`."""
    used = 0
    for number, character in enumerate(text):
        used += get_character_cell_size(character)
        if used > width:
            return max(least, number)
    return len(text)


def crop(text: str, width: int) -> str:
    """`text` cut with `…` to at most `width` cells."""
    if width <= 0:
        return ""
    if cell_len(text) <= width:
        return text
    return text[: _fit(text, width - 1, 0)] + "…"


def pad(text: str, width: int) -> str:
    """`text` cropped or filled with blanks to exactly `width` cells."""
    text = crop(text, width)
    return text + " " * (width - cell_len(text))


def flow(
    text: str,
    width: int,
    style: str = "text",
    lead: Line = (),
    hang: Line = (),
    marks: Sequence[Mark] = (),
) -> list[Line]:
    """One paragraph after `lead`, further lines after `hang`; `marks` restyle stretches of it."""
    taken = sum(cell_len(part) for part, _ in lead)
    later = sum(cell_len(part) for part, _ in hang)
    lines = []
    for number, (start, end) in enumerate(wrap(text, width - later, taken - later)):
        spans = tuple(_cut(text, start, end, style, marks))
        lines.append((*(hang if number else lead), *spans))
    return lines


def _cut(text: str, start: int, end: int, style: str, marks: Sequence[Mark]) -> Iterable[Span]:
    if not marks:
        yield text[start:end], style
        return
    edges = {start, end}
    for first, last, _ in marks:
        edges |= {edge for edge in (first, last) if start < edge < end}
    for first, last in pairwise(sorted(edges)):
        found = style
        for left, right, name in marks:
            if left <= first and last <= right:
                found = name
        yield text[first:last], found


def literal(
    text: str, width: int, style: str = "text", lead: Line = (), marks: Sequence[Mark] = ()
) -> list[Line]:
    """`text` as it is, each line after `lead`; `marks` are offsets into the text as shown."""
    lines: list[Line] = []
    at = 0
    for part in shown(text).split("\n"):
        inside = [(a - at, b - at, s) for a, b, s in marks if a < at + len(part) and b > at]
        lines += flow(part, width, style, lead, lead, inside)
        at += len(part) + 1
    return lines


def formatted(text: str, width: int, lead: Line = (), style: str = "text") -> list[Line]:
    """A tutor's text with code blocks, tables, lists, headings and bold laid out."""
    lines: list[Line] = []
    rows = shown(text).strip("\n").split("\n")
    at = 0
    while at < len(rows):
        row = rows[at]
        if row.lstrip().startswith("```"):
            end = next(
                (n for n in range(at + 1, len(rows)) if rows[n].lstrip().startswith("```")),
                len(rows),
            )
            lines += _code(rows[at + 1 : end], width, lead)
            at = end + 1
        elif (
            row.lstrip().startswith("|")
            and at + 1 < len(rows)
            and _RULE.match(rows[at + 1])
            and "|" in rows[at + 1]
        ):
            end = next(
                (n for n in range(at, len(rows)) if not rows[n].lstrip().startswith("|")), len(rows)
            )
            lines += table(_cells(rows[at:end]), width, lead)
            at = end
        else:
            if row.strip() or (at and rows[at - 1].strip()):  # one blank line is enough
                lines += _paragraph(row, width, lead, style)
            at += 1
    return lines


def _paragraph(row: str, width: int, lead: Line, style: str) -> list[Line]:
    hang = ""
    if _HEADING.match(row):
        row, style = row.lstrip("#").strip(), "strong"
    elif found := _LIST.match(row):
        mark = _BULLET.sub("•", found[1])
        row = mark + found[2]
        hang = " " * min(cell_len(mark), max(0, width // 3))
    text, marks = _inline(row)
    return flow(text, width, style, lead, (*lead, (hang, "text")) if hang else lead, marks)


def _inline(row: str) -> tuple[str, list[Mark]]:
    """Bold and emphasis without their asterisks, code with its backquotes, and where they are."""
    text, marks, last = "", [], 0
    for match in _INLINE.finditer(row):
        text += row[last : match.start()]
        kind = match.lastgroup or "text"
        part = match[kind]
        marks.append((len(text), len(text) + len(part), kind))
        text += part
        last = match.end()
    return text + row[last:], marks


def _code(rows: list[str], width: int, lead: Line) -> list[Line]:
    bar: Line = (*lead, ("│ ", "dim"))
    room = width - sum(cell_len(part) for part, _ in bar)
    lines: list[Line] = []
    for row in rows:
        rest = row
        while True:
            cut = _fit(rest, room) if cell_len(rest) > room else len(rest)
            lines.append((*bar, (rest[:cut], "code")))
            rest = rest[cut:]
            if not rest:
                break
    return lines


def _cells(rows: list[str]) -> list[list[str]]:
    return [
        [_inline(cell.strip())[0] for cell in row.strip().strip("|").split("|")]
        for number, row in enumerate(rows)
        if number != 1
    ]


def table(rows: list[list[str]], width: int, lead: Line = ()) -> list[Line]:
    """Rows in aligned columns that fit `width`, the first row as heading; long cells are wrapped."""
    columns = max(len(row) for row in rows)
    rows = [row + [""] * (columns - len(row)) for row in rows]
    room = width - sum(cell_len(part) for part, _ in lead) - 2 * (columns - 1)
    widths = [max(1, *(cell_len(row[n]) for row in rows)) for n in range(columns)]
    while sum(widths) > room and max(widths) > 4:
        widths[widths.index(max(widths))] -= 1
    lines: list[Line] = []
    for number, row in enumerate(rows):
        parts = [[cell[a:b] for a, b in wrap(cell, widths[n])] for n, cell in enumerate(row)]
        for depth in range(max(len(part) for part in parts)):
            texts = [part[depth] if depth < len(part) else "" for part in parts]
            joined = "  ".join(pad(text, widths[n]) for n, text in enumerate(texts))
            lines.append((*lead, (joined.rstrip(), "text" if number else "strong")))
        if not number:
            lines.append((*lead, ("  ".join("─" * one for one in widths), "dim")))
    return lines


def plain(lines: Iterable[Line]) -> str:
    """The text of `lines`, without styles."""
    return "\n".join("".join(part for part, _ in line).rstrip() for line in lines)


def rule(title: str, width: int, note: str = "", style: str = "title") -> Line:
    """A heading on a rule: ``── Title ───────── note``."""
    title, note = crop(title, max(4, width - 4)), crop(note, max(0, width - cell_len(title) - 8))
    fill = width - cell_len(title) - cell_len(note) - 4 - (1 if note else 0)
    line = "─" * max(0, fill)
    spans: list[Span] = [("── ", "dim"), (title, style), (f" {line}", "dim")]
    if not title:
        spans = [(f"────{line}", "dim")]
    return (*spans, (" " + note, "dim")) if note else tuple(spans)


def keep_width(line: Line, width: int) -> Line:
    """`line` cut to `width` cells."""
    spans: list[Span] = []
    for text, style in line:
        cells = cell_len(text)
        if cells > width:
            return (*spans, (crop(text, width), style)) if width > 0 else tuple(spans)
        spans.append((text, style))
        width -= cells
    return tuple(spans)
