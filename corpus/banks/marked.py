"""Readings by a mark on the question's line: bold or italic as a whole, or a label such as ``Q:``."""

from __future__ import annotations

import re

from corpus.banks.document import Document
from corpus.banks.found import Item, Reading
from corpus.banks.inline import plain
from corpus.banks.spans import FURNITURE, ask_below, is_only_number, is_part, spans
from corpus.banks.wording import NUMBER, ends_asking, likeness

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
            if likeness(inner) >= 0.7 and not FURNITURE.match(inner) and not is_part(doc, inner):
                kinds["bold"].append(index)
        elif _BOLD_START.match(text):
            kinds["bold-start"].append(index)
        elif _ITALIC.match(text) and ends_asking(plain(text)):
            kinds["italic"].append(index)
    kinds["bold-start"] += kinds["bold-number"] if kinds["bold-start"] else []
    made: list[Reading] = []
    strength = {"bold-start": 0.15, "bold-number": 0.2, "bold": 0.0, "italic": 0.0}
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
    if is_only_number(plain(text)):
        return ask_below(doc, start, end, "")
    return Item(text, doc.text(start + 1, end), start, end)


_SHORT = 40
"""Lines below which a text may be a single question."""
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
    lone = len(items) == 1 and doc.filled < _SHORT and likeness(items[0].ask) >= 0.9
    return [Reading("label", items, 0.35)] if len(items) >= 2 or lone else []
