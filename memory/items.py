"""What can be planned: a question reduced to what the planner needs to know of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from corpus.model import Question


@dataclass(frozen=True, slots=True)
class PlanItem:
    """A question as the planner sees it. `expectations` and `weights` run in parallel.

    `weight` is the importance of the whole question; its value is shared out by `weights`.
    """

    id: str
    expectations: tuple[str, ...]
    weights: tuple[float, ...]
    topic: str = ""
    level: int = 2
    minutes: float = 4.0
    prerequisites: tuple[str, ...] = ()
    series: str = ""
    stage: str = ""
    misconceptions: tuple[str, ...] = ()
    keys: tuple[str, ...] = field(init=False, compare=False, repr=False)
    """The names under which knowledge of the expectations is kept."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "keys", tuple(self.key(e) for e in self.expectations))

    def key(self, expectation: str) -> str:
        """The name under which knowledge of one expectation is kept."""
        return f"{self.id}#{expectation}"

    @property
    def total(self) -> float:
        return sum(self.weights)


def items_from(questions: Iterable[Question]) -> list[PlanItem]:
    """The questions that can be planned, in the order given; those without expectations are left out."""
    return [
        PlanItem(
            id=q.id,
            expectations=tuple(e.id for e in q.expectations),
            weights=tuple(e.weight for e in q.expectations),
            topic=q.topic,
            level=q.level,
            minutes=q.minutes,
            prerequisites=q.prerequisites,
            series=q.series,
            stage=q.stage,
            misconceptions=tuple(m.id for m in q.misconceptions),
        )
        for q in questions
        if q.expectations
    ]
