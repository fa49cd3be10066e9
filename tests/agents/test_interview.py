"""The controller: what the tutor does next, whatever the learner does."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from agents import interview as iv
from agents.state import COVERED, RULES, QuestionState, SessionState, fold
from memory.events import Event, event_id

WEIGHTS = {"a": 2.0, "b": 3.0, "c": 1.0}


class Log:
    """A session's events and the state folded from them."""

    def __init__(self, mode: str = "study", questions: int = 3) -> None:
        self.at = 1_000
        self.events: list[Event] = []
        self.state = SessionState()
        self.add("session_started", mode=mode, questions=questions)

    def add(self, kind: Any, text: str = "", speaker: str = "", question: str = "", **payload: Any):
        self.at += 1_000
        event = Event(
            event_id(self.at, "x"), kind, self.at, "s", text, speaker, question, payload=payload
        )
        self.events.append(event)
        self.state = fold(self.state, event)
        return event

    def ask(self, name: str = "q") -> None:
        self.add("asked", "What is it?", question=name, weights=WEIGHTS)

    def answer(self, text: str = "something", **coverage: float) -> None:
        event = self.add("answered", text, "learner", question="q")
        self.judge(event.id, **coverage)

    def judge(self, answer: str, sure: float = 1.0, **coverage: float) -> None:
        points = [
            {
                "id": name,
                "coverage": coverage.get(name, 0.0),
                "verdict": "covered" if coverage.get(name, 0) >= COVERED else "missing",
                "quote": "so",
                "sure": sure,
            }
            for name in WEIGHTS
        ]
        self.add("judged", question="q", points=points, errors=[], answer=answer)

    @property
    def q(self) -> QuestionState:
        assert self.state.current is not None
        return self.state.current

    @property
    def move(self) -> iv.Move:
        return iv.next_move(self.state)

    def play(self, move: iv.Move) -> None:
        """Records the tutor's move as the conductor would."""
        match move:
            case iv.AskNext():
                self.ask()
            case iv.Judge(answer):
                self.judge(answer)
            case iv.Probe(point, step):
                self.add("probed", "?", question="q", expectation=point, move=step)
            case iv.Tell(point):
                self.add("told", "So.", question="q", expectation=point)
            case iv.Close():
                self.add("closed", question="q", outcomes=[])
            case iv.Explain():
                self.add("explained", "Because.", question="q")
            case iv.Reply():
                self.add("conversation", "Well.", "tutor")
            case iv.End(reason):
                self.add("session_ended", reason=reason)
            case _:
                raise AssertionError(move)


def asked(mode: str = "study") -> Log:
    log = Log(mode)
    log.ask()
    return log


def test_a_session_opens_with_a_question_and_waits():
    log = Log()
    assert log.move == iv.AskNext()
    log.ask()
    assert log.move == iv.Wait()


def test_a_weak_first_answer_is_pumped_and_a_partial_one_gets_the_heaviest_open_point():
    log = asked()
    log.answer()
    assert log.move == iv.Probe("b", "pump")
    log = asked()
    log.answer(b=1.0)
    assert isinstance(log.move, iv.Probe)
    assert log.move.point == "a"


def test_the_ladder_climbs_on_one_point_then_tells_it():
    log = asked()
    steps = []
    log.answer(a=1.0, c=1.0)
    while isinstance(log.move, iv.Probe):
        steps.append((log.move.point, log.move.step))
        log.play(log.move)
        log.answer(a=1.0, c=1.0)
    assert steps == [("b", "pump"), ("b", "hint"), ("b", "prompt")]
    assert isinstance(log.move, iv.Close)


def test_a_nearly_covered_point_needs_one_word():
    log = asked()
    log.answer(a=1.0, c=1.0, b=0.6)
    assert log.move == iv.Probe("b", "prompt")


def test_dont_know_leads_to_a_hint_then_a_prompt_then_the_point_is_told():
    log = asked()
    moves = []
    for _ in range(3):
        log.add("answered", "I don't know", "learner", question="q", dont_know=True)
        moves.append(log.move)
        log.play(log.move)
    assert moves[:2] == [iv.Probe("b", "hint"), iv.Probe("b", "prompt")]
    assert moves[2] == iv.Tell("b")


def test_everything_covered_closes_without_a_probe_and_explains_nothing():
    log = asked()
    log.answer(a=1, b=1, c=1)
    move = log.move
    assert isinstance(move, iv.Close)
    assert all(o.coverage == 1 and o.aid == "none" for o in move.outcomes)
    log.play(move)
    assert log.move == iv.Explain(())
    log.play(log.move)
    assert log.move == iv.Wait()


