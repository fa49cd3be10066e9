"""Imported questions laid into a deck: known ones keep their ids, new ones get free ones."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from corpus.ledger import Ledger
from corpus.model import Question

if TYPE_CHECKING:
    from corpus.matching import Embed, Pair


@dataclass(frozen=True, slots=True)
class Added:
    """What an import did to a deck, as question ids.

    `renamed` maps the id an incoming question had to the id of the known question it is a version
    of; `near` are pairs that ask the same in other words, both kept.
    """

    deck: str
    added: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    renamed: dict[str, str] = field(default_factory=dict)
    near: tuple[Pair, ...] = ()


class Merge:
    """An import into a deck. `questions` begins as the `own` ones of the learner; `taken` are the ids of
    all decks. What comes from a deck (`whole`) replaces what is known, in all that it says."""

    def __init__(
        self,
        deck: str,
        own: Iterable[Question],
        taken: Collection[str],
        ledger: Ledger,
        whole: bool = False,
    ) -> None:
        self._deck = deck
        self._ledger = ledger
        self._whole = whole
        self._taken = set(taken)
        self._merged = {q.id: q for q in own}
        self._fresh: list[Question] = []
        self._updated: list[str] = []
        self._unchanged: list[str] = []
        self._renamed: dict[str, str] = {}
        self._near: list[Pair] = []

    @property
    def questions(self) -> tuple[Question, ...]:
        """The learner's own questions of the deck as they are now."""
        return tuple(self._merged.values())

    @property
    def changed(self) -> bool:
        return bool(self._fresh or self._updated)

    @property
    def report(self) -> Added:
        return Added(
            self._deck,
            tuple(q.id for q in self._fresh),
            tuple(self._updated),
            tuple(self._unchanged),
            self._renamed,
            tuple(self._near),
        )

    def lay(self, questions: Sequence[Question], known: Sequence[Question]) -> None:
        """Lay `questions` in; those that are versions of one `known` in the deck keep its id."""
        from corpus.matching import match  # numpy and stems: only imports need them

        matched = match(questions, known, self._ledger)
        for index, question in enumerate(questions):
            old = matched.get(index)
            made = self._new(question) if old is None else self._version(old, question)
            if made is None:
                continue
            if made.id != question.id:
                self._renamed[question.id] = made.id
            self._ledger.note(made.id, question)
            self._taken.add(made.id)
            self._merged[made.id] = made

    def _new(self, question: Question) -> Question:
        made = question.model_copy(update={"id": _free_id(question.id, self._taken)})
        self._fresh.append(made)
        return made

    def _version(self, old: Question, question: Question) -> Question | None:
        """What becomes of `old`; None if it is another's, not the learner's own, and stays as it is."""
        version = _replacing if self._whole else _version_of
        made = old if self._ledger.holds(old.id, question) else version(old, question)
        same = made == old
        (self._unchanged if same else self._updated).append(old.id)
        return None if same and old.id not in self._merged else made

    def link(self, others: Sequence[Question], embed: Embed) -> None:
        """Name what is near or related to the new questions among them and `others`."""
        from corpus.matching import near_duplicates

        self._near, related = near_duplicates(self._fresh, others, embed)
        for pair in (*related, *self._near):
            self._merged[pair.one] = _linked(self._merged[pair.one], pair.other)


def _version_of(old: Question, new: Question) -> Question:
    """`old` with what the document says about it in `new`."""
    sources = {s.title: s for s in old.sources} | {s.title: s for s in new.sources}
    answered = new.answer or old.answer
    changes: dict[str, object] = {
        "ask": new.ask,
        "answer": answered,
        "options": new.options or old.options,
        "sources": tuple(sources.values()),
        "topic": old.topic or new.topic,
    }
    if answered != old.answer or not old.expectations:
        changes["expectations"] = new.expectations
    return old.model_copy(update=changes)


def _replacing(old: Question, new: Question) -> Question:
    """What a deck says in `new`, under the id of `old` and beside what that was linked with."""
    related = tuple(dict.fromkeys((*old.related, *new.related)))
    return new.model_copy(update={"id": old.id, "related": related})


def _linked(question: Question, other: str) -> Question:
    if other in question.related or other == question.id:
        return question
    return question.model_copy(update={"related": (*question.related, other)})


def _free_id(wanted: str, taken: set[str]) -> str:
    if wanted not in taken:
        return wanted
    number = 2
    while f"{wanted}-{number}" in taken:
        number += 1
    return f"{wanted}-{number}"
