"""Abbreviations that a text itself explains: ``retrieval-augmented generation (RAG)``.

The search is that of Schwartz and Hearst, A simple algorithm for identifying abbreviation
definitions in biomedical text (2003).
"""

from __future__ import annotations

import re

_BRACKETS = re.compile(r"\(([^()\n]{2,80})\)")
_SHORT = re.compile(r"[A-Za-z0-9][A-Za-z0-9&/.+-]{1,9}")
_LONGEST_SHORT = 10
_PART = re.compile(r"[;,]")
_CLAUSE = re.compile(r"[.!?;:\n]\s")
_CODE = re.compile(r"[=(){}\[\]<>]")
_YEAR = re.compile(r"\d{4}")
_LOOK_BACK = 200


def abbreviations(text: str) -> dict[str, str]:
    """Short form to long form, for every pair that `text` gives in brackets."""
    found: dict[str, str] = {}
    for match in _BRACKETS.finditer(text):
        inner = _PART.split(match.group(1), 1)[0].strip()
        before = text[max(0, match.start() - _LOOK_BACK) : match.start()].rstrip()
        if _is_short(inner):
            words = _CLAUSE.split(before)[-1].split()[-min(len(inner) + 5, len(inner) * 2) :]
            long = _long_form(inner, " ".join(words))
            if long:
                found.setdefault(inner, long)
        elif before:
            short = before.rsplit(None, 1)[-1].strip("\"'“”*`_")
            if _is_short(short) and len(inner.split()) >= 2:
                long = _long_form(short, inner)
                if long:
                    found.setdefault(short, long)
    return found


def _is_short(text: str) -> bool:
    if len(text) > _LONGEST_SHORT or not _SHORT.fullmatch(text) or _YEAR.search(text):
        return False
    return sum(map(str.isupper, text)) >= 2


def _long_form(short: str, text: str) -> str:
    """The end of `text` that `short` stands for, "" if none does."""
    at = len(text) - 1
    for place in range(len(short) - 1, -1, -1):
        letter = short[place].lower()
        if not letter.isalnum():
            continue
        while at >= 0 and not (
            text[at].lower() == letter and not (place == 0 and at > 0 and text[at - 1].isalnum())
        ):
            at -= 1
        if at < 0:
            return ""
        at -= 1
    long = text[text.rfind(" ", 0, at + 2) + 1 :].strip(" \"'“”*`_,")
    before = text[: text.rfind(long)].split() if long in text else []
    if before and before[-1][:1].lower() == short[0].lower() and len(long.split()) < len(short):
        long = f"{before[-1]} {long}"
    words = long.lower().split()
    if words and words[0] in ("a", "an", "the"):
        long, words = long.partition(" ")[2], words[1:]
    if not 2 <= len(words) <= len(short) + 3 or short.lower() in long.lower() or _CODE.search(long):
        return ""
    # Its last letter stands in the last word, and the first word is no part of it.
    ends = next((c for c in reversed(short.lower()) if c.isalnum()), "") in words[-1]
    return long if ends and not (len(words[0]) > 2 and short.lower().startswith(words[0])) else ""
