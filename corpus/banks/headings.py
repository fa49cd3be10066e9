"""Readings by headings: numbered ones, ones that ask, and headings inside numbered items."""

from __future__ import annotations

import re
from collections import defaultdict

from corpus.banks.document import Document
from corpus.banks.found import Item, Reading
from corpus.banks.inline import plain, visible
from corpus.banks.spans import FURNITURE, ask_below, is_only_number, is_part, spans
from corpus.banks.wording import (
    ANSWER_ALONE,
    LABEL,
    NUMBER,
    ends_asking,
    likeness,
    without_number,
)


def read_headings(doc: Document) -> list[Reading]:
    """Headings that are numbered, and headings that ask, each level on its own."""
    numbered: list[int] = []
    asking: dict[int, list[int]] = defaultdict(list)
    for index, line in enumerate(doc.lines):
        if not line.level:
            continue
        text = line.bare
        if ANSWER_ALONE.match(text) and not ends_asking(text):
            continue
        if NUMBER.match(text):
            numbered.append(index)
        if (
            likeness(line.heading) >= 0.7
            and not FURNITURE.match(text)
            and "](#" not in line.heading
        ):
            asking[line.level].append(index)
    made = _numbered_headings(doc, numbered)
    for level, starts in asking.items():
        others = _others(doc, starts, level)
        mostly = len(starts) >= _MOSTLY * (len(starts) + len(others))
        steps = all(_STEP.match(doc.lines[i].bare) for i in starts)
        if len(starts) < _SEVERAL and (steps or not mostly):
            ended = any(ends_asking(doc.lines[i].bare) for i in starts)
            if not ended:
                continue  # They only begin like questions, as some headings of any text do.
        if mostly and len(starts) >= 3:
            starts = sorted([*starts, *others])
        starts = sorted([*starts, *_deeper(doc, asking, level)])
        made.append(Reading(f"heading-{level}", _heading_items(doc, starts, level)))
    return made


def _deeper(doc: Document, asking: dict[int, list[int]], level: int) -> list[int]:
    """The few headings below `level` that ask a question of their own, not one about that above."""
    return [
        at
        for below, starts in asking.items()
        if below > level and len(starts) <= _FEW and len(starts) < len(asking[level])
        for at in starts
        if _is_whole(doc.lines[at].bare) and _has_text(doc, at)
    ]


def _is_whole(text: str) -> bool:
    words = without_number(text).split()
    return ends_asking(text) and len(words) >= _WHOLE and not _BACK.search(text)


_DATE = re.compile(r"\W*(?:[^\W\d]+\W+)?\d{1,2}\W+(?:[^\W\d]+\W+|\d{1,2}\W+)?\d{4}\W*$")
_STEP = re.compile(
    r"\W*(?:\d[\d.]*\W+)?(?:how to|when|where|if|your?|design|implement|write|create|build|show|find|"
    r"state|list|name|draw|determine|convert|estimate|choose|select|complete|fill|set|use)\b",
    re.I,
)
"""What a heading of instructions begins with, as a task does."""
_BACK = re.compile(
    r"\b(?:it|its|this|that|they|them|their|these|those|here|there|you|your|we|our|i|my|then|so|one)\b|"
    r"\bthe(?:\s+[\w-]+){1,3}\W*$",
    re.I,
)
"""Words that point back at what stands above, as "the cost" at the end does."""
_FEW, _WHOLE = 2, 4
_ASKED = 0.6
_SOME = 0.5
_MOSTLY = 0.6
_SEVERAL = 5


def _others(doc: Document, asking: list[int], level: int) -> list[int]:
    """The other headings of a level that hold text: among questions, ``Role of the broker`` is one.

    Those of a section in which none asks are not.
    """
    known = set(asking)
    sections = {doc.parents[i] for i in asking}
    return [
        i
        for i, x in enumerate(doc.lines)
        if x.level == level
        and i not in known
        and doc.parents[i] in sections
        and not _DATE.match(x.bare)
        and not FURNITURE.match(x.bare)
        and not is_part(doc, x.heading)
        and "](" not in x.heading
        and _has_text(doc, i)
    ]


def _has_text(doc: Document, heading: int) -> bool:
    for line in doc.lines[heading + 1 :]:
        if line.level:
            return False
        if not line.blank and plain(visible(line.text)):
            return True
    return False


def _numbered_headings(doc: Document, numbered: list[int]) -> list[Reading]:
    if not numbered:
        return []
    at_level: dict[int, list[int]] = defaultdict(list)
    for index in numbered:
        at_level[doc.lines[index].level].append(index)

    def worth(level: int) -> float:
        starts = at_level[level]
        return sum(_asked(doc, i) for i in starts) / len(starts) * len(starts) + 0.01 * level

    top = max(at_level, key=worth)
    asked = sum(_asked(doc, i) >= _ASKED for i in at_level[top])
    named = [i for i in numbered if LABEL.match(doc.lines[i].bare)]
    labelled = frozenset(named if len(named) >= 0.5 * len(at_level[top]) else ())
    if not labelled and asked < _SOME * len(at_level[top]):
        return []  # They number the sections of a text.
    if labelled:
        numbered = [i for i in numbered if i in labelled or _asked(doc, i) >= _ASKED]
    starts = [
        i
        for i in numbered
        if doc.lines[i].level == top
        or i in labelled
        or (doc.lines[i].level < top and likeness(doc.lines[i].heading) >= 0.9)
    ]
    return [Reading("heading-number", _heading_items(doc, starts, top), 0.3)]


def _asked(doc: Document, index: int) -> float:
    """Likeness of a heading, or of the text below it if the heading is only a number."""
    text = doc.lines[index].bare
    if without_number(text) != text or not NUMBER.match(text):
        return likeness(text)
    below = next((x.text for x in doc.lines[index + 1 : index + 6] if not x.blank), "")
    return max(0.6, likeness(below))


def _heading_items(doc: Document, starts: list[int], stop: int) -> list[Item]:
    made: list[Item] = []
    for start, end in spans(doc, starts, stop):
        heading = doc.lines[start].heading
        if is_only_number(plain(heading)):
            made.append(ask_below(doc, start, end, ""))
        else:
            made.append(Item(heading, doc.text(start + 1, end), start, end))
    return [i for i in made if i.ask.strip()]


_LIST_HEADING = re.compile(r"^\s*\d{1,4}\.\s+(#{1,6})\s*(\S.*)$")


def read_listed_headings(doc: Document) -> list[Reading]:
    """Numbered items that hold a heading: ``12. ### What is X?``."""
    starts = [i for i, x in enumerate(doc.lines) if not x.fenced and _LIST_HEADING.match(x.text)]
    items: list[Item] = []
    for start, end in spans(doc, starts, 2):
        match = _LIST_HEADING.match(doc.lines[start].text)
        stop = next(
            (k for k in range(start + 1, end) if doc.lines[k].level and doc.lines[k].level <= 2),
            end,
        )
        if match:
            items.append(Item(match.group(2), doc.text(start + 1, stop), start, stop))
    return [Reading("listed-heading", items, 0.5)] if items else []
