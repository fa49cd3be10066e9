"""How evidence changes what is believed about one expectation.

One closed question updates the belief once, in two steps:

1. Bayes: which story explains the graded coverage? *Recalled* (known, retrievable), *lapsed* (known,
   not retrievable now), *unknown*. Grades are uncertain evidence: a grader's error `e` makes a
   coverage `s` support "said it" by (1-e)s + e(1-s). A point that is known is said with
   probability 0.87 only; a point that is not known is said by luck with 0.04.
2. FSRS-6 moves each story's stability: recalled -> Good; rescued by a hint or prompt -> part of the
   way; lapsed and told -> forget; unknown and told -> about 1.8 days, and perhaps not kept at all.

Effects, each tested in tests/planning: partial credit weighs both readings by its coverage; a hint
or prompt also says that the unaided answer lacked the point; saying a point after it was told is no
evidence; an unsure success counts for less and a sure one for more; a confident error returns within
a week; a repeat on the same day tells whether the point was kept, but never lengthens stability.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from memory.belief import (
    AVERAGE,
    GRID,
    KEPT,
    LOG_GRID,
    STEP,
    Belief,
    Phase,
    retrievabilities,
    rounded,
    told_shape,
)
from memory.events import Aid
from memory.fsrs6 import DEFAULT, Fsrs6, same_day
from memory.tempo import Tempo

MENTION = 0.87
"""Probability that a point which is recalled is also said."""
MENTION_PUMPED = 0.93
LUCK = 0.04
"""Probability that a point which is not recalled is credited by a lucky phrase."""
CONFIDENT_ERROR_DAYS = 5.0
"""Longest stability a point keeps right after a confident error."""
LOWEST_ERROR = 0.04


class Cue(NamedTuple):
    """What a hint or prompt does: rescue a lapsed point, let one guess, and how far it counts."""

    rescue: float
    guess: float
    way: float


CUES: dict[Aid, Cue] = {"hint": Cue(0.5, 0.08, 0.6), "prompt": Cue(0.65, 0.2, 0.4)}
CONFIDENCE_ODDS: dict[int, float] = {1: 0.75, 2: 1.0, 3: 1.3}


@dataclass(frozen=True, slots=True)
class Evidence:
    """How one expectation fared when its question closed; `told` if it was explained, then or later."""

    coverage: float
    aid: Aid = "none"
    sure: float = 1.0
    contradicted: bool = False
    told: bool = False
    confidence: int | None = None
    basis: float = 1.0  # 0..1, how far the prerequisites stood

    @property
    def unaided(self) -> float:
        """Coverage without a hint, a prompt or being told; what a plain review would count."""
        return self.coverage if self.aid in ("none", "pump") and not self.contradicted else 0.0

    @property
    def error(self) -> float:
        """The grader's error, 0.5 where it has no idea."""
        return min(max(0.5 * (1 - self.sure), LOWEST_ERROR), 0.5)


class Update(NamedTuple):
    """A belief after evidence, and what the evidence said about the model.

    `predicted` is the probability of recall before, `held` after the evidence. `score` is the
    derivative of the evidence's log likelihood by log stability and `information` the expected square
    of it; both 0 where time says nothing (first time, same day, after a cue).
    """

    belief: Belief
    predicted: float
    held: float
    score: float = 0.0
    information: float = 0.0


def update(
    belief: Belief,
    evidence: Evidence,
    at: int,
    tempo: Tempo = AVERAGE,
    model: Fsrs6 = DEFAULT,
) -> Update:
    """The belief after a question closed at `at` (ms). Pure; see the module's text for the rules."""
    repeat = belief.last is not None and same_day(belief.last, at)
    fresh = belief.last is None or repeat
    rates = [1.0] * len(GRID) if fresh else retrievabilities(belief, at, tempo, model)
    predicted = sum(p * r for p, r in zip(belief.p[1:], rates, strict=True))
    stories = _weigh(belief, evidence, rates)
    said = sum(stories.recalled)
    held = said + sum(stories.rescued)
    wins = belief.wins if fresh else round(said * (belief.wins + 1), 4)
    if repeat:
        moved = _same_day(belief, stories, evidence)
    else:
        moved = _Move(belief, evidence, tempo, wins, model).apply(stories, rates)
    difficulty = belief.difficulty
    if not fresh:
        difficulty = model.next_difficulty(difficulty, 1 + said + held)
    after = Belief(
        rounded(moved),
        round(difficulty, 4),
        belief.last if repeat else at,
        _phase(belief, evidence, said, held),
        belief.reviews + 1,
        belief.lapses + (held < 0.5 and belief.phase in ("proven", "repaired")),
        wins,
    )
    if fresh or evidence.aid in CUES:
        return Update(after, predicted, said)
    return Update(after, predicted, said, *_score(belief, evidence, rates, predicted, model))


