"""What a learner asks outside the interview: a deck's own question, how much was done."""

from __future__ import annotations

import pytest

from agents.asking import asks_tally, same_question, tally
from corpus.model import Question
from memory.events import Event

NOW = 1_795_420_800_000  # 2026-11-23 08:00 UTC
DAY = 86_400_000
CACHE = Question(
    id="cache",
    ask="What is the KV cache, and why does it matter for serving?",
    variants=("Why do servers keep keys and values?",),
    answer="It keeps keys and values.",
)
ENCODER = Question(id="encoder", ask="When would you use an encoder model?", answer="To embed.")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("What is the KV cache, and why does it matter for serving?", "cache"),
        ("so what is the kv cache and why does it matter in serving", "cache"),
        ("why do servers keep the keys and values", "cache"),
        ("What is the KV cache?", ""),
        ("When would you use a decoder model?", ""),
        ("cache", ""),
        ("", ""),
    ],
)
def test_a_question_of_a_deck_is_known_in_its_wordings(text: str, found: str) -> None:
    question = same_question(text, [CACHE, ENCODER])
    assert (question.id if question else "") == found


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("How many questions did I answer today?", True),
        ("how long have I studied this week", True),
        ("How many heads does a layer have?", False),
        ("How much memory does my cache need?", False),
        ("how many tokens do questions have", False),
    ],
)
def test_a_count_of_what_was_done_is_told_from_other_counts(text: str, asks: bool) -> None:
    assert asks_tally(text) is asks


def closed(at: int, session: str, coverage: float, skipped: bool = False) -> Event:
    outcomes = [
        {"expectation": "a", "coverage": coverage, "aid": "none"},
        {"expectation": "b", "coverage": 0.0, "aid": "none"},
    ]
    payload = {"outcomes": outcomes, "minutes": 2.0, "skipped": skipped}
    return Event(f"{at}{session}", "closed", at, session, question="q", payload=payload)


def test_what_was_done_is_counted_for_the_time_that_is_named() -> None:
    events = [
        closed(NOW - 9 * DAY, "old", 1.0),
        closed(NOW - 1, "new", 1.0),
        closed(NOW - 2, "new", 0.2),
        closed(NOW - 3, "new", 1.0, skipped=True),
    ]
    today = tally("How many questions did I answer today?", events, NOW)
    ever = tally("How many questions have I answered?", events, NOW)
    assert today == (
        "Today you answered 2 questions in 1 session and 4 minutes, and made 1 of 4 points."
    )
    assert ever.startswith("So far you answered 3 questions in 2 sessions")


def test_nothing_done_is_said() -> None:
    assert "no question" in tally("How many questions did I answer today?", [], NOW)
