"""A verdict that the learner overrules: the misconception that the same words were taken for goes too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from agents.grading.text import split_words
from agents.state import PointState
from memory.events import Event

_MUCH = 0.5  # of the shorter quote's words: from here two quotes are of the same words


def taken_for(
    judged: Sequence[Event], point: str, points: Mapping[str, PointState]
) -> tuple[str, ...]:
    """The misconceptions found in the words by which a point was contradicted, in the verdicts `judged`
    of its question; those that contradict another of its `points` as well stay."""
    names: list[str] = []
    for event in judged:
        against = {
            row["id"]: row["quote"]
            for row in event.payload["points"]
            if row["verdict"] == "contradicted"
        }
        mine = against.pop(point, "")
        others = [
            quote
            for name, quote in against.items()
            if name in points and not points[name].overridden
        ]
        for error in event.payload["errors"]:
            if _same(error["quote"], mine) and not any(_same(error["quote"], o) for o in others):
                names.append(error["id"])
    return tuple(dict.fromkeys(names))


def _same(one: str, other: str) -> bool:
    words, more = set(split_words(one)[0]), set(split_words(other)[0])
    return len(words & more) >= _MUCH * max(1, min(len(words), len(more)))
