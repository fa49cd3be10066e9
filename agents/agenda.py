"""What to ask next: the planner's choice among the questions of the learner's library."""

from __future__ import annotations

from dataclasses import dataclass, field

from corpus.model import Question


@dataclass(frozen=True, slots=True)
class Chosen:
    """A planned question and why now. `seen`: times it was asked before."""

    question: Question
    reason: str
    deck: str = ""
    seen: int = 0
    factors: dict[str, float] = field(default_factory=dict)
