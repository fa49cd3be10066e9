"""Markdown and HTML inside a line, as plain text. Linear in the length of the line."""

from __future__ import annotations

import html
import re
from functools import lru_cache

_BRACKET = re.compile(r"[\[\]]")
_CODE = re.compile(r"(`{1,3})([^`]+)\1")
_TAG = re.compile(r"</?[A-Za-z][A-Za-z0-9-]*(?:\s[^<>]*)?/?>")
_KNOWN = re.compile(
    r"</?(?:b|i|u|s|em|strong|code|br|p|div|span|sup|sub|kbd|a|img|h[1-6]|font|center|details|"
    r"summary|ul|li|ol|mark|small|hr|del|ins|table|tr|td|th|tbody|thead|pre|blockquote|picture|"
    r"source|section|abbr|q|cite|tt|samp|var)\b[^<>]*>",
    re.I,
)
_EMPHASIS = re.compile(r"\*\*|__|~~|[*_](?:(?<!\w[*_])(?=\S)|(?<=\S[*_])(?!\w))")
_KEPT = re.compile("\x01(\\d+)\x01")
_GAP = re.compile(r"_{3,}")
_MAX = 20_000
_MARKED = re.compile(r"[`*_~<&\[\]]")


def links(text: str, keep: bool = True) -> str:
    """`text` with ``[label](target)`` replaced by its label, or by nothing if not `keep`.

    Pictures are left out. Brackets that are not links stay.
    """
    if "](" not in text:
        return text
    made: list[str] = []
    opened: list[tuple[int, int]] = []  # place in `text`, length of `made` before it
    at = 0
    for match in _BRACKET.finditer(text):
        place = match.start()
        if place < at:
            continue
        if text[place] == "[":
            made.append(text[at:place])
            opened.append((place, len(made)))
            made.append("[")
            at = place + 1
            continue
        if not opened:
            continue
        start, mark = opened.pop()
        end = _target_end(text, place + 1)
        if end < 0:
            continue
        made.append(text[at:place])
        label = "".join(made[mark + 1 :])
        del made[mark:]
        if start and text[start - 1] == "!":
            made[-1] = made[-1][:-1]
            label = ""
        made.append(label if keep else "")
        at = end
    made.append(text[at:])
    return "".join(made)


def _target_end(text: str, at: int) -> int:
    """The place after the ``(target)`` that begins at `at`, -1 if there is none."""
    if text[at : at + 1] != "(":
        return -1
    depth = 0
    for place in range(at, min(len(text), at + 1500)):
        if text[place] == "(":
            depth += 1
        elif text[place] == ")":
            depth -= 1
            if not depth:
                return place + 1
        elif text[place] == "\n":
            return -1
    return -1


def plain(text: str) -> str:
    """One line of plain text: marks, tags and link targets gone, code kept as written."""
    if len(text) > _MAX or not _MARKED.search(text):
        return " ".join(text.split())
    return _plain(text)


@lru_cache(maxsize=4096)
def _plain(text: str) -> str:
    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        kept.append(match.group(2))
        return f"\x01{len(kept) - 1}\x01"

    if "`" in text:
        text = _CODE.sub(keep, text)
    text = links(text)
    if "<" in text:
        text = _KNOWN.sub(" " if "<br" in text else "", text)
    if "*" in text or "_" in text or "~" in text:
        text = _EMPHASIS.sub("", _GAP.sub("\x02", text)).replace("\x02", "_____")
    if "&" in text:
        text = html.unescape(text)
    if kept:
        text = _KEPT.sub(lambda m: kept[int(m.group(1))], text)
    return " ".join(text.split())


def without_tags(text: str) -> str:
    """`text` without any HTML tag, line ends kept."""
    return _TAG.sub("", text) if "<" in text else text


def visible(text: str) -> str:
    """`text` without HTML tags, those inside code kept."""
    if "<" not in text or "`" not in text:
        return without_tags(text)
    return "".join(
        x if k % 2 else without_tags(x) for k, x in enumerate(re.split(r"(`[^`\n]*`)", text))
    )
