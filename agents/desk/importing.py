"""The clerk of imports: documents in, cards waiting for review."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from agents.briefs import CardDraft, CardsBrief
from agents.desk.handling import handles, refuse
from agents.desk.jobs import Job
from agents.desk.remember import erase, forgotten
from agents.desk.room import Room
from agents.protocol import AddSource, Done, GetCards, RemoveSource, ReviewCard
from agents.views import CardView, ImportView
from corpus.counting import counted
from corpus.deck import Reading, read, write_deck
from corpus.deckyaml import DeckError
from corpus.gathering import Source as Document
from corpus.importing import Finding, find
from corpus.matching import Embed
from corpus.merging import Added
from corpus.model import Deck, Question, Source
from corpus.naming import fingerprint, slug
from corpus.points import derive
from corpus.sections import of_document
from corpus.writing import Span
from memory.forget import Scope

REVIEW = "review"
"""Folder of the data folder with one file per deck: cards that wait to be looked at."""
AT_ONCE = 16
"""Texts embedded between two looks at whether the learner wants to stop."""
DECKS = (".yaml", ".yml")


class ImportClerk:
    """Brings documents into the learner's library."""

    def __init__(self, room: Room) -> None:
        self._room = room

    @handles(AddSource)
    def add(self, request: AddSource) -> ImportView:
        with self._room.jobs.job(request.job, "reading") as job:
            finding, deck, title = self._found(request, job)
            return self._keep(request.path, deck, title, finding, job)

    def _found(self, request: AddSource, job: Job) -> tuple[Finding, str, str]:
        path = _expanded(request.path)
        if _is_deck(path):
            given = _read(path)
            deck = slug(request.deck) if request.deck else given.id
            return Finding(request.path, given.questions), deck, request.deck or given.title
        reading = ""

        def tell(name: str) -> None:
            nonlocal reading
            reading = name
            job.report(0, 0, f"reading {name}")

        def count(questions: int) -> None:
            job.report(questions, 0, f"reading {reading}: {questions} so far")

        def write(span: Span) -> tuple[CardDraft, ...]:
            job.report(0, 0, f"asking the model for cards from {span.title}")
            drafts = tuple(CardDraft(ask=ask, answer=answer) for ask, answer in span.drafts)
            brief = CardsBrief(passage=span.text, title=span.title, drafts=drafts)
            return self._room.team.cards(brief)

        writer = write if self._room.team.live else None
        finding = find(
            [request.path],
            online=request.network,
            tell=tell,
            read=self._index,
            writer=writer,
            count=count,
        )
        title = request.deck or path.stem or request.path
        return finding, slug(title), title

    def _index(self, document: Document) -> None:
        """Makes the document's prose searchable, each passage with its place."""
        self._room.memory.set_passages(_shelf(document.title), of_document(document))

    def _keep(self, path: str, deck: str, title: str, finding: Finding, job: Job) -> ImportView:
        room = self._room
        questions = [q for q in finding.questions if not self._elsewhere(q, deck)]
        embed = self._embed(len(questions), job)
        added = room.library.add(
            questions, deck, title=title, embed=embed, whole=_is_deck(_expanded(path))
        )
        waiting = self._wait(deck, title, finding)
        view = _view(path, deck, finding, added, waiting)
        room.recorder.write(
            "imported",
            "",
            payload={
                "source": path,
                "deck": deck,
                "found": view.found,
                "added": view.added,
                "updated": view.updated,
                "waiting": waiting,
            },
        )
        room.index_corpus()
        return view

    def _elsewhere(self, question: Question, deck: str) -> bool:
        """Whether the same question with the same answer already stands in another deck."""
        held = self._room.library.question(question.id)
        if held is None or self._room.library.deck_of(question.id) == deck:
            return False
        return fingerprint(held.answer) == fingerprint(question.answer)

    def _embed(self, questions: int, job: Job) -> Embed | None:
        """The embedder for near-duplicates, left out where it would take minutes."""
        from memory.embedder import load_embedder

        if questions > 2000:
            return None
        embedder = load_embedder()

        def embed(texts: Sequence[str]) -> np.ndarray:
            parts = []
            for start in range(0, len(texts), AT_ONCE):
                job.report(start, len(texts), "looking for what you have already")
                parts.append(embedder.embed(texts[start : start + AT_ONCE]))
            return np.concatenate(parts)

        return embed

    # ── Removing ─────────────────────────────────────────────────────────────────────────────────

    @handles(RemoveSource)
    def remove(self, request: RemoveSource) -> Done:
        library = self._room.library
        before, deck = library.sources(), library.deck(request.name)
        if deck is not None:
            title = deck.title
            try:
                gone = library.remove_deck(deck.id)
            except DeckError as error:
                raise refuse(f"{error.path}: {error.message}", error.mend) from error
            self._write(deck.id, title, ())
        else:
            title = request.name
            waited = self._waits_no_more(title)
            gone = library.remove_source(title)
            indexed = self._room.memory.forget_passages([_shelf(title)])
            if title not in before and not waited and not indexed:
                known = ", ".join(sorted(before)[:10])
                mend = f"see `viva decks`; imported documents: {known}" if known else ""
                raise refuse(f"there is no deck or document {title!r}", mend or "see `viva decks`")
        left = {*library.sources()}
        shelves = [_shelf(source) for source in before if source not in left]
        if deck is not None and library.deck(deck.id) is None:
            shelves.append(deck.id)
        self._room.memory.forget_passages(shelves)
        self._room.index_corpus()
        text = f"{title} is removed, with {counted(len(gone), 'question')}."
        if not request.forget:
            return Done(text=f"{text} Their history is kept.")
        count = erase(self._room, Scope(questions=frozenset(gone))) if gone else 0
        return Done(text=f"{text} {forgotten(count)}")

    def _waits_no_more(self, title: str) -> int:
        """Drops the waiting cards that only this document gave; returns how many those were."""
        count = 0
        for deck in self._decks():
            path = self._path(deck)
            waiting = _read(path)
            kept = tuple(q for q in waiting.questions if {s.title for s in q.sources} != {title})
            if len(kept) != len(waiting.questions):
                count += len(waiting.questions) - len(kept)
                self._write(deck, waiting.title, kept)
        return count

    # ── Review ───────────────────────────────────────────────────────────────────────────────────

    def _wait(self, deck: str, title: str, finding: Finding) -> int:
        """Puts the unsure cards of `finding` aside; returns how many now wait in the deck."""
        waiting = {q.id: q for q in self._waiting(deck)}
        known = {q.id for q in self._room.library.questions()}
        for question in finding.review:
            if question.id not in known:
                sure = (finding.confidence or {}).get(question.id, 0.0)
                note = f"confidence {sure:.2f}"
                waiting[question.id] = question.model_copy(update={"note": note})
        self._write(deck, title, tuple(waiting.values()))
        return len(waiting)

    def _path(self, deck: str) -> Path:
        return self._room.home / REVIEW / f"{deck}.yaml"

    def _waiting(self, deck: str) -> tuple[Question, ...]:
        path = self._path(deck)
        return _read(path).questions if path.is_file() else ()

    def _write(self, deck: str, title: str, questions: tuple[Question, ...]) -> None:
        path = self._path(deck)
        if questions:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_deck(Deck(id=deck, title=title, questions=questions), path)
        else:
            path.unlink(missing_ok=True)

    def _decks(self) -> list[str]:
        folder = self._room.home / REVIEW
        return sorted(path.stem for path in folder.glob("*.yaml")) if folder.is_dir() else []

    @handles(GetCards)
    def cards(self, request: GetCards) -> tuple[CardView, ...]:
        decks = [request.deck] if request.deck else self._decks()
        return tuple(
            CardView(
                id=f"{deck}:{q.id}",
                ask=q.ask,
                answer=q.answer,
                where=f"{q.sources[0].title}, {q.sources[0].where}" if q.sources else "",
                confidence=_confidence(q),
            )
            for deck in decks
            for q in self._waiting(deck)
        )

    @handles(ReviewCard)
    def review(self, request: ReviewCard) -> Done:
        deck, _, name = request.card.partition(":")
        waiting = {q.id: q for q in self._waiting(deck)}
        card = waiting.pop(name, None)
        if card is None:
            raise refuse("that card does not wait any more")
        if request.decision != "drop":
            self._accept(deck, card, request)
        title = holder.title if (holder := self._room.library.deck(deck)) else deck
        self._write(deck, title, tuple(waiting.values()))
        return Done(request.card)

    def _accept(self, deck: str, card: Question, request: ReviewCard) -> None:
        if request.decision == "edit":
            ask, answer = request.ask.strip() or card.ask, request.answer.strip() or card.answer
            changes = {"ask": ask, "answer": answer, "expectations": derive(answer, ask)}
            card = card.model_copy(update=changes)
        self._room.library.add([card.model_copy(update={"note": ""})], deck, title=deck)
        self._room.index_corpus()


