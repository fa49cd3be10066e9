"""JSON, JSON Lines and notebooks."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from corpus.banks.rows import is_question
from corpus.banks.wording import likeness
from corpus.loaders.parts import Part, Unreadable
from corpus.loaders.text import read_text

_MAX_NODES = 2_000_000
_TITLES = ("title", "heading", "name")
_BODIES = ("content", "body", "markdown", "text", "html")
_LONGEST_TITLE = 300
_PROSE_WORDS = 30
"""Words from which the text of a record is read as prose; what is shorter is a label."""
_ASKS = 0.8
"""Likeness to a question from which a title asks and the text below it answers."""


def read_json(path: Path) -> Iterator[Part]:
    """The question records in a JSON or JSON Lines file, wherever they are nested, and its texts that
    have a title."""
    text = read_text(path).lstrip("\ufeff")
    try:
        data = json.loads(text)
    except RecursionError:
        raise Unreadable("the JSON is nested too deeply") from None
    except ValueError as error:
        data = _json_lines(text)
        if data is None:
            raise Unreadable(f"it is not valid JSON: {str(error)[:80]}") from None
    if isinstance(data, dict) and "cells" in data and "nbformat" in data:
        yield from _cells(data)
        return
    for count, record in enumerate(_records(data), 1):
        page = None if is_question(record) else _page(record)
        if page:
            yield Part(page, f"record {count}")
        else:
            yield Part(where=f"record {count}", row=record)


def _json_lines(text: str) -> list[object] | None:
    made: list[object] = []
    for line in text.split("\n"):
        if line.strip():
            try:
                made.append(json.loads(line))
            except (ValueError, RecursionError):
                return None
    return made or None


def _records(data: object) -> Iterator[dict[str, object]]:
    """Records that ask something, in order; a name above them is their topic."""
    stack: list[tuple[object, str]] = [(data, "")]
    seen = 0
    while stack:
        node, topic = stack.pop()
        seen += 1
        if seen > _MAX_NODES:
            raise Unreadable("the JSON holds too many values")
        if isinstance(node, list):
            stack.extend((x, topic) for x in reversed(node) if isinstance(x, (dict, list)))
        elif isinstance(node, dict):
            title, body = _titled(node)
            if title and body and likeness(title) >= _ASKS:
                node = {**node, "question": title, "answer": body}
            if is_question(node):
                yield {"topic": topic, **node} if topic else node
                continue
            if title and len(body.split()) >= _PROSE_WORDS:
                yield node
                continue
            pairs = [
                (k, v) for k, v in node.items() if isinstance(v, str) and likeness(str(k)) >= 0.9
            ]
            if len(pairs) >= 2 and len(pairs) >= 0.8 * len(node):
                yield from ({"question": k, "answer": v, "topic": topic} for k, v in pairs)
                continue
            below = [
                (v, _topic(k, node, topic)) for k, v in node.items() if isinstance(v, (dict, list))
            ]
            stack.extend(reversed(below))


def _titled(node: Mapping[str, object]) -> tuple[str, str]:
    """The title and the text of a record that is a page, both empty if it is none."""
    named = {str(k).strip().lower(): v for k, v in node.items() if isinstance(v, str)}
    title = next((named[k].strip() for k in _TITLES if named.get(k)), "")
    body = next((named[k].strip() for k in _BODIES if named.get(k)), "")
    return (title, body) if title and body and len(title) < _LONGEST_TITLE else ("", "")


def _page(node: Mapping[str, object]) -> str:
    title, body = _titled(node)
    return f"# {title}\n\n{body}" if title else ""


def _topic(key: str, node: dict[str, object], topic: str) -> str:
    for name in ("topic", "category", "title", "name", "section"):
        value = node.get(name)
        if isinstance(value, str) and len(value) < 120:
            return value
    general = {
        "cards",
        "questions",
        "data",
        "items",
        "results",
        "deck",
        "notes",
        "entries",
        "flashcards",
        "list",
    }
    return topic if str(key).lower() in general or str(key).isdigit() else str(key)


def read_notebook(path: Path) -> Iterator[Part]:
    """The cells of a Jupyter notebook: Markdown as it is, code in fences, no output."""
    try:
        data = json.loads(read_text(path))
    except (ValueError, RecursionError):
        raise Unreadable("it is not a valid notebook") from None
    if not isinstance(data, dict):
        raise Unreadable("it is not a valid notebook")
    yield from _cells(data)


def _cells(data: dict[str, object]) -> Iterator[Part]:
    cells = data.get("cells")
    if not isinstance(cells, list):
        sheets = data.get("worksheets")
        first = sheets[0] if isinstance(sheets, list) and sheets else {}
        cells = first.get("cells", []) if isinstance(first, dict) else []
    for number, cell in enumerate(cells if isinstance(cells, list) else [], 1):
        if not isinstance(cell, dict):
            continue
        source = cell.get("source", cell.get("input", ""))
        text = "".join(map(str, source)) if isinstance(source, list) else str(source)
        if not text.strip():
            continue
        kind = cell.get("cell_type")
        if kind == "code":
            yield Part(f"```python\n{text}\n```", f"cell {number}")
        elif kind == "heading":
            level = cell.get("level", 1)
            yield Part(
                "#" * (level if isinstance(level, int) else 1) + f" {text}", f"cell {number}"
            )
        else:
            yield Part(text, f"cell {number}")
