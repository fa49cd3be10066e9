"""Readings by blocks: ``<details>``, answers hidden in them, tables, cards in Anki's text format."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from corpus.banks.clean import level_of
from corpus.banks.clozes import clozes
from corpus.banks.document import Document
from corpus.banks.found import Item, Reading
from corpus.banks.inline import plain, without_tags
from corpus.banks.wording import ANSWER_ALONE, NUMBER, ends_asking, likeness

_TAG = re.compile(r"<(/?)(details|summary)\b[^<>]*>", re.I)
_ASK_COLUMN = frozenset(
    "question questions front prompt q term вопрос 问题 frage pregunta ask concept 题目 질문 card".split()
)
_ANSWER_COLUMN = frozenset(
    """answer answers back response a definition meaning ответ 答案 antwort respuesta réponse
    explanation solution description 답 model-answer""".split()
)
_LEVEL_COLUMN = frozenset("level difficulty complexity".split())
_TOPIC_COLUMN = frozenset("topic category tags tag section subject chapter deck".split())


def read_details(doc: Document) -> list[Reading]:
    """``<details>`` with the question as summary, or with the answer below a question."""
    blocks = _details(doc)
    if not blocks:
        return []
    labels = Counter(plain(without_tags(b.ask)).casefold() for b in blocks)
    own: list[Item] = []
    answers: list[Item] = []
    for block in blocks:
        summary = plain(without_tags(block.ask))
        again = labels[summary.casefold()] > 1 and "?" not in summary
        if again or ANSWER_ALONE.match(summary) or not summary:
            answers.append(block)
        elif not re.match(
            r"\W*(?:see|toc|table of|contents?|translations?|index)\b", summary, re.I
        ):
            own.append(block)
    readings: list[Reading] = []
    if own and sum(likeness(plain(without_tags(b.ask))) for b in own) / len(own) >= 0.6:
        readings.append(Reading("details", own, 0.35))
    above = _asked_above(doc, answers)
    if len(above) >= 2:
        readings.append(Reading("details-answer", above, 0.2))
    return readings


def _details(doc: Document) -> list[Item]:
    """The outermost ``<details>`` blocks as summary and body."""
    text = "\n".join("" if x.fenced else x.text for x in doc.lines)
    if "<details" not in text.lower():
        return []
    starts = [0]
    for line in doc.lines:
        starts.append(starts[-1] + (0 if line.fenced else len(line.text)) + 1)
    found: list[Item] = []
    opened, summary_at, body_at, ask, line = 0, -1, -1, "", 0
    row = 0
    after = ""
    for match in _TAG.finditer(text):
        while starts[row + 1] <= match.start():
            row += 1
        closing, name = bool(match.group(1)), match.group(2).lower()
        if name == "details" and not closing:
            if opened == 0 or body_at < 0:
                opened, line, summary_at, body_at = 0, row, -1, -1
            opened += 1
        elif name == "summary" and opened == 1:
            if not closing and body_at < 0:
                summary_at = match.end()
            elif closing and summary_at >= 0 and body_at < 0:
                ask, body_at = text[summary_at : match.start()], row
                after = text[match.end() : starts[row + 1] - 1]
        elif name == "details" and closing and opened:
            opened -= 1
            if opened == 0 and body_at >= 0:
                inner = doc.text(body_at + 1, row) if row > body_at else ""
                last = text[starts[row] : match.start()] if row > body_at else ""
                first = after if row > body_at else _TAG.split(after)[0]
                body = "\n".join((first, inner, last))
                found.append(Item(_summary(ask), body, line, row + 1))
                body_at = -1
    return found


def _summary(text: str) -> str:
    """A summary over several lines keeps its lists; other line ends in it mean nothing."""
    lines = [x.strip() for x in text.split("\n") if x.strip()]
    if any(re.match(r"(?:[-*+]|\d{1,2}[.)])\s", x) for x in lines[1:]):
        return "\n".join(lines)
    return " ".join(lines)


def _asked_above(doc: Document, answers: list[Item]) -> list[Item]:
    """Questions whose answer is a ``<details>`` block: the text between it and what ended before."""
    found: list[Item] = []
    floor = 0
    for block in answers:
        start = block.start
        while start > floor and not doc.lines[start - 1].level and block.start - start < 80:
            start -= 1
            if re.match(r"^\s*(?:-{3,}|\*{3,}|<hr\s*/?>)\s*$", doc.lines[start].text):
                start += 1
                break
        if start > floor and doc.lines[start - 1].level:
            heading = doc.lines[start - 1].heading
            if likeness(heading) >= 0.7 or NUMBER.match(heading):
                start -= 1
        floor = block.end
        while start < block.start and doc.lines[start].blank:
            start += 1
        lines = doc.text(start, block.start).strip()
        head = doc.lines[start].heading or lines.partition("\n")[0] if lines else ""
        if lines and (likeness(head) >= 0.7 or NUMBER.match(head)):
            ask = "\n".join([head, *lines.split("\n")[1:]])
            found.append(Item(ask, block.answer, start, block.end))
    return found


def read_tables(doc: Document) -> list[Reading]:
    """Tables with a column of questions and one of answers."""
    items: list[Item] = []
    row = 0
    while row < len(doc) - 1:
        if _is_table(doc, row):
            end = row + 2
            while end < len(doc) and "|" in doc.lines[end].text and not doc.lines[end].fenced:
                end += 1
            items += _rows(doc, row, end)
            row = end
        else:
            row += 1
    return [Reading("table", items, 0.3)] if items else []


def _is_table(doc: Document, row: int) -> bool:
    line, rule = doc.lines[row], doc.lines[row + 1]
    if line.fenced or "|" not in line.text or "-" not in rule.text or "|" not in rule.text:
        return False
    return not rule.text.strip(" |:-\t")


def cells(line: str) -> list[str]:
    """The cells of a table row."""
    line = line.strip().removeprefix("|")
    if line.endswith("|") and not line.endswith("\\|"):
        line = line[:-1]
    return [c.strip().replace("\\|", "|") for c in re.split(r"(?<!\\)\|", line)]


Row = tuple[int, list[str]]
"""A line of a table: its place in the document, and its cells."""


@dataclass(frozen=True, slots=True)
class _Table:
    """A table that asks: its rows without a head, and the columns that are of use."""

    rows: list[Row]
    ask: int
    answer: int | None
    level: int | None
    topic: int | None

    def items(self) -> list[Item]:
        """The questions; a row with nothing but a title is the topic of those below it."""
        found: list[Item] = []
        answered = sum(bool(_cell(row, self.answer)) for _, row in self.rows) > 0.5 * len(self.rows)
        part = ""
        for index, row in self.rows:
            filled = [plain(c) for c in row if c]
            if answered and len(filled) == 1 and likeness(filled[0]) < 0.7:
                part = filled[0]
            elif self._asks(wording := _cell(row, self.ask)):
                said = _lines(_cell(row, self.answer))
                level = _cell(row, self.level)
                mark = level if level_of(level) else ""
                about = plain(_cell(row, self.topic)) or part
                found.append(Item(wording, said, index, index + 1, mark, about))
        return found

    def _asks(self, wording: str) -> bool:
        anchored = "](#" in wording and self.answer is None
        return bool(plain(wording)) and not anchored and not re.fullmatch(r"[\s:*_-]*", wording)


def _cell(row: list[str], column: int | None) -> str:
    return row[column] if column is not None and column < len(row) else ""


def _rows(doc: Document, start: int, end: int) -> list[Item]:
    """The questions of the table in lines `start` to `end`, none if it asks nothing."""
    top = start, cells(doc.lines[start].text)
    rows = [(i, cells(doc.lines[i].text)) for i in range(start + 2, end)]
    labelled = _labelled_rows([top, *rows])
    if labelled:
        return labelled
    table = _table(top, rows)
    if table is None:
        return []
    texts = [row[table.ask] for _, row in table.rows if table.ask < len(row)]
    counts = sum(bool(_COUNT.match(plain(t))) for t in texts)
    return [] if texts and counts > 0.5 * len(texts) else table.items()


def _table(top: Row, rows: list[Row]) -> _Table | None:
    """The table by the names in its head `top`, else by what its columns hold."""
    head = [_name(c) for c in top[1]]
    ask, answer = _column(head, _ASK_COLUMN), _column(head, _ANSWER_COLUMN)
    if ask is None:
        ask = _asking_column([r for _, r in (top, *rows)])
        if ask is not None and ends_asking(plain(top[1][ask])):
            # Its first row is no head: a table of two columns without one.
            rows = [top, *rows]
            answer = 1 - ask if len(top[1]) == 2 else None
        else:
            ask = _asking_column([r for _, r in rows])
    if ask is None:
        return None
    if answer == ask:
        answer = None
    if head[ask] in {"term", "concept", "card"} and answer is None:
        return None
    return _Table(rows, ask, answer, _column(head, _LEVEL_COLUMN), _column(head, _TOPIC_COLUMN))


def _name(cell: str) -> str:
    return plain(cell).lower().strip(" :*#")


def _labelled_rows(rows: list[Row]) -> list[Item]:
    """The questions of a table with ``Question | ...`` over ``Answer | ...`` in its first column."""
    names = [_name(row[0]) for _, row in rows]
    if not {*names} & _ANSWER_COLUMN or not {*names} <= _ASK_COLUMN | _ANSWER_COLUMN:
        return []
    found: list[Item] = []
    for (index, row), name in zip(rows, names, strict=True):
        said = "\n".join(_lines(c) for c in row[1:] if c)
        if name in _ASK_COLUMN:
            found.append(Item(said, "", index, index + 1))
        elif found:
            last = found[-1]
            last.answer, last.end = f"{last.answer}\n{said}".strip(), index + 1
    return [i for i in found if i.ask]


def _lines(cell: str) -> str:
    return _BREAK.sub("\n", cell)


_BREAK = re.compile(r"<br\s*/?>", re.I)
_COUNT = re.compile(r"^\W*\d+(?:\s\w+)?\W*$")


def _column(head: list[str], names: frozenset[str]) -> int | None:
    found = [i for i, name in enumerate(head) if name in names]
    if not found:
        first = [i for i, name in enumerate(head) if name.split(" ")[0] in names and len(name) < 30]
        last = [i for i, name in enumerate(head) if name.split(" ")[-1] in names and len(name) < 30]
        found = first or last
    return found[0] if found else None


def _asking_column(rows: list[list[str]]) -> int | None:
    """A column under any name whose cells nearly all ask something."""
    if len(rows) < 3:
        return None
    for column in range(len(rows[0])):
        texts = [r[column] for r in rows if column < len(r)]
        if texts and sum(likeness(t) >= 0.9 and "](#" not in t for t in texts) >= 0.8 * len(rows):
            return column
    return None


_BLOCK_START = re.compile(r"^(?:%%ANKI|START)\s*$")
_BLOCK_END = re.compile(r"^(?:END%%|END)\s*$")


def read_anki_blocks(doc: Document) -> list[Reading]:
    """Cards between ``START`` and ``END`` (Obsidian to Anki) or ``%%ANKI`` and ``END%%``."""
    items: list[Item] = []
    start = -1
    for index, line in enumerate(doc.lines):
        if _BLOCK_START.match(line.text):
            start = index
        elif start >= 0 and _BLOCK_END.match(line.text):
            items += _anki_cards(doc.text(start + 1, index), start, index + 1)
            start = -1
    return [Reading("anki-block", items, 0.6)] if items else []


def _anki_cards(block: str, start: int, end: int) -> list[Item]:
    block = re.split(r"\n(?:Reference|Tags|Extra|ID):", block)[0]
    head, _, rest = block.partition("\n")
    if re.match(r"cloze", head, re.I):
        return clozes(rest, start, end)
    body = rest if re.match(r"^(?:basic|question|front|type)[^\n:]*$", head, re.I) else block
    ask, mark, answer = body.partition("\nBack:")
    ask = re.sub(r"^Front:\s*", "", ask.strip())
    return [Item(ask, answer, start, end)] if mark and ask else []
