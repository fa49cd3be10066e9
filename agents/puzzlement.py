"""A learner who does not understand what they are asked: when that is so, and what else to say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from agents.listening import asks_back, topic_stems
from agents.state import QuestionState
from corpus.model import Question
from corpus.words import content


def is_puzzled(text: str, question: Question, last: Iterable[str]) -> bool:
    """Whether `text` asks what is meant by the question or by what the tutor said `last`: in general,
    or in words of theirs. What else a learner asks about is a question of its own."""
    if not asks_back(text):
        return False
    return topic_stems(text) <= frozenset().union(*(map(content, (question.ask, *last))))


def reworded(question: Question, q: QuestionState, used: Sequence[str]) -> str:
    """The question in a wording that is in none of the texts `used`; where a follow-up stands, that
    one as the deck has it."""
    point = next((e for e in question.expectations if e.id == q.focus), None)
    if point is not None and q.step != "challenge":
        return (point.prompt if q.step == "prompt" else point.probe) or question.ask
    said = " ".join(used)
    return next((w for w in (question.ask, *question.variants) if w not in said), question.ask)
