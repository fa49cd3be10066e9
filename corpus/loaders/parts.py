"""What loaders give, and what they raise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

MAX_FILE = 200_000_000
"""Bytes of a file of any kind."""
MAX_TEXT_FILE = 50_000_000
"""Bytes of a file that is text as it stands."""
MAX_UNPACKED = 300_000_000
"""Bytes that a file may unpack to."""
MAX_TEXT = 50_000_000
"""Characters of text that are taken from one file."""


class Unreadable(Exception):
    """A file cannot be imported; the text says why, for the learner."""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a document: a text, or a row of fields.

    `where` names its place in the document (``page 3``), "" for a document of one piece.
    """

    text: str = ""
    where: str = ""
    row: Mapping[str, object] | Sequence[str] | None = None
