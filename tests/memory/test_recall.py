"""What recalling promises."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from stand_in import WordEmbedder

from memory.events import Event, event_id
from memory.recall import Filters, mentions, nameless
from memory.store import Memory

DAY = 86_400_000
TALK = [
    ("s1", 0, "Caroline", "I went to a pottery class with my sister"),
    ("s1", 0, "Melanie", "How lovely, what came out of the kiln?"),
    ("s1", 0, "Caroline", "A blue bowl with stars"),
    ("s2", 10, "Melanie", "I ran a marathon in Boston"),
    ("s2", 10, "Caroline", "Congratulations on the medal"),
    ("s3", 40, "Melanie", "My second marathon was in Chicago"),
    ("s4", 50, "learner", "The KV cache keeps keys and values of earlier tokens"),
    ("s4", 50, "tutor", "What would decoding cost without it?"),
    ("s4", 50, "learner", "Every step would attend anew, quadratic work"),
]


def talk() -> list[Event]:
    start = int(datetime(2023, 5, 8, 12, tzinfo=UTC).timestamp() * 1000)
    return [
        Event(event_id(at, f"{n:03d}"), "conversation", at, session, text, speaker)
        for n, (session, day, speaker, text) in enumerate(TALK)
        for at in (start + day * DAY + n * 60_000,)
    ]


@pytest.fixture
def memory(tmp_path: Path, embedder: WordEmbedder) -> Iterator[Memory]:
    with Memory.open(tmp_path / "home", embedder=embedder) as memory:
        memory.append_many(talk())
        yield memory


def texts(memory: Memory, query: str, k: int = 10, **options: object) -> list[str]:
    return [found.event.text for found in memory.recall(query, k, **options)]  # type: ignore[arg-type]


def test_what_fits_best_comes_first(memory: Memory) -> None:
    assert texts(memory, "Which pottery class did Caroline go to?")[0] == TALK[0][3]
    assert texts(memory, "KV cache values")[0] == TALK[6][3]


def test_a_turn_is_found_through_its_neighbours_and_shown_with_them(memory: Memory) -> None:
    found = memory.recall("kiln pottery")
    bowl = next(one for one in found if one.event.text == TALK[2][3])
    assert [event.text for event in bowl.before] == [TALK[0][3], TALK[1][3]]
    assert bowl.after == ()
    assert bowl.ranks.keys() <= {"words", "meaning"}


def test_context_stays_inside_the_session(memory: Memory) -> None:
    (found,) = memory.recall("medal", 1)
    assert {e.session for e in (found.event, *found.before, *found.after)} == {"s2"}


def test_what_was_just_said_is_recalled_at_once(memory: Memory) -> None:
    memory.append(Event(event_id(1), "answered", 1, "s9", "speculative decoding drafts tokens"))
    assert texts(memory, "speculative drafts", 1) == ["speculative decoding drafts tokens"]
    assert memory.behind() == 0


def test_filters_hold(memory: Memory) -> None:
    assert set(texts(memory, "marathon bowl pottery", filters=Filters(session="s2"))) <= {
        TALK[3][3],
        TALK[4][3],
    }
    assert texts(memory, "marathon", filters=Filters(speaker="Nobody")) == []
    start = talk()[3].at
    found = memory.recall("marathon", filters=Filters(since=start, until=start + DAY))
    assert {one.event.session for one in found} == {"s2"}
    assert memory.recall("marathon", filters=Filters(kinds=["answered"])) == []


def test_a_time_in_the_question_is_preferred(memory: Memory) -> None:
    asked = int(datetime(2023, 7, 1, tzinfo=UTC).timestamp() * 1000)
    assert texts(memory, "marathon in May 2023", at=asked)[0] == TALK[3][3]
    assert texts(memory, "marathon last month", at=asked)[0] == TALK[5][3]


def test_the_first_and_the_last_time(memory: Memory) -> None:
    assert texts(memory, "the first time she ran a marathon")[0] == TALK[3][3]
    assert texts(memory, "the last time she ran a marathon")[0] == TALK[5][3]


def test_the_same_text_is_shown_once(memory: Memory) -> None:
    for n in range(5):
        memory.append(Event(event_id(n, f"r{n}"), "asked", n, f"t{n}", "Why scale by root d?"))
    assert texts(memory, "scale by root d").count("Why scale by root d?") == 1


@pytest.mark.parametrize(
    "query", ["", "   ", "?!", "the", '"', "a AND NOT (", "\0", "\ud800", "x" * 9999]
)
def test_any_query_is_answered(memory: Memory, query: str) -> None:
    found = [one.event.id for one in memory.recall(query, 3)]
    assert len(found) == len(set(found)) <= 3


def test_an_empty_memory_recalls_nothing(tmp_path: Path, embedder: WordEmbedder) -> None:
    with Memory.open(tmp_path / "other", embedder=embedder) as memory:
        assert memory.recall("anything") == []


def test_words_alone_decide_while_chroma_cannot_be_had(
    memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise OSError("no Chroma")

    memory._index.drop()
    monkeypatch.setattr(memory._index, "_connect", broken)
    memory.append(Event(event_id(5), "answered", 5, "s9", "beam search"))
    assert texts(memory, "beam search", 1) == ["beam search"]
    assert memory.behind() > 0


def test_names_are_taken_out_of_a_question() -> None:
    assert nameless("What did Caroline's sister say?", ["Caroline"]) == "What did sister say?"
    assert nameless("Caroline", ["Caroline"]) == "Caroline"
    assert mentions("what does Anna Lee think", "anna lee")
    assert not mentions("what about annabel", "Anna")


def test_a_new_embedder_makes_its_own_vectors(tmp_path: Path, embedder: WordEmbedder) -> None:
    with Memory.open(tmp_path / "home", embedder=embedder) as memory:
        memory.append_many(talk())
        memory.flush()
    other = WordEmbedder("others/64")
    with Memory.open(tmp_path / "home", embedder=other) as memory:
        assert texts(memory, "pottery class", 1) == [TALK[0][3]]
        assert other.embedded > len(TALK)
    embedder.embedded = 0
    with Memory.open(tmp_path / "home", embedder=embedder) as memory:
        memory.recall("pottery class", 1)
        # Its vectors are still there: only the question is embedded.
        assert embedder.embedded == 1
