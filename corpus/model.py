"""The question model: what a deck says, checked when it is read.

A multi-stage design question is written as one question with `stages` in the deck file and becomes
one `Question` per stage here (id ``design-x/scale``, `series` ``design-x``), each requiring the stage
before it, so that nothing downstream needs to know about stages.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Id = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]*(/[a-z0-9][a-z0-9._-]*)?$", max_length=120),
]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Record(BaseModel):
    """Base of everything read from a deck: immutable, and an unknown field is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Expectation(Record):
    """One key point an answer should contain.

    `wordings` are other ways to say `text`, `denials` ways to say its opposite. `probe` asks openly
    about the point, `hint` narrows it, `prompt` is a question that one of `words` answers. None of the
    three may give the point away.
    """

    id: Id
    text: Text
    weight: float = Field(default=1.0, gt=0, le=10)
    wordings: tuple[Text, ...] = ()
    denials: tuple[Text, ...] = ()
    probe: str = ""
    hint: str = ""
    prompt: str = ""
    words: tuple[Text, ...] = ()

    @property
    def told(self) -> tuple[str, ...]:
        """What can be said about the point, for it or against it."""
        return (self.text, *self.wordings, *self.denials, *self.words)


class Misconception(Record):
    """What people wrongly say (`text`, `wordings`) and the `correction`."""

    id: Id
    text: Text
    correction: str = ""
    wordings: tuple[Text, ...] = ()


class Source(Record):
    """Where an answer comes from: a paper with its year, or a place in an imported document."""

    title: Text
    year: int | None = Field(default=None, ge=1900, le=2100)
    where: str = ""


class Question(Record):
    """Something that can be asked. `id` is stable: history hangs on it.

    `answer` is empty for an imported question without one; such a question has no expectations.
    """

    id: Id
    ask: Text
    topic: str = ""
    level: int = Field(default=2, ge=1, le=5)
    variants: tuple[Text, ...] = ()
    answer: str = ""
    expectations: tuple[Expectation, ...] = ()
    misconceptions: tuple[Misconception, ...] = ()
    prerequisites: tuple[Id, ...] = ()
    related: tuple[Id, ...] = ()
    sources: tuple[Source, ...] = ()
    note: str = ""
    """For editors of the deck: where it differs from common statements, and why."""
    series: str = ""
    stage: str = ""
    options: tuple[Text, ...] = ()
    """The choices of a multiple-choice question, as shown, e.g. ``A: 7``."""
    minutes: float = Field(default=4.0, gt=0, le=60)

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Question:
        for kind, ids in (
            ("expectation", [e.id for e in self.expectations]),
            ("misconception", [m.id for m in self.misconceptions]),
        ):
            for one in ids:
                if ids.count(one) > 1:
                    raise ValueError(f"{kind} id {one!r} is used twice in question {self.id!r}")
        return self

    def key(self, expectation: str) -> str:
        """The name under which knowledge of one expectation is kept: ``question#expectation``."""
        return f"{self.id}#{expectation}"


class Deck(Record):
    """A named list of questions. `path` is where it was read from, `bundled` if it came with Viva."""

    id: Id
    title: Text
    about: str = ""
    licence: str = ""
    questions: tuple[Question, ...] = ()
    path: str = ""
    bundled: bool = False
