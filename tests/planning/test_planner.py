"""Which question comes next, and why."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memory.days import DAY_MS, end_of_day
from memory.forecast import forecast, interview_odds, reach
from memory.items import PlanItem
from memory.knowledge import KnowledgeState, fold
from memory.modes import mock_ability
from memory.planner import PlanContext, choose, plan
from memory.policy import Policy
from memory.probing import worth_probing
from memory.readiness import coverage_by_topic
from memory.recap import due_forecast, recap, session_coverage
from memory.today import today
from tests.planning.makers import at, closed, event, item

EMPTY = KnowledgeState.empty()
DECK = [
    item("a", 4, topic="x"),
    item("b", 6, topic="y", minutes=5.0),
    item("c", 3, topic="x", prerequisites=("a",)),
    item("d", 5, topic="y", level=4),
    item("e", 5, topic="z", prerequisites=("c",)),
]


def names(choices: list) -> list[str]:
    return [c.question for c in choices]


def test_every_choice_says_why() -> None:
    choice = choose(EMPTY, DECK, PlanContext(at(0)))
    assert choice is not None
    assert choice.kind == "new"
    assert choice.reason.startswith("new: ")
    assert choice.factors["gain per minute"] > 0
    assert choice.minutes > 0


def test_a_review_names_what_was_missed() -> None:
    state = fold(KnowledgeState.empty(), [closed(0, [1.0, 1.0, 0.0, 0.0], "a")])
    choice = choose(state, DECK[:1], PlanContext(at(5)))
    assert choice is not None and choice.kind == "review"
    assert "you missed 2 of 4 points on Thursday" in choice.reason


HISTORY = st.lists(
    st.tuples(st.sampled_from("abcde"), st.lists(st.floats(0, 1), min_size=6, max_size=6)),
    max_size=8,
)


@settings(max_examples=40, deadline=None)
@given(HISTORY, st.floats(3, 60), st.sampled_from(["study", "drill", "review", "mock"]))
def test_plans_are_repeatable_and_keep_the_rules(
    history: list[tuple[str, list[float]]], minutes: float, mode: str
) -> None:
    points = {i.id: len(i.expectations) for i in DECK}
    events = [
        closed(k * 0.7, row[: points[q]], q, salt=f"{k:03d}") for k, (q, row) in enumerate(history)
    ]
    state = fold(KnowledgeState.empty(), events)
    context = PlanContext(at(8), mode=mode, minutes_left=minutes)  # type: ignore[arg-type]
    choices = plan(state, DECK, context)
    again = plan(KnowledgeState.from_json(state.to_json()), DECK, context)
    assert choices == again
    assert len(set(names(choices))) == len(choices)
    if mode == "study":
        asked = {q for q, _ in history}
        for choice in choices:
            needs = next(i for i in DECK if i.id == choice.question).prerequisites
            assert choice.question in asked or all(q in asked for q in needs)


def test_a_ring_of_prerequisites_does_not_block() -> None:
    ring = [item("a", prerequisites=("b",)), item("b", prerequisites=("a",))]
    assert choose(EMPTY, ring, PlanContext(at(0))) is not None


def test_there_is_a_choice_even_where_little_is_to_be_gained() -> None:
    deck = [item(f"q{k}", 3, topic=f"t{k % 2}") for k in range(6)]
    days = (0, 2, 6, 20, 60)
    history = [
        closed(d + k * 0.001, [1.0] * 3, f"q{k}", salt=f"{k}") for d in days for k in range(6)
    ]
    state = fold(KnowledgeState.empty(), history)
    for day in (61, 62, 70, 100):
        assert choose(state, deck, PlanContext(at(day), goal_date="2026-03-05")) is not None


def test_a_question_is_asked_once_a_day() -> None:
    state = fold(KnowledgeState.empty(), [closed(0, [0.0] * 4, "a")])
    assert choose(state, DECK[:1], PlanContext(at(0.1))) is None
    assert choose(state, DECK[:1], PlanContext(at(2))) is not None


def test_nothing_is_started_that_cannot_be_finished() -> None:
    assert choose(EMPTY, DECK, PlanContext(at(0), minutes_left=0.5)) is None
    short = choose(EMPTY, DECK, PlanContext(at(0), minutes_left=4.0))
    assert short is not None and short.minutes <= 4.7


def test_weight_draws_the_planner() -> None:
    heavy = replace(DECK[0], id="heavy", weights=(3.0,) * 4)
    choice = choose(EMPTY, [DECK[0], heavy], PlanContext(at(0)))
    assert choice is not None and choice.question == "heavy"


def test_an_open_misconception_comes_first_among_equals() -> None:
    both = [item("a"), item("b")]
    history = [closed(0, [1.0] * 4, q, salt=q) for q in "ab"]
    history.append(event("misconception_opened", 0.01, "b", misconception="m"))
    choice = choose(fold(KnowledgeState.empty(), history), both, PlanContext(at(3)))
    assert choice is not None and choice.question == "b"
    assert "mix-up" in choice.reason


def test_a_new_deck_neither_drowns_nor_starves() -> None:
    deck = [item(f"q{k:02d}", 4) for k in range(40)]
    state = KnowledgeState.empty()
    kinds: list[str] = []
    for day in range(14):
        asked: tuple = ()
        for k in range(5):
            choice = choose(state, deck, PlanContext(at(day), asked=asked))
            assert choice is not None
            kinds.append(choice.kind)
            asked += ((choice.question, None),)
            state.apply(closed(day + k * 0.001, [1.0, 1.0, 0.0, 1.0], choice.question, salt=f"{k}"))
    assert 20 <= kinds.count("new") <= 50


def test_a_mock_interview_rises_and_falls_with_the_answers() -> None:
    deck = [item(f"q{k}", 4, level=1 + k % 5, topic=f"t{k}") for k in range(25)]
    levels = {i.id: i.level for i in deck}

    def last_level(score: float) -> int:
        asked: list[tuple[str, float | None]] = []
        for _ in range(8):
            choice = choose(EMPTY, deck, PlanContext(at(0), mode="mock", asked=tuple(asked)))
            assert choice is not None
            asked.append((choice.question, score))
        return levels[asked[-1][0]]

    assert last_level(1.0) > last_level(0.0)
    assert mock_ability(EMPTY, deck, [("q4", 1.0)]) > mock_ability(EMPTY, deck, [("q4", 0.0)])


def test_a_design_interview_goes_stage_by_stage() -> None:
    stages = [item(f"d/{s}", series="d", stage=s) for s in ("ask", "draw", "scale")]
    asked: tuple[tuple[str, float | None], ...] = ()
    for expected in ("d/ask", "d/draw", "d/scale"):
        choice = choose(EMPTY, [item("a"), *stages], PlanContext(at(0), mode="design", asked=asked))
        assert choice is not None and choice.question == expected
        assert "stage" in choice.reason
        asked += ((expected, 0.5),)
    assert choose(EMPTY, stages, PlanContext(at(0), mode="design", series="d", asked=asked)) is None


def test_a_drill_takes_the_weakest() -> None:
    history = [closed(0, [1.0] * 4, "a", salt="1"), closed(0.01, [0.0] * 4, "b", salt="2")]
    state = fold(KnowledgeState.empty(), history)
    choice = choose(state, [item("a"), item("b")], PlanContext(at(3), mode="drill"))
    assert choice is not None and choice.question == "b"


def test_a_drill_has_nothing_where_all_is_known() -> None:
    known = fold(KnowledgeState.empty(), [closed(0, [1.0] * 4, "a"), closed(3, [1.0] * 4, "a")])
    drill = PlanContext(at(3.01), mode="drill")
    assert choose(known, [item("a"), item("b")], drill) is None
    known.apply(event("misconception_opened", 3.005, "a", "m", misconception="m"))
    again = choose(known, [item("a"), item("b")], drill)
    assert again is not None and again.question == "a"


def test_one_point_is_no_points() -> None:
    fresh = choose(EMPTY, [item("a", 1)], PlanContext(at(0)))
    assert fresh is not None and fresh.reason == "new: 1 point, probably unknown to you"
    for coverage, said in ((0.0, "you missed 1 of 1 point on"), (1.0, "you had 1 point on")):
        state = fold(KnowledgeState.empty(), [closed(0, [coverage], "a")])
        again = choose(state, [item("a", 1)], PlanContext(at(30)))
        assert again is not None and said in again.reason


def test_review_offers_nothing_new() -> None:
    state = fold(KnowledgeState.empty(), [closed(0, [1.0] * 4, "a")])
    context = PlanContext(at(30), mode="review")
    assert names(plan(state, DECK, context)) == ["a"]


def test_review_offers_only_what_is_due_that_day() -> None:
    state = fold(KnowledgeState.empty(), [closed(0, [1.0] * 4, "a")])
    due = state.due_at("a")
    assert due is not None
    before = PlanContext(due - DAY_MS, mode="review")
    assert choose(state, DECK, before) is None
    dawn = PlanContext(end_of_day(due, 0) - DAY_MS + 1, mode="review")
    assert names(plan(state, DECK, dawn)) == ["a"]


def test_a_probe_must_beat_the_next_question() -> None:
    state = fold(
        KnowledgeState.empty(), [closed(d, [1.0] * 4, "a", salt=f"{d:02d}") for d in (0, 3, 9)]
    )
    context = PlanContext(at(60))
    free = worth_probing(state, DECK[0], "e0", context)
    best = choose(EMPTY, DECK, context)
    busy = worth_probing(EMPTY, DECK[0], "e0", context, next_best=best)
    assert free.worth and free.rate > 0
    assert not busy.worth
    assert worth_probing(EMPTY, DECK[0], "e0", context, next_best=best, wanted=True).worth


def test_the_policy_needs_nothing_but_its_contract() -> None:
    items: list[dict[str, Any]] = [
        {"id": k, "n": 3 + k % 4, "minutes": 3, "weight": 1 + k % 2} for k in range(12)
    ]
    items[3]["prerequisites"] = [1]
    runs = []
    for _ in range(2):
        policy = Policy(items, exam_day=10)
        order = []
        for day in range(10):
            left = 12.0
            while (name := policy.next(day + (12 - left) / 1440, left)) is not None:
                order.append(name)
                policy.observe(
                    name, [0.5] * (3 + name % 4), 3.1, day + (12 - left) / 1440, told=True
                )
                left -= 3.1
        runs.append(order)
    assert runs[0] == runs[1]
    assert set(runs[0]) <= set(range(12))
    assert runs[0].index(1) < runs[0].index(3)


def test_readiness_has_bands_and_no_boast() -> None:
    state = fold(KnowledgeState.empty(), [closed(0, [1.0] * 4, "a")])
    rows = coverage_by_topic(state, DECK, at(1), 30)
    assert [r.topic for r in rows] == ["x", "y", "z", ""]
    for row in rows:
        assert 0 <= row.low <= row.then <= row.high <= 1
        assert row.then <= row.now
    assert coverage_by_topic(state, [], at(1)) == []


def test_more_minutes_a_day_reach_more() -> None:
    deck = [item(f"q{k:02d}", 5) for k in range(30)]
    rows = reach(EMPTY, deck, at(0), 20, (0, 10, 30))
    assert [row.coverage for row in rows] == sorted(row.coverage for row in rows)
    assert [row.passing for row in rows] == sorted(row.passing for row in rows)
    f = forecast(EMPTY, deck, at(0), 20, 20)
    assert len(f.mean) == 21
    assert all(a <= b <= c for a, b, c in zip(f.low, f.mean, f.high, strict=True))
    odds = [interview_odds(f, pass_mark=mark) for mark in (0.3, 0.6, 0.9)]
    assert odds == sorted(odds, reverse=True)
    with pytest.raises(ValueError, match="questions"):
        forecast(EMPTY, [], at(0), 20, 20)


def test_today_counts_what_is_ahead() -> None:
    state = fold(
        KnowledgeState.empty(),
        [closed(0, [0.0] * 4, "a"), event("goal_set", 0.1, "", date="2026-02-01", minutes=20)],
    )
    figures = today(state, DECK, PlanContext(at(5)))
    assert figures.due == ("a",)
    assert figures.due_week[0] == 1
    assert figures.new == 4
    assert figures.days_to_goal == 26
    assert figures.plan and figures.plan[0].reason
    assert today(KnowledgeState.empty(), [], PlanContext(at(0))).plan == ()


def test_a_recap_quotes_and_counts() -> None:
    events = [
        event("asked", 0, "a"),
        event("confidence", 0, "a", "b", level=3),
        event("hinted", 0, "a", "c", expectation="e0"),
        event("judged", 0, "a", "d", points=[{"id": "e0", "coverage": 1.0, "quote": "my words"}]),
        closed(0, [1.0, 0.0, 0.0, 0.0], "a", salt="e", topic="x", minutes=4.0),
        event("overridden", 0, "a", "f", expectation="e1", verdict="partial"),
    ]
    state = fold(KnowledgeState.empty(), events)
    figures = recap(events, state, [], at(0.1))
    assert len(figures.moved) == 4
    assert {m.quote for m in figures.moved} == {"", "my words"}
    assert figures.overridden == 1 and figures.verdicts == 4
    assert figures.confident_errors[0].question == "a"
    assert session_coverage(events) == ((at(0), 0.375),)
    assert figures.one_thing
    assert sum(count for _, count in due_forecast(state, at(0.1), 0)) == 1


def test_the_forecast_begins_with_the_learners_own_day() -> None:
    state = fold(KnowledgeState.empty(), [closed(0, [0.0] * 4, "a")])
    here, ahead = due_forecast(state, at(0.4), 0), due_forecast(state, at(0.4), 12 * 60)
    assert here[1][0] == ahead[0][0]
    assert sum(count for _, count in ahead) == 1


def test_items_without_expectations_are_left_out() -> None:
    from corpus.model import Expectation, Question
    from memory.items import items_from

    with_points = Question(id="a", ask="?", expectations=(Expectation(id="e", text="x"),))
    assert items_from([with_points, Question(id="b", ask="?")]) == [PlanItem("a", ("e",), (1.0,))]


@pytest.mark.parametrize(
    ("coverage", "aid", "rises"),
    [(0.0, "none", False), (1.0, "told", False), (1.0, "hint", True), (1.0, "none", True)],
)
def test_a_recap_shows_no_rise_for_what_was_only_told(
    coverage: float, aid: str, rises: bool
) -> None:
    events = [closed(0, [0.0] * 3, "a", salt="0"), closed(9, [coverage] * 3, "a", aid, told=True)]
    state = fold(KnowledgeState.empty(), events)
    for period in (events, events[1:]):
        moved = recap(period, state, [], at(9.1), at(-1)).moved
        assert moved and all((m.now > m.before) == rises for m in moved)


def test_a_date_far_ahead_costs_no_more_than_one_nearby() -> None:
    f = forecast(EMPTY, DECK, at(0), 26_000, 20)
    assert len(f.days) == len(f.mean) <= 61
    assert f.days[-1] == 26_000


def test_a_forecast_is_no_boast() -> None:
    """What is expected stays inside its band, and the band of an unknown learner is wide."""
    rows = reach(EMPTY, DECK, at(0), 20, (0, 20))
    for row in rows:
        assert 0 <= row.low <= row.coverage <= row.high <= 1
        assert row.high - row.low > 0.2
    assert rows[0].passing < 0.5
