"""Choosing among equivalent phrases without repeating oneself in a session."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from corpus.words import sentences


def fresh(options: Sequence[str], used: Iterable[str], turn: int) -> str:
    """An option that is in none of the texts in `used`, starting at `turn`; empty if all are worn."""
    worn = " | ".join(_key(text) for text in used)
    for offset in range(len(options)):
        option = options[(turn + offset) % len(options)]
        if _key(option) not in worn:
            return option
    return ""


def unsaid(text: str, used: Iterable[str]) -> str:
    """The sentences of `text` that were not said before."""
    worn = {_key(sentence) for other in used for sentence in sentences(other)}
    # A sentence may have stood behind an opening such as "Still open:".
    joined = " | ".join(_key(other) for other in used)
    kept = [s for s in sentences(text) if _key(s) not in worn and _key(s) not in joined]
    return " ".join(kept)


def quoted(text: str, limit: int = 14) -> str:
    """The learner's words in quotation marks, cut to `limit` words, without question marks."""
    words = text.replace("?", "").replace("“", "").replace("”", "").split()
    if not words:
        return ""
    cut = " ".join(words[:limit]).strip(" .,;:!")
    return f"“{cut} …”" if len(words) > limit else f"“{cut}”"


def _key(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().casefold()


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
