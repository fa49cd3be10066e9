"""Why a question comes: the planner's reason, and what tipped the choice."""

from __future__ import annotations

from collections.abc import Mapping

from agents.desk.handling import refuse
from agents.desk.room import Room
from agents.state import SessionState
from agents.views import PlanView
from memory.days import utc_offset
from memory.reasons import when

PLANNED = 50
"""Questions ahead among which one is looked for."""


def why_view(room: Room, name: str, at_hand: bool) -> PlanView:
    """Why the question `name` was asked if it is `at_hand`, else why it would be asked next; refused if
    there is no such question."""
    question = room.library.question(name)
    if question is None:
        raise refuse("there is no such question" if name else "no question has been asked")
    asked = room.memory.events(question=name, kinds=["asked"], newest_first=True, limit=1)
    last = str(asked[0].payload.get("reason", "")) if asked else ""
    if asked and at_hand:
        reason, factors = last, asked[0].payload.get("factors", {})
    else:
        reason, factors = _planned(room, name)
    long = _weighed(reason, factors)
    if last and last != reason:
        day = when(asked[0].at, room.clock(), utc_offset())
        long += f". When it was asked {day}: {last}"
    return PlanView(question.id, question.ask, question.topic, question.minutes, long)


def _planned(room: Room, name: str) -> tuple[str, Mapping[str, float]]:
    plan = room.agenda.plan(SessionState(), PLANNED)
    choice = next((c for c in plan if c.question == name), None)
    if choice is None:
        return f"not among the next {PLANNED} planned", {}
    return choice.reason, choice.factors


def _weighed(reason: str, factors: Mapping[str, float]) -> str:
    """The reason with the factors that tipped the choice; those near 1 changed nothing."""
    weighed = [f"{key} {100 * (x - 1):+.0f} %" for key, x in factors.items() if "per" not in key]
    tipped = ", ".join(part for part in weighed if not part.endswith(("+0 %", "-0 %")))
    return f"{reason} (weighed: {tipped})" if tipped else reason
