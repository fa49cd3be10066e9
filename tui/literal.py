"""Foreign text made safe to draw: what a learner, a document or a model wrote, shown as it is.

Nothing here is ever parsed as markup. Control bytes become visible pictures, so that they cannot
steer the terminal; overrides of the writing direction, which can make a line read differently from
what it says, are dropped; lone surrogates, which cannot be encoded, become U+FFFD.
"""

from __future__ import annotations

import re

_PICTURES = {code: chr(0x2400 + code) for code in range(0x20) if code not in (0x09, 0x0A)}
_PICTURES[0x7F] = "␡"
_C1 = dict.fromkeys(range(0x80, 0xA0), "�")
_BIDI = dict.fromkeys([0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])
_SHOW = {**_PICTURES, **_C1, **_BIDI, 0x2028: "\n", 0x2029: "\n", 0xFEFF: None}
_KEEP = {**dict.fromkeys(_PICTURES), **dict.fromkeys(_C1), 0x2028: "\n", 0x2029: "\n"}
_PLAIN = re.compile(r"[\n\t\x20-\x7e]*\Z")
_SURROGATES = re.compile("[\ud800-\udfff]")
TAB = 4


def shown(text: str) -> str:
    """`text` for drawing: one picture per control character, tabs as spaces, `\\n` kept."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not _PLAIN.match(text):
        text = _SURROGATES.sub("�", text).translate(_SHOW)
    return text.replace("\t", " " * TAB) if "\t" in text else text


def typed(text: str) -> str:
    """`text` as it may stand in an input: control bytes dropped, surrogates replaced, tabs kept."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text if _PLAIN.match(text) else _SURROGATES.sub("�", text).translate(_KEEP)


def one_line(text: str, limit: int = 0) -> str:
    """`text` for drawing on one line: runs of blanks joined, cut with `…` after `limit` characters."""
    line = " ".join(shown(text).split())
    return line if not limit or len(line) <= limit else line[: max(0, limit - 1)].rstrip() + "…"
