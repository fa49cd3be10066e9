"""The readings of a document weighed against each other by how much of it each explains."""

from __future__ import annotations

import bisect
import re
from collections import Counter

from corpus.banks import blocks, bullets, flashcards, headings, marked, numbers, paragraphs, sheets
from corpus.banks.choice import Choice, choice, named_by, settled
from corpus.banks.clean import SECTION, clean_answer, clean_ask, is_chatter, level_of
from corpus.banks.contents import drop_contents
from corpus.banks.document import Document, parse
from corpus.banks.found import Found, Item, Reading
from corpus.banks.inline import plain, without_tags
from corpus.banks.keys import assign, take_keys
from corpus.banks.spans import is_part
from corpus.banks.wording import ends_asking, likeness, number_of

_READERS = (
    blocks.read_details,
    blocks.read_tables,
    blocks.read_anki_blocks,
    flashcards.read_flashcards,
    flashcards.read_callouts,
    flashcards.read_definitions,
    headings.read_headings,
    headings.read_listed_headings,
    marked.read_bold,
    marked.read_labels,
    numbers.read_numbers,
    bullets.read_bullets,
    sheets.read_programs,
    sheets.read_sheet,
    paragraphs.read_question_lines,
    paragraphs.read_paragraphs,
)
_CARDS = frozenset(("card-inline", "card-block", "card-tag", "anki-block"))
_TELLING = _CARDS | {
    "details",
    "details-answer",
    "label",
    "table",
    "definition",
    "callout",
    "gift",
    "trivia",
}
_LEAST = 0.8
_ALWAYS = ("definition", "card-inline", "gift")
"""What other texts hold too, whatever else is found in them."""
_SMALL, _TINY = 0.3, 0.01
"""A share of a text's lines."""
_OFTEN = 2
_SETTING = re.compile(
    r"^\W*--?\w|[_=*<>{}$\\/|]|\w\(|^[A-Z]+(?: [A-Z]+)+$|\((?:string|integer|boolean|enum)\)"
)
"""What a program's options and parameters look like."""
_LONG_OPTIONS = 40
"""Lines from which on a question with its options is none."""
_LONGEST_ANSWER = 200_000
_UNMARKED = re.compile(
    r"\W*(?:what|why|how|which|who|where|when) (?:is|are|was|were|do|does|did|can|could|should|will|has)\b",
    re.I,
)
"""How a question begins that lacks its mark; ``How it works`` is none."""
_ONE_ANSWER = 150
"""Words from which on the text below a lone question is an article, of which cards are made."""


def find_questions(text: str) -> list[Found]:
    """The questions that stand in `text`, in order; empty if it is not a question bank."""
    doc = parse(text)
    drop_contents(doc)
    keys = take_keys(doc)
    chosen = _choose(doc, [r for read in _READERS for r in _without_labels(read(doc)) if r.items])
    told = assign(keys, [(item.start, _number(doc, item)) for _, item in chosen]) if keys else {}
    for _, item in chosen:
        item.answer = item.answer[:_LONGEST_ANSWER]
    choices = settled(
        [choice(item, told.get(k, "")) for k, (_, item) in enumerate(chosen)], keyed=bool(told)
    )
    numbered = sum(bool(SECTION.match(plain(item.ask))) for _, item in chosen)
    sectioned = numbered >= 3 and numbered > 0.5 * len(chosen)
    found = [
        _finished(doc, item, name, picked, told.get(place, ""), sectioned)
        for place, ((name, item), picked) in enumerate(zip(chosen, choices, strict=True))
    ]
    return [f for f in found if f is not None]


def _without_labels(readings: list[Reading]) -> list[Reading]:
    """The readings without what stands before more than `_OFTEN` texts, and never asks."""
    for reading in readings:
        if reading.name in ("definition", "card-inline", "table") or reading.name.startswith(
            "heading-"
        ):
            times = Counter(plain(i.ask).casefold() for i in reading.items)
            reading.items = [
                i for i in reading.items if "?" in i.ask or times[plain(i.ask).casefold()] <= _OFTEN
            ]
    return readings


def _number(doc: Document, item: Item) -> int | None:
    return number_of(doc.lines[item.start].bare)


def _worth(doc: Document, reading: Reading) -> float:
    items = reading.items
    asking = _asking(reading)
    answered = sum(bool(i.answer.strip()) for i in items) / len(items)
    covered = sum(i.end - i.start for i in items) / max(1, len(doc))
    whole = len(items) > 1 or _is_lone_heading(doc, reading)
    size = max(min(1.0, len(items) / 3), min(1.0, covered) if whole else 0.0)
    return (0.9 * asking + 0.35 * answered + 0.5 * covered + reading.strength) * size


def _is_lone_heading(doc: Document, reading: Reading) -> bool:
    """True for one heading that asks, with no more below it than an answer."""
    item = reading.items[0]
    return (
        reading.name.startswith("heading-")
        and bool(ends_asking(plain(item.ask)) or _UNMARKED.match(plain(item.ask)))
        and len(item.answer.split()) <= _ONE_ANSWER
        and not any(line.level for line in doc.lines[item.start + 1 : item.end])
    )


def _asking(reading: Reading) -> float:
    if reading.name in ("sheet", "gift", "trivia"):
        return 1.0
    return sum(likeness(without_tags(_first_line(i.ask))) for i in reading.items) / len(
        reading.items
    )


def _first_line(text: str) -> str:
    return text.strip().partition("\n")[0]


