"""Memory on a Chroma server: kept apart, sent once, the same on every machine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from chroma_server import ChromaServer, unused_port
from stand_in import WordEmbedder

from corpus.passages import Passage
from memory.chroma import Remote, connect_remote
from memory.events import Event, event_id
from memory.forget import Scope
from memory.index import EVENTS
from memory.store import Memory

pytestmark = pytest.mark.slow


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ChromaServer]:
    made = ChromaServer(tmp_path / "server")
    yield made
    made.stop()


def answer(n: int, text: str = "", at: int | None = None) -> Event:
    at = 1000 + n if at is None else at
    return Event(
        event_id(at, f"{n:05d}"), "answered", at, "s", text or f"word{n} said", "learner", f"q{n}"
    )


def closing(n: int, at: int) -> Event:
    outcome = {"expectation": "e", "coverage": n / 10, "aid": "none", "sure": 1.0}
    return Event(
        event_id(at, f"c{n:04d}"), "closed", at, "s", question="q", payload={"outcomes": [outcome]}
    )


def machine(tmp_path: Path, name: str, server: ChromaServer, learner: str = "ada") -> Memory:
    return Memory.open(tmp_path / name, embedder=WordEmbedder(), remote=server.url, learner=learner)


def test_two_machines_converge_to_the_same_knowledge(tmp_path: Path, server: ChromaServer) -> None:
    one, two = machine(tmp_path, "one", server), machine(tmp_path, "two", server)
    for n in range(10):
        (one, two)[n % 2].append(closing(n, 5000 + n * 10))
        (two, one)[n % 2].append(answer(n, at=6000 - n))
    for _ in range(2):
        for memory in (one, two):
            memory.sync()
    assert one.events() == two.events()
    assert len(one.events()) == 20
    assert one.knowledge().to_json() == two.knowledge().to_json()
    assert {f.event.text for f in two.recall("word3 word4", 2)} == {"word3 said", "word4 said"}
    one.close()
    two.close()
    with machine(tmp_path, "three", server) as three:
        three.sync()
        assert len(three.events()) == 20
        assert three.recall("word7", 1)[0].event.text == "word7 said"


def test_learners_on_one_server_are_kept_apart(tmp_path: Path, server: ChromaServer) -> None:
    for learner in ("ada", "Ada", "bob"):
        with machine(tmp_path, f"of-{learner}", server, learner) as memory:
            memory.append(answer(1, f"secret of {learner}"))
            memory.sync()
            assert [e.text for e in memory.events()] == [f"secret of {learner}"]
            assert [f.event.text for f in memory.recall("secret")] == [f"secret of {learner}"]


def test_events_wait_while_the_server_is_away_and_arrive_once(
    tmp_path: Path, server: ChromaServer
) -> None:
    with machine(tmp_path, "one", server) as memory:
        memory.append(answer(1))
        memory.sync()
        server.stop()
        for n in range(2, 12):
            memory.append(answer(n))
        assert len(memory.events()) == 11
        assert memory.recall("word5", 1)[0].event.text == "word5 said"
        assert memory.journal.pending() == 10
    server.start()
    for _ in range(2):
        with machine(tmp_path, "one", server) as memory:
            memory.sync()
            assert memory.journal.pending() == 0
    client = connect_remote(Remote(server.url), "ada")
    ids = client.get_collection(EVENTS, embedding_function=None).get(include=[])["ids"]
    assert sorted(ids) == [answer(n).id for n in range(1, 12)]


def test_forgetting_reaches_the_other_machine(tmp_path: Path, server: ChromaServer) -> None:
    with machine(tmp_path, "one", server) as one, machine(tmp_path, "two", server) as two:
        one.append_many([answer(n) for n in range(5)])
        one.sync()
        two.sync()
        assert len(two.events()) == 5
        one.forget(Scope(questions=frozenset({"q2"})))
        one.sync()
        two.sync()
        two.sync()
        for memory in (one, two):
            assert [e.question for e in memory.events(kinds=["answered"])] == [
                "q0",
                "q1",
                "q3",
                "q4",
            ]
    client = connect_remote(Remote(server.url), "ada")
    ids = client.get_collection(EVENTS, embedding_function=None).get(include=[])["ids"]
    assert answer(2).id not in ids


@pytest.mark.parametrize("shelves", [["paper"], None])
def test_passages_forgotten_while_the_server_is_away_do_not_come_back(
    tmp_path: Path, server: ChromaServer, shelves: list[str] | None
) -> None:
    with machine(tmp_path, "one", server) as memory:
        memory.set_passages("paper", [Passage("p1", "On quokkas", "a paper")])
        memory.set_passages("deck", [Passage("p2", "On attention", "a deck")])
        memory.sync()
        server.stop()
        assert memory.forget_passages(shelves) == (1 if shelves else 2)
    server.start()
    for _ in range(2):
        with machine(tmp_path, "one", server) as memory:
            memory.sync()
            found = {f.passage.id for f in memory.search("On quokkas and attention")}
            assert found == ({"p2"} if shelves else set())
            assert set(memory._index.space("passages").get(include=[])["ids"]) == found
            assert memory.behind() == 0


def test_a_server_that_was_wiped_is_filled_again(tmp_path: Path, server: ChromaServer) -> None:
    with machine(tmp_path, "one", server) as memory:
        memory.append_many([answer(n) for n in range(5)])
        memory.sync()
    client = connect_remote(Remote(server.url), "ada")
    for found in client.list_collections():
        client.delete_collection(found.name)
    with machine(tmp_path, "one", server) as memory:
        memory.sync()
        assert memory._index.collection(EVENTS).count() == 5
        assert memory.recall("word3", 1)[0].event.text == "word3 said"


def test_an_address_where_nothing_answers_costs_no_answer(tmp_path: Path) -> None:
    url = f"http://127.0.0.1:{unused_port()}"
    with Memory.open(tmp_path / "home", embedder=WordEmbedder(), remote=url) as memory:
        memory.append(answer(1))
        assert memory.recall("word1", 1)[0].event == answer(1)
        assert memory.journal.pending() == 1


def test_what_a_short_visit_sent_is_seen_by_the_next_machine(
    tmp_path: Path, server: ChromaServer
) -> None:
    with machine(tmp_path, "one", server) as one:
        one.append(answer(1))
        one.flush()
    with machine(tmp_path, "two", server) as two:
        two.flush()
        assert two.recall("word1", 1)[0].event == answer(1)
