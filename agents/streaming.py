"""Reading the `text` field out of a JSON reply while it is still being written."""

from __future__ import annotations

import re
from collections.abc import Callable

_START = re.compile(r'"text"\s*:\s*"')
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
LONGEST = 4_000
"""Characters shown of a reply in the making; a longer one is no explanation."""


class Wordwise:
    """Hands on whole words only, each through `filtered`, so that what must not be shown (a key, an
    escape sequence) is seen whole even when it comes in pieces."""

    def __init__(self, on_text: Callable[[str], None], filtered: Callable[[str], str]) -> None:
        self._on_text = on_text
        self._filtered = filtered
        self._held = ""

    def feed(self, text: str) -> None:
        """Takes in more text."""
        self._held += text
        cut = max(self._held.rfind(" "), self._held.rfind("\n")) + 1
        if cut:
            whole, self._held = self._held[:cut], self._held[cut:]
            self._hand_on(whole)

    def finish(self) -> None:
        """Hands on what is left."""
        whole, self._held = self._held, ""
        self._hand_on(whole)

    def _hand_on(self, text: str) -> None:
        shown = self._filtered(text) if text else ""
        if shown:
            self._on_text(shown)


class TextStream:
    """Feeds `on_text` with what is new in the field ``"text"`` of the JSON fed in piece by piece.

    Plain prose (no JSON at all) is not shown: it is not yet known to be a reply.
    """

    def __init__(self, on_text: Callable[[str], None]) -> None:
        self._on_text = on_text
        self._raw = ""
        self._at = -1
        self._high = ""
        self._shown = 0
        self._done = False

    def feed(self, piece: str) -> None:
        """Takes in the next piece."""
        if self._done:
            return
        self._raw += piece
        if self._at < 0:
            start = _START.search(self._raw)
            if start is None:
                return
            self._at = start.end()
        fresh = self._decode()
        if fresh:
            self._shown += len(fresh)
            self._done = self._done or self._shown > LONGEST
            self._on_text(fresh)

    def _decode(self) -> str:
        out: list[str] = []
        raw, at = self._raw, self._at
        while at < len(raw):
            char = raw[at]
            if char == '"':
                self._done = True
                break
            if char != "\\":
                out.append(char)
                at += 1
                continue
            size = 6 if raw[at + 1 : at + 2] == "u" else 2
            if at + size > len(raw):
                break
            out.append(self._escape(raw[at + 1 : at + size]))
            at += size
        self._at = at
        return "".join(out)

    def _escape(self, code: str) -> str:
        if not code.startswith("u"):
            return _ESCAPES.get(code, code)
        try:
            char = chr(int(code[1:], 16))
        except ValueError:
            return ""
        if "\ud800" <= char <= "\udbff":
            self._high = char
            return ""
        if "\udc00" <= char <= "\udfff":
            pair, self._high = self._high + char, ""
            return pair.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return char
