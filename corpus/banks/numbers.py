"""Readings by numbers: lines numbered one after the other."""

from __future__ import annotations

import re

from corpus.banks.document import Document
from corpus.banks.found import Item, Reading
from corpus.banks.inline import plain
from corpus.banks.spans import ask_below, is_only_number, spans
from corpus.banks.wording import NUMBER, ends_asking, likeness, number_of

_SECTION_LINE = re.compile(
    r"^\W*(?:section|part|chapter|topic|module|unit|category|level|round|day|week)\b[^.?!]{0,60}$",
    re.I,
)


_WRAPPED = 60
"""Characters from which on a line may have been broken at the margin."""


def read_numbers(doc: Document) -> list[Reading]:
    """Lines numbered one after the other, with the text between them as answers."""
    starts: list[tuple[int, int, str]] = []
    depths: list[int] = []
    for index, line in enumerate(doc.lines):
        if line.fenced or line.level or line.indent > 3:
            continue
        bare = line.text.strip()
        number = number_of(bare) if bare[:1].isalnum() or bare[:1] in "([" else None
        if number is not None:
            text = NUMBER.sub("", bare, count=1)
            if not re.match(r"\[.*\]\(#", text):
                starts.append((index, number, text))
                depths.append(line.indent // 2)
    chains = _chains(starts, depths)
    if not chains:
        return []
    rows = sorted(starts[k][0] for chain in chains for k in chain)
    items = [_numbered_item(doc, s, e) for s, e in spans(doc, rows, 6)]
    return [Reading("number", [i for i in items if i.ask], 0.05)]


def _chains(starts: list[tuple[int, int, str]], depths: list[int]) -> list[list[int]]:
    """Runs of rising numbers at one depth, steps of one and questions preferred.

    No two of them run over the same lines.
    """
    best = [0.0] * len(starts)
    before = [-1] * len(starts)
    at_number: dict[tuple[int, int], int] = {}
    for k, (_, number, text) in enumerate(starts):
        own = 0.2 + likeness(text) if text else 1.0
        best[k] = own
        for step in (1, 2, 3):
            j = at_number.get((depths[k], number - step), -1)
            value = best[j] + own + (1.0 if step == 1 else 0.1) if j >= 0 else 0.0
            if value > best[k]:
                best[k], before[k] = value, j
        place = (depths[k], number)
        if place not in at_number or best[k] >= best[at_number[place]]:
            at_number[place] = k
    used: set[int] = set()
    taken: list[tuple[int, int, int, int]] = []
    chains: list[list[int]] = []
    for k in sorted(range(len(starts)), key=lambda i: -best[i]):
        chain: list[int] = []
        while k != -1 and k not in used:
            chain.append(k)
            k = before[k]
        used.update(chain)
        chain.reverse()
        if len(chain) < 2 or not _is_question_chain([starts[c][2] for c in chain]):
            continue
        first, last = starts[chain[0]], starts[chain[-1]]
        box = (first[0], last[0], first[1], last[1])
        if len(taken) < 200 and all(_apart(box, other) for other in taken):
            taken.append(box)
            chains.append(chain)
    return chains


def _is_question_chain(texts: list[str]) -> bool:
    mean = sum(likeness(t) if t else 1.0 for t in texts) / len(texts)
    return mean >= (0.5 if len(texts) >= 4 else 0.85)


def _apart(one: tuple[int, int, int, int], other: tuple[int, int, int, int]) -> bool:
    lines = one[1] < other[0] or one[0] > other[1]
    numbers = one[3] < other[2] or one[2] > other[3]
    return lines or numbers


def _numbered_item(doc: Document, start: int, end: int) -> Item:
    ask = doc.lines[start].text.strip()
    if is_only_number(ask) or re.fullmatch(r"Q(?:uestion)?\s*[.#]?\s*\d{1,4}\s*[.:)]?", ask, re.I):
        return ask_below(doc, start, end, "")
    at = start + 1
    while at < end and _continues(ask, doc.lines[at].text) and not doc.lines[at].fenced:
        ask += " " + doc.lines[at].text.strip()
        at += 1
    end = _before_section_line(doc, at, end)
    return Item(ask, doc.text(at, end), start, end)


def _continues(ask: str, line: str) -> bool:
    """True if `line` carries on a question that was broken over lines."""
    if not line.strip() or ends_asking(plain(ask)) or ask.rstrip().endswith((".", ":", "!")):
        return False
    if len(ask) >= _WRAPPED and line.rstrip().endswith(("?", "？")) and len(line) < _WRAPPED:
        return True
    return bool(re.match(r"\s*[a-z(“\"]", line)) and not re.match(r"\s*\(?(?:[a-z]|i+)[.)]\s", line)


def _before_section_line(doc: Document, start: int, end: int) -> int:
    """`end`, or the place of a line like ``Part B: Databases`` that closes the text before it."""
    at = end
    while at > start and doc.lines[at - 1].blank:
        at -= 1
    if at > start + 1 and end < len(doc):
        text = doc.lines[at - 1].text.strip()
        shouted = text.isupper() and 2 <= len(text.split()) <= 8
        if (
            (shouted or _SECTION_LINE.match(text))
            and doc.lines[at - 2].blank
            and number_of(text) is None
        ):
            return at - 1
    return end
