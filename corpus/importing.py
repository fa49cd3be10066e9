"""Questions from documents: question banks as they stand, prose as cards.

`find` is all that the rest of Viva needs; ``python -m corpus.importing FILE... [--json]`` shows what
it finds.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from corpus.banks import Found, find_questions
from corpus.banks.rows import from_records, from_table
from corpus.cards import REVIEW, Card, make_cards
from corpus.gathering import Skip, Tell, gather
from corpus.gathering import Source as Document
from corpus.loaders.sandbox import Sandbox
from corpus.model import Expectation, Question, Source
from corpus.naming import fingerprint, question_id
from corpus.points import derive
from corpus.rownotes import row_notes
from corpus.sections import of_document
from corpus.writing import Writer, write_cards

_MOST_REASONS = 4
MANY = 10
"""Questions from which a document is taken for a question bank, unless they are lost in it."""
_LEAST_WORDS = 150
_LEAST_SHARE, _LEAST_SHARE_OF_MANY = 0.7, 0.9
"""What of a document with a few questions, and with many, has to be left to make cards of it too."""
MOST_PASSAGES = 60
"""Passages of one document that a writer is asked to write cards for."""
MOST_SENT = 200
"""Passages of one import that a writer is asked to write cards for: a folder sends no more."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What an import would add.

    `review` are cards made from prose that are not sure enough to be asked before somebody has
    looked at them; `confidence` says for each card by id how sure it is, 0..1.
    """

    source: str
    questions: tuple[Question, ...] = ()
    skipped: tuple[Skip, ...] = ()
    review: tuple[Question, ...] = ()
    confidence: dict[str, float] | None = None

    def as_json(self) -> dict[str, Any]:
        """The contract of ``viva add --dry-run --json``; `review` only where there is something."""
        data: dict[str, Any] = {
            "source": self.source,
            "questions": [self._question(q) for q in self.questions],
            "skipped": [{"where": s.where, "why": s.why} for s in self.skipped],
        }
        if self.review:
            data["review"] = [self._question(q) for q in self.review]
        return data

    def _question(self, question: Question) -> dict[str, Any]:
        source = question.sources[0]
        data: dict[str, Any] = {
            "id": question.id,
            "ask": question.ask,
            "answer": question.answer,
            "topic": question.topic,
            "level": question.level,
            "expectations": [
                e.model_dump(mode="json", exclude_defaults=True) for e in question.expectations
            ],
            "where": f"{source.title}, {source.where}",
        }
        if question.options:
            data["options"] = list(question.options)
        if self.confidence and question.id in self.confidence:
            data["confidence"] = round(self.confidence[question.id], 2)
        return data


def find(
    places: Sequence[str | Path],
    *,
    online: bool = False,
    cards: bool = True,
    sandbox: Sandbox | None = None,
    tell: Tell | None = None,
    read: Callable[[Document], None] | None = None,
    writer: Writer | None = None,
    count: Callable[[int], None] | None = None,
) -> Finding:
    """The questions in files, folders and (with `online`) web addresses.

    A document that holds a question bank gives its questions; any other gives cards made from its
    prose, unless `cards` is False, beside the few questions that may stand in it. `read` is handed
    every document, e.g. to index it for search. `writer` writes further cards for passages of prose,
    which are kept if they pass the checks of `corpus.writing`; it is sent `MOST_PASSAGES` of a
    document and `MOST_SENT` in all, and how many were not sent stands in `skipped`. `count` is told
    how many questions there are so far; what it raises ends the search. The same question in two
    documents is one question with two sources. Nothing is raised for a document that cannot be read:
    it stands in `skipped`.
    """
    collected = _Collected(count)
    skipped: list[Skip] = []
    for item in gather(places, online=online, sandbox=sandbox, tell=tell):
        if isinstance(item, Skip):
            skipped.append(item)
            continue
        if read is not None:
            read(item)
        before = collected.count
        questions, prose = read_document(item)
        rows = item.rows
        answered = {q.sources[0].where: bool(q.answer) for q in questions} if rows else {}
        notes = [Skip(item.title, note) for note in row_notes(rows, answered)]
        skipped += notes
        for question in questions:
            collected.add(question)
        if prose and cards:
            for card, question in cards_of(item, prose):
                collected.add(question, card)
            if writer is not None:
                skipped += collected.write(item, writer)
        if collected.count == before and not notes:
            skipped.append(Skip(item.title, "no question was found in it"))
    source = ", ".join(map(str, places))
    return Finding(source, *collected.result(skipped))


class _Collected:
    """Questions by what they ask, each once."""

    def __init__(self, tell: Callable[[int], None] | None = None) -> None:
        self.count = 0
        self._tell = tell
        self._sent = 0
        self._by_id: dict[str, Question] = {}
        self._review: set[str] = set()
        self._confidence: dict[str, float] = {}

    def add(self, question: Question, card: Card | None = None) -> None:
        """Keep a question; one that is known already gains a source."""
        self.count += 1
        if self._tell is not None:
            self._tell(self.count)
        known = self._by_id.get(question.id)
        if known and fingerprint(known.answer) != fingerprint(question.answer):
            if known.answer and question.answer:
                name = f"{question.id}-{fingerprint(question.answer, 4)}"
                question = question.model_copy(update={"id": name})
                known = self._by_id.get(name)
            elif question.answer:
                known = question.model_copy(update={"sources": known.sources})
        if known:
            sources = {s.title: s for s in (*question.sources, *known.sources)}
            merged = tuple(dict.fromkeys((*known.sources, *sources.values())))
            by_title = {s.title: s for s in reversed(merged)}
            question = known.model_copy(update={"sources": tuple(reversed(by_title.values()))})
        self._by_id[question.id] = question
        if card:
            self._confidence[question.id] = card.confidence
            if card.confidence < REVIEW:
                self._review.add(question.id)

    def write(self, document: Document, writer: Writer) -> list[Skip]:
        """Add what `writer` writes for a document; a draft that it words better goes.

        What it was not sent comes back.
        """
        found = of_document(document)
        passages = list(islice(found, min(MOST_PASSAGES, MOST_SENT - self._sent)))
        self._sent += len(passages)
        known = list(self._by_id.values())
        harvest = write_cards(
            passages,
            writer,
            known=[q for q in known if q.id not in self._review],
            drafts=[q for q in known if q.id in self._review],
        )
        for name in harvest.replaced:
            del self._by_id[name]
            self._review.discard(name)
        for question in harvest.kept:
            self.add(question)
        unsent = sum(1 for _ in found)
        limit = f"{MOST_PASSAGES} of a document and {MOST_SENT} of an import are sent at most"
        why = (
            f"{unsent} of its {len(passages) + unsent} passages were not sent to the model: {limit}"
        )
        return [Skip(document.title, why)] if unsent else []

    def result(
        self, skipped: list[Skip]
    ) -> tuple[tuple[Question, ...], tuple[Skip, ...], tuple[Question, ...], dict[str, float]]:
        """Questions, skips, questions for review, confidences: the fields of a `Finding`."""
        sure = tuple(q for q in self._by_id.values() if q.id not in self._review)
        unsure = tuple(q for q in self._by_id.values() if q.id in self._review)
        return sure, tuple(skipped), unsure, self._confidence


def read_document(document: Document) -> tuple[list[Question], str]:
    """The questions that stand in a document, in order, and its prose.

    The prose is the text, lines kept, without the questions; "" if the document is a question bank.
    """
    rows = list(_questions_of_rows(document))
    text, where = document.text()
    found = find_questions(text)
    made = [as_question(one, document.title, where.of(one.line)) for one in found]
    return [*rows, *made], "" if document.rows else _prose(text, found)


def _prose(text: str, found: Sequence[Found]) -> str:
    """`text` with the lines of the questions found in it blank; "" if they take up most of it."""
    if not found:
        return text
    lines = text.split("\n")
    for one in found:
        lines[one.line - 1 : one.end] = [""] * (min(one.end, len(lines)) - one.line + 1)
    prose = "\n".join(lines)
    words = len(prose.split())
    least = _LEAST_SHARE if len(found) < MANY else _LEAST_SHARE_OF_MANY
    return prose if words >= _LEAST_WORDS and words >= least * len(text.split()) else ""


def _questions_of_rows(document: Document) -> Iterator[Question]:
    rows = document.rows
    if rows:
        named = [p for p in rows if isinstance(p.row, dict)]
        if named:
            found = from_records([p.row for p in named if isinstance(p.row, dict)])
            places = [p.where for p in named]
        else:
            found = from_table([p.row for p in rows if isinstance(p.row, (list, tuple))])
            places = [p.where for p in rows]
        for one in found:
            yield as_question(one, document.title, places[one.line - 1])


def cards_of(document: Document, prose: str = "") -> Iterator[tuple[Card, Question]]:
    """Cards made from the text of a document, or from what of it is `prose`, in its order."""
    text, where = document.text()
    for card in make_cards(prose or text):
        made = Question(
            id=question_id(card.ask),
            ask=card.ask,
            answer=card.answer,
            topic=card.topic,
            level=card.level,
            expectations=derive(card.answer, card.ask),
            sources=(Source(title=document.title, where=where.of(card.line)),),
        )
        yield card, made


def as_question(found: Found, title: str, where: str) -> Question:
    """A found question in the form of a deck, its points derived from the answer it has."""
    return Question(
        id=question_id("\n".join((found.ask, *found.options))),
        ask=found.ask,
        answer=found.answer,
        topic=found.topic,
        level=found.level or 2,
        expectations=_expectations(found),
        options=found.options,
        sources=(Source(title=title, where=where),),
    )


def _expectations(found: Found) -> tuple[Expectation, ...]:
    if not found.right:
        return derive(found.answer, found.ask)
    right = [o for o in found.options if o.partition(":")[0] in found.right]
    texts = [o.partition(": ")[2] for o in right]
    said = tuple(t for t in ("; ".join(texts),) if t)
    choice = Expectation(id="right-option", text=" and ".join(right), weight=3.0, wordings=said)
    reason = found.answer.partition("\n\n")[2]
    points = derive(reason, found.ask)[:_MOST_REASONS]
    return (choice, *(p for p in points if p.id != choice.id))


def main(arguments: Sequence[str] | None = None) -> int:
    """Show what would be imported; for developers."""
    parser = argparse.ArgumentParser(prog="python -m corpus.importing", description=main.__doc__)
    parser.add_argument("places", nargs="+", metavar="FILE")
    parser.add_argument(
        "--json", action="store_true", help="the contract of viva add --dry-run --json"
    )
    parser.add_argument("--online", action="store_true", help="fetch web addresses")
    options = parser.parse_args(arguments)
    finding = find(options.places, online=options.online)
    if options.json:
        json.dump(finding.as_json(), sys.stdout, ensure_ascii=False, indent=1)
        print()
        return 0
    for question in finding.questions:
        source = question.sources[0]
        print(
            f"{source.title}, {source.where}  [{question.topic}]  {question.ask.splitlines()[0][:100]}"
        )
        print(f"    {' '.join(question.answer.split())[:150] or '(no answer)'}")
        print(f"    {len(question.expectations)} points, level {question.level}")
    for skip in finding.skipped:
        print(f"skipped: {skip.where}: {skip.why}")
    answered = sum(bool(q.answer) for q in finding.questions)
    print(
        f"{len(finding.questions)} questions, {answered} with an answer; {len(finding.review)} for review"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
