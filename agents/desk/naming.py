"""Decks, topics and questions by the names that a learner gives them."""

from __future__ import annotations

from difflib import get_close_matches

from agents.desk.handling import refuse
from agents.protocol import Refused
from corpus.library import Library


def known_deck(library: Library, deck: str, topic: str = "") -> str:
    """The id of `deck`, empty for all decks. Raises `Refused` if it does not exist or lacks `topic`."""
    if deck:
        found = library.deck(deck)
        if found is None:
            names = ", ".join(d.id for d in library.decks)
            raise refuse(f"there is no deck {deck!r}", f"choose one of: {names}")
        deck = found.id
    if topic and topic not in library.topics(deck):
        names = ", ".join(library.topics(deck))
        raise refuse(f"there is no topic {topic!r}", f"choose one of: {names}")
    return deck


def stages(library: Library, name: str) -> list[str]:
    """The ids of the stages of the design interview `name`, in order; empty if there is none."""
    return [q.id for q in library.questions() if name and q.series == name]


def no_question(library: Library, name: str) -> Refused:
    """What to say where there is no question `name`: its stages, or what it may have been."""
    if parts := stages(library, name):
        return refuse(f"{name!r} has stages", f"name one of them: {', '.join(parts)}")
    near = get_close_matches(name, [q.id for q in library.questions()], n=3)
    mend = f"did you mean {' or '.join(near)}?" if near else "`viva search WORDS` names the ids"
    return refuse(f"there is no question {name!r}", mend)
