"""Evidence keeps to its budget and says nothing twice."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from memory.evidence import tokens, within


@given(st.lists(st.text(max_size=200), max_size=20), st.integers(0, 200))
def test_what_is_chosen_fits_the_budget_in_the_order_given(texts: list[str], budget: int):
    chosen = within(texts, budget, str)
    assert sum(tokens(text) for text in chosen) <= budget
    places = iter(texts)
    assert all(text in places for text in chosen)


def test_a_text_that_says_the_same_again_is_passed_over():
    texts = ["temperature divides the logits", "The logits: temperature divides", "beams are kept"]
    assert within(texts, 1000, str) == [texts[0], texts[2]]


def test_a_long_text_does_not_keep_a_short_one_out():
    assert within(["word " * 500, "short text"], 50, str) == ["short text"]
