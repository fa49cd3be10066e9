"""What a learner may ask for besides answering, decided for the state in which it is its turn."""

from __future__ import annotations

from agents import interview
from agents.desk.handling import refuse
from agents.interview import Probe
from agents.protocol import Override
from agents.state import COVERAGE_OF, SessionState

UNAIDED = "answer as well as you can, say that you don't know, or skip"


def taken_in(state: SessionState, turn: str) -> bool:
    """Whether a move of the learner was made before, at least in part."""
    return turn in state.seen or any(word.startswith(f"{turn}/") for word in state.seen)


def stands(q: interview.QuestionState, request: Override) -> bool:
    """Whether the override that is asked for is in force already, e.g. because it was resent."""
    point = q.points[request.point]
    if not request.verdict:
        return point.judged is None
    said = COVERAGE_OF[request.verdict], request.verdict == "contradicted"
    return point.judged is not None and said == (point.coverage, point.contradicted)


def finish(state: SessionState) -> interview.Move:
    return interview.Wait() if state.ended else interview.End("finished by you")


def skip(state: SessionState) -> interview.Move:
    q = undone(state)
    return interview.close(q, skipped=True)


def hint(state: SessionState, wanted: str) -> interview.Move:
    q = undone(state)
    if q.hints >= state.rules.hints:
        if not state.rules.hints:
            raise refuse("a mock interview has no hints", UNAIDED)
        raise refuse("no hints are left", "answer, skip, or ask to be told")
    open_points = [name for name, point in q.points.items() if point.open]
    target = wanted if wanted in open_points else interview.choose_point(q)
    if not target:
        raise refuse("there is nothing left to hint at")
    if q.points[target].aid == "prompt":
        raise refuse("that was the last hint on this point", "answer, skip, or ask to be told")
    return Probe(target, interview.hint_step(q, target))


def told(state: SessionState) -> None:
    """Refuses to tell where nothing is told before the end."""
    if not state.rules.feedback:
        raise refuse("a mock interview tells nothing before its end", UNAIDED)


def undone(state: SessionState) -> interview.QuestionState:
    if state.ended or state.current is None or state.current.closed:
        raise refuse("this question is done", "go on to the next")
    return state.current
