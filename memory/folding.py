"""How each kind of event changes knowledge: one handler per kind, all in `HANDLERS`.

Foreign or damaged payloads are skipped, never raised on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from memory.ability import Gains
from memory.belief import Belief
from memory.events import Event
from memory.fsrs6 import PERSONAL, replay, same_day
from memory.overruled import COVERAGE, own_verdict
from memory.points import Asked, Point
from memory.updating import LUCK, MENTION, Evidence, tell, update

if TYPE_CHECKING:
    from memory.knowledge import KnowledgeState

HOUR_MS = 3_600_000
OVERRIDE_SURE = 0.9
"""How far a learner's own verdict is trusted."""
BINS = 10
"""Calibration is kept per tenth of predicted coverage."""


def _asked(state: KnowledgeState, event: Event) -> None:
    state.telling[event.question] = []
    state.confidence.pop(event.question, None)


def _told(state: KnowledgeState, event: Event) -> None:
    named = event.payload.get("expectations") or [event.payload.get("expectation")]
    for expectation in [e for e in named if isinstance(e, str)]:
        if event.question in state.telling:
            state.telling[event.question].append(expectation)
        else:
            _told_later(state, event, expectation)


def _told_later(state: KnowledgeState, event: Event, expectation: str) -> None:
    """Shown after the question closed: part of that update if the same day, else a fresh telling."""
    key = f"{event.question}#{expectation}"
    point = state.points.get(key)
    if point is not None and point.evidence is not None and same_day(point.at, event.at):
        if not point.evidence.told:
            point.evidence = replace(point.evidence, told=True)
            _replay(state, point)
        return
    asked = state.questions.get(event.question, Asked())
    belief = state.belief(event.question, expectation, event.topic or asked.topic, asked.level)
    state.points[key] = Point(tell(belief, event.at))


def _confidence(state: KnowledgeState, event: Event) -> None:
    level = event.payload.get("level")
    if isinstance(level, int) and 1 <= level <= 3:
        state.confidence[event.question] = level


def _closed(state: KnowledgeState, event: Event) -> None:
    payload, question = event.payload, event.question
    topic, level = payload.get("topic") or event.topic, int(payload.get("level") or 2)
    told = set(state.telling.pop(question, ()))
    heard = state.confidence.pop(question, None)
    confidence = payload.get("confidence") or heard
    basis = float(payload.get("basis") or 1.0)
    rows = [r for r in payload.get("outcomes") or () if isinstance(r.get("expectation"), str)]
    if not rows:
        return
    weights = payload.get("weights") or {}
    asked = state.questions.setdefault(question, Asked())
    first = not asked.times and question not in state.schedule
    beliefs = [state.belief(question, r["expectation"], topic, level) for r in rows]
    expected = [b.recall(event.at, state.tempo, state.model) for b in beliefs]
    gains = state.abilities.observe(topic, expected, first)
    total = score = missed = 0.0
    for row, belief in zip(rows, beliefs, strict=True):
        evidence = _evidence(row, told, confidence, basis)
        verdict = own_verdict(row) if row.get("overruled") else None
        evidence = _record(
            state, event, topic, row["expectation"], belief, evidence, gains, verdict
        )
        weight = float(weights.get(row["expectation"], 1.0))
        total += weight
        score += weight * evidence.unaided
        missed += 1 - evidence.unaided
    _asked_again(state, event, asked, topic, level, weights, score / total)
    _time_taken(state, asked, payload, missed)


def _evidence(
    row: Mapping[str, Any], told: set[str], confidence: int | None, basis: float
) -> Evidence:
    """What the judge found, without the learner's own verdict."""
    overruled = row.get("overruled")
    row = {**row, **overruled} if isinstance(overruled, dict) else row
    aid = row.get("aid") or "none"
    return Evidence(
        coverage=min(max(float(row.get("coverage") or 0.0), 0.0), 1.0),
        aid=aid,
        sure=float(row.get("sure", 1.0)),
        contradicted=bool(row.get("contradicted")),
        told=aid == "told" or row["expectation"] in told or bool(row.get("told")),
        confidence=confidence if confidence in (1, 2, 3) else None,
        basis=basis,
    )


def _record(
    state: KnowledgeState,
    event: Event,
    topic: str,
    expectation: str,
    belief: Belief,
    judged: Evidence,
    gains: Gains,
    verdict: str | None,
) -> Evidence:
    """One expectation of a closed question: belief, ability, pace, calibration. Returns the evidence
    that counts, with the learner's own `verdict`."""
    evidence = _overruled(judged, verdict)
    result = update(belief, evidence, event.at, state.tempo, state.model)
    testable = belief.last is not None and not same_day(belief.last, event.at)
    point = Point(
        result.belief,
        before=belief,
        evidence=judged,
        at=event.at,
        gains=gains,
        forecast=round(LUCK + (MENTION - LUCK) * result.predicted, 6) if testable else None,
        tempo=state.tempo,
        held=round(result.held, 9),
        verdict=verdict,
    )
    state.points[f"{event.question}#{expectation}"] = point
    state.abilities.move(topic, event.question, gains, point.held - result.predicted)
    state.verdicts += 1
    state.overridden += verdict is not None
    if testable:
        state.rhythm.observe(belief.wins, result.score, result.information)
        _calibrate(state, point.forecast, 1, evidence.unaided)
    return evidence


