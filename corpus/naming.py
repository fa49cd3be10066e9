"""Ids made from words and from content."""

from __future__ import annotations

import hashlib
import re
import unicodedata


def slug(text: str, words: int = 0, limit: int = 60) -> str:
    """`text` as a kebab-case id of at most `limit` characters; "" if it holds no letter or digit.

    With `words` > 0 only that many words are kept.
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    parts = re.findall(r"[a-z0-9]+", plain)
    if words:
        parts = parts[:words]
    while parts and len("-".join(parts)) > limit and len(parts) > 1:
        parts.pop()
    return "-".join(parts)[:limit]


def fingerprint(text: str, length: int = 8) -> str:
    """Hex digits that stay the same while only case, spacing and punctuation of `text` change."""
    plain = re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold())
    return hashlib.sha256((plain or text).encode()).hexdigest()[:length]


def question_id(wording: str) -> str:
    """An id that only depends on what is asked: some of its words, and a fingerprint of all."""
    head = slug(wording.partition("\n")[0], words=7, limit=48) or "question"
    return f"{head}-{fingerprint(wording, 6)}"
