"""What a learner asks outside the interview that needs no search: a question of a deck, a count."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from agents.state import said
from corpus.model import Question
from corpus.words import CONTRAST, content
from memory.events import Event
from memory.timewords import when

_MUCH = 0.85  # of the content words of both: from here two questions are the same
_FEW = 2  # content words; fewer name a topic and ask no question of their own
_HOW_MANY = re.compile(
    r"\bhow\s+(?:many|much|long|often)\b(?=.*\b(?:i|my|we)\b)"
    r".*\b(?:questions?|answers?|answered|sessions?|minutes?|hours?|time|studied|study|points?)\b",
    re.IGNORECASE,
)
_TODAY = re.compile(r"\btoday\b", re.IGNORECASE)


def same_question(text: str, questions: Iterable[Question]) -> Question | None:
    """The question that `text` puts, in one of its wordings or nearly so."""
    wanted = content(text)
    if len(wanted) < _FEW:
        return None
    best, share = None, _MUCH
    for question in questions:
        for wording in (question.ask, *question.variants):
            asked = content(wording)
            both = len(wanted & asked) / max(1, len(wanted | asked))
            if both >= share and not (wanted ^ asked) & CONTRAST:
                best, share = question, both
    return best


def asks_tally(text: str) -> bool:
    """Whether the words ask how much the learner has done."""
    return bool(_HOW_MANY.search(text))


def tally(text: str, closed: Sequence[Event], at: int) -> str:
    """How much was done in the time that `text` names (all of it where it names none), from the
    `closed` events; `at` is now (ms)."""
    spans = when(text, at).spans
    mine = [e for e in closed if not spans or any(a <= e.at < b for a, b in spans)]
    mine = [e for e in mine if e.payload.get("outcomes") and not e.payload.get("skipped")]
    period = "Today" if _TODAY.search(text) else "In that time" if spans else "So far"
    if not mine:
        return f"{period} you have answered no question yet."
    outcomes = [one for event in mine for one in event.payload["outcomes"]]
    made = sum(said(one["coverage"], one["aid"]) for one in outcomes)
    minutes = sum(float(event.payload.get("minutes") or 0) for event in mine)
    sessions = len({event.session for event in mine})
    return (
        f"{period} you answered {_count(len(mine), 'question')} in {_count(sessions, 'session')} and "
        f"{_count(round(minutes), 'minute')}, and made {made} of {_count(len(outcomes), 'point')}."
    )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
