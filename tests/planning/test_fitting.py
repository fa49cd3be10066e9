"""Parameters of the learner's own: found where they help, left alone where not, folded like all else."""

from __future__ import annotations

import dataclasses
import random
from pathlib import Path

import pytest

from memory.events import Event
from memory.fitting import LEAST, fit
from memory.fsrs6 import DEFAULT, Fsrs6, personal
from memory.knowledge import KnowledgeState
from memory.store import Memory
from memory.updating import LUCK, MENTION
from tests.planning.makers import closed, event

POINTS = 3
OWN = {"8": 0.7, "11": 0.6, "20": 0.15}
"""Of a learner in whom a success adds little, a lapse leaves little, and the rest fades slowly."""


def history(truth: Fsrs6, days: int, questions: int = 40, a_day: int = 8) -> list[Event]:
    """Closed questions of a learner who learns and forgets by `truth`."""
    chance, events = random.Random(2), list[Event]()
    states = dict[tuple[int, int], tuple[float, float, int]]()
    for day in range(days):
        for place, question in enumerate(chance.sample(range(questions), a_day)):
            coverage = [_answer(states, (question, n), day, truth, chance) for n in range(POINTS)]
            name, salt = f"q{question}", f"{place:03d}"
            events.append(closed(day + place / 1000, coverage, name, salt=salt, sure=0.95))
    return events


def _answer(
    states: dict[tuple[int, int], tuple[float, float, int]],
    point: tuple[int, int],
    day: int,
    truth: Fsrs6,
    chance: random.Random,
) -> float:
    if point not in states:
        states[point] = 1.8, 5.0, day
        return 0.0
    stability, difficulty, last = states[point]
    recall = truth.retrievability(day - last, stability)
    recalled = chance.random() < recall
    move = truth.after_recall if recalled else truth.after_lapse
    hardness = truth.next_difficulty(difficulty, 3 if recalled else 1)
    states[point] = max(move(stability, difficulty, recall), 0.1), hardness, day
    return float(chance.random() < (MENTION if recalled else LUCK))


@pytest.mark.slow
def test_another_memory_than_the_average_is_found_used_and_taken_back(tmp_path: Path) -> None:
    events = history(personal(OWN), 100)
    with Memory.open(tmp_path / "home") as memory:
        memory.append_many(events)
        average = memory.knowledge()
        found = memory.fit()
        assert found.reviews >= LEAST
        assert found.better and found.after < found.before
        assert "Yours are kept" in str(found)
        fitted = memory.knowledge()
        assert fitted.model.w == personal(found.own).w != DEFAULT.w
        memory.rebuild()
        assert memory.knowledge().to_json() == fitted.to_json()
        assert memory.use_defaults()
        again = memory.knowledge()
        assert dataclasses.replace(again, last_id="") == dataclasses.replace(average, last_id="")
        assert again.model.w == DEFAULT.w
        assert not memory.use_defaults()


@pytest.mark.slow
def test_an_average_memory_keeps_the_defaults() -> None:
    found = fit(history(DEFAULT, 75))
    assert found.reviews >= LEAST and found.own
    assert not found.better
    assert "nothing is changed" in str(found)


def test_too_few_reviews_change_nothing_and_say_so(tmp_path: Path) -> None:
    with Memory.open(tmp_path / "home") as memory:
        memory.append_many(history(personal(OWN), 20))
        before = memory.knowledge().to_json()
        found = memory.fit()
        assert 0 < found.reviews < LEAST and not found.own and not found.better
        assert f"{found.reviews} points" in str(found) and "Nothing is changed" in str(found)
        assert memory.knowledge().to_json() == before
        assert not memory.events(kinds=["fitted"])


def test_stopping_a_fit_changes_nothing(tmp_path: Path) -> None:
    def stop(done: int, total: int, text: str) -> None:
        raise KeyboardInterrupt

    with Memory.open(tmp_path / "home") as memory:
        memory.append_many(history(DEFAULT, 80))
        with pytest.raises(KeyboardInterrupt):
            memory.fit(stop)
        assert not memory.events(kinds=["fitted"])


@pytest.mark.parametrize("place", [0, 3, 8])
def test_the_same_events_give_the_same_bytes_wherever_the_fit_stands(
    tmp_path: Path, place: int
) -> None:
    events = history(DEFAULT, 8, questions=4, a_day=1)
    day = 0.5 + place - 1
    events.insert(place, event("fitted", day, "", "z", parameters=OWN))
    with Memory.open(tmp_path / "home") as memory:
        for one in events:
            memory.append(one)
            memory.knowledge()
        text = memory.knowledge().to_json()
        assert memory.knowledge().model.w == personal(OWN).w
        memory.rebuild()
        assert memory.knowledge().to_json() == text
    with Memory.open(tmp_path / "home") as memory:
        assert memory.knowledge().to_json() == text
        assert memory.knowledge().model.w == personal(OWN).w
    with Memory.open(tmp_path / "other") as other:
        other.append_many(events)
        assert other.knowledge().to_json() == text
    without = KnowledgeState.of(e for e in events if e.kind != "fitted")
    assert KnowledgeState.of(events).points != without.points


@pytest.mark.parametrize(
    "parameters", [None, 7, [1.0], {"3": 9.0}, {"8": "x"}, {"8": float("inf")}, {"20": -4}]
)
def test_foreign_parameters_do_no_harm(parameters: object) -> None:
    state = KnowledgeState.of([closed(0, 1.0), event("fitted", 1, "", parameters=parameters)])
    w = personal(state.fitted).w
    assert w[:8] == DEFAULT.w[:8] and 0.1 <= w[20] <= 0.8
    assert 0 < state.recall_probability("q", "e0", closed(5, 1.0).at) < 1
