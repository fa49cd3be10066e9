"""The readings of a document weighed against each other by how much of it each explains."""

from __future__ import annotations

import bisect

from corpus.banks import blocks, bullets, flashcards, headings, marked, numbers, paragraphs, sheets
from corpus.banks.choice import Choice, choice, named_by, settled
from corpus.banks.clean import clean_answer, clean_ask, is_chatter, level_of
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
_SMALL = 0.3
_LONGEST_ANSWER = 200_000


def find_questions(text: str) -> list[Found]:
    """The questions that stand in `text`, in order; empty if it is not a question bank."""
    doc = parse(text)
    keys = take_keys(doc)
    chosen = _choose(doc, [r for read in _READERS for r in read(doc) if r.items])
    told = assign(keys, [(item.start, _number(doc, item)) for _, item in chosen]) if keys else {}
    for _, item in chosen:
        item.answer = item.answer[:_LONGEST_ANSWER]
    choices = settled(
        [choice(item, told.get(k, "")) for k, (_, item) in enumerate(chosen)], keyed=bool(told)
    )
    found = [
        _finished(doc, item, name, picked, told.get(place, ""))
        for place, ((name, item), picked) in enumerate(zip(chosen, choices, strict=True))
    ]
    return [f for f in found if f is not None]


def _number(doc: Document, item: Item) -> int | None:
    return number_of(doc.lines[item.start].bare)


def _worth(doc: Document, reading: Reading) -> float:
    items = reading.items
    asking = _asking(reading)
    answered = sum(bool(i.answer.strip()) for i in items) / len(items)
    covered = sum(i.end - i.start for i in items) / max(1, len(doc))
    size = max(min(1.0, len(items) / 3), min(1.0, covered) if len(items) > 1 else 0.0)
    return (0.9 * asking + 0.35 * answered + 0.5 * covered + reading.strength) * size


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
        if not names:
            if worth < _LEAST and reading.name not in _TELLING:
                continue
            if _is_by_the_way(doc, reading):
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
    """True for a few lines of a longer text that tell to do something and never ask."""
    if reading.name not in ("number", "bullet"):
        return False
    covered = sum(i.end - i.start for i in reading.items)
    return covered < _SMALL * doc.filled and not any(
        "?" in i.ask or "？" in i.ask for i in reading.items
    )


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
    doc: Document, item: Item, reading: str, picked: Choice | None, told: str
) -> Found | None:
    """The question as it is handed on; `told` is what a key at the end of the text says of it."""
    right, options = (), ()
    if picked:
        ask, level = clean_ask(picked.ask)
        options, right, answer = picked.options, picked.right, picked.answer
        if told and not right:
            right, answer = named_by(told, options)
    else:
        raw, answer = item.ask, item.answer
        if not answer.strip() and not ends_asking(plain(raw)):
            raw, answer = bullets.split_inline(raw)
        ask, level = clean_ask(raw)
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
