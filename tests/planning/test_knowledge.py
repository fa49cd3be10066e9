"""The fold: deterministic, resumable, correctable."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memory.events import Event, event_id
from memory.knowledge import KnowledgeState, fold
from memory.reasons import when
from tests.planning.makers import at, closed, event

QUESTIONS = ("q", "r")
COVERAGE = st.sampled_from([0.0, 0.3, 0.5, 0.8, 1.0])


def _event(place: int, draw: tuple[str, str, float, str, Any]) -> Event:
    kind, question, coverage, aid, extra = draw
    day, salt = place * 0.4, f"{place:04d}"
    if kind == "closed":
        return closed(
            day, [coverage, 1 - coverage], question, aid, salt, confidence=extra, minutes=3
        )
    if kind == "overridden":
        verdict = [None, "covered", "partial", "missing"][extra or 0]
        return event(kind, day, question, salt, expectation="e0", verdict=verdict)
    if kind in ("told", "explained"):
        return event(kind, day, question, salt, expectation="e1", expectations=["e0", "e1"])
    if kind == "imported":
        return event(kind, day, "", salt, reviews={question: [[at(-30), 3], [at(-20), 2]]})
    if kind == "goal_set":
        return event(kind, day, "", salt, date="2026-03-01", minutes=20)
    return event(kind, day, question, salt, misconception="m", level=extra)  # type: ignore[arg-type]


KINDS = [
    "closed",
    "closed",
    "closed",
    "overridden",
    "told",
    "explained",
    "asked",
    "imported",
    "goal_set",
    "confidence",
    "misconception_opened",
    "misconception_closed",
]
HISTORIES = st.lists(
    st.tuples(
        st.sampled_from(KINDS),
        st.sampled_from(QUESTIONS),
        COVERAGE,
        st.sampled_from(["none", "pump", "hint", "prompt", "told"]),
        st.sampled_from([None, 1, 2, 3]),
    ),
    max_size=14,
).map(lambda rows: [_event(i, row) for i, row in enumerate(rows)])


@settings(max_examples=60, deadline=None)
@given(HISTORIES, st.integers(0, 14))
def test_a_snapshot_and_what_follows_equal_the_whole_fold(events: list[Event], cut: int) -> None:
    whole = fold(KnowledgeState.empty(), events).to_json()
    half = fold(KnowledgeState.empty(), events[:cut]).to_json()
    assert fold(KnowledgeState.from_json(half), events[cut:]).to_json() == whole
    assert KnowledgeState.of(events[::-1] + events).to_json() == whole


@settings(max_examples=40, deadline=None)
@given(HISTORIES, COVERAGE, st.sampled_from(["covered", "partial", "missing", "contradicted"]))
def test_an_override_taken_back_leaves_no_trace(
    events: list[Event], coverage: float, verdict: str
) -> None:
    state = fold(KnowledgeState.empty(), [*events, closed(30, [coverage, 1.0])])
    before = state.to_json().replace(state.last_id, "")
    state.apply(event("overridden", 31, salt="a", expectation="e0", verdict=verdict))
    state.apply(event("overridden", 31, salt="b", expectation="e0", verdict=None))
    assert state.to_json().replace(state.last_id, "") == before


def test_an_override_reschedules_at_once() -> None:
    state = fold(KnowledgeState.empty(), [closed(0, 0.0), closed(4, 0.0)])
    missed = state.point_due("q#e0")
    state.apply(event("overridden", 4.1, expectation="e0", verdict="covered"))
    put_right = state.point_due("q#e0")
    assert missed and put_right and put_right > missed
    assert state.overridden == 1


def test_an_override_equals_the_verdict_it_gives_for_the_schedule() -> None:
    wrong = fold(KnowledgeState.empty(), [closed(0, 0.0), closed(4, 0.0)])
    wrong.apply(event("overridden", 4.1, expectation="e0", verdict="covered"))
    right = fold(KnowledgeState.empty(), [closed(0, 0.0), closed(4, 1.0, sure=0.9)])
    assert wrong.points["q#e0"].belief == right.points["q#e0"].belief


def test_an_explanation_after_the_question_counts_as_part_of_it() -> None:
    after = fold(KnowledgeState.empty(), [closed(0, 0.0, told=False)])
    assert after.points["q#e0"].belief.phase == "missed"
    after.apply(event("explained", 0.01, expectations=["e0"]))
    with_it = fold(KnowledgeState.empty(), [closed(0, 0.0, told=True)])
    assert after.points["q#e0"].belief == with_it.points["q#e0"].belief


def test_an_event_out_of_order_asks_for_a_new_fold() -> None:
    events = [closed(0, 1.0), closed(3, 0.0), closed(9, 1.0)]
    state = fold(KnowledgeState.empty(), [events[0], events[2]])
    assert not state.dirty
    state.apply(events[2])
    assert not state.dirty
    state.apply(events[1])
    assert state.dirty
    assert (
        KnowledgeState.of([events[2], events[0], events[1]]).to_json()
        == fold(KnowledgeState.empty(), events).to_json()
    )


def test_success_moves_ability_and_difficulty() -> None:
    good = fold(KnowledgeState.empty(), [closed(0, [1.0] * 5, topic="t")])
    poor = fold(KnowledgeState.empty(), [closed(0, [0.0] * 5, topic="t")])
    assert good.abilities.ability("t") > poor.abilities.ability("t")
    assert good.abilities.difficulty("q", 2) < poor.abilities.difficulty("q", 2)
    other = [s.recall_probability("new", "e", at(1), "t", 2) for s in (poor, good)]
    assert other[0] < other[1]


def test_ability_settles_in_about_ten_questions() -> None:
    state = KnowledgeState.empty()
    for k in range(10):
        state.apply(
            closed(k * 0.01, [1.0, 1.0, 1.0, 0.0], f"q{k}", topic="t", salt=f"{k}", level=3)
        )
    assert state.abilities.known("t", 3) == pytest.approx(0.75, abs=0.12)


def test_repeats_do_not_move_ability() -> None:
    state = fold(KnowledgeState.empty(), [closed(0, [0.0, 0.0], topic="t")])
    ability = state.abilities.ability("t")
    state.apply(closed(6, [1.0, 1.0], topic="t"))
    assert state.abilities.ability("t") == ability


def test_forgetting_faster_than_usual_shortens_every_date() -> None:
    def learner(coverage: float) -> KnowledgeState:
        state = KnowledgeState.empty()
        for k in range(12):
            state.apply(closed(k * 0.01, [0.0] * 4, f"q{k}", salt=f"{k:02d}"))
        for k in range(12):
            state.apply(closed(4 + k * 0.01, [coverage] * 4, f"q{k}", salt=f"{k:02d}"))
        state.apply(closed(5, [0.0], "other"))
        return state

    fast, slow = learner(0.0), learner(1.0)
    assert (fast.stability("other#e0") or 0) < (slow.stability("other#e0") or 0)


def test_imported_reviews_start_the_schedule() -> None:
    state = KnowledgeState.empty()
    state.apply(event("imported", 0, "", reviews={"q": [[at(-40), 3], [at(-30), 3], [at(-10), 3]]}))
    assert state.recall_probability("q", "any", at(0)) > 0.7
    assert state.due_at("q") is not None
    assert state.due(at(400)) == ["q"]


def test_due_dates_come_sooner_after_a_miss() -> None:
    good = fold(KnowledgeState.empty(), [closed(0, [1.0, 1.0]), closed(4, [1.0, 1.0])])
    poor = fold(KnowledgeState.empty(), [closed(0, [1.0, 1.0]), closed(4, [0.0, 0.0])])
    assert (poor.due_at("q") or 0) < (good.due_at("q") or 0)
    assert poor.due(at(365)) == ["q"]
    assert poor.due(at(4)) == []


def test_the_streak_counts_days_in_a_row() -> None:
    state = fold(KnowledgeState.empty(), [closed(d, 1.0) for d in (0, 2, 3, 4)])
    assert state.streak(at(4)) == 3
    assert state.streak(at(5)) == 3
    assert state.streak(at(6)) == 0


def test_calibration_pairs_count_only_what_could_be_predicted() -> None:
    state = fold(KnowledgeState.empty(), [closed(0, [1.0, 0.0])])
    assert state.calibration_pairs() == []
    state.apply(closed(5, [1.0, 0.0]))
    pairs = state.calibration_pairs()
    assert sum(n for _, _, n in pairs) == 2


def test_misconceptions_stay_open_until_closed() -> None:
    state = KnowledgeState.empty()
    state.apply(event("misconception_opened", 0, misconception="m"))
    assert [(q, m) for q, m, _ in state.open_misconceptions()] == [("q", "m")]
    state.apply(event("misconception_closed", 1, misconception="m"))
    assert state.open_misconceptions() == []


@pytest.mark.parametrize("text", ["{}", '{"version":99}', '{"version":1}', "[1]"])
def test_a_damaged_snapshot_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="snapshot"):
        KnowledgeState.from_json(text)


def test_foreign_payloads_are_skipped() -> None:
    state = KnowledgeState.empty()
    for kind, payload in (
        ("closed", {}),
        ("closed", {"outcomes": [{}]}),
        ("overridden", {"expectation": 7}),
        ("told", {}),
        ("imported", {}),
        ("goal_set", {}),
    ):
        state.apply(Event(event_id(at(1), kind), kind, at(1), "s", question="q", payload=payload))  # type: ignore[arg-type]
    assert state.points == {}


@pytest.mark.parametrize(
    ("days", "words"), [(0, "today"), (1, "yesterday"), (2, "on Tuesday"), (30, "on 2 December")]
)
def test_days_are_named_as_people_do(days: int, words: str) -> None:
    assert when(at(-days), at(0)) == words
