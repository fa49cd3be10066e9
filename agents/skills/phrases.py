"""Choosing among equivalent phrases without repeating oneself in a session."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from corpus.words import sentences


def fresh(options: Sequence[str], used: Iterable[str], turn: int) -> str:
    """An option none of whose sentences is in `used`, starting at `turn`; empty if all are worn."""
    worn = {_key(sentence) for text in used for sentence in sentences(text)}
    for offset in range(len(options)):
        option = options[(turn + offset) % len(options)]
        if not any(_key(sentence) in worn for sentence in sentences(option)):
            return option
    return ""


def _key(sentence: str) -> str:
    return re.sub(r"\W+", " ", sentence).strip().casefold()


def cut_words(text: str, limit: int) -> str:
    """`text` to at most `limit` words, ending at a sentence where one ends in time."""
    words = text.split()
    if len(words) <= limit:
        return text.strip()
    kept: list[str] = []
    for sentence in sentences(text):
        if len(" ".join([*kept, sentence]).split()) > limit:
            break
        kept.append(sentence)
    return " ".join(kept) if kept else " ".join(words[:limit]) + " …"
