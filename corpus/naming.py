"""Ids made from words and from content."""

from __future__ import annotations

import hashlib
import re
import unicodedata

_PARTS = re.compile(r"[a-z0-9]+")
_BETWEEN = re.compile(r"[\W_]+")


def slug(text: str, words: int = 0, limit: int = 60) -> str:
    """`text` as a kebab-case id of at most `limit` characters; "" if it holds no letter or digit.

    With `words` > 0 only that many words are kept.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    parts: list[str] = _PARTS.findall(text.lower())
    if words:
        parts = parts[:words]
    while len(made := "-".join(parts)) > limit and len(parts) > 1:
        parts.pop()
    return made[:limit]


def fingerprint(text: str, length: int = 8) -> str:
    """Hex digits that stay the same while only case, spacing and punctuation of `text` change."""
    plain = _BETWEEN.sub("", unicodedata.normalize("NFKC", text).casefold())
    return hashlib.sha256((plain or text).encode()).hexdigest()[:length]


def question_id(wording: str) -> str:
    """An id that only depends on what is asked: some of its words, and a fingerprint of all."""
    head = slug(wording.partition("\n")[0], words=7, limit=48) or "question"
    return f"{head}-{fingerprint(wording, 6)}"
