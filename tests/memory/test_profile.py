"""The profile: short, resting on events, and the learner's to correct."""

from __future__ import annotations

from typing import Any

from corpus.model import Expectation, Misconception, Question
from memory.events import Event, event_id
from memory.profile import WORDS, Claim, claims, profile

POINTS = ("a", "b", "c", "d")
QUESTION = Question(
    id="q",
    ask="What is it?",
    topic="decoding",
    expectations=tuple(Expectation(id=p, text=f"point {p} of it") for p in POINTS),
    misconceptions=(Misconception(id="m", text="Hot means better.", correction="No."),),
)


def event(at: int, kind: Any, text: str = "", speaker: str = "", **payload: Any) -> Event:
    at *= 60_000
    return Event(event_id(at, "x"), kind, at, "s", text, speaker, "q", "decoding", payload)


def closed(at: int, coverage: float) -> Event:
    outcomes = [
        {"expectation": p, "coverage": coverage, "aid": "none", "sure": 1.0} for p in POINTS
    ]
    return event(
        at, "closed", outcomes=outcomes, topic="decoding", weights=dict.fromkeys(POINTS, 1.0)
    )


def believed(*events: Event) -> list[Claim]:
    known = {"q": QUESTION}
    return claims(events, known.get)


def test_nothing_is_believed_before_anything_happened():
    assert believed() == []
    assert profile([]) == ""


def test_a_misconception_is_claimed_with_its_events_until_it_is_put_right():
    opened = event(1, "misconception_opened", "hot is better", misconception="m")
    (claim,) = believed(opened)
    assert (claim.kind, claim.text, claim.events) == (
        "misconception", "said: Hot means better.", (opened.id,)
    )  # fmt: skip
    assert not claim.closed
    (claim,) = believed(opened, event(2, "misconception_closed", misconception="m"))
    assert claim.closed
    again = event(3, "misconception_opened", "hot is better", misconception="m")
    (claim,) = believed(opened, event(2, "misconception_closed", misconception="m"), again)
    assert not claim.closed
    assert claim.seen == 2


def test_a_topic_is_weak_or_strong_by_what_was_said_without_help():
    (claim,) = believed(closed(2, 0.0))
    assert (claim.kind, claim.text) == (
        "weakness", "weak on decoding: 0 of 4 points said without help, last time"
    )  # fmt: skip
    (claim,) = believed(closed(2, 0.0), closed(3, 1.0))
    assert claim.kind == "strength"


def test_a_preference_is_heard_in_feedback_and_conversation_but_not_in_answers():
    words = "please keep it shorter"
    assert believed(event(1, "answered", words, "learner")) == []
    (claim,) = believed(event(1, "feedback", words, "learner"))
    assert claim.kind == "preference"
    assert "shorter" in claim.text


def test_the_learner_rewrites_or_removes_a_claim_and_new_evidence_brings_it_back():
    opened = event(1, "misconception_opened", "hot is better", misconception="m")
    (claim,) = believed(opened)
    rewritten = event(2, "profile_edited", "only mixed up the words", claim=claim.id)
    assert [c.text for c in believed(opened, rewritten)] == ["only mixed up the words"]
    removed = event(2, "profile_edited", "", claim=claim.id)
    assert believed(opened, removed) == []
    again = event(3, "misconception_opened", "hot is better", misconception="m")
    assert len(believed(opened, removed, again)) == 1


def test_the_profile_keeps_to_its_length():
    many = [
        Claim(str(i), "preference", "likes " + "very " * 20 + "long claims", 1.0, 1, 0, ("e",))
        for i in range(100)
    ]
    assert 0 < len(profile(many).split()) <= WORDS
