"""The labels under which the items of nested lists stand, so that an item can name its own."""

from __future__ import annotations

import re

_LONGEST = 3
_PART = re.compile(
    r"(?:definition|meaning|symptoms?|causes?|examples?|(?:dis)?advantages?|pros|cons|use cases?|purpose|"
    r"goal|benefits?|drawbacks?|limitations?|formula|solutions?|problems?|key points?|role|types?|"
    r"explanation|why|how it works|when to use)$",
    re.I,
)
"""A label that says which part of a thing follows, not which thing."""
_ASIDE = re.compile(
    r"\W*(?:(?:interview(?:er)?(?:'?s)?|pro) tips?|tips for (?:the|your|an) interview|"
    r"(?:possible |common )?follow-?up questions?|what (?:the )?interviewers? .+)\W*$",
    re.I,
)


def is_aside(label: str) -> bool:
    """True for a label under which advice for the interview stands, no part of the answer."""
    return bool(_ASIDE.match(label))


class Leads:
    """The labelled items that the next line of a list may stand under, outermost first."""

    def __init__(self) -> None:
        self._open: list[tuple[int, str]] = []

    def clear(self) -> None:
        """The list has ended."""
        self._open.clear()

    def enter(self, indent: int, label: str) -> None:
        """Items that are indented deeper than `indent` stand under `label` from now on."""
        over = self._over(indent)
        if over and _PART.match(label):
            label = f"{over} {label.lower()}"
        self._open.append((indent, label if len(label.split()) <= _LONGEST else ""))

    def named(self, indent: int, text: str) -> str:
        """`text` of an item with the label it stands under, unless it has one that names a thing."""
        over = self._over(indent)
        if not over or _PART.match(over) or over.lower() in text.lower():
            return text
        label, mark, rest = text.partition(": ")
        if mark and _PART.match(label):
            return f"{over} {label.lower()}: {rest}"
        return text if mark and len(label.split()) <= _LONGEST else f"{over}: {text}"

    def _over(self, indent: int) -> str:
        while self._open and self._open[-1][0] >= indent:
            self._open.pop()
        return self._open[-1][1] if self._open else ""
