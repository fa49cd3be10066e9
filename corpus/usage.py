"""How often a text uses its words and phrases."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence

from corpus.words import STOP, stem

WORD = re.compile(r"[A-Za-z][A-Za-z0-9'+-]*")


class Usage:
    """Where a text uses its words, to ask how often it uses a phrase, by stems.

    Only words that begin like those asked for are stemmed.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        self._places: dict[str, list[int]] = {}
        self._alike: dict[str, list[str]] = {}
        self._stems: dict[str, list[int]] = {}
        place = 0
        for text in texts:
            place += 1
            for word in WORD.findall(text.lower()):
                place += 1
                if len(word) >= 3:
                    self._places.setdefault(word, []).append(place)
        self._often = min(5, max(2, place // 250))
        for word in STOP:
            self._places.pop(word, None)
        for word in self._places:
            self._alike.setdefault(word[:2], []).append(word)

    def times(self, word: str) -> int:
        """How often the text uses a word, in any form."""
        return len(self._of(stem(word.lower())))

    def often(self, run: Sequence[str]) -> bool:
        """True for a stem used five times (in a short text fewer), or two or three stems used three times
        after one another."""
        places = [self._of(word) for word in run]
        if len(run) == 1:
            return len(places[0]) >= self._often
        if len(run) > 3 or not all(places):
            return False
        rarest = min(range(len(run)), key=lambda k: len(places[k]))
        others = [(k - rarest, places[k]) for k in range(len(run)) if k != rarest]
        times = 0
        for at in places[rarest]:
            times += all(_holds(found, at + step) for step, found in others)
            if times >= min(3, self._often):
                return True
        return False

    def _of(self, wanted: str) -> list[int]:
        """The places of the words with this stem, in order."""
        known = self._stems.get(wanted)
        if known is None:
            words = [w for w in self._alike.get(wanted[:2], ()) if stem(w) == wanted]
            known = self._stems[wanted] = sorted(p for w in words for p in self._places[w])
        return known


def _holds(places: list[int], wanted: int) -> bool:
    at = bisect_left(places, wanted)
    return at < len(places) and places[at] == wanted
