"""Why a question is asked now, in words for the learner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.counting import counted
from memory.days import day_number, local_day
from memory.items import PlanItem
from memory.knowledge import KnowledgeState
from memory.points import Asked


@dataclass(frozen=True, slots=True)
class Facts:
    """What a reason may mention. `stages` are the ids of the item's series in order."""

    knowledge: KnowledgeState
    item: PlanItem
    asked: Asked | None
    due: int | None
    at: int
    utc_offset_minutes: int
    success: float
    mode: str
    stages: Sequence[str] = ()


def reason_for(facts: Facts) -> str:
    """One short line, e.g. ``due today; you missed 2 of 4 points on Tuesday``."""
    parts = [_stage(facts), _misconception(facts), _timing(facts), _last_time(facts)]
    if facts.mode == "mock":
        parts = [f"level {facts.item.level}, chosen to show most about where you stand"]
    return "; ".join(p for p in parts if p)


def _stage(facts: Facts) -> str:
    if facts.mode != "design" or facts.item.id not in facts.stages:
        return ""
    return f"stage {facts.stages.index(facts.item.id) + 1} of {len(facts.stages)}"


def _misconception(facts: Facts) -> str:
    count = len(facts.knowledge.misconceptions.get(facts.item.id, {}))
    if not count:
        return ""
    return "a mix-up is still open" if count == 1 else f"{count} mix-ups are still open"


def _timing(facts: Facts) -> str:
    if facts.due is None:
        return _new(facts)
    offset = facts.utc_offset_minutes
    days = day_number(facts.due, offset) - day_number(facts.at, offset)
    if days > 0 and facts.mode == "drill":
        return "a weak spot"
    if days > 0:
        return f"due in {days} days, worth a minute today" if days > 1 else "due tomorrow"
    if days == 0:
        return "due today"
    return f"due since {when(facts.due, facts.at, facts.utc_offset_minutes).removeprefix('on ')}"


def _new(facts: Facts) -> str:
    count = len(facts.item.expectations)
    unknown = round((1 - facts.success) * count)
    points = counted(count, "point")
    if facts.item.prerequisites:
        return f"new: {points}, building on what you have done"
    if unknown == 0:
        return f"new: {points}, to check what you probably know"
    of_them = f"{unknown} of them " if count > 1 else ""
    return f"new: {points}, probably {of_them}unknown to you"


def _last_time(facts: Facts) -> str:
    asked = facts.asked
    if asked is None:
        return ""
    day = when(asked.last, facts.at, facts.utc_offset_minutes)
    seen = [facts.knowledge.points.get(key) for key in facts.item.keys]
    told = [p.evidence for p in seen if p is not None and p.evidence is not None]
    missed = sum(e.unaided < 0.5 for e in told)
    if not told:
        return f"last asked {day}"
    if not missed:
        return f"you had {'all ' if len(told) > 1 else ''}{counted(len(told), 'point')} {day}"
    return f"you missed {missed} of {counted(len(told), 'point')} {day}"


def when(past: int, now: int, utc_offset_minutes: int = 0) -> str:
    """A past time (ms) as people say it: today, yesterday, on Tuesday, on 3 March."""
    then = local_day(past, utc_offset_minutes)
    days = (local_day(now, utc_offset_minutes) - then).days
    if days <= 1:
        return "today" if days <= 0 else "yesterday"
    if days < 7:
        return f"on {then:%A}"
    return f"on {then.day} {then:%B}" + (f" {then.year}" if days > 300 else "")
