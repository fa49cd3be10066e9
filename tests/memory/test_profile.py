"""The profile and the choice of evidence."""

from __future__ import annotations

from pathlib import Path

import pytest
from stand_in import WordEmbedder

from memory.events import Event, event_id
from memory.profile import WORDS, claims, profile
from memory.store import Memory


def event(n: int, kind: str, text: str = "", question: str = "", **payload: object) -> Event:
    return Event(
        event_id(n, f"{n:05d}"),
        kind,
        n,
        "s",
        text,
        question=question,
        topic="attention",
        payload=payload,  # type: ignore[arg-type]
    )


def closing(n: int, coverage: float) -> Event:
    outcomes = [
        {"expectation": f"e{i}", "coverage": coverage, "aid": "none", "sure": 1.0} for i in range(4)
    ]
    return event(n, "closed", question="q", outcomes=outcomes)


@pytest.fixture
def memory(tmp_path: Path):
    with Memory.open(tmp_path / "home", embedder=WordEmbedder()) as memory:
        yield memory


def test_each_claim_points_at_its_events(memory: Memory) -> None:
    memory.append_many(
        [
            event(1, "goal_set", date="2026-12-24", minutes=20),
            event(
                2,
                "misconception_opened",
                "Q is the value",
                "q",
                misconception="m",
                correction="V is",
            ),
            event(3, "feedback", "Shorter explanations please", thumbs=-1),
            event(4, "feedback", "thanks"),
            closing(5, 0.0),
        ]
    )
    found = {claim.kind: claim for claim in memory.claims()}
    assert set(found) == {"goal", "misconception", "preference", "weakness"}
    assert "2026-12-24, 20 minutes" in found["goal"].text
    assert "Q is the value" in found["misconception"].text and not found["misconception"].closed
    assert found["preference"].text == "Shorter explanations please"
    for claim in found.values():
        assert claim.events and all(memory.event(name) for name in claim.events)
    text = memory.profile()
    assert all(claim.events[0] in text for claim in found.values())


def test_a_closed_misconception_is_said_to_be_over(memory: Memory) -> None:
    memory.append(event(1, "misconception_opened", "x", "q", misconception="m"))
    memory.append(event(2, "misconception_closed", "", "q", misconception="m"))
    (claim,) = memory.claims()
    assert claim.closed and "no longer so" in memory.profile()
    memory.append(event(4, "misconception_opened", "x", "q", misconception="m"))
    (claim,) = memory.claims()
    assert not claim.closed and claim.seen == 2


def test_the_learner_corrects_removes_and_adds_claims(memory: Memory) -> None:
    memory.append(event(1, "goal_set", date="2026-12-24"))
    memory.append(event(2, "profile_edited", "interview after Christmas", claim="goal"))
    memory.append(event(3, "profile_edited", "I teach physics"))
    found = {claim.id: claim for claim in memory.claims()}
    assert found["goal"].text == "interview after Christmas" and found["goal"].sure == 1.0
    assert [c.text for c in found.values() if c.kind == "fact"] == ["I teach physics"]
    memory.append(event(5, "profile_edited", "", claim="goal"))
    assert [c.text for c in memory.claims()] == ["I teach physics"]


def test_a_profile_is_short_and_open_matters_come_first(memory: Memory) -> None:
    events = [
        event(
            n,
            "misconception_opened",
            f"a rather long wrong idea number {n} " * 3,
            "q",
            misconception=f"m{n}",
        )
        for n in range(1, 60)
    ]
    events += [
        event(100 + n, "misconception_closed", "", "q", misconception=f"m{n}") for n in range(1, 58)
    ]
    memory.append_many(events)
    text = memory.profile()
    assert len(text.split()) <= WORDS
    assert "no longer so" not in text.splitlines()[0] + text.splitlines()[1]


def test_no_events_no_profile(memory: Memory) -> None:
    assert memory.profile() == ""
    assert profile(claims([])) == ""
