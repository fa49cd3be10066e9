"""A misconception seen in words that the learner says are right goes with the verdict, and comes back."""

from __future__ import annotations

from typing import Any

from agents.overruling import taken_for
from agents.state import SessionState, fold
from memory.events import Event, Kind
from memory.knowledge import KnowledgeState
from memory.recap import recap

SAID = "the model learns you from chatting"
ELSEWHERE = "every message is stored"


class Story:
    """The events of one question, folded as they come."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.state = SessionState()
        self.add("session_started", mode="study")
        self.add("asked", weights={"outside": 1.0, "chosen": 1.0}, points=["outside", "chosen"])
        self.add("answered", f"{SAID}, {ELSEWHERE}", turn="t1")
        self.judge()
        self.add("misconception_opened", SAID, misconception="learns", correction="It does not.")

    def add(self, kind: Kind, text: str = "", **payload: Any) -> None:
        number = len(self.events)
        one = Event(f"{number:04}", kind, 1_000 * number, "s", text, question="q", payload=payload)
        self.events.append(one)
        self.state = fold(self.state, one)

    def judge(self) -> None:
        points = [
            {"id": "outside", "verdict": "contradicted", "coverage": 0.0, "quote": SAID},
            {"id": "chosen", "verdict": "contradicted", "coverage": 0.0, "quote": ELSEWHERE},
        ]
        errors = [{"id": "learns", "quote": f"think {SAID}", "text": "", "correction": ""}]
        self.add("judged", points=points, errors=errors, answer="0002")

    def override(self, point: str, verdict: str | None) -> tuple[str, ...]:
        current = self.state.current
        assert current is not None
        judged = [one for one in self.events if one.kind == "judged"]
        names = taken_for(judged, point, current.points)
        self.add(
            "overridden",
            expectation=point,
            verdict=verdict,
            before="contradicted",
            misconceptions=names,
        )
        return names

    @property
    def open(self) -> set[str]:
        return set(KnowledgeState.of(self.events).misconceptions.get("q", {}))

    @property
    def recapped(self) -> tuple[int, int]:
        made = recap(self.events, KnowledgeState.of(self.events), [], 10**9)
        return len(made.misconceptions_opened), len(made.misconceptions_closed)

    @property
    def errors(self) -> tuple[str, ...]:
        assert self.state.current is not None
        return self.state.current.errors


def test_overruling_the_verdict_closes_the_misconception_everywhere() -> None:
    story = Story()
    assert (story.open, story.errors, story.recapped) == ({"learns"}, ("learns",), (1, 0))
    assert story.override("outside", "covered") == ("learns",)
    assert (story.open, story.errors, story.recapped) == (set(), (), (0, 0))


def test_taking_the_override_back_opens_it_again() -> None:
    story = Story()
    story.override("outside", "covered")
    story.override("outside", None)
    assert (story.open, story.errors, story.recapped) == ({"learns"}, ("learns",), (1, 0))


def test_the_next_verdict_on_the_same_words_does_not_bring_it_back() -> None:
    story = Story()
    story.override("outside", "partial")
    story.judge()
    assert story.errors == ()


def test_a_point_contradicted_elsewhere_says_nothing_of_it() -> None:
    story = Story()
    assert story.override("chosen", "covered") == ()
    assert story.open == {"learns"}


def test_a_verdict_made_worse_by_the_learner_closes_nothing() -> None:
    story = Story()
    story.override("outside", "missing")
    assert story.open == {"learns"}
