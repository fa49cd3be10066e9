"""Readings by a mark at the question's line: headings, bold lines, ``Q:`` labels, numbers."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from corpus.banks.document import Document, heading_key
from corpus.banks.found import Item, Reading
from corpus.banks.inline import plain, visible
from corpus.banks.wording import (
    ANSWER,
    ANSWER_ALONE,
    LABEL,
    NUMBER,
    ends_asking,
    likeness,
    number_of,
    without_number,
)

_PART = re.compile(
    r"\W*(?:correct )?(?:answers?|solution|explanation|ans|hint|output|example|code|note|ответ|答案|解析|"
    r"antwort|réponse|respuesta|resposta|risposta)\b",
    re.I,
)
_FURNITURE = re.compile(
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
        known = doc.judged[heading] = label or again or bool(ANSWER.match(heading))
    return known


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
            and not _FURNITURE.match(text)
            and "](#" not in line.heading
        ):
            asking[line.level].append(index)
    made = _numbered_headings(doc, numbered)
    for level, starts in asking.items():
        if len(starts) >= 3:
            starts = _with_topics(doc, starts, level)
        made.append(Reading(f"heading-{level}", _heading_items(doc, starts, level)))
    return made


_MOSTLY = 0.6


def _with_topics(doc: Document, asking: list[int], level: int) -> list[int]:
    """`asking` with the other headings of its level that hold text, if most of those that do ask.

    Among questions, ``Role of the broker`` is one.
    """
    known = set(asking)
    others = [
        i
        for i, x in enumerate(doc.lines)
        if x.level == level
        and i not in known
        and not _FURNITURE.match(x.bare)
        and not is_part(doc, x.heading)
        and "](" not in x.heading
        and _has_text(doc, i)
    ]
    return (
        sorted([*asking, *others])
        if len(asking) >= _MOSTLY * (len(asking) + len(others))
        else asking
    )


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
    named = [i for i in numbered if LABEL.match(doc.lines[i].bare)]
    labelled = frozenset(named if len(named) >= 0.5 * len(at_level[top]) else ())
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
        if _is_only_number(plain(heading)):
            made.append(_ask_below(doc, start, end, ""))
        else:
            made.append(Item(heading, doc.text(start + 1, end), start, end))
    return [i for i in made if i.ask.strip()]


def _is_only_number(text: str) -> bool:
    match = NUMBER.match(text)
    return bool(match and not text[match.end() :].strip(" *_:."))


def _ask_below(doc: Document, start: int, end: int, ask: str) -> Item:
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


_BOLD = re.compile(r"^\s{0,3}(?:\*\*|__)(.+?)(?:\*\*|__)([^*\w]{0,12})$")
_ITALIC = re.compile(r"^\s{0,3}([*_])(?![*_\s]).*(?<![*_\s])\1\W{0,3}$")
_BOLD_START = re.compile(
    r"^\s{0,3}\*\*\s*(?:Q\W*)?\d{1,4}\s*[.):][^*]{0,160}\*\*\s*[.:]?\s*(\S.*)?$"
)


def read_bold(doc: Document) -> list[Reading]:
    """Lines that are bold as a whole, and numbered lines that begin in bold."""
    kinds: dict[str, list[int]] = {"bold-start": [], "bold-number": [], "bold": [], "italic": []}
    for index, line in enumerate(doc.lines):
        if line.fenced or line.level or ("*" not in line.text and "_" not in line.text):
            continue
        text = line.text.rstrip()
        match = _BOLD.match(text)
        if match and "**" not in match.group(1):
            inner = plain(match.group(1) + match.group(2))
            if NUMBER.match(inner):
                kinds["bold-number"].append(index)
            if likeness(inner) >= 0.7 and not _FURNITURE.match(inner) and not is_part(doc, inner):
                kinds["bold"].append(index)
        elif _BOLD_START.match(text):
            kinds["bold-start"].append(index)
        elif _ITALIC.match(text) and ends_asking(plain(text)):
            kinds["italic"].append(index)
    kinds["bold-start"] += kinds["bold-number"] if kinds["bold-start"] else []
    made: list[Reading] = []
    strength = {"bold-start": 0.15, "bold-number": 0.1, "bold": 0.0, "italic": 0.0}
    for name, starts in kinds.items():
        enough = len(starts) >= 2 or (name == "bold" and starts and len(doc) < 150)
        if enough:
            items = [_bold_item(doc, s, e) for s, e in spans(doc, starts, 6)]
            made.append(Reading(name, items, strength[name]))
    return made


def _bold_item(doc: Document, start: int, end: int) -> Item:
    text = doc.lines[start].text.strip()
    match = re.match(r"^\*\*\s*((?:Q\W*)?\d{1,4}\s*[.):])\s*([^*]*?)\*\*\s*[.:]?\s*(\S.*)?$", text)
    if match and match.group(3) and not _BOLD.match(text):
        inner, rest = match.group(2).strip(), match.group(3)
        if inner and ends_asking(inner):
            return Item(inner, rest + "\n" + doc.text(start + 1, end), start, end)
        text = f"{inner.rstrip('. ')}. {rest}" if inner else rest
    if _is_only_number(plain(text)):
        return _ask_below(doc, start, end, "")
    return Item(text, doc.text(start + 1, end), start, end)


_COLON = re.compile("[:：]")
_ASK_LABEL = re.compile(
    r"^\s*(?:[-*+>#]\s*)*(?:\*\*|__)?\s*(?:q|question|ques|问题?|题目|в|вопрос|frage|p|pregunta|front|"
    r"soru|질문|domanda)\s*(?:#?\d{1,4})?\s*(?:\*\*|__)?\s*[:：]\s*(?:\*\*|__)?\s*(?=\S)",
    re.I,
)
_ANSWER_LABEL = re.compile(
    r"^\s*(?:[-*+>]\s*)*(?:\*\*|__)?\s*(?:a|ans|answers?|答案?|о|ответ|antwort|r|respuesta|réponse|back|"
    r"solution|cevap|답|risposta)\s*(?:#?\d{1,4})?\s*(?:\*\*|__)?\s*[:：]\s*(?:\*\*|__)?",
    re.I,
)


def read_labels(doc: Document) -> list[Reading]:
    """``Q: ...`` and ``A: ...`` lines."""
    starts = [
        i
        for i, x in enumerate(doc.lines)
        if _COLON.search(x.text) and not x.fenced and not x.level and _ASK_LABEL.match(x.text)
    ]
    if len(starts) < 2:
        return []
    items: list[Item] = []
    for start, end in spans(doc, starts, 6):
        label = _ASK_LABEL.match(doc.lines[start].text)
        rows = range(start + 1, end)
        at = next(
            (k for k in rows if not doc.lines[k].fenced and _ANSWER_LABEL.match(doc.lines[k].text)),
            None,
        )
        if label is None or at is None:
            continue
        ask = [
            doc.lines[start].text[label.end() :],
            *(x.text.strip() for x in doc.lines[start + 1 : at]),
        ]
        answer = doc.text(at, end)
        match = _ANSWER_LABEL.match(answer)
        answer = answer[match.end() :] if match else answer
        joined = "\n".join(ask) if any("```" in x for x in ask) else " ".join(ask)
        items.append(Item(joined.replace("**", ""), answer.lstrip("* "), start, end))
    return [Reading("label", items, 0.35)] if len(items) >= 2 else []


_SECTION_LINE = re.compile(
    r"^\W*(?:section|part|chapter|topic|module|unit|category|level|round|day|week)\b[^.?!]{0,60}$",
    re.I,
)


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
    if _is_only_number(ask) or re.fullmatch(r"Q(?:uestion)?\s*[.#]?\s*\d{1,4}\s*[.:)]?", ask, re.I):
        return _ask_below(doc, start, end, "")
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