def _choose(doc: Document, readings: list[Reading]) -> list[tuple[str, Item]]:
    """The best reading, then those that explain lines the better ones leave unexplained."""
    taken = bytearray(len(doc) + 1)
    chosen: list[tuple[str, Item]] = []
    names: list[str] = []
    _weigh_sheet(readings)
    weighed = [(_worth(doc, reading), reading) for reading in readings]
    for worth, reading in sorted(weighed, key=lambda pair: -pair[0]):
        if (not names or reading.name in _ALWAYS) and _is_by_the_way(doc, reading):
            continue
        if not names:
            if worth < _LEAST and reading.name not in _TELLING:
                continue
            kept = reading.items
        else:
            kept = _beside(reading, names, taken)
        if not kept:
            continue
        names.append(reading.name)
        for item in kept:
            chosen.append((reading.name, item))
            taken[item.start : item.end] = b"\x01" * (min(item.end, len(doc)) - item.start)
    return sorted(chosen, key=lambda pair: pair[1].start)


def _is_by_the_way(doc: Document, reading: Reading) -> bool:
    """True for a few lines of a longer text that define, or tell to do something, and never ask."""
    explained = _explained(reading)
    if reading.name == "definition" and _asking(reading) < 0.5:
        settings = sum(bool(_SETTING.search(plain(i.ask))) for i in reading.items)
        return explained < _SMALL * doc.filled or settings > 0.3 * len(reading.items)
    if reading.name in _ALWAYS:
        return explained < _TINY * doc.filled and (reading.name == "gift" or _asking(reading) < 0.5)
    if reading.name == "sheet" and explained > _LONG_OPTIONS * len(reading.items):
        return True
    if reading.name not in ("number", "bullet", "sheet"):
        return False
    if any("?" in i.ask or "？" in i.ask for i in reading.items):
        return False
    steps = _asking(reading) < 0.75 and not any(i.answer.strip() for i in reading.items)
    return steps or explained < _SMALL * doc.filled


def _explained(reading: Reading) -> int:
    """Lines of the questions, the long ones cut: the last may run on to the end of a text."""
    lengths = sorted(i.end - i.start for i in reading.items)
    return sum(min(n, 4 * lengths[len(lengths) // 2]) for n in lengths)


def _weigh_sheet(readings: list[Reading]) -> None:
    """A sheet of options leads if other readings leave many of its questions unexplained.

    Otherwise they know better than it where a question begins.
    """
    sheet = next((r for r in readings if r.name == "sheet"), None)
    if not sheet:
        return
    runs = [i.start for i in sheet.items]
    most = 0
    for reading in readings:
        if reading is not sheet:
            held = sum(
                bisect.bisect_left(runs, i.start) < bisect.bisect_left(runs, i.end)
                for i in reading.items
            )
            most = max(most, held)
    sheet.strength = 1.0 if len(runs) >= 3 and len(runs) > 1.15 * most else -0.5


def _beside(reading: Reading, names: list[str], taken: bytearray) -> list[Item]:
    """The items of a further reading that lie outside the lines already explained."""
    free = [
        i
        for i in reading.items
        if not any(taken[i.start : max(i.start + 1, min(i.end, i.start + 3))])
    ]
    if reading.name in _CARDS:
        return [i for i in reading.items if not taken[i.start]]
    if len(free) < max(2, 0.6 * len(reading.items)):
        return []
    if reading.name not in _TELLING and _asking(reading) < 0.75:
        return []
    if reading.name.startswith(("heading-", "bold", "paragraph", "line")) and len(free) < 3:
        return []
    if reading.name == "bullet" and names[0] not in ("table", "bullet", "number"):
        return []
    return free


def _finished(
    doc: Document, item: Item, reading: str, picked: Choice | None, told: str, sectioned: bool
) -> Found | None:
    """The question as it is handed on; `told` is what a key at the end of the text says of it.

    `sectioned`: the questions are the numbered sections of the text.
    """
    right, options = (), ()
    if picked:
        ask, level = clean_ask(picked.ask, sectioned=sectioned)
        options, right, answer = picked.options, picked.right, picked.answer
        if told and not right:
            right, answer = named_by(told, options)
    else:
        raw, answer = item.ask, item.answer
        if not answer.strip() and not ends_asking(plain(raw)):
            raw, answer = bullets.split_inline(raw)
        ask, level = clean_ask(raw, sectioned=sectioned)
    answer = clean_answer(answer, labelled=picked is None)
    if told and not answer and not picked:
        answer = clean_answer(told)
    if not any(c.isalnum() for c in ask) or is_chatter(ask):
        return None
    return Found(
        ask=ask,
        answer=answer,
        line=item.start + 1,
        end=max(item.start + 1, item.end),
        level=level_of(item.level) or level,
        topic=item.topic or _topic(doc, item, reading),
        options=options,
        right=right,
        reading=reading,
    )


def _topic(doc: Document, item: Item, reading: str) -> str:
    """The nearest heading that the item stands under and that is not a question itself."""
    if doc.lines[item.start].level:
        at = doc.parents[item.start]
    else:
        at = doc.sections[item.start - 1] if item.start else -1
    while at >= 0:
        heading = doc.lines[at].heading
        asks = likeness(heading) >= 0.9 and reading.startswith("heading")
        if not asks and not is_part(doc, heading):
            return plain(heading)[:120]
        at = doc.parents[at]
    return ""