def tell(belief: Belief, at: int, basis: float = 1.0) -> Belief:
    """The belief after a point was explained without having been asked about. Not a success.

    What is probably known keeps its schedule; only what is probably unknown counts as begun.
    """
    repeat = belief.last is not None and same_day(belief.last, at)
    into = _told_into(belief, basis) if repeat else told_shape(basis)
    kept = belief.p[0] * KEPT
    moved = [belief.p[0] - kept, *(p + kept * x for p, x in zip(belief.p[1:], into, strict=True))]
    begins = belief.last is None or (not repeat and belief.known < 0.5)
    return replace(
        belief,
        p=rounded(moved),
        last=at if begins else belief.last,
        phase="told" if belief.phase in ("unseen", "missed") else belief.phase,
    )


class _Stories(NamedTuple):
    """Posterior weight of each story by stability; everything together sums to 1."""

    unknown: float
    recalled: list[float]
    rescued: list[float]  # not said unaided, said after a hint or prompt
    lapsed: list[float]


def _weigh(belief: Belief, evidence: Evidence, rates: Sequence[float]) -> _Stories:
    """Bayes' rule over the stories."""
    known = belief.p[1:]
    cue = CUES.get(evidence.aid)
    if cue is None:
        if_recalled, if_not = _likelihoods(evidence)
        rescued = [0.0] * len(known)
        recalled = [p * r * if_recalled for p, r in zip(known, rates, strict=True)]
        lapsed = [p * (1 - r) * if_not for p, r in zip(known, rates, strict=True)]
        unknown = belief.p[0] * if_not
    else:
        error = evidence.error
        said, unsaid = _readings(evidence)
        silent = MENTION * error + (1 - MENTION) * (1 - error)
        quiet = LUCK * error + (1 - LUCK) * (1 - error)
        recalled = [0.0] * len(known)
        rescued = [
            p * (r * silent * (0.95 * said + 0.05 * unsaid) + (1 - r) * quiet * cue.rescue * said)
            for p, r in zip(known, rates, strict=True)
        ]
        lapsed = [
            p * (1 - r) * quiet * (1 - cue.rescue) * unsaid
            for p, r in zip(known, rates, strict=True)
        ]
        unknown = belief.p[0] * quiet * (cue.guess * said + (1 - cue.guess) * unsaid)
    total = unknown + sum(recalled) + sum(rescued) + sum(lapsed)
    return _Stories(
        unknown / total,
        [x / total for x in recalled],
        [x / total for x in rescued],
        [x / total for x in lapsed],
    )


def _readings(evidence: Evidence) -> tuple[float, float]:
    """How far the grade supports that the point was said, and that it was not."""
    error = evidence.error
    coverage = 0.0 if evidence.aid == "told" or evidence.contradicted else evidence.coverage
    said = (1 - error) * coverage + error * (1 - coverage)
    return said, 1 - said


def _likelihoods(evidence: Evidence) -> tuple[float, float]:
    """Likelihood of an unaided answer's grade if the point was recalled, and if not."""
    said, unsaid = _readings(evidence)
    mention = MENTION_PUMPED if evidence.aid == "pump" else MENTION
    odds = CONFIDENCE_ODDS.get(evidence.confidence or 2, 1.0)
    if evidence.contradicted:
        odds *= 0.5
    return (mention * said + (1 - mention) * unsaid) * odds, LUCK * said + (1 - LUCK) * unsaid


