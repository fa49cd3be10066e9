"""Readings by lists: bullets that ask, with the answer nested below or on the same line."""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import pairwise

from corpus.banks.clean import says_something
from corpus.banks.document import Document
from corpus.banks.found import Item, Reading
from corpus.banks.inline import plain
from corpus.banks.wording import ANSWER_WORDS, ends_asking, likeness

_BULLET = re.compile(r"^ {0,1}(?:[-*+•▪●◦]|1[.)])\s+(\S.*)$")
_TASK = re.compile(r"^ {0,1}[-*+]\s+\[[ xX]\]\s")
_LINK_ALONE = re.compile(r"^\W*!?\[[^\n]*\]\((?:#|https?:)[^()\s]*(?:\([^()]*\))?[^()\s]*\)\W*$")
_OPTION = re.compile(r"^\(?[A-Ha-h][).:]\s")
_NESTED = re.compile(rf"^\s+[-*+]?\s*\**(?:{ANSWER_WORDS})\**\s*[:：]", re.I | re.M)
_OTHER_LIST = re.compile(
    r"\W*(?:notes?|related|resources?|links?|licen[cs]e|contribut|references?|further|see also|reading|"
    r"table of contents?|contents?|toc|books?|courses?|tools?|credits|about|features?|requirements?)\b",
    re.I,
)
_BANK = re.compile(
    r"interview|questions?\b|quiz|exam|faq|flashcards?|trivia|вопрос|面试|题|preguntas|fragen|soru",
    re.I,
)
_INLINE = re.compile(r"^(.{8,400}?[?？])\**\s+(\S.*)$", re.S)
_MORE_ASKED = re.compile(r"^((?:[^?？]{3,160}[?？]\s+)+)(\S.*)$", re.S)

_PAIRS = 3
"""Questions from which on a list in turns asks and answers."""
_FURTHER_TASK = re.compile(
    r"^\W*(?:please |also |and |briefly )*(?:explain|describe|define|compare|discuss|give|name|"
    r"list|provide|write|"
    r"elaborate|justify|illustrate|mention|state|contrast|outline|walk|tell|draw|show (?:how|that|me))\b"
    r"[^.\n]*(?:\.[^.\n]{0,80})?\.?\W*$",
    re.I,
)


def read_bullets(doc: Document) -> list[Reading]:
    """Top-level bullets of those sections in which most of them ask something."""
    starts = [
        i
        for i, x in enumerate(doc.lines)
        if not x.fenced and _BULLET.match(x.text) and not _TASK.match(x.text)
    ]
    by_section: dict[int, list[int]] = defaultdict(list)
    for start in starts:
        by_section[doc.sections[start]].append(start)
    items: list[Item] = []
    for section, rows in by_section.items():
        heading = doc.lines[section].heading if section >= 0 else ""
        if not _OTHER_LIST.match(plain(heading)):
            items += _section_items(doc, rows)
    return [Reading("bullet", items)] if items and _is_bank(doc, items) else []


def _section_items(doc: Document, rows: list[int]) -> list[Item]:
    found: list[tuple[Item, float]] = []
    for place, start in enumerate(rows):
        end = _item_end(doc, start, rows[place + 1] if place + 1 < len(rows) else len(doc))
        match = _BULLET.match(doc.lines[start].text)
        text = match.group(1) if match else ""
        if (len(text) < 2000 and _LINK_ALONE.match(text)) or _OPTION.match(text):
            continue
        body = doc.text(start + 1, end)
        nested = bool(_NESTED.search(body))
        worth = 1.0 if nested else likeness(text)
        if not nested and not ends_asking(plain(text)):
            ask, said = split_inline(text)
            if said:
                text, body, worth = ask, f"{said}\n{body}", 1.0
        found.append((Item(text, body, start, end), worth))
    if not found:
        return []
    if paired := _paired([i for i, _ in found]):
        return paired
    asking = sum(w >= 0.7 for _, w in found) / len(found)
    answered = any(w == 1.0 and says_something(i.answer) for i, w in found)
    if asking < (0.5 if answered else 0.6):
        return []
    terms = re.compile(r"^\*\*[^*]+\*\*\s*:")
    return [
        i
        for i, w in found
        if w >= 0.7
        or (
            w >= 0.25
            and asking >= (0.65 if says_something(i.answer) else 0.8)
            and not terms.match(i.ask)
        )
    ]


def _paired(items: list[Item]) -> list[Item]:
    """Questions each followed by bullets that say something, which are its answer; else none."""
    asked = [n for n, i in enumerate(items) if ends_asking(plain(i.ask))]
    asking = set(asked)
    told = [n for n in asked if n + 1 < len(items) and n + 1 not in asking]
    if len(asked) < _PAIRS or len(told) < 0.8 * len(asked):
        return []
    if any(says_something(items[n].answer) for n in asked):
        return []
    made: list[Item] = []
    for n, end in pairwise([*asked, len(items)]):
        said = [f"- {i.ask}\n{i.answer}".rstrip() for i in items[n + 1 : end]]
        made.append(Item(items[n].ask, "\n".join(said), items[n].start, items[end - 1].end))
    return made


def _item_end(doc: Document, start: int, limit: int) -> int:
    """The line after the last that belongs to the bullet at `start`."""
    blank = False
    for index in range(start + 1, limit):
        line = doc.lines[index]
        if line.level:
            return index
        if line.blank:
            blank = True
        elif (
            line.indent == 0
            and not line.fenced
            and (blank or re.match(r"^(?:---|\*\*\*|___)", line.text))
        ):
            return index
    return limit


def split_inline(text: str) -> tuple[str, str]:
    """A question and the answer after it on the same line; the answer is "" if there is none."""
    match = _INLINE.match(text)
    if not match or not re.search(r"\w", match.group(2)):
        return text, ""
    ask, said = match.group(1), match.group(2)
    more = _MORE_ASKED.match(said)
    if more and likeness(more.group(1)) >= 0.9:
        ask, said = f"{ask} {more.group(1).strip()}", more.group(2)
    if _FURTHER_TASK.match(said) and len(said.split()) <= 40:
        return text, ""
    if len(plain(said).split()) < 2 and not re.search(r"[\w]{2,}", said):
        return text, ""
    if re.match(r"^\W*\(?(?:easy|medium|hard|basic|advanced)\)?\W*$", plain(said), re.I):
        return text, ""
    return ask, said.lstrip("-–—: ")


def _is_bank(doc: Document, items: list[Item]) -> bool:
    """False if the bullets are a small, unanswered part of a text that is about something else."""
    share = sum(i.end - i.start for i in items) / max(1, doc.filled)
    answered = sum(says_something(i.answer) for i in items) / len(items)
    title = " ".join(x.heading for x in doc.lines[:2000] if x.level)[:400]
    return answered >= 0.3 or share >= 0.25 or bool(_BANK.search(f"{title} {doc.front}"))
