"""The readings of a document weighed against each other by how much of it each explains."""

from __future__ import annotations

from corpus.banks import blocks, bullets, flashcards, marked, paragraphs
from corpus.banks.choice import Choice, answer_key, choice, settled
from corpus.banks.clean import clean_answer, clean_ask, is_chatter, level_of
from corpus.banks.document import Document, parse
from corpus.banks.found import Found, Item, Reading
from corpus.banks.inline import plain, without_tags
from corpus.banks.wording import ends_asking, likeness, number_of

_READERS = (
    blocks.read_details,
    blocks.read_tables,
    blocks.read_anki_blocks,
    flashcards.read_flashcards,
    flashcards.read_definitions,
    marked.read_headings,
    marked.read_listed_headings,
    marked.read_bold,
    marked.read_labels,
    marked.read_numbers,
    bullets.read_bullets,
    paragraphs.read_question_lines,
    paragraphs.read_paragraphs,
)
_CARDS = frozenset(("card-inline", "card-block", "card-tag", "anki-block"))
_TELLING = _CARDS | {"details", "details-answer", "label", "table", "definition"}
_LEAST = 0.8
_LONGEST_ANSWER = 200_000


def find_questions(text: str) -> list[Found]:
    """The questions that stand in `text`, in order; empty if it is not a question bank."""
    doc = parse(text)
    key_at, key = answer_key([x.text for x in doc.lines]) if len(doc) < 20_000 else (-1, {})
    if key:
        del doc.lines[key_at:]
    chosen = _choose(doc, [r for read in _READERS for r in read(doc) if r.items])
    for _, item in chosen:
        item.answer = item.answer[:_LONGEST_ANSWER]
    choices = settled([choice(item) for _, item in chosen], keyed=bool(key))
    found = [
        _finished(doc, item, name, picked, key)
        for (name, item), picked in zip(chosen, choices, strict=True)
    ]
    return [f for f in found if f is not None]


def _worth(doc: Document, reading: Reading) -> float:
    items = reading.items
    asking = _asking(reading)
    answered = sum(bool(i.answer.strip()) for i in items) / len(items)
    covered = sum(i.end - i.start for i in items) / max(1, len(doc))
    size = max(min(1.0, len(items) / 3), min(1.0, covered) if len(items) > 1 else 0.0)
    return (0.9 * asking + 0.35 * answered + 0.5 * covered + reading.strength) * size


def _asking(reading: Reading) -> float:
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
    for reading in sorted(readings, key=lambda r: -_worth(doc, r)):
        if not names:
            if _worth(doc, reading) < _LEAST and reading.name not in _TELLING:
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
    doc: Document, item: Item, reading: str, picked: Choice | None, key: dict[int, str]
) -> Found | None:
    number = number_of(plain(doc.lines[item.start].heading or doc.lines[item.start].text))
    if picked:
        ask, level = clean_ask(picked.ask)
        right, answer = picked.right, picked.answer
        if not right and number in key:
            right = tuple(
                x for x in key[number] if any(o.startswith(f"{x}:") for o in picked.options)
            )
            answer = "\n".join(o for o in picked.options if o[0] in right)
        if not right:
            answer = ""
        options = picked.options
    else:
        raw, answer = item.ask, item.answer
        if not answer.strip() and not ends_asking(plain(raw)):
            raw, said = bullets.split_inline(raw)
            answer = said
        ask, level = clean_ask(raw)
        right, options = (), ()
    answer = clean_answer(answer, labelled=picked is None)
    if not any(c.isalnum() for c in ask) or is_chatter(ask):
        return None
    return Found(
        ask=ask,
        answer=answer,
        line=item.start + 1,
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
        if not asks and not marked.is_part(doc, heading):
            return plain(heading)[:120]
        at = doc.parents[at]
    return ""
