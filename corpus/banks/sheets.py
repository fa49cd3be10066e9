"""Readings of test sheets: options below each question, and two formats that quiz programs read."""

from __future__ import annotations

import re

from corpus.banks.choice import holds_question, letters_told, option_runs
from corpus.banks.document import Document
from corpus.banks.found import Item, Reading
from corpus.banks.inline import plain, visible
from corpus.banks.wording import ANSWER, NUMBER

_MOST_ABOVE = 40


def read_sheet(doc: Document) -> list[Reading]:
    """Every run of options A, B, ... with the question that stands above it, marked or not."""
    runs = option_runs(["" if x.fenced and x.text.strip() else x.text for x in doc.lines])
    if len(runs) < 2:
        return []
    starts: list[int] = []
    floor = 0
    for first, last in runs:
        own = last == first + 1 and holds_question(doc.lines[first].text)
        starts.append(first if own else _question_start(doc, floor, first))
        floor = last
    items: list[Item] = []
    for place, ((first, _), start) in enumerate(zip(runs, starts, strict=True)):
        end = starts[place + 1] if place + 1 < len(starts) else len(doc)
        if start == first:
            ask, answer = doc.lines[first].text, doc.text(first + 1, end)
        else:
            ask, answer = _ask(doc, start, first), doc.text(first, end)
        if plain(ask.partition("\n")[0]):
            items.append(Item(ask, answer, start, end))
    return [Reading("sheet", items)] if len(items) >= 2 else []


def _ask(doc: Document, start: int, end: int) -> str:
    head = doc.lines[start].heading or doc.lines[start].text
    rest = [x.heading or x.text for x in doc.lines[start + 1 : end]]
    if not NUMBER.sub("", plain(head), count=1).strip():
        return "\n".join(rest).strip()
    return "\n".join([head, *rest]).strip()


def _question_start(doc: Document, floor: int, first: int) -> int:
    """The line where the question above the options at `first` begins; `first` if it is on that line."""
    at = first - 1
    while at >= floor and doc.lines[at].blank:
        at -= 1
    if at < floor or first - at > 4:
        return first
    best = at
    for row in range(at, max(floor, at - _MOST_ABOVE) - 1, -1):
        line = doc.lines[row]
        if line.fenced:
            best = row
            continue
        if line.blank:
            continue
        bare = plain(visible(line.heading or line.text))
        if letters_told(bare) or (ANSWER.match(line.text) and not NUMBER.match(bare)):
            break
        if line.level or NUMBER.match(bare):
            return row
        if row + 1 < best and not doc.lines[best].fenced and doc.lines[row + 1].blank:
            break
        best = row
    return best


def read_programs(doc: Document) -> list[Reading]:
    """Questions in GIFT, and in the format of OpenTriviaQA (``#Q``, ``^`` and the options)."""
    gift, trivia = _gift(doc), _trivia(doc)
    made = [Reading("gift", gift, 0.6)] if gift else []
    return [*made, Reading("trivia", trivia, 0.6)] if len(trivia) >= 2 else made


_GIFT_OPEN = re.compile(
    r"^(?!\s*//)(?P<ask>[^{}\n]+)\{(?P<body>[^{}\n]*)(?P<close>\})?"
    r"(?P<after>[^{}\n]*)$"
)
_GIFT_NAME = re.compile(r"^\s*::[^:\n]*::\s*(?:\[\w+\])?\s*")
_GIFT_PART = re.compile(
    r"([=~])\s*(?:%-?\d+(?:\.\d+)?%)?\s*((?:\\.|[^=~#\\])*)(?:#(?:\\.|[^=~\\])*)?"
)


def _gift(doc: Document) -> list[Item]:
    if not any(
        "{" in x.text and ("=" in x.text or "~" in x.text or "::" in x.text) for x in doc.lines
    ):
        return []
    made: list[Item] = []
    row = 0
    while row < len(doc):
        line = doc.lines[row]
        gaps = "{" in line.text and not line.fenced and len(line.text) < 2000
        match = _GIFT_OPEN.match(line.text) if gaps else None
        end = row
        body = match.group("body") if match else ""
        if match and not match.group("close"):
            while end + 1 < min(len(doc), row + 40):
                end += 1
                body += "\n" + doc.lines[end].text
                if "}" in doc.lines[end].text:
                    break
            body, closed, _ = body.partition("}")
            match = match if closed and "{" not in body else None
        if match:
            ask = _GIFT_NAME.sub("", match.group("ask")).strip()
            after = match.group("after").strip()
            item = ask and _gift_item(f"{ask} _____ {after}" if after else ask, body.strip())
            if item:
                made.append(Item(*item, row, end + 1))
                row = end
        row += 1
    return made


def _gift_item(ask: str, body: str) -> tuple[str, str] | None:
    if re.fullmatch(r"T(?:RUE)?(?:#.*)?", body, re.I | re.S):
        return ask, "True"
    if re.fullmatch(r"F(?:ALSE)?(?:#.*)?", body, re.I | re.S):
        return ask, "False"
    parts = [(mark, " ".join(text.split())) for mark, text in _GIFT_PART.findall(body)]
    if not parts or re.sub(r"\s", "", _GIFT_PART.sub("", body)):
        return None
    right = [text for mark, text in parts if mark == "="]
    if not any(mark == "~" for mark, _ in parts):
        if all("->" in text for text in right):
            return ask, "\n".join(f"- {x}" for x in right)
        return ask, " / ".join(right)
    options = "\n".join(
        f"{'ABCDEFGHIJKLMNOP'[k % 16]}) {text}" for k, (_, text) in enumerate(parts)
    )
    told = ", ".join("ABCDEFGHIJKLMNOP"[k % 16] for k, (mark, _) in enumerate(parts) if mark == "=")
    return ask, f"{options}\nAnswer: {told}" if told else options


def _trivia(doc: Document) -> list[Item]:
    made: list[Item] = []
    start = -1
    for row in range(len(doc) + 1):
        text = doc.lines[row].text if row < len(doc) else "#Q "
        if not text.startswith("#Q ") and not (start >= 0 and row < len(doc) and not text.strip()):
            continue
        if start >= 0:
            lines = [x.text for x in doc.lines[start:row]]
            told = next((k for k, x in enumerate(lines) if x.startswith("^ ")), 0)
            if told:
                options = [re.sub(r"^([A-H]) ", r"\1) ", x) for x in lines[told + 1 :]]
                answer = "\n".join([*options, f"Answer: {lines[told][2:]}"])
                made.append(Item("\n".join([lines[0][3:], *lines[1:told]]), answer, start, row))
        start = row if text.startswith("#Q ") else -1
    return made
