"""What each kind of evidence does to a belief."""

from __future__ import annotations

import math

import pytest
from fsrs import Card, Rating, Scheduler
from hypothesis import given
from hypothesis import strategies as st

from memory.belief import LOG_GRID, Belief, unseen
from memory.days import DAY_MS
from memory.fsrs6 import STANDARD, Fsrs6, replay, same_day
from memory.updating import Evidence, tell, update
from tests.planning.makers import NOON, at

SEEN = update(unseen(0.4), Evidence(0.0, told=True), at(0)).belief


def later(evidence: Evidence, days: float = 5.0, belief: Belief = SEEN) -> Belief:
    return update(belief, evidence, at(days)).belief


def chance(belief: Belief, day: float = 20.0) -> float:
    return belief.recall(at(day))


def test_probabilities_sum_to_one() -> None:
    assert sum(later(Evidence(0.5)).p) == pytest.approx(1, abs=1e-5)


@given(st.floats(0, 1), st.floats(0, 1))
def test_more_coverage_never_lowers_what_is_believed(a: float, b: float) -> None:
    low, high = sorted((a, b))
    assert (
        chance(later(Evidence(low, told=True))) <= chance(later(Evidence(high, told=True))) + 1e-4
    )


def test_partial_credit_lies_between() -> None:
    nothing, half, all_ = (chance(later(Evidence(c))) for c in (0.0, 0.5, 1.0))
    assert nothing < half < all_


def test_unaided_beats_hint_beats_prompt_beats_told() -> None:
    unaided = chance(later(Evidence(1.0)))
    hint = chance(later(Evidence(1.0, aid="hint")))
    prompt = chance(later(Evidence(1.0, aid="prompt")))
    told = chance(later(Evidence(1.0, aid="told")))
    assert unaided > hint > prompt > told


def test_saying_what_was_told_is_no_evidence() -> None:
    assert later(Evidence(1.0, aid="told")) == later(Evidence(0.0, aid="told"))


def test_a_told_assertion_is_no_success() -> None:
    told = tell(unseen(0.3), at(0))
    assert told.phase == "told"
    assert told.stability() < update(unseen(0.3), Evidence(1.0), at(0)).belief.stability()


def test_telling_does_not_prolong_what_is_known() -> None:
    known = later(Evidence(1.0))
    assert tell(known, at(9)).last == known.last


def test_an_unsure_grade_moves_less() -> None:
    sure, unsure = later(Evidence(0.0, sure=0.95)), later(Evidence(0.0, sure=0.2))
    assert chance(sure) < chance(unsure)


def test_confidence_shifts_the_odds_of_a_success() -> None:
    low, plain, high = (chance(later(Evidence(0.8, sure=0.5, confidence=c))) for c in (1, 2, 3))
    assert low < plain < high


def test_a_confident_error_comes_back_within_a_week() -> None:
    strong = SEEN
    for day in (5, 15, 40, 90):
        strong = later(Evidence(1.0), day, strong)
    wrong = later(Evidence(0.0, told=True, confidence=3), 180, strong)
    assert wrong.stability() <= 7
    assert wrong.stability() < later(Evidence(0.0, told=True), 180, strong).stability()


def test_contradiction_is_no_better_than_silence() -> None:
    assert chance(later(Evidence(1.0, contradicted=True))) <= chance(later(Evidence(0.0)))


def test_a_missing_basis_weakens_what_is_told() -> None:
    firm = update(unseen(0.2), Evidence(0.0, told=True), at(0)).belief
    weak = update(unseen(0.2), Evidence(0.0, told=True, basis=0.0), at(0)).belief
    assert weak.stability() < firm.stability()


OUTCOMES = st.builds(
    Evidence,
    coverage=st.floats(0, 1),
    aid=st.sampled_from(["none", "pump", "hint", "prompt", "told"]),
    sure=st.floats(0, 1),
    told=st.booleans(),
    confidence=st.sampled_from([None, 1, 2, 3]),
)


@given(st.lists(OUTCOMES, min_size=1, max_size=6), st.floats(0, 0.45), st.floats(0, 1))
def test_a_repeat_on_the_same_day_never_grows_stability(
    repeats: list[Evidence], hours: float, coverage: float
) -> None:
    belief = later(Evidence(coverage, told=True))
    before = belief.stability()
    for k, evidence in enumerate(repeats):
        belief = update(belief, evidence, at(5 + hours * (k + 1) / len(repeats))).belief
        assert belief.stability() <= before * math.exp(rounding(belief))
        before = belief.stability()


def rounding(belief: Belief) -> float:
    """How far storing each probability in six decimals can move the log of stability."""
    return len(LOG_GRID) * 1e-6 * (LOG_GRID[-1] - LOG_GRID[0]) / belief.known


@given(OUTCOMES, st.floats(0.02, 400))
def test_beliefs_stay_beliefs(evidence: Evidence, days: float) -> None:
    after = later(evidence, days)
    assert all(0 <= p <= 1 for p in after.p)
    assert sum(after.p) == pytest.approx(1, abs=1e-4)
    assert 1 <= after.difficulty <= 10
    assert math.isfinite(after.stability())


@given(st.floats(0, 100), st.floats(0, 100))
def test_recall_falls_with_time(a: float, b: float) -> None:
    early, late = sorted((a, b))
    assert chance(SEEN, late) <= chance(SEEN, early) + 1e-9


@pytest.mark.parametrize("rating", [Rating.Again, Rating.Hard, Rating.Good, Rating.Easy])
def test_formulas_are_those_of_the_fsrs_package(rating: Rating) -> None:
    from datetime import UTC, datetime, timedelta

    scheduler = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
    start = datetime(2026, 1, 1, tzinfo=UTC)
    card, _ = scheduler.review_card(Card(), Rating.Good, start)
    then = start + timedelta(days=4)
    assert card.stability is not None and card.difficulty is not None
    recall = STANDARD.retrievability(4.0, card.stability)
    assert recall == pytest.approx(scheduler.get_card_retrievability(card, then))
    after, _ = scheduler.review_card(card, rating, then)
    assert STANDARD.rated(card.stability, card.difficulty, recall, rating) == pytest.approx(
        after.stability
    )
    assert STANDARD.next_difficulty(card.difficulty, rating) == pytest.approx(after.difficulty)


def test_replaying_a_log_ignores_cramming() -> None:
    spaced = replay([(NOON, 3), (at(3), 3)])
    crammed = replay([(NOON, 3), *[(NOON + 600_000 * k, 4) for k in range(1, 7)]])
    once = replay([(NOON, 3)])
    assert spaced and crammed and once
    assert spaced[0] > once[0] >= crammed[0]
    assert replay([]) is None


def test_parameters_are_counted() -> None:
    with pytest.raises(ValueError, match="21"):
        Fsrs6([1.0, 2.0])


def test_one_day_of_study() -> None:
    assert same_day(NOON, NOON + 6 * 3_600_000)
    assert same_day(at(0.45), at(0.9))
    assert not same_day(NOON, NOON + DAY_MS)
