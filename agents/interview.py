"""The controller: the tutor's next move as a pure function of the interview's state.

No agent chooses a move: agents find words for the moves chosen here. The ladder pump, hint, prompt,
assertion and the covered threshold follow AutoTutor (Graesser et al. 2004, "AutoTutor: A tutor with
dialogue in natural language").
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from agents.state import COVERED, WHOLE, PointState, QuestionState, Rules, SessionState
from memory.events import Aid, Outcome

NEARLY = 0.55
"""Coverage from which a single word is likely all that is missing."""
WEAK = 0.25
"""Score of a first answer below which the learner is asked to say more before anything narrower."""
UNSURE = 0.55
"""Sureness of the grader below which a point is asked about rather than judged."""

Step = Literal["pump", "hint", "prompt"]
LADDER: tuple[Step, ...] = ("pump", "hint", "prompt")


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing to do until the learner acts."""


@dataclass(frozen=True, slots=True)
class AskNext:
    """Ask the question the planner chooses."""


@dataclass(frozen=True, slots=True)
class Judge:
    """Judge the turns so far; `answer` is the event to judge."""

    answer: str


@dataclass(frozen=True, slots=True)
class Reply:
    """Answer what the learner asked in event `to`."""

    to: str


@dataclass(frozen=True, slots=True)
class Probe:
    """A follow-up about `point`, on rung `step` of the ladder. `clarify`: the grader was unsure."""

    point: str
    step: Step
    clarify: bool = False


@dataclass(frozen=True, slots=True)
class Tell:
    """Say the point."""

    point: str


@dataclass(frozen=True, slots=True)
class Close:
    """End the question and account for every expectation."""

    outcomes: tuple[Outcome, ...]
    skipped: bool = False


@dataclass(frozen=True, slots=True)
class Explain:
    """Explain what failed; empty when nothing did."""

    points: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class End:
    """End the session."""

    reason: str


Move = Wait | AskNext | Judge | Reply | Probe | Tell | Close | Explain | End


@dataclass(frozen=True, slots=True)
class Situation:
    """What the controller may know besides the events: `worth` says per expectation whether a
    further follow-up is worth its minute (absent: yes), `left` whether anything can still be asked."""

    worth: Mapping[str, bool] = field(default_factory=dict)
    left: bool = True


def next_move(state: SessionState, situation: Situation | None = None) -> Move:
    """The tutor's move in `state`; `Wait` when it is the learner's turn."""
    situation = situation or Situation()
    q = state.current
    if state.ended:
        return Wait()
    if q is None:
        return AskNext() if situation.left else End("nothing to ask")
    if q.unreplied:
        return Reply(q.unreplied)
    if q.pending:
        return Judge(q.pending)
    if q.closed:
        return _after_close(state, q, situation)
    return _follow_up(state.rules, q, situation) if q.due else Wait()


def _after_close(state: SessionState, q: QuestionState, situation: Situation) -> Move:
    if state.rules.feedback and not q.explained and not q.skipped:
        return Explain(failed(q))
    return on_next(state, situation) if state.rules.auto_next else Wait()


def on_next(state: SessionState, situation: Situation | None = None) -> Move:
    """The move when the learner asks for the next question."""
    left = situation is None or situation.left
    if not left:
        return End("nothing left to ask")
    if state.questions and len(state.asked) >= state.questions:
        return End("questions done")
    if state.minutes and state.busy >= state.minutes * 60_000:
        return End("time is up")
    return AskNext()


def failed(q: QuestionState) -> tuple[str, ...]:
    """Expectations the learner did not say unaided by an assertion, heaviest first."""
    missed = [name for name, p in q.points.items() if p.coverage < COVERED and name != WHOLE]
    return tuple(sorted(missed, key=lambda name: -q.points[name].weight))


def _follow_up(rules: Rules, q: QuestionState, situation: Situation) -> Move:
    target = choose_point(q, situation)
    helps = rules.hints > 0
    if not target or q.probes >= rules.probes or (q.gave_up and not helps):
        return close(q)
    point = q.points[target]
    step = next_step(q, target) if helps else "pump"
    if step is None:
        return Tell(target)
    clarify = point.sure < UNSURE and point.coverage < COVERED
    return Probe(target, step, clarify=clarify)


def choose_point(q: QuestionState, situation: Situation | None = None) -> str:
    """The open expectation to ask about: the current focus while rungs remain, then what was
    contradicted, then what weighs most and is least covered. Empty when none is left or worth it."""
    open_points = [name for name, p in q.points.items() if p.open and name != WHOLE]
    if q.focus in open_points:
        return q.focus
    worth = situation.worth if situation and q.probes else {}
    candidates = [name for name in open_points if worth.get(name, True)]
    order = list(q.points)
    return max(
        candidates,
        key=lambda name: (*_priority(q.points[name]), -order.index(name)),
        default="",
    )


def _priority(point: PointState) -> tuple[bool, float]:
    half_said = 1.25 if point.coverage > 0 or point.sure < UNSURE else 1.0
    return point.contradicted, point.weight * (1 - point.coverage) * half_said


def next_step(q: QuestionState, name: str) -> Step | None:
    """The next rung for expectation `name`; None when only telling is left."""
    point = q.points[name]
    if point.aid in ("prompt", "told"):
        return None
    given = LADDER.index(point.aid) + 1 if point.aid in LADDER else 0
    if q.gave_up:
        return LADDER[max(given, 1)]
    if given == 0 and q.probes == 0 and q.score < WEAK:
        return "pump"
    if point.coverage >= NEARLY and not point.contradicted:
        return "prompt"
    return LADDER[given]


def hint_step(q: QuestionState, name: str) -> Step:
    """The rung when the learner asks for a hint: a hint first, then the prompt."""
    return "prompt" if q.points[name].aid in ("hint", "prompt") else "hint"


def clearer(rules: Rules, q: QuestionState) -> Probe | None:
    """The move for who has not understood the follow-up that stands: its next rung, which says more;
    None where no rung is left, or none may be given."""
    point = q.points.get(q.focus)
    if q.closed or point is None or not point.open or q.hints >= rules.hints:
        return None
    return Probe(q.focus, hint_step(q, q.focus)) if q.step in ("pump", "hint") else None


def close(q: QuestionState, skipped: bool = False) -> Close:
    """Ends the question: an outcome for every expectation, or none at all if it was skipped."""
    if skipped:
        return Close((), skipped=True)
    return Close(tuple(outcome(name, point) for name, point in q.points.items()))


def fitting(move: Move, q: QuestionState, known: Collection[str]) -> Move:
    """`move`, or what is left of it when the question was edited or removed while it was open.
    `known` are the expectations it still has."""
    match move:
        case Probe(point) | Tell(point) if point not in known:
            kept = {name: p for name, p in q.points.items() if name in known}
            return close(replace(q, points=kept), skipped=not kept)
        case Explain(points):
            return Explain(tuple(name for name in points if name in known))
    return move


def outcome(name: str, point: PointState) -> Outcome:
    aid: Aid = point.earned
    if point.coverage < COVERED and point.aid == "told":
        aid = "told"
    elif point.coverage <= 0:
        aid = point.aid
    overruled = outcome(name, point.judged) if point.judged else None
    return Outcome(name, point.coverage, aid, point.sure, point.contradicted, overruled)
