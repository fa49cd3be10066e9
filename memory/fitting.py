"""How this learner forgets, fitted to their own log: a few of FSRS-6's parameters.

What is scored is the fold itself: the coverage it forecast before each answer about a point seen on an
earlier day, against the coverage graded then (log loss, nats per answer). Initial stabilities are not
among what is fitted: the beliefs follow them by `memory.tempo` already, from the first answers on.

On few reviews a fit is worse than the defaults, and on many it may be. So there must be `LEAST`
reviews, the last fifth of them is held out, and only a gain there counts that is beyond its own standard
error and large enough to matter.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple
from zlib import crc32

import numpy as np

from corpus.counting import counted
from memory.events import Event
from memory.fsrs6 import DEFAULT, PERSONAL, Fsrs6, personal, same_day
from memory.knowing import take
from memory.knowledge import KnowledgeState

if TYPE_CHECKING:
    from memory.rebuild import Report

LEAST = 1600
"""Fewer reviews fit worse than the defaults (seen on a log of 12,580 reviews)."""
MOST = 6000
"""Enough for four numbers; of a longer log as many whole questions as have about so many reviews."""
WORTH = 0.001
"""The least gain (nats per answer) for which all that is known is reckoned anew."""
LEARNT = 0.8
ROUNDS = 4
STEPS: dict[str, float] = {"8": 0.4, "9": 0.1, "11": 0.6, "20": 0.15}
"""The first step of each parameter in `PERSONAL`."""


Own = dict[str, float]


@dataclass(frozen=True, slots=True)
class Fit:
    """What a fit found. Losses are of the held-out fifth, in nats per answer, before and after.

    `own` are the parameters found (see `fsrs6.PERSONAL`), empty if there are too few `reviews`;
    `error` is the standard error of the gain.
    """

    reviews: int
    own: Own = field(default_factory=dict)
    before: float = 0.0
    after: float = 0.0
    error: float = 0.0

    @property
    def better(self) -> bool:
        return bool(self.own) and self.before - self.after > max(self.error, WORTH)

    def __str__(self) -> str:
        if not self.own:
            asked = counted(self.reviews, "point was", "points were")
            return (
                f"{asked} asked again on a later day; parameters of your own need {LEAST:,} of these. "
                "Nothing is changed."
            )
        found = (
            f"How well the forecast fits the last fifth of {self.reviews:,} points asked again (log "
            f"loss, less is better): {self.after:.4f} with parameters of your own, {self.before:.4f} "
            "with those in use."
        )
        if self.better:
            return f"{found} Yours are kept; `viva rebuild --no-fit` takes them back."
        return f"{found} That is not clearly better: nothing is changed."


def fit(events: Iterable[Event], model: Fsrs6 = DEFAULT, report: Report = lambda *_: None) -> Fit:
    """Fit parameters to events in their order; `model` holds those in use, to be beaten.

    `report` may raise to stop.
    """
    count, log = _sample([event for event in events if event.kind != "fitted"])
    now = _answers(log, model) if count >= LEAST else []
    if len(now) < LEAST:
        return Fit(min(count, len(now)) if now else count)
    cut = sorted(answer.at for answer in now)[int(LEARNT * len(now))]
    early = [event for event in log if event.at < cut]
    trials, tried = 1 + 2 * ROUNDS * len(STEPS), 0

    def loss(own: Own) -> float:
        nonlocal tried
        report(tried, trials, "trying parameters")
        tried += 1
        return float(np.mean(_losses(_answers(early, personal(own)))))

    own = _descend({name: DEFAULT.w[int(name)] for name in STEPS}, loss)
    late = [
        _losses(a for a in answers if a.at >= cut)
        for answers in (now, _answers(log, personal(own)))
    ]
    gain = late[0] - late[1]
    error = float(np.std(gain, ddof=1)) / math.sqrt(len(gain))
    return Fit(count, own, float(np.mean(late[0])), float(np.mean(late[1])), error)


def _descend(start: Own, loss: Callable[[Own], float]) -> Own:
    """Coordinate descent within `PERSONAL`: go on by a step that helped, halve one that did not."""
    best, least, steps = start, loss(start), dict(STEPS)
    for _ in range(ROUNDS):
        for name, (low, high) in PERSONAL.items():
            for sign in (1, -1):
                value = round(min(max(best[name] + sign * steps[name], low), high), 6)
                tried = {**best, name: value}
                found = loss(tried) if tried != best else math.inf
                if found < least:
                    best, least = tried, found
                    steps[name] *= sign
                    break
            else:
                steps[name] /= 2
    return best


def _sample(log: list[Event]) -> tuple[int, list[Event]]:
    """How many points were asked again on a later day, and the events that are fitted to."""
    again, last = Counter[str](), dict[str, int]()
    for event in (event for event in log if event.kind == "closed"):
        if event.question in last and not same_day(last[event.question], event.at):
            again[event.question] += len(_expectations(event))
        last[event.question] = event.at
    kept, chosen = 0, {""}
    for question in sorted(again, key=lambda name: (crc32(name.encode()), name)):
        if kept < MOST:
            chosen.add(question)
            kept += again[question]
    return again.total(), [event for event in log if event.question in chosen]


class _Answer(NamedTuple):
    """About one point seen on an earlier day: the coverage forecast, and that graded, unaided."""

    at: int
    forecast: float
    graded: float


def _answers(log: Iterable[Event], model: Fsrs6) -> list[_Answer]:
    state, answers = KnowledgeState.empty(model), list[_Answer]()
    for event in log:
        take(state, event)
        for name in _expectations(event) if event.kind == "closed" else ():
            point = state.points.get(f"{event.question}#{name}")
            if point and point.evidence and point.forecast is not None and point.at == event.at:
                answers.append(_Answer(event.at, point.forecast, point.evidence.unaided))
    return answers


def _expectations(event: Event) -> list[str]:
    found = event.payload.get("outcomes")
    rows = found if isinstance(found, list) else []
    names = [row.get("expectation") for row in rows if isinstance(row, dict)]
    return [name for name in names if isinstance(name, str)]


def _losses(answers: Iterable[_Answer]) -> np.ndarray:
    """Log loss of each answer; a graded coverage between 0 and 1 counts as so much of either."""
    table = np.array([(a.forecast, a.graded) for a in answers], float).reshape(-1, 2)
    forecast, graded = table[:, 0], table[:, 1]
    return -(graded * np.log(forecast) + (1 - graded) * np.log(1 - forecast))
