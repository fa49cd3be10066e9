"""The learner's library: the decks that come with Viva and the learner's own.

Own decks are the files `<home>/decks/*.yaml`. One with the id of a bundled deck lies over it: its
questions are added to the deck, and replace those with the same id. So an edit never touches what
came with Viva, and an upgrade never touches an edit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from corpus import deckyaml
from corpus.deck import (
    BUNDLED,
    Reading,
    dump,
    find_cycle,
    find_problems,
    question_data,
    read,
    read_once,
    write_deck,
)
from corpus.deckyaml import DeckError, Place
from corpus.ledger import Ledger
from corpus.merging import Added, Merge
from corpus.model import Deck, Question
from corpus.naming import slug

if TYPE_CHECKING:
    from corpus.matching import Embed

LEDGER = ".imported.json"
"""The file beside the own decks that holds what documents said when they were imported."""


class Library:
    """All decks, read from disk once and kept in step with what is written.

    `problems` holds what could not be read or does not fit together; the rest is usable.
    """

    def __init__(self, home: Path | str, bundled: Path = BUNDLED) -> None:
        self.folder = Path(home) / "decks"
        self._bundled = bundled
        self.problems: list[DeckError] = []
        self._decks: dict[str, Deck] = {}
        self._own: dict[str, Deck] = {}
        self._deck_of: dict[str, str] = {}
        self._questions: dict[str, Question] = {}
        self.reload()

    def reload(self) -> None:
        """Read everything again from disk."""
        self.problems = []
        folders = (p for p in _listing(self._bundled) if p.is_dir())
        base = self._read_all(folders, read_once)
        files = self._read_all(p for p in _listing(self.folder) if _is_deck(p))
        self._own = {r.deck.id: r.deck for r in files}
        self._merge([r.deck.model_copy(update={"bundled": True}) for r in base])
        own_ids = {name for r in files for name in r.places}
        self.problems += find_problems([*(_without(r, own_ids) for r in base), *files])

    @property
    def decks(self) -> tuple[Deck, ...]:
        """Every deck, the bundled ones first, own questions laid over them."""
        return tuple(self._decks.values())

    def deck(self, name: str) -> Deck | None:
        """The deck with this id, or with this title in any case."""
        found = self._decks.get(name) or self._decks.get(slug(name))
        if found:
            return found
        return next((d for d in self.decks if d.title.casefold() == name.casefold()), None)

    def question(self, name: str) -> Question | None:
        """The question with this id."""
        return self._questions.get(name)

    def deck_of(self, question: str) -> str:
        """The id of the deck that holds the question; "" if there is no such question."""
        return self._deck_of.get(question, "")

    def questions(self, deck: str = "", topic: str = "") -> list[Question]:
        """All questions, or those of one deck and topic, in the order of the decks."""
        decks = [d for d in self.decks if not deck or d.id == deck]
        return [q for d in decks for q in d.questions if not topic or q.topic == topic]

    def topics(self, deck: str = "") -> list[str]:
        """The topics in the order in which they first occur."""
        return list(dict.fromkeys(q.topic for q in self.questions(deck) if q.topic))

    def sources(self) -> dict[str, list[str]]:
        """The titles of the documents that own questions were imported from, with question ids."""
        found: dict[str, list[str]] = {}
        for deck in self._own.values():
            for question in deck.questions:
                for source in question.sources:
                    if source.where:
                        found.setdefault(source.title, []).append(question.id)
        return found

    def add(
        self,
        questions: Sequence[Question],
        deck: str,
        *,
        title: str = "",
        embed: Embed | None = None,
        whole: bool = False,
    ) -> Added:
        """Merge imported `questions` into the own deck with the id `deck` and write it.

        A question that is known, edited or moved keeps its id, and what the learner's deck adds to
        it (prerequisites, related questions, misconceptions). With `embed`, near-duplicates are
        reported and related questions linked. With `whole` they are those of a deck: known by their
        ids, and all they say counts. Importing the same again writes nothing.
        """
        holder = self._decks.get(deck)
        own = self._own.get(deck) or Deck(
            id=deck, title=title or (holder.title if holder else deck)
        )
        ledger = Ledger(self.folder / LEDGER, whole)
        merge = Merge(deck, own.questions, self._questions, ledger, whole)
        merge.lay(questions, holder.questions if holder else ())
        if embed is not None:
            merge.link(list(self._questions.values()), embed)
        if merge.changed:
            self._write(own.model_copy(update={"questions": merge.questions}))
        ledger.save()
        return merge.report

    def yaml_of(self, name: str) -> str:
        """The question as editable YAML. Raises `KeyError` for an unknown id."""
        return dump(question_data(self._questions[name]))

    def edit(self, name: str, text: str) -> Question:
        """Replace the question by what `text` (YAML as `yaml_of` gives it) says, and write it.

        The id stays: history hangs on it. Raises `KeyError` for an unknown id, and `DeckError`
        with the line in `text` if it is not a question or would make a circle of prerequisites.
        """
        place = Path(f"{name.replace('/', '_')}.yaml")
        entry = deckyaml.parse(text, place)
        if not isinstance(entry.data, dict):
            raise DeckError(place, 1, "this is not a question", "write `ask: ...` and so on")
        question = deckyaml.question(entry)
        if question.id != name:
            message = f"the id must stay {name!r}: the history of the question hangs on it"
            raise DeckError(place, 1, message, f"write `id: {name}`")
        others = [q for q in self._questions.values() if q.id != name]
        cycle = find_cycle([*others, question])
        if cycle:
            message = "prerequisites form a circle: " + " -> ".join(cycle)
            raise DeckError(place, 1, message, "remove one of these prerequisites")
        holder = self._decks[self._deck_of[name]]
        own = self._own.get(holder.id) or Deck(id=holder.id, title=holder.title)
        kept = {q.id: q for q in own.questions} | {name: question}
        self._write(own.model_copy(update={"questions": tuple(kept.values())}))
        return question

    def remove(self, names: Iterable[str]) -> list[str]:
        """Take own questions out of their decks; returns the ids that are gone.

        What a bundled deck says comes back where an own version lay over it.
        """
        gone = set(names)
        before = set(self._questions)
        for deck in list(self._own.values()):
            kept = tuple(q for q in deck.questions if q.id not in gone)
            if len(kept) != len(deck.questions):
                self._write(deck.model_copy(update={"questions": kept}))
        return sorted(before - set(self._questions))

    def remove_deck(self, name: str) -> list[str]:
        """Delete the own deck with this id; returns the ids that are gone.

        What a bundled deck says under an own one comes back. Raises `DeckError` if there is no own
        deck of that id, or if it is a folder, which may hold more than Viva wrote.
        """
        own = self._own.get(name)
        if own is None:
            mend = "only your own decks can be removed"
            raise DeckError(Path(name), 1, "this deck comes with Viva", mend)
        path = Path(own.path)
        if path.is_dir() or path.name == "deck.yaml":
            raise DeckError(path, 1, "this deck is a folder", "delete the folder yourself")
        before = set(self._questions)
        path.unlink(missing_ok=True)
        self.reload()
        return sorted(before - set(self._questions))

    def remove_source(self, title: str) -> list[str]:
        """Take out what only the document `title` gave; returns the ids that are gone.

        A question that also stands in another source stays and loses this one. What to do with the
        history of the ids returned is the caller's to ask.
        """
        gone: list[str] = []
        for deck in list(self._own.values()):
            kept: list[Question] = []
            for question in deck.questions:
                left = tuple(s for s in question.sources if s.title != title or not s.where)
                if left == question.sources:
                    kept.append(question)
                elif any(s.where for s in left):
                    kept.append(question.model_copy(update={"sources": left}))
                else:
                    gone.append(question.id)
            if tuple(kept) != deck.questions:
                self._write(deck.model_copy(update={"questions": tuple(kept)}))
        return gone

    def _write(self, deck: Deck) -> None:
        path = self._path(deck)
        write_deck(deck, path)
        self.reload()

    def _path(self, deck: Deck) -> Path:
        known = Path(deck.path) if deck.path else None
        if known and known.is_file() and known.parent == self.folder:
            return known
        return self.folder / f"{deck.id.replace('/', '_')}.yaml"

    def _read_all(
        self, paths: Iterable[Path], read: Callable[[Path], Reading] = read
    ) -> list[Reading]:
        readings: list[Reading] = []
        for path in paths:
            try:
                readings.append(read(path))
            except DeckError as error:
                self.problems.append(error)
        return readings

    def _merge(self, bundled: list[Deck]) -> None:
        decks = {d.id: d for d in bundled}
        for own in self._own.values():
            base = decks.get(own.id)
            decks[own.id] = _overlaid(base, own) if base else own
        self._decks = decks
        self._questions = {}
        self._deck_of = {}
        for deck in decks.values():
            for question in deck.questions:
                if question.id not in self._questions:
                    self._questions[question.id] = question
                    self._deck_of[question.id] = deck.id


def _listing(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []


def _is_deck(path: Path) -> bool:
    if path.name.startswith("."):
        return False
    return (path / "deck.yaml").is_file() if path.is_dir() else path.suffix in {".yaml", ".yml"}


def _without(reading: Reading, gone: set[str]) -> Reading:
    kept = tuple(q for q in reading.deck.questions if q.id not in gone)
    places = {name: place for name, place in reading.places.items() if name not in gone}
    return Reading(reading.deck.model_copy(update={"questions": kept}), places)


def _overlaid(base: Deck, own: Deck) -> Deck:
    """`base` with the questions of `own` in their places, further ones at the end."""
    changed = {q.id: q for q in own.questions}
    kept = [changed.pop(q.id, q) for q in base.questions]
    return base.model_copy(update={"questions": (*kept, *changed.values())})


__all__ = ["Added", "DeckError", "Library", "Place"]
