"""The lines that belong to a question, and the headings that are only a part of one."""

from __future__ import annotations

import re
from collections.abc import Iterable

from corpus.banks.document import Document, heading_key
from corpus.banks.found import Item
from corpus.banks.inline import plain
from corpus.banks.outline import CHAPTER
from corpus.banks.wording import ANSWER, NUMBER, ends_asking, likeness

_PART = re.compile(
    r"\W*(?:correct )?(?:answers?|solution|explanation|ans|hint|output|example|code|note|ответ|答案|解析|"
    r"antwort|réponse|respuesta|resposta|risposta)\b",
    re.I,
)
FURNITURE = re.compile(
    r"\W*(?:table of contents?|toc|contents?|references?|resources?|contributing|licen[cs]e|credits|"
    r"acknowledge?ments?|about|introduction|how to (?:use|contribute)|getting started|installation|"
    r"usage|prerequisites|useful links|further reading|changelog|support|disclaimer|overview|why this)\b",
    re.I,
)


def spans(doc: Document, starts: Iterable[int], stop: int) -> list[tuple[int, int]]:
    """Each start with the line where its text ends: the next start, or a heading of level <= `stop`.

    A heading that labels an answer, or that is repeated all over the document, ends nothing.
    """
    ordered = sorted(starts)
    made: list[tuple[int, int]] = []
    for place, start in enumerate(ordered):
        end = ordered[place + 1] if place + 1 < len(ordered) else len(doc)
        for index in range(start + 1, end):
            line = doc.lines[index]
            if line.level and line.level <= stop and not is_part(doc, line.heading):
                end = index
                break
        made.append((start, end))
    return made


def is_part(doc: Document, heading: str) -> bool:
    """True for a heading that labels a part of a question (its answer, code ...), not a section."""
    known = doc.judged.get(heading)
    if known is None:
        label = len(heading) < 60 and bool(_PART.match(plain(heading)))
        again = (
            len(heading) < 40 and likeness(heading) < 0.5 and heading_key(heading) in doc.repeated
        )
        label = label or bool(ANSWER.match(heading))
        known = doc.judged[heading] = label or (again and not CHAPTER.match(heading))
    return known


def is_only_number(text: str) -> bool:
    match = NUMBER.match(text)
    return bool(match and not text[match.end() :].strip(" *_:."))


def ask_below(doc: Document, start: int, end: int, ask: str) -> Item:
    """A question whose text begins on the line after its number and runs to the answer's label."""
    at = start + 1
    lines: list[str] = [ask] if ask else []
    while at < end:
        line = doc.lines[at]
        if not line.fenced and _begins_answer(line.text):
            break
        if not line.fenced and line.blank and any(ends_asking(plain(x)) for x in lines):
            break
        if line.fenced or not line.blank or lines:
            lines.append(line.text.strip() if not line.fenced else line.text)
        at += 1
    return Item("\n".join(lines).strip(), doc.text(at, end), start, end)


def _begins_answer(text: str) -> bool:
    bare = plain(text)
    if ANSWER.match(text) or re.match(r"^\s*[-*+]?\s*\(?[Aa][.):]\)?\s", text):
        return True
    return (
        bool(bare)
        and len(bare) < 40
        and bool(re.fullmatch(r"\W*(?:answers?|ans|solution|explanation)\W*", bare, re.I))
    )