def test_credit_after_a_hint_is_recorded_as_helped_and_a_told_point_earns_nothing():
    log = asked()
    log.answer(a=1.0)
    log.add("hinted", "h", question="q", expectation="b", move="hint")
    log.answer(a=1.0, b=1.0)
    log.add("told", "t", question="q", expectation="c")
    log.answer(a=1.0, b=1.0, c=1.0)
    outcomes = {o.expectation: o for o in iv.close(log.q).outcomes}
    assert outcomes["a"].aid == "none"
    assert outcomes["b"].aid == "hint"
    assert (outcomes["c"].coverage, outcomes["c"].aid) == (0.0, "told")


def test_a_question_to_the_tutor_is_answered_first():
    log = asked()
    event = log.add("conversation", "what do you mean?", "learner", question="q")
    assert log.move == iv.Reply(event.id)
    log.play(log.move)
    assert log.move == iv.Wait()


def test_an_unsure_verdict_is_asked_about_rather_than_judged():
    log = asked()
    event = log.add("answered", "x", "learner", question="q")
    log.judge(event.id, sure=0.3, a=1.0, b=0.5, c=1.0)
    assert log.move == iv.Probe("b", "pump", clarify=True)


def test_a_mock_interview_gives_no_feedback_and_goes_on_by_itself():
    log = asked("mock")
    log.answer(a=1.0)
    log.play(log.move)
    log.answer(a=1.0)
    assert isinstance(log.move, iv.Close)
    log.play(log.move)
    assert log.move == iv.AskNext()


def test_a_resent_turn_is_recognised():
    log = asked()
    log.add("answered", "x", "learner", question="q", turn="t1")
    assert "t1" in log.state.seen


def test_an_answer_given_while_another_is_judged_is_judged_too():
    log = asked()
    first = log.add("answered", "one", "learner", question="q")
    second = log.add("answered", "two", "learner", question="q")
    log.judge(first.id, a=1.0)
    assert log.move == iv.Judge(second.id)


LEARNER = st.one_of(
    st.tuples(
        st.just("answer"), st.fixed_dictionaries({name: st.floats(0, 1) for name in WEIGHTS})
    ),
    st.tuples(st.just("dont_know"), st.none()),
    st.tuples(st.just("ask"), st.none()),
    st.tuples(st.just("hint"), st.none()),
    st.tuples(st.just("tell"), st.none()),
    st.tuples(st.just("skip"), st.none()),
    st.tuples(st.just("next"), st.none()),
)


def learner_acts(log: Log, kind: str, value: Any) -> None:
    q = log.state.current
    if q is None or log.state.ended:
        return
    if q.closed:
        if kind == "next":
            log.play(iv.on_next(log.state))
        return
    match kind:
        case "answer":
            log.answer(**value)
        case "dont_know":
            log.add("answered", "dunno", "learner", question="q", dont_know=True)
        case "ask":
            log.add("conversation", "?", "learner", question="q")
        case "hint" if target := iv.choose_point(q):
            step = iv.hint_step(q, target)
            log.add("hinted", "h", question="q", expectation=target, move=step)
        case "tell" if target := iv.choose_point(q):
            log.add("told", "t", question="q", expectation=target)
        case "skip":
            log.play(iv.close(q, skipped=True))


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(sorted(RULES)),
    st.lists(LEARNER, max_size=25),
)
def test_whatever_the_learner_does_the_tutor_comes_to_rest(mode: str, acts: list[Any]):
    log = Log(mode, questions=4)
    before: dict[str, float] = {}
    for kind, value in [("start", None), *acts]:
        learner_acts(log, kind, value)
        for _ in range(12):
            move = log.move
            if isinstance(move, iv.Wait):
                break
            log.play(move)
        else:
            raise AssertionError("the tutor never hands back")
        q = log.state.current
        assert q is not None
        assert q.probes <= log.state.rules.probes
        now = {f"{q.asked}/{n}": p.coverage for n, p in q.points.items()}
        assert all(now.get(name, 1.0) >= value for name, value in before.items())
        before = now
    assert len(log.state.asked) <= 4
    refolded = SessionState()
    for event in log.events:
        refolded = fold(refolded, event)
    assert refolded == log.state
    json.dumps([e.payload for e in log.events])
