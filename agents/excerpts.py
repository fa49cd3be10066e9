"""Shortening the learner's words to those that matter, without changing one of them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from agents.leaks import content_stems
from corpus.words import STOP

SLACK = 1.5
"""A quote of up to this many times the limit is left whole: a whole clause reads better than a cut."""
_WORD = re.compile(r"\S+")
_EDGES = " \t\r\n.,;:!?…-–—"
_STOP_SIGN = re.compile(r"[.;:!?…]$")
_COMMA = re.compile(r"[,)]$")
_JOINS = frozenset(
    "and but so because which while whereas where when although or then well".split()
)
"""Words before which a new clause may begin."""
_FILLERS = _JOINS | frozenset("ah er hm hmm ok okay right sure uh um uhm yeah yes".split())
"""Words that are left out at the beginning of a piece."""


def excerpt(quote: str, about: Iterable[str] = (), limit: int = 12) -> str:
    """A piece of `quote`, cut out as it stands, of about `limit` words: the clause that has most
    words in common with the texts `about` which it was credited for."""
    words = [(m.start(), m.end()) for m in _WORD.finditer(quote)]
    if len(words) <= limit * SLACK:
        return _trimmed(quote, words, 0, len(words) - 1) if words else ""
    wanted = frozenset().union(*(content_stems(text) for text in about))
    bare = [quote[a:b].strip(_EDGES).casefold() for a, b in words]
    hits = [content_stems(word) & wanted for word in bare]
    cut = _clauses(quote, words, bare)
    ranked = [
        (_worth(hits, a, b, limit), -a, a, b)
        for i, a in enumerate(cut[:-1])
        for b in cut[i + 1 :]
        if b - a <= limit
    ]
    if not ranked:
        first = max(range(len(words)), key=lambda a: (_worth(hits, a, a + limit, limit), -a))
        return _trimmed(quote, words, first, min(first + limit, len(words)) - 1)
    _, _, first, end = max(ranked)
    return _trimmed(quote, words, first, end - 1)


def _clauses(quote: str, words: list[tuple[int, int]], bare: list[str]) -> list[int]:
    """Numbers of the words at which a clause begins, and the number of words."""
    starts = [0]
    for number in range(1, len(words)):
        before = quote[slice(*words[number - 1])]
        if _STOP_SIGN.search(before) or _COMMA.search(before) or bare[number] in _JOINS:
            starts.append(number)
    return [*starts, len(words)]


def _worth(hits: list[frozenset[str]], first: int, end: int, limit: int) -> float:
    """Words in common of a stretch, each once; a shorter one is better by a little."""
    found = frozenset().union(*hits[first:end])
    return len(found) - (end - first) / (4 * limit)


def _trimmed(quote: str, words: list[tuple[int, int]], first: int, last: int) -> str:
    """The stretch without joining words at its start and small words at its end."""
    bare = [quote[a:b].strip(_EDGES).casefold() for a, b in words]
    while first < last and bare[first] in _FILLERS:
        first += 1
    cut = last < len(words) - 1
    while cut and last > first and bare[last] in STOP:
        last -= 1
    piece = quote[words[first][0] : words[last][1]]
    if piece.count("(") > piece.count(")"):
        before = piece[: piece.rindex("(")]
        # A bracket inside a term, as in 1/(1-p): without it the term says nothing.
        whole = before if before[-1:].isspace() else before.rpartition(" ")[0]
        piece = whole or before or piece
    return piece.strip(_EDGES)
