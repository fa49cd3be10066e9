"""What the second look sees of the points of one answer."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from agents.grading.point import Finding
from agents.grading.reader import Reader
from agents.grading.text import split_words
from agents.grading.together import Shared, second_look, shared
from memory.embedder import LexicalEmbedder

ANSWER = "the cache stores keys and values so memory grows with every token that is read"
TEXT = Reader(LexicalEmbedder(), {}, 8.0).text(ANSWER)


def found(start: int, end: int, score: float = 0.5) -> Finding:
    return Finding(np.zeros(3, np.float32), (start, end), score, False)


def claims(points: list[Finding], errors: list[Finding] | None = None) -> Shared:
    return shared(TEXT, points, [found(0, 0, 0.0) for _ in points], errors or [])


def test_shares_count_words_that_carry_content() -> None:
    words = split_words(ANSWER)[0]
    end = words.index("so")
    seen = claims([found(0, end), found(0, len(words))], [found(end, len(words))])
    assert seen.points == 2
    assert seen.overlap[0, 1] == 1.0  # all of the first lies in the second, not the other way round
    assert 0.0 < seen.overlap[1, 0] < 1.0
    assert seen.overlap[0, 4] == 0.0 and seen.overlap[4, 1] == 1.0
    assert not seen.overlap[2].any()  # there are no denials


def test_a_point_alone_and_an_answer_without_misconceptions_have_rows_too() -> None:
    seen = second_look(claims([found(0, 4)]), np.full((1, 3, 3), 1 / 3), np.zeros(0))
    assert seen.shape[0] == 1 and np.isfinite(seen).all()


@given(
    st.lists(
        st.tuples(st.integers(0, 13), st.integers(1, 5), st.floats(0, 1)), min_size=1, max_size=6
    ),
    st.integers(0, 2**16),
)
def test_the_order_of_the_points_changes_nothing(
    windows: list[tuple[int, int, float]], seed: int
) -> None:
    rng = np.random.default_rng(seed)
    points = [found(start, min(start + width, 15), score) for start, width, score in windows]
    parts = rng.dirichlet((1, 1, 1), (len(points), 3))
    errors = rng.random(2)
    wrong = [found(0, 3), found(5, 9)]
    order = rng.permutation(len(points))
    there = second_look(claims(points, wrong), parts, errors)
    turned = second_look(claims([points[i] for i in order], wrong), parts[order], errors)
    assert np.isfinite(there).all()
    assert np.allclose(there[order], turned, atol=1e-5)