def preview(paths: tuple[str, ...], network: bool = False) -> dict[str, Any]:
    """What an import of `paths` would find, as `viva add --dry-run --json` prints it.

    Raises `Refused` for a deck that is broken.
    """
    given = [q for path in map(_expanded, paths) if _is_deck(path) for q in _placed(path)]
    finding = find([path for path in paths if not _is_deck(_expanded(path))], online=network)
    questions = (*given, *finding.questions)
    return replace(finding, source=", ".join(paths), questions=questions).as_json()


def _expanded(path: str) -> Path:
    return Path(path).expanduser()


def _is_deck(path: Path) -> bool:
    """Whether it is a file of questions, or a folder of such and nothing else, with a `deck.yaml`."""
    if not path.is_dir():
        return path.suffix.lower() in DECKS and path.is_file()
    try:
        names = {file.name for file in path.iterdir() if not file.name.startswith(".")}
    except OSError:  # whoever reads it says why
        return False
    return len(names) > 1 and "deck.yaml" in names and all(n.endswith(".yaml") for n in names)


def _placed(path: Path) -> list[Question]:
    """The questions of a deck, each with its line in the file as the first source."""
    reading = _reading(path)
    placed: list[Question] = []
    for question in reading.deck.questions:
        place = reading.places[question.id]
        here = Source(title=place.path.name, where=f"line {place.line}")
        sources = (here, *question.sources)
        placed.append(question.model_copy(update={"sources": sources}))
    return placed


def _shelf(title: str) -> str:
    return f"document:{title}"


def _read(path: Path) -> Deck:
    return _reading(path).deck


def _reading(path: Path) -> Reading:
    try:
        return read(path)
    except DeckError as error:
        raise refuse(f"{error.path}:{error.line}: {error.message}", error.mend) from error


def _confidence(question: Question) -> float:
    try:
        return float(question.note.removeprefix("confidence "))
    except ValueError:
        return 0.0


def _view(path: str, deck: str, finding: Finding, added: Added, waiting: int) -> ImportView:
    found, new, updated = len(finding.questions), len(added.added), len(added.updated)
    return ImportView(
        source=path,
        deck=deck,
        found=found,
        added=new,
        updated=updated,
        known=found - new - updated,
        waiting=waiting,
        skipped=tuple((skip.where, skip.why) for skip in finding.skipped),
    )