def _score(
    belief: Belief, evidence: Evidence, rates: Sequence[float], predicted: float, model: Fsrs6
) -> tuple[float, float]:
    """Derivative of the log likelihood by log stability, and its expected square."""
    decay = model.w[20]
    slope = sum(
        p * decay * (1 - r ** (1 / decay)) * r for p, r in zip(belief.p[1:], rates, strict=True)
    )
    if_recalled, if_not = _likelihoods(evidence)
    likelihood = predicted * if_recalled + (1 - predicted) * if_not
    quality = (1 - 2 * evidence.error) * (MENTION - LUCK)
    chance = quality * predicted + (1 - quality) / 2
    information = (slope * quality) ** 2 / (chance * (1 - chance))
    return slope * (if_recalled - if_not) / likelihood, information


class _Move(NamedTuple):
    """FSRS moves each story's stability; the tempo turns the grid into days and back."""

    belief: Belief
    evidence: Evidence
    tempo: Tempo
    wins: float  # after the update
    model: Fsrs6

    def apply(self, stories: _Stories, rates: Sequence[float]) -> list[float]:
        """The distribution after the update, given each story's weight and retrievability."""
        evidence, hard, model = self.evidence, self.belief.difficulty, self.model
        told, way = self.told, CUES[evidence.aid].way if evidence.aid in CUES else 0.0
        confident = evidence.confidence == 3 and evidence.unaided < 0.5
        most = CONFIDENT_ERROR_DAYS if confident else math.inf
        before, faster = math.exp(self.tempo.of(self.belief.wins)), math.exp(self.tempo.growth)
        back = math.exp(-self.tempo.of(self.wins))
        out = [stories.unknown] + [0.0] * len(GRID)
        for grid, recall, recalled, rescued, lapsed in zip(
            GRID, rates, stories.recalled, stories.rescued, stories.lapsed, strict=True
        ):
            days = grid * before
            if recalled > 0 or rescued > 0:
                grown = model.after_recall(days, hard, recall) * (faster if recall < 1 else 1.0)
                if recalled > 0:
                    _place(out, min(grown, most) * back, recalled)
                if rescued > 0:
                    _place(out, min(days + (grown - days) * way, most) * back, rescued)
            if lapsed > 0 and told:
                _place(out, min(model.after_lapse(days, hard, recall), most) * back, lapsed)
            elif lapsed > 0:
                out[0] += lapsed
        if told:
            kept = stories.unknown * KEPT
            out[0] -= kept
            for k, share in enumerate(told_shape(evidence.basis)):
                out[k + 1] += kept * share
        return out

    @property
    def told(self) -> bool:
        return self.evidence.told or self.evidence.aid == "told"


def _same_day(belief: Belief, stories: _Stories, evidence: Evidence) -> list[float]:
    """A repeat: what is in memory may change, how long it lasts may not grow."""
    held = [a + b for a, b in zip(stories.recalled, stories.rescued, strict=True)]
    kept = stories.unknown * KEPT if evidence.told or evidence.aid == "told" else 0.0
    into = _told_into(belief, evidence.basis)
    return [stories.unknown - kept, *(p + kept * x for p, x in zip(held, into, strict=True))]


def _told_into(belief: Belief, basis: float) -> tuple[float, ...]:
    """Where a point told again on the same day lands: never above what it had."""
    shape = told_shape(basis)
    known = sum(belief.p[1:])
    if known < 1e-6:
        return shape
    mean = sum(x * s for x, s in zip(shape, LOG_GRID, strict=True))
    return shape if mean <= belief.log_stability() else tuple(p / known for p in belief.p[1:])


def _place(out: list[float], days: float, weight: float) -> None:
    """Put weight on the two nearest stabilities of the grid, keeping the mean of the logarithm."""
    x = min(max((math.log(days) - LOG_GRID[0]) / STEP, 0.0), len(GRID) - 1.0)
    low = min(int(x), len(GRID) - 2)
    high = x - low
    out[low + 1] += weight * (1 - high)
    out[low + 2] += weight * high


def _phase(belief: Belief, evidence: Evidence, said: float, held: float) -> Phase:
    if said >= 0.5:
        return "proven"
    if held >= 0.5:
        return "repaired"
    if belief.phase in ("proven", "repaired", "lapsed"):
        return "lapsed"
    return "told" if evidence.told or evidence.aid == "told" else "missed"
