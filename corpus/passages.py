"""The corpus in passages: what search finds and citations point to.

A question is one passage with its wording, answer, points and corrections; nothing cuts it. Those of
prose are made by `corpus.sections`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.banks.inline import plain

if TYPE_CHECKING:
    from corpus.model import Deck, Question


@dataclass(frozen=True, slots=True)
class Passage:
    """A text with its place.

    `id` only depends on source and text. `where` is the place in the source (``page 3``, ``line 12``).
    `deck` and `question` name what it was made from, "" for prose.
    """

    id: str
    text: str
    source: str = ""
    where: str = ""
    question: str = ""
    deck: str = ""


def of_decks(decks: Iterable[Deck]) -> Iterator[Passage]:
    """One passage per question, in the order of the decks."""
    for deck in decks:
        for question in deck.questions:
            yield of_question(question, deck)


def of_question(question: Question, deck: Deck) -> Passage:
    """The passage of a question."""
    parts = [question.ask, *question.options, question.answer]
    parts += [e.text for e in question.expectations if plain(e.text) not in plain(question.answer)]
    # Only the corrections: a sentence of a passage may be quoted as being so.
    parts += [m.correction for m in question.misconceptions]
    origin = question.sources[0] if question.sources and question.sources[0].where else None
    return Passage(
        id=f"q:{question.id}",
        text="\n\n".join(p for p in parts if p.strip()),
        source=origin.title if origin else deck.title,
        where=origin.where if origin else question.topic,
        deck=deck.id,
        question=question.id,
    )
