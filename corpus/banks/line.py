"""One line of a text and what is known of it."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.banks.inline import plain


@dataclass(slots=True)
class Line:
    """One line: `level` is 1..6 for a heading with its `heading` text, 0 otherwise."""

    text: str
    fenced: bool = False
    level: int = 0
    heading: str = ""
    indent: int = 0
    _bare: str | None = None

    @property
    def bare(self) -> str:
        """The line, or the text of the heading it is, as plain text."""
        if self._bare is None:
            self._bare = plain(self.heading or self.text)
        return self._bare

    @property
    def blank(self) -> bool:
        return not self.text.strip()
