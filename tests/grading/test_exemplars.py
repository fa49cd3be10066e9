"""What the third look promises about points that training met."""

from __future__ import annotations

import numpy as np

from agents.grading.exemplars import Exemplars, compared

LIKELY_MISSING = np.array([0.1, 0.1, 0.8])
CREDIT, CONTRADICTED = 0, 1


def unit(*values: float) -> np.ndarray:
    row = np.array(values, np.float32)
    return row / np.linalg.norm(row)


def known(*rows: tuple[np.ndarray, int, tuple[float, float]]) -> Exemplars:
    vectors, verdicts, rest = zip(*rows, strict=True)
    right, wrong = unit(1, 0, 1)[None], unit(0, 1, 1)[None]
    return Exemplars(
        np.stack(vectors), np.array(verdicts), np.array(rest, np.float32), right, wrong
    )


RIGHT, WRONG = unit(1, 0, 0), unit(0, 1, 0)
POINT = known((RIGHT, CREDIT, (0.8, -0.1)), (WRONG, CONTRADICTED, (-0.1, 0.8)))


def test_words_like_those_credited_are_told_from_words_like_those_refused() -> None:
    right, wrong = (compared(one, LIKELY_MISSING, POINT) for one in (unit(9, 1, 0), unit(1, 9, 0)))
    assert right[2] > wrong[2]
    assert wrong[3] > right[3]
    assert right[5] > 0 > wrong[5]


def test_what_was_left_unexplained_is_passed_on_from_the_nearest() -> None:
    row = compared(unit(9, 1, 0), LIKELY_MISSING, POINT)
    assert row[-2] > 0.5
    assert row[-1] < 0


def test_far_words_hear_little_of_the_others() -> None:
    near, far = (compared(one, LIKELY_MISSING, POINT) for one in (RIGHT, unit(0, 0, 1)))
    assert abs(far[-2]) < 0.01 < near[-2]


def test_an_answer_is_not_compared_with_itself() -> None:
    rest = POINT.without(0)
    assert rest.verdict.tolist() == [CONTRADICTED]
    assert compared(RIGHT, LIKELY_MISSING, rest)[2] < compared(RIGHT, LIKELY_MISSING, POINT)[2]


def test_words_like_the_wordings_are_told_from_words_like_the_denials() -> None:
    alone = POINT.without(0).without(0)
    right, wrong = (compared(one, LIKELY_MISSING, alone) for one in (RIGHT, WRONG))
    assert right[-5] > 0 > wrong[-5]
    assert right[-3] > 0.5 > wrong[-3]


def test_a_point_with_no_other_answer_has_features_all_the_same() -> None:
    row = compared(RIGHT, LIKELY_MISSING, POINT.without(0).without(0))
    assert row.shape == compared(RIGHT, LIKELY_MISSING, POINT).shape
    assert np.isfinite(row).all()
