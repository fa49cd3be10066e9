"""The next question: expected gain per minute, with reasons in plain words.

`choose` is a pure function of knowledge, items and context (which holds the clock); the same input
gives the same choice. The score of a question is its expected gain per minute (`memory.value`) times
mild factors near 1 (`memory.desk`). For a program that has a plan and a clock but no events of ours
there is `Policy` (`memory.policy`). None of them imports Chroma or CrewAI.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from memory.context import Choice, Mode, PlanContext
from memory.desk import Desk
from memory.items import PlanItem, items_from
from memory.knowledge import KnowledgeState
from memory.modes import best_of
from memory.policy import Policy

__all__ = ["Choice", "Mode", "PlanContext", "PlanItem", "Policy", "choose", "items_from", "plan"]


def choose(
    knowledge: KnowledgeState, items: Sequence[PlanItem], context: PlanContext
) -> Choice | None:
    """The best next question, None if nothing can be asked now (or nothing fits the time left)."""
    return best_of(Desk(knowledge, items, context)) if items else None


def plan(
    knowledge: KnowledgeState,
    items: Sequence[PlanItem],
    context: PlanContext,
    questions: int | None = None,
) -> list[Choice]:
    """The choices of a whole session, as it looks now: until the time left or `questions` run out."""
    if questions is None:
        questions = len(items) if math.isfinite(context.minutes_left) else 10
    out: list[Choice] = []
    if not items:
        return out
    desk = Desk(knowledge, items, context)
    while len(out) < questions:
        choice = best_of(desk)
        if choice is None:
            break
        out.append(choice)
        desk.context = replace(
            desk.context,
            asked=(*desk.context.asked, (choice.question, None)),
            minutes_left=desk.context.minutes_left - choice.minutes,
        )
    return out