def _asked_again(
    state: KnowledgeState,
    event: Event,
    asked: Asked,
    topic: str,
    level: int,
    weights: Mapping[str, Any],
    score: float,
) -> None:
    asked.topic, asked.level = topic, level
    asked.times += 1
    asked.last = event.at
    asked.score = round(score, 6)
    for row in event.payload["outcomes"]:
        asked.weights[row["expectation"]] = float(weights.get(row["expectation"], 1.0))
    hour = event.at // HOUR_MS
    if not state.hours or hour > state.hours[-1]:
        state.hours.append(hour)
    elif hour not in state.hours[-48:]:
        state.hours = sorted({*state.hours, hour})


def _time_taken(
    state: KnowledgeState, asked: Asked, payload: Mapping[str, Any], missed: float
) -> None:
    minutes = payload.get("minutes")
    if not isinstance(minutes, int | float) or not 0 < minutes <= 120:
        return
    nominal = float(payload.get("nominal") or 4.0)
    state.minutes.observe(nominal, missed, min(float(minutes), 4 * nominal))
    share = 1 / min(asked.times, 4)
    asked.minutes = round(asked.minutes + (float(minutes) - asked.minutes) * share, 4)


def _overridden(state: KnowledgeState, event: Event) -> None:
    point = state.points.get(f"{event.question}#{event.payload.get('expectation')}")
    verdict = event.payload.get("verdict")
    if point is None or point.before is None or verdict not in (*COVERAGE, None):
        return
    if event.question in state.telling:
        return  # the question is open: its end will say so
    asked = state.questions.get(event.question, Asked())
    before, held = _effective(point).unaided, point.held
    state.overridden += (verdict is not None) - (point.verdict is not None)
    point.verdict = verdict
    _replay(state, point)
    state.abilities.move(asked.topic, event.question, point.gains, point.held - held)
    _calibrate(state, point.forecast, 0, _effective(point).unaided - before)


def _effective(point: Point) -> Evidence:
    assert point.evidence is not None
    return _overruled(point.evidence, point.verdict)


def _overruled(judged: Evidence, verdict: str | None) -> Evidence:
    """The evidence with the learner's override in it. A point claimed as said was said unaided."""
    if verdict is None:
        return judged
    covered = COVERAGE[verdict]
    return replace(
        judged,
        coverage=covered,
        aid="none" if judged.aid == "told" and covered else judged.aid,
        sure=OVERRIDE_SURE,
        contradicted=verdict == "contradicted",
    )


def _replay(state: KnowledgeState, point: Point) -> None:
    """Do the point's last update again with the evidence as it stands."""
    assert point.before is not None
    result = update(point.before, _effective(point), point.at, point.tempo, state.model)
    point.belief, point.held = result.belief, round(result.held, 9)


def _calibrate(
    state: KnowledgeState, forecast: float | None, answers: int, coverage: float
) -> None:
    if forecast is None:
        return
    row = state.calibration[min(int(forecast * BINS), BINS - 1)]
    row[0] += answers
    row[1] = round(row[1] + forecast * answers, 6)
    row[2] = round(row[2] + coverage, 6)


def _misconception_opened(state: KnowledgeState, event: Event) -> None:
    name = event.payload.get("misconception")
    if isinstance(name, str):
        state.misconceptions.setdefault(event.question, {}).setdefault(name, event.at)


def _misconception_closed(state: KnowledgeState, event: Event) -> None:
    some, name = state.misconceptions.get(event.question, {}), event.payload.get("misconception")
    since = event.payload.get("since")
    if since is not None and some.get(str(name)) != since:
        return  # what is withdrawn had been said before as well
    some.pop(str(name), None)
    if not some:
        state.misconceptions.pop(event.question, None)


def _goal_set(state: KnowledgeState, event: Event) -> None:
    state.goal_date = str(event.payload.get("date") or "")
    state.goal_minutes = float(event.payload.get("minutes") or 0.0)


def _fitted(state: KnowledgeState, event: Event) -> None:
    """Parameters of the learner's own; the owner of the events then folds all again with them."""
    own = event.payload.get("parameters")
    state.fitted = {k: own[k] for k in PERSONAL if k in own} if isinstance(own, dict) else {}


def _imported(state: KnowledgeState, event: Event) -> None:
    """Review logs: payload ``reviews`` maps a question to [[milliseconds, rating 1..4], ...]."""
    for question, log in (event.payload.get("reviews") or {}).items():
        result = replay([(a, r) for a, r in log if 1 <= r <= 4])
        if result is not None:
            stability, difficulty, last = result
            state.schedule[question] = (round(stability, 6), round(difficulty, 6), last)


HANDLERS: dict[str, Callable[[KnowledgeState, Event], None]] = {
    "asked": _asked,
    "told": _told,
    "explained": _told,
    "confidence": _confidence,
    "closed": _closed,
    "overridden": _overridden,
    "misconception_opened": _misconception_opened,
    "misconception_closed": _misconception_closed,
    "fitted": _fitted,
    "goal_set": _goal_set,
    "imported": _imported,
}
