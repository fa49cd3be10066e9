"""The clerk of the library: decks, questions, imports, review of cards, search."""

from __future__ import annotations

from agents.desk.handling import handles, refuse
from agents.desk.naming import known_deck, no_question
from agents.desk.room import Room
from agents.protocol import EditQuestion, GetDecks, GetDetail, GetRows
from agents.views import DeckView, DetailView, ErrorView, PointView, RowView, SourceView
from corpus.deckyaml import DeckError
from corpus.model import Question
from memory.knowledge import KnowledgeState


class LibraryClerk:
    """What can be asked."""

    def __init__(self, room: Room) -> None:
        self._room = room

    @handles(GetDecks)
    def decks(self, request: GetDecks) -> tuple[DeckView, ...]:
        knowledge = self._room.memory.knowledge()
        due = set(knowledge.due(self._room.today_until()))
        return tuple(
            DeckView(
                id=deck.id,
                title=deck.title,
                about=deck.about,
                questions=len(deck.questions),
                seen=sum(q.id in knowledge.questions for q in deck.questions),
                due=sum(q.id in due for q in deck.questions),
                bundled=deck.bundled,
                path=deck.path,
            )
            for deck in self._room.library.decks
        )

    @handles(GetRows)
    def rows(self, request: GetRows) -> tuple[RowView, ...]:
        library = self._room.library
        deck = known_deck(library, request.deck)
        words = request.query.casefold().split()
        found = []
        knowledge = self._room.memory.knowledge()
        for question in library.questions(deck):
            text = f"{question.id} {question.ask} {question.topic}".casefold()
            if all(word in text for word in words):
                row = self._row(question, knowledge)
                if not request.due or row.state == "due":
                    found.append(row)
        return tuple(found[: request.limit])

    def _row(self, question: Question, knowledge: KnowledgeState) -> RowView:
        now = self._room.clock()
        due = knowledge.due_at(question.id)
        recalls = [
            knowledge.recall_probability(question.id, e.id, now, question.topic, question.level)
            for e in question.expectations
        ]
        recall = sum(recalls) / len(recalls) if recalls else 0.0
        state = "new"
        if question.id in knowledge.questions:
            state = "known" if recall >= 0.8 else "learning"
        if due is not None and due <= self._room.today_until():
            state = "due"
        return RowView(
            id=question.id,
            ask=question.ask,
            topic=question.topic,
            level=question.level,
            deck=self._room.library.deck_of(question.id),
            state=state,
            recall=recall,
            due=due or 0,
            points=len(question.expectations),
        )

    @handles(GetDetail)
    def detail(self, request: GetDetail) -> DetailView:
        question = self._room.library.question(request.question)
        if question is None:
            raise no_question(self._room.library, request.question)
        knowledge, now = self._room.memory.knowledge(), self._room.clock()
        points = []
        for e in question.expectations:
            recall = knowledge.recall_probability(
                question.id, e.id, now, question.topic, question.level
            )
            points.append(PointView(e.id, "open", recall, e.text))
        sources = tuple(
            SourceView(f"{s.title} ({s.year})" if s.year else s.title, s.where)
            for s in question.sources
        )
        return DetailView(
            row=self._row(question, knowledge),
            answer=question.answer,
            points=tuple(points),
            misconceptions=tuple(ErrorView(m.text, m.correction) for m in question.misconceptions),
            sources=sources,
            text=self._room.library.yaml_of(question.id),
            history=self._history(question.id),
        )

    def _history(self, question: str) -> tuple[str, ...]:
        events = self._room.memory.events(
            kinds=["asked", "answered", "closed"], question=question, newest_first=True, limit=30
        )
        return tuple(f"{e.kind}: {e.text}" for e in events if e.text)

    @handles(EditQuestion)
    def edit(self, request: EditQuestion) -> DetailView:
        try:
            self._room.library.edit(request.question, request.text)
        except KeyError:
            raise no_question(self._room.library, request.question) from None
        except DeckError as error:
            raise refuse(f"line {error.line}: {error.message}", error.mend) from None
        return self.detail(GetDetail(request.question))
