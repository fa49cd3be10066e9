"""What a reading of a document finds, and what is handed on."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Item:
    """A question as it stands in the document: raw texts, and the lines `start` to `end` it covers."""

    ask: str
    answer: str
    start: int
    end: int
    level: str = ""
    topic: str = ""


@dataclass(slots=True)
class Reading:
    """One way to read the document. `strength` is how unlikely its marks are to be there by chance."""

    name: str
    items: list[Item] = field(default_factory=list)
    strength: float = 0.0


@dataclass(slots=True)
class Found:
    """A question found in a document, cleaned.

    `line` counts from 1, `end` is the last line it takes. `level` is 1..5, 0 if the document does not
    say. `options` are the choices of a multiple-choice question, `right` the labels of the right ones.
    """

    ask: str
    answer: str = ""
    line: int = 1
    end: int = 1
    level: int = 0
    topic: str = ""
    options: tuple[str, ...] = ()
    right: tuple[str, ...] = ()
    reading: str = ""
