"""Reads texts once: pieces of a length the encoder takes, embedded in one batch, analysed, cached."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from agents.grading.lexicon import stem
from agents.grading.point import Sought
from agents.grading.text import Text, clause_ranges, is_content, joined, read, split_words
from agents.grading.view import View, view
from memory.embedder import Embedder

# An encoder takes 256 tokens: about 150 words, fewer where words are long.
_PIECE_WORDS = 120
_PIECE_CHARS = 900
_VIEWS = 16  # of answers, some 100 KB each
_QUESTIONS = 32  # whose material is kept together, some 300 KB each
MOST_PIECES = 24
"""Pieces of one turn that are looked at; of a longer turn those with most of the wanted words."""


class Reader:
    """Turns strings into `Text`s. Call `prepare` with everything first: it embeds in one batch."""

    def __init__(
        self, embedder: Embedder, rarity: Mapping[str, float], unseen: float, room: int = 1536
    ) -> None:
        self._embedder = embedder
        self._rarity = rarity
        self._unseen = unseen
        self._room = room
        self._texts: OrderedDict[str, Text] = OrderedDict()
        self._views: OrderedDict[Hashable, View] = OrderedDict()
        self._sought: OrderedDict[tuple[str, tuple[tuple[str, ...], ...]], Sought] = OrderedDict()

    def prepare(self, texts: Iterable[str]) -> None:
        """Embed and analyse what is not known yet."""
        wanted = list(dict.fromkeys(texts))
        fresh = [text for text in wanted if text not in self._texts]
        for text, tokens in zip(fresh, self._embedder.tokens(fresh) if fresh else (), strict=True):
            self._texts[text] = read(text, tokens, self._rarity, self._unseen)
        for text in wanted:
            self._texts.move_to_end(text)
        while len(self._texts) > max(self._room, len(wanted)):
            self._texts.popitem(last=False)

    def text(self, text: str) -> Text:
        """The analysis of a short text."""
        if text not in self._texts:
            self.prepare([text])
        return self._texts[text]

    def sought(self, question: str, wanted: tuple[tuple[str, ...], ...]) -> Sought:
        """What is looked for in answers to a question, each thing in its wordings."""
        key = question, wanted
        found = self._sought.pop(key, None)
        if found is None:
            texts = [[self.text(one) for one in wordings] for wordings in wanted]
            found = Sought(self.text(question), texts)
        self._sought[key] = found
        while len(self._sought) > _QUESTIONS:
            self._sought.popitem(last=False)
        return found

    def view(self, read: Hashable, turns: Sequence[Text], keep: Sequence[np.ndarray]) -> View:
        """The view after some turns; `read` says what they are and what is kept of them. While one
        answers in several turns the earlier views come again, with what was found in them."""
        found = self._views.pop(read, None)
        self._views[read] = found = found or view(turns, keep)
        while len(self._views) > _VIEWS:
            self._views.popitem(last=False)
        return found

    def turn(self, turn: str, pieces: Sequence[tuple[int, int]]) -> Text:
        """The analysis of a turn cut into pieces; spans are positions in the turn."""
        parts = [_moved(self.text(turn[start:end]), start) for start, end in pieces]
        return joined(parts) if parts else self.text("")


def _moved(text: Text, by: int) -> Text:
    return replace(text, spans=tuple((a + by, b + by) for a, b in text.spans)) if by else text


def pieces(turn: str, wanted: frozenset[str]) -> list[tuple[int, int]]:
    """Character ranges of a turn that the encoder can take whole, cut between clauses.

    Of a turn with more than `MOST_PIECES` only those pieces are kept that hold most of the `wanted`
    stems, in their order; time stays linear in the length of the turn.
    """
    words, spans = split_words(turn)
    if len(words) <= _PIECE_WORDS and len(turn) <= _PIECE_CHARS:
        return [(0, len(turn))] if words else []
    cuts: list[tuple[int, int]] = []
    start = 0
    for _, end in _short(clause_ranges(turn, words, spans), spans):
        following = end == len(words)
        if (
            following
            or end - start >= _PIECE_WORDS // 2
            or spans[end - 1][1] - spans[start][0] >= _PIECE_CHARS // 2
        ):
            cuts.append((start, end))
            start = end
    if len(cuts) > MOST_PIECES:
        held = [
            (len({stem(words[i]) for i in range(a, b) if is_content(words[i])} & wanted), -place)
            for place, (a, b) in enumerate(cuts)
        ]
        chosen = sorted(range(len(cuts)), key=held.__getitem__, reverse=True)[:MOST_PIECES]
        cuts = [cuts[place] for place in sorted(chosen)]
    return [(spans[a][0], spans[b - 1][1]) for a, b in cuts]


def _short(
    clauses: Sequence[tuple[int, int]], spans: Sequence[tuple[int, int]]
) -> Iterable[tuple[int, int]]:
    """Clauses, those too long for a piece cut into runs of words."""
    for start, end in clauses:
        at = start
        for index in range(start, end):
            full = index - at >= _PIECE_WORDS // 2
            if index > at and (full or spans[index][1] - spans[at][0] > _PIECE_CHARS // 2):
                yield at, index
                at = index
        yield at, end
