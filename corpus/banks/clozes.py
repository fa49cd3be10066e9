"""Texts with gaps, as Anki and Obsidian mark them: ``{{c1::Paris}} is in {{c2::France}}``."""

from __future__ import annotations

import re

from corpus.banks.found import Item

_GAP = re.compile(r"\{\{c(\d+)::((?:[^{}]|\{[^{}]*\}|\{\{(?:[^{}]|\{[^{}]*\})*\}\})*?)\}\}")
"""A numbered gap; in it stand braces of formulas, or another gap."""
_NUMBER = re.compile(r"\{\{c(\d+)::")
_BARE = re.compile(r"\{(?:c\d+[:|])?:?([^{}$\n]+)\}")


def clozes(text: str, start: int, end: int) -> list[Item]:
    """A text with gaps as questions: a gap shown as ``_____``, what fills it as the answer.

    One for each number of the gaps, with the others filled; gaps without numbers make one question.
    """
    numbers = {*_NUMBER.findall(text)} if _GAP.search(text) else set[str]()
    made: list[Item] = []
    for number in sorted(numbers, key=int):
        gaps: list[str] = []
        ask = _opened(text, number, gaps)
        made += [_item(ask, gaps, start, end)] if gaps else []
    if not made and (bare := _BARE.findall(text)):
        made.append(_item(_BARE.sub("_____", text), bare, start, end))
    return made


def _opened(text: str, number: str, gaps: list[str]) -> str:
    """`text` with the gaps of `number` open, which go to `gaps`, and all others filled."""

    def shown(match: re.Match[str]) -> str:
        if match.group(1) != number:
            return _opened(match.group(2), number, gaps).partition("::")[0]
        filling, _, hint = _opened(match.group(2), "", []).partition("::")
        gaps.append(filling)
        return f"_____ ({hint.strip()})" if hint.strip() else "_____"

    return _GAP.sub(shown, text)


def _item(ask: str, gaps: list[str], start: int, end: int) -> Item:
    answer = "; ".join(dict.fromkeys(g.strip() for g in gaps))
    return Item(f"Fill the gap: {' '.join(ask.split())}", answer, start, end)
