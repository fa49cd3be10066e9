"""What to ask next: the planner's choice among the questions of the learner's library."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast

from agents.state import COVERED, PARTIAL, SessionState
from corpus.library import Library
from corpus.model import Question
from memory.days import utc_offset
from memory.knowledge import KnowledgeState
from memory.planner import Choice, Mode, PlanContext, PlanItem, choose, items_from, plan
from memory.probing import worth_probing


@dataclass(frozen=True, slots=True)
class Chosen:
    """A planned question and why now. `seen`: times it was asked before."""

    question: Question
    reason: str
    deck: str = ""
    seen: int = 0
    factors: dict[str, float] = field(default_factory=dict)


class Agenda:
    """Plans over `library` with what `knowledge()` gives; `clock()` is in milliseconds."""

    def __init__(
        self,
        library: Library,
        knowledge: Callable[[], KnowledgeState],
        clock: Callable[[], int],
    ) -> None:
        self._library = library
        self._knowledge = knowledge
        self._clock = clock
        self.first = ""
        """A question to ask first, chosen by the learner."""

    def _items(self, deck: str, topic: str) -> list[PlanItem]:
        return items_from(self._library.questions(deck, topic))

    def context(self, state: SessionState) -> PlanContext:
        """What the planner is told about the session in `state`."""
        left = state.minutes - state.busy / 60_000 if state.minutes else math.inf
        scores: list[tuple[str, float | None]] = [(name, None) for name in state.asked]
        if scores and state.current is not None:
            scores[-1] = (state.current.id, state.current.score)
        return PlanContext(
            at=self._clock(),
            mode=cast(Mode, state.mode),
            minutes_left=max(left, 0.0),
            asked=tuple(scores),
            utc_offset_minutes=utc_offset(),
        )

    def choose(self, state: SessionState) -> Chosen | None:
        """The next question of the session, None when nothing is left to ask."""
        if self.first:
            wanted, self.first = self._library.question(self.first), ""
            if wanted is not None:
                return self._chosen(wanted, "you asked for this one")
        items = self._items(state.deck, state.topic)
        choice = choose(self._knowledge(), items, self.context(state))
        if choice is not None:
            question = self._library.question(choice.question)
            if question is not None:
                return self._chosen(question, choice.reason, choice.factors)
        return self._without_answer(state)

    def _without_answer(self, state: SessionState) -> Chosen | None:
        """A question that came without an answer: it can be asked, if not judged. It never is due."""
        if state.mode == "review":
            return None
        counts = self._knowledge().questions
        bare = [
            q
            for q in self._library.questions(state.deck, state.topic)
            if not q.expectations and q.id not in state.asked
        ]
        if not bare:
            return None
        rarest = min(bare, key=lambda q: counts[q.id].times if q.id in counts else 0)
        return self._chosen(rarest, "it came without an answer: you judge yourself")

    def _chosen(
        self, question: Question, reason: str, factors: dict[str, float] | None = None
    ) -> Chosen:
        known = self._knowledge().questions.get(question.id)
        deck = self._library.deck_of(question.id)
        return Chosen(question, reason, deck, known.times if known else 0, factors or {})

    def any_left(self, state: SessionState) -> bool:
        """Whether `choose` would find a question."""
        if self.first:
            return True
        items = self._items(state.deck, state.topic)
        found = choose(self._knowledge(), items, self.context(state)) if items else None
        return found is not None or self._without_answer(state) is not None

    def plan(self, state: SessionState, questions: int) -> list[Choice]:
        """The next `questions` choices, as it looks now."""
        items = self._items(state.deck, state.topic)
        return plan(self._knowledge(), items, self.context(state), questions)

    def open_misconceptions(self, question: str) -> list[str]:
        """Misconceptions of `question` that were voiced and not yet put right."""
        return list(self._knowledge().misconceptions.get(question, {}))

    def worth(self, state: SessionState) -> dict[str, bool]:
        """Per open expectation, whether one more follow-up is worth its minute."""
        q = state.current
        question = self._library.question(q.id) if q else None
        if q is None or question is None or not question.expectations:
            return {}
        (item,) = items_from([question])
        knowledge, context = self._knowledge(), self.context(state)
        rival = choose(knowledge, self._items(state.deck, state.topic), context)
        worth: dict[str, bool] = {}
        for name, point in q.points.items():
            if point.coverage < COVERED and name in item.expectations:
                # Who has said half of it is near it, whatever was known before.
                near = point.coverage >= PARTIAL or point.contradicted
                probe = worth_probing(
                    knowledge, item, name, context, "hint", point.coverage, rival, wanted=near
                )
                worth[name] = probe.worth
        return worth
