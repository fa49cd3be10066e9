"""Answers that stand apart from their questions: a key such as ``1. B  2. C``, or a list of answers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from corpus.banks.document import Document, Line
from corpus.banks.inline import plain
from corpus.banks.wording import ANSWER_WORDS, NUMBER, ends_asking, likeness, number_of

_HEAD = re.compile(
    r"^\W*(?:(?:quiz |test |exam )?(?:(?:answer|solution)s?\s+keys?|answers|solutions)|keys?|respuestas|"
    r"soluciones|réponses|antworten|lösungen|respostas|risposte|ответы|ключи?|odpowiedzi|"
    rf"{ANSWER_WORDS})(?:\W+(?:and|with|y|und|et|и|e|to|for|of)\b.{{0,40}}|"
    r"\W+(?:chapter|part|unit|section|quiz|test|set)\W*\w{0,12})?\W*$",
    re.I,
)
_PAIR = re.compile(
    r"(?:^|[\s,;|(])(?:q(?:uestion)?\s*)?(\d{1,3})\s*[.):=\-–—|]*\s*\(?([A-Ha-h]{1,4}|[1-8])\)?(?=[\s,;|.)]|$)",
    re.I,
)
_MOST_LINES = 20_000


@dataclass(slots=True)
class Key:
    """A part of a text that answers the questions above it, from line `start` on."""

    start: int
    entries: list[tuple[int, str]] = field(default_factory=list)
    """Number and answer of each, in order; numbers that begin again at 1 begin a new part."""


def take_keys(doc: Document) -> list[Key]:
    """The keys of a document; their lines are blanked in it, so that no reading takes them for questions."""
    if len(doc) > _MOST_LINES:
        return []
    heads = [i for i, x in enumerate(doc.lines) if not x.fenced and _is_head(x)]
    keys: list[Key] = []
    floor = 0
    for place, row in enumerate(heads):
        end = _end(doc, row, heads[place + 1] if place + 1 < len(heads) else len(doc))
        entries = _pairs(doc, row, end) or _answers(doc, row, end, floor, alone=len(heads) == 1)
        if entries:
            keys.append(Key(row, entries))
            doc.lines[row:end] = [Line("") for _ in range(end - row)]
            floor = end
    return keys


def _is_head(line: Line) -> bool:
    text = line.heading or line.text
    if len(text) > 400 or not text.strip() or (len(text) > 110 and ":" not in text[:60]):
        return False
    bare = line.bare
    if len(bare) < 70 and _HEAD.match(bare):
        return True
    label, mark, rest = bare.partition(":")
    return bool(mark and _HEAD.match(label) and len(_PAIR.findall(rest)) >= 2)


def _end(doc: Document, row: int, limit: int) -> int:
    level = doc.lines[row].level or 6
    for index in range(row + 1, limit):
        line = doc.lines[index]
        if line.level and line.level <= level and number_of(line.bare) is None:
            return index
    return limit


def _pairs(doc: Document, row: int, end: int) -> list[tuple[int, str]]:
    """Numbers with letters, if nearly all lines hold nothing else."""
    head = doc.lines[row].bare
    found = [(int(n), x.upper()) for n, x in _PAIR.findall(head.partition(":")[2])]
    filled = [x for x in doc.lines[row + 1 : end] if not x.blank and not x.level]
    telling = 0
    for line in filled[:500]:
        bare = plain(line.text.replace("|", " "))
        pairs = _PAIR.findall(bare)
        only = len(_PAIR.sub("", bare).strip(" ,;.|-:")) <= 3
        telling += bool((pairs and only) or not bare.strip(" -:"))
        found += [(int(n), x.upper()) for n, x in pairs] if only else []
    return found if len(found) >= 2 and telling >= 0.7 * len(filled) else []


def _answers(
    doc: Document, row: int, end: int, floor: int, *, alone: bool
) -> list[tuple[int, str]]:
    """Numbered answers in full, if the text above asks under the same numbers."""
    starts: list[tuple[int, int]] = []
    for index in range(row + 1, end):
        line = doc.lines[index]
        number = None if line.fenced or line.indent > 3 else number_of(line.bare)
        if number is not None and (number == 1 or not starts or number == starts[-1][1] + 1):
            starts.append((index, number))
    if len(starts) < (2 if alone else 3):
        return []
    above = {number_of(x.bare) for x in doc.lines[floor:row] if not x.fenced}
    known = sum(n in above for _, n in starts)
    entries: list[tuple[int, str]] = []
    for place, (at, number) in enumerate(starts):
        stop = starts[place + 1][0] if place + 1 < len(starts) else end
        first = NUMBER.sub("", doc.lines[at].bare, count=1)
        below = [x.text for x in doc.lines[at + 1 : stop] if not x.level]
        entries.append((number, "\n".join([first, *below]).strip()))
    asking = sum(ends_asking(e.partition("\n")[0]) for _, e in entries)
    asking += sum(
        ends_asking(doc.lines[i].bare) and doc.lines[i - 1].blank for i in range(row + 1, end)
    )
    unanswered = _mostly_unanswered(doc, floor, row)
    return (
        entries if known >= 0.7 * len(starts) and asking < 0.3 * len(entries) and unanswered else []
    )


def _mostly_unanswered(doc: Document, start: int, end: int) -> bool:
    """True if the questions above are followed by one another or by options, not by answers."""
    asked = [
        i
        for i in range(start, end)
        if not doc.lines[i].fenced
        and number_of(doc.lines[i].bare) is not None
        and (likeness(doc.lines[i].heading or doc.lines[i].text) >= 0.7 or doc.lines[i].level)
    ]
    filled = sum(not x.blank for x in doc.lines[start:end])
    options = sum(bool(_OPTION_LINE.match(plain(x.text))) for x in doc.lines[start:end])
    return bool(options >= 2 or (asked and filled <= 2.2 * len(asked)))


_OPTION_LINE = re.compile(r"^\W*[A-Ha-h]\W{0,3}[).:、]\W")


def assign(keys: list[Key], questions: list[tuple[int, int | None]]) -> dict[int, str]:
    """Which question a key answers: index of the question to the answer's text.

    `questions` are lines and numbers (None where there is none), in order.
    """
    made: dict[int, str] = {}
    floor = 0
    for key in keys:
        own = [(i, n) for i, (row, n) in enumerate(questions) if floor <= row < key.start]
        floor = key.start
        numbered = [n for _, n in own if n is not None]
        if len(numbered) < len(own) or len(set(numbered)) == 1 < len(own):
            if len(own) == len(key.entries):
                made.update({i: text for (i, _), (_, text) in zip(own, key.entries, strict=True)})
            continue
        parts = _parts([n or 0 for _, n in own])
        answers = _parts([n for n, _ in key.entries])
        if len(parts) != len(answers):
            continue
        for asked, told in zip(parts, answers, strict=True):
            by_number = {key.entries[k][0]: key.entries[k][1] for k in told}
            made.update(
                {own[k][0]: by_number[own[k][1] or 0] for k in asked if own[k][1] in by_number}
            )
    return made


def _parts(numbers: list[int]) -> list[list[int]]:
    """Places of `numbers`, cut where they begin again."""
    made: list[list[int]] = []
    for place, number in enumerate(numbers):
        if not made or number <= numbers[place - 1]:
            made.append([])
        made[-1].append(place)
    return made
