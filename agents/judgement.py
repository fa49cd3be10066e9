"""What a judge is given and what it returns; the shape every grader shares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from corpus.model import Expectation, Misconception

Verdict = Literal["covered", "partial", "missing", "contradicted"]
Overall = Literal["correct", "partial", "incorrect", "contradictory"]


@dataclass(frozen=True, slots=True)
class Point:
    """An expectation as the grader sees it."""

    id: str
    text: str
    weight: float = 1.0
    wordings: tuple[str, ...] = ()
    words: tuple[str, ...] = ()  # what a one-word prompt about it accepts
    denials: tuple[str, ...] = ()  # what says the opposite

    @classmethod
    def of(cls, expectation: Expectation) -> Point:
        """The point that a deck's expectation is."""
        e = expectation
        return cls(e.id, e.text, e.weight, e.wordings, e.words, e.denials)


@dataclass(frozen=True, slots=True)
class Error:
    """A misconception as the grader sees it."""

    id: str
    text: str
    wordings: tuple[str, ...] = ()
    correction: str = ""

    @classmethod
    def of(cls, misconception: Misconception) -> Error:
        """The error that a deck's misconception is."""
        m = misconception
        return cls(m.id, m.text, m.wordings, m.correction)


@dataclass(frozen=True, slots=True)
class Task:
    """One answer to judge.

    `turns` are the learner's turns on this question, oldest first; `shown` is what the tutor showed
    while it was open (never counts as the learner's). `focus` is the expectation the last turn was
    asked about with a one-word prompt, if any. With no `points` they are derived from `references`.
    """

    question: str
    turns: tuple[str, ...]
    points: tuple[Point, ...] = ()
    references: tuple[str, ...] = ()
    errors: tuple[Error, ...] = ()
    shown: tuple[str, ...] = ()
    focus: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class PointVerdict:
    """How one expectation fared. `quote` is a substring of one of the turns, empty without credit."""

    id: str
    verdict: Verdict
    coverage: float  # 0..1
    quote: str = ""
    sure: float = 1.0  # 0..1
    note: str = ""  # why, in words, where the learner should be told (e.g. credit refused)
    text: str = ""  # the expectation's text, set where points were derived


@dataclass(frozen=True, slots=True)
class ErrorHit:
    """A misconception found in the answer, with the words that show it."""

    id: str
    quote: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on an answer. `score` is the weighted coverage, 0..1."""

    verdict: Overall
    score: float
    p_correct: float
    p_contradictory: float
    points: tuple[PointVerdict, ...]
    errors: tuple[ErrorHit, ...] = ()
    notes: tuple[str, ...] = ()  # what the learner should be told about the answer as a whole
    grader: str = ""
    sure: float = 1.0
    model: str = ""  # the model that had a say in it, empty for the built-in grader alone
    prompt: str = ""  # version of the prompt it was asked with


class Grader(Protocol):
    """Judges answers. Deterministic for the built-in grader."""

    name: str

    def grade(self, task: Task) -> Judgement: ...

    def grade_many(self, tasks: list[Task]) -> list[Judgement]: ...
