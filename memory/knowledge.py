"""What the learner knows: a deterministic fold over events, one belief per expectation.

`KnowledgeState` is changed in place by `apply`; `fold` is the same for a run of events. The fold reads
nothing but the events, in the order of their ids, so the same events give the same bytes from
`to_json`, on any machine, and a snapshot plus the later events equals the whole fold.

Two machines of one learner: events arrive in any order, but the fold is defined over the ids' order.
An event whose id is not above the last one folded is not applied; it sets `dirty`, and the owner of
the events folds again from the beginning (`KnowledgeState.of`). The last id itself is ignored when it
comes twice. Whoever writes events should make ids that never step back on one machine.

Corrections: with each point the belief before its last update is kept, and the evidence. An override,
its undoing, or an explanation shown after the question closed replays that update, so the schedule
changes at once; an override taken back leaves exactly the state there was.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field

from memory.ability import Abilities
from memory.belief import Belief, scheduled, unseen
from memory.days import DAY_MS, day_number
from memory.events import Event
from memory.folding import BINS, HANDLERS
from memory.fsrs6 import DEFAULT, Fsrs6, personal
from memory.points import (
    Asked,
    Minutes,
    Point,
    asked_from,
    asked_row,
    minutes_row,
    point_from,
    point_row,
    rhythm_row,
)
from memory.tempo import Tempo, TempoBelief

VERSION = 4
_PLAIN = (
    "last_id",
    "dirty",
    "misconceptions",
    "fitted",
    "goal_date",
    "goal_minutes",
    "hours",
    "calibration",
    "schedule",
    "telling",
    "confidence",
    "verdicts",
    "overridden",
)


@dataclass(slots=True)
class KnowledgeState:
    """All that is folded from one learner's events. See the module's text."""

    last_id: str = ""
    dirty: bool = False
    points: dict[str, Point] = field(default_factory=dict)
    questions: dict[str, Asked] = field(default_factory=dict)
    abilities: Abilities = field(default_factory=Abilities)
    rhythm: TempoBelief = field(default_factory=TempoBelief)
    """How fast this learner forgets."""
    minutes: Minutes = field(default_factory=Minutes)
    misconceptions: dict[str, dict[str, int]] = field(default_factory=dict)
    """Open ones: question -> misconception -> time (ms) opened."""
    fitted: dict[str, float] = field(default_factory=dict)
    """The learner's own parameters, see `fsrs6.PERSONAL`; empty for the defaults."""
    goal_date: str = ""
    goal_minutes: float = 0.0
    hours: list[int] = field(default_factory=list)
    """Hours since the epoch in which something was answered, ascending."""
    calibration: list[list[float]] = field(
        default_factory=lambda: [[0, 0.0, 0.0] for _ in range(BINS)]
    )
    """Per tenth of predicted coverage: answers, sum of predictions, sum of coverage."""
    schedule: dict[str, tuple[float, float, int]] = field(default_factory=dict)
    """Imported starting schedules: question -> stability (days), difficulty, last review (ms)."""
    telling: dict[str, list[str]] = field(default_factory=dict)
    """Open questions and the points told since they were asked."""
    confidence: dict[str, int] = field(default_factory=dict)
    verdicts: int = 0
    overridden: int = 0
    model: Fsrs6 = field(default=DEFAULT, repr=False, compare=False)

    @classmethod
    def empty(cls, model: Fsrs6 = DEFAULT) -> KnowledgeState:
        """Knowledge before any event."""
        return cls(model=model)

    @classmethod
    def of(cls, events: Iterable[Event], model: Fsrs6 = DEFAULT) -> KnowledgeState:
        """The whole fold: events in any order, duplicates by id counted once."""
        by_id = {e.id: e for e in events}
        ordered = [by_id[i] for i in sorted(by_id)]
        state = fold(cls.empty(model), ordered)
        return fold(cls.empty(personal(state.fitted)), ordered) if state.fitted else state

    def apply(self, event: Event) -> None:
        """Fold one event in, changing this state."""
        if event.id <= self.last_id:
            self.dirty = self.dirty or event.id != self.last_id
            return
        self.last_id = event.id
        handler = HANDLERS.get(event.kind)
        if handler is not None:
            handler(self, event)

    # What others ask of it.

    @property
    def tempo(self) -> Tempo:
        """The most probable tempo of this learner's forgetting."""
        return self.rhythm.tempo

    def belief(self, question: str, expectation: str, topic: str = "", level: int = 2) -> Belief:
        """The belief about a point, from its schedule or the learner's ability if never asked."""
        point = self.points.get(f"{question}#{expectation}")
        if point is not None:
            return point.belief
        return self.prior(question, topic, level)

    def prior(self, question: str, topic: str = "", level: int = 2) -> Belief:
        """The belief about any point of a question that was never asked here."""
        if question in self.schedule:
            return scheduled(*self.schedule[question])
        return unseen(self.abilities.known(topic, level, question))

    def recall_probability(
        self, question: str, expectation: str, at: int, topic: str = "", level: int = 2
    ) -> float:
        """Probability that a point would be recalled at `at` (ms), asked before or not."""
        belief = self.belief(question, expectation, topic, level)
        return belief.recall(at, self.tempo, self.model)

    def retrievability(self, key: str, at: int) -> float | None:
        """Probability that a point asked before (``question#expectation``) is recalled; else None."""
        point = self.points.get(key)
        return None if point is None else point.belief.recall(at, self.tempo, self.model)

    def stability(self, key: str) -> float | None:
        """Days until retrievability falls to 90 %, None for a point never asked."""
        point = self.points.get(key)
        return None if point is None else point.belief.stability(self.tempo)

    def point_due(self, key: str, retention: float = 0.9) -> int | None:
        """When (ms) a point comes due: after its interval, shorter the less sure it is in memory."""
        point = self.points.get(key)
        if point is None or point.belief.last is None:
            return None
        days = self.model.interval(point.belief.stability(self.tempo), retention)
        days *= min(point.belief.known / 0.9, 1.0) ** 2
        return point.belief.last + round(max(days, 1.0) * DAY_MS)

    def due_at(self, question: str, retention: float = 0.9) -> int | None:
        """When (ms) a question comes due: once a third of its weight has; None if never asked."""
        asked = self.questions.get(question)
        if asked is None or not asked.times:
            return self._scheduled_due(question, retention)
        dues = sorted(
            (due, weight)
            for e, weight in asked.weights.items()
            if (due := self.point_due(f"{question}#{e}", retention)) is not None
        )
        total = sum(w for _, w in dues)
        reached = 0.0
        for due, weight in dues:
            reached += weight
            if reached >= total / 3:
                return due
        return None

    def due(self, at: int, retention: float = 0.9) -> list[str]:
        """The questions due at `at` (ms), longest overdue first."""
        dues = [
            (when, q)
            for q in {**self.questions, **self.schedule}
            if (when := self.due_at(q, retention)) is not None and when <= at
        ]
        return [q for _, q in sorted(dues)]

    def streak(self, at: int, utc_offset_minutes: int = 0) -> int:
        """Days of study in a row up to today, or up to yesterday if nothing was done today yet."""
        days = set(self.study_days(utc_offset_minutes))
        day = day_number(at, utc_offset_minutes)
        if day not in days:
            day -= 1
        count = 0
        while day - count in days:
            count += 1
        return count

    def study_days(self, utc_offset_minutes: int = 0) -> list[int]:
        """Local days (since the epoch) on which something was answered, ascending."""
        return sorted({(h * 60 + utc_offset_minutes) // 1440 for h in self.hours})

    def calibration_pairs(self) -> list[tuple[float, float, int]]:
        """Per tenth of predicted coverage that has answers: mean predicted, mean actual, answers."""
        return [(s / n, a / n, int(n)) for n, s, a in self.calibration if n]

    def open_misconceptions(self) -> list[tuple[str, str, int]]:
        """(question, misconception, opened at ms), oldest first."""
        rows = [(at, q, m) for q, some in self.misconceptions.items() for m, at in some.items()]
        return [(q, m, at) for at, q, m in sorted(rows)]

    def to_json(self) -> str:
        """The state as JSON; the same state always gives the same text."""
        data = {
            "version": VERSION,
            "points": {k: point_row(v) for k, v in self.points.items()},
            "questions": {k: asked_row(v) for k, v in self.questions.items()},
            "abilities": self.abilities.to_dict(),
            "minutes": minutes_row(self.minutes),
            "rhythm": rhythm_row(self.rhythm),
            **{name: getattr(self, name) for name in _PLAIN},
        }
        return json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str, model: Fsrs6 = DEFAULT) -> KnowledgeState:
        """The state from `to_json`. Raises `ValueError` for another version or broken text."""
        data = json.loads(text)
        if not isinstance(data, dict) or data.get("version") != VERSION:
            raise ValueError(
                "this snapshot of knowledge has another version: fold the events again"
            )
        try:
            state = cls(model=model, **{name: data[name] for name in _PLAIN})
            if state.fitted:
                state.model = personal(state.fitted)
            state.points = {k: point_from(v) for k, v in data["points"].items()}
            state.questions = {k: asked_from(v) for k, v in data["questions"].items()}
            state.abilities = Abilities.from_dict(data["abilities"])
            state.minutes = Minutes(*data["minutes"])
            state.rhythm = TempoBelief(*data["rhythm"])
            state.schedule = {k: (s, d, t) for k, (s, d, t) in state.schedule.items()}
        except (KeyError, TypeError) as error:
            raise ValueError(f"this snapshot of knowledge is damaged: {error!r}") from error
        return state

    def _scheduled_due(self, question: str, retention: float) -> int | None:
        if question not in self.schedule:
            return None
        stability, _, last = self.schedule[question]
        return last + round(self.model.interval(stability, retention) * DAY_MS)


def fold(state: KnowledgeState, events: Event | Iterable[Event]) -> KnowledgeState:
    """Apply an event, or several in the order of their ids. Changes and returns `state`."""
    for event in (events,) if isinstance(events, Event) else events:
        state.apply(event)
    return state
