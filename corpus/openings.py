"""A point asked for by its own build: how a sentence that makes it could begin, and the question that
one of its clauses answers.

Both show so little of the point's own words that they cannot give it away: never its key word, and at
most a third of what the question does not say already.
"""

from __future__ import annotations

import re

from corpus.verbs import VERBS
from corpus.words import Asked, stem, tokens

SHOWN = 0.34
"""Share of the point's new words that may be shown."""
BEGUN = 0.25
"""Share that a beginning shows."""
LONGEST = 10
"""Words of a beginning."""
LEFT = 3
"""Words that have to be left to say."""
_SEAM = frozenset(
    """is are was were means takes has have when because if unless until once that which of by with to
    from into for as at so""".split()
)
_ENDS = _SEAM | VERBS
"""Words after which a beginning may stop."""
_FIRST = re.compile(
    r"(If|When|Whenever|Once|After|Unless|While)\s+([^,;:()]{4,80}),\s+(?=\S+\s+\S+)"
)
_LATER = re.compile(
    r"([^,;:()]{3,50}?)\s+(is|are)\s+([\w-]+)\s+(when|if|once|until|because)\s+(?=\S+\s+\S+)", re.I
)
_JOINS = re.compile(r" (?:when|if|once|until|because) ")
_CLAUSES = re.compile(r"\b(?:that|which|who|is|are|and|or)\b", re.I)


def beginning(text: str, asked: Asked, new: int, word: str) -> str:
    """How a sentence that says `text` could begin, with a dot-dot-dot; empty where any would say too
    much or nothing. `new` words of it are not in the question; `word` is the key word, which must not
    stand in the beginning."""
    words = text.split()
    first = _FIRST.match(text)
    seams = [len(text[: first.end()].split())] if first else _seams(words)
    if not seams:
        return ""
    most, key = (SHOWN if first else BEGUN) * new, _stems(word)
    best = seen = 0
    said: frozenset[str] = frozenset()
    for place in seams:
        said |= asked.new(tokens(" ".join(words[seen:place])))
        seen = place
        if len(words) - place < LEFT or len(said) > most or key & said:
            break
        if said:
            best = place
    begun = " ".join(words[:best]).rstrip(" .,;:")
    return f"{begun}{',' if first else ''} …" if begun else ""


def case_question(text: str, question: str, asked: Asked, new: int, word: str) -> str:
    """What a clause of `text` answers: ``What happens if ...?``, ``When is ... ready?``; empty where it has
    no such clause or that would say too much. `question` is what the point belongs to."""
    if found := _FIRST.match(text):
        made = f"What happens {found[1].lower()} {found[2]}?"
    elif _JOINS.search(text) and (found := _LATER.match(text)) and not _CLAUSES.search(found[1]):
        asks = "Why" if found[4].lower() == "because" else "When"
        made = f"{asks} {found[2].lower()} {small(found[1], question)} {found[3]}?"
    else:
        return ""
    said = asked.new(tokens(made))
    if _stems(word) & said or len(said) > SHOWN * new:
        return ""
    return made


def after_case(text: str) -> str:
    """`text` without the clause at its start that a question may name."""
    found = _FIRST.match(text)
    return text[found.end() :] if found else text


def small(phrase: str, question: str) -> str:
    """`phrase` inside a sentence: its first letter small unless it is a short form, or `question` writes
    it with a capital inside a sentence too, as a name."""
    word = phrase.split(" ")[0]
    plain = (word[1:].islower() and f" {word}" not in question) or word in ("A", "An", "The")
    return phrase[:1].lower() + phrase[1:] if plain else phrase


def _seams(words: list[str]) -> list[int]:
    return [n for n, word in enumerate(words[1:LONGEST], 2) if word.lower() in _ENDS]


def _stems(text: str) -> frozenset[str]:
    return frozenset(map(stem, tokens(text)))
