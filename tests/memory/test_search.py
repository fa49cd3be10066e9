"""What searching the corpus promises."""

from __future__ import annotations

from pathlib import Path

from stand_in import WordEmbedder

from corpus.passages import Passage
from memory.search import fused
from memory.store import Memory

PASSAGES = [
    Passage("a", "Attention compares queries with keys", "Attention paper", "section 3"),
    Passage("b", "The KV cache keeps keys and values", "Serving guide"),
    Passage("c", "Adam keeps two moments per weight", "Optimisers"),
]


def ids(memory: Memory, query: str, k: int = 10) -> list[str]:
    return [found.id for found in memory.search(query, k)]


def test_the_best_passage_comes_first_with_its_source(
    tmp_path: Path, embedder: WordEmbedder
) -> None:
    with Memory.open(tmp_path / "home", embedder=embedder) as memory:
        assert memory.set_passages("deck", PASSAGES) == 3
        best = memory.search("what does the KV cache keep", 2)[0]
        assert (best.id, best.source, best.passage) == ("b", "Serving guide", PASSAGES[1])
    with Memory.open(tmp_path / "home", embedder=embedder) as memory:
        assert ids(memory, "moments of Adam", 1) == ["c"]


def test_adding_again_changes_nothing_and_an_edit_is_found(
    tmp_path: Path, embedder: WordEmbedder
) -> None:
    with Memory.open(tmp_path / "home", embedder=embedder) as memory:
        memory.set_passages("deck", PASSAGES)
        memory.flush()
        embedder.embedded = 0
        assert memory.set_passages("deck", PASSAGES) == 0
        memory.flush()
        assert embedder.embedded == 0
        assert memory.set_passages("deck", [PASSAGES[0], Passage("b", "Paged blocks")]) == 2
        assert ids(memory, "paged blocks", 1) == ["b"]
        assert set(ids(memory, "adam moments attention blocks")) == {"a", "b"}


def test_what_holds_the_words_in_a_row_comes_first_and_nonsense_finds_nothing(
    tmp_path: Path, embedder: WordEmbedder
) -> None:
    with Memory.open(tmp_path / "home", embedder=embedder) as memory:
        beam = Passage(
            "z", f"Of decoding there is much to say. {'Other ways differ. ' * 40}Beam search."
        )
        near = [Passage(f"y{n}", "Search the beam, beam the search") for n in range(3)]
        memory.set_passages("deck", [*PASSAGES, *near, beam])
        assert ids(memory, "beam search", 4)[0] == "z"
        assert ids(memory, "xqzzy blorf") == []


def test_shelves_do_not_touch_each_other(tmp_path: Path, embedder: WordEmbedder) -> None:
    with Memory.open(tmp_path / "home", embedder=embedder) as memory:
        memory.set_passages("one", PASSAGES[:2])
        memory.set_passages("two", PASSAGES[2:])
        memory.set_passages("one", [])
        assert ids(memory, "adam keys cache") == ["c"]


def test_any_query_is_answered(tmp_path: Path, embedder: WordEmbedder) -> None:
    with Memory.open(tmp_path / "home", embedder=embedder) as memory:
        assert memory.search("nothing yet") == []
        memory.set_passages("deck", PASSAGES)
        for query in ("", '"', "NEAR(", "\ud800\0", "漢字"):
            memory.search(query)


def test_a_damaged_passage_file_is_filled_again_from_chroma(
    tmp_path: Path, embedder: WordEmbedder
) -> None:
    with Memory.open(tmp_path / "home", embedder=embedder) as memory:
        memory.set_passages("deck", PASSAGES)
        memory.flush()
        file = memory.folder / "passages.sqlite3"
    file.write_bytes(b"not a database" * 1000)
    with Memory.open(tmp_path / "home", embedder=embedder) as memory:
        best = memory.search("adam", 1)[0]
        assert best.passage == PASSAGES[2]


def test_fusion_weighs_how_far_apart_scores_are() -> None:
    assert fused({}, {}) == {}
    assert fused({1: 4.0, 2: 2.0}, {}) == {1: 1.0, 2: 0.5}
    both = fused({1: 4.0, 2: 3.9}, {1: 0.1, 2: 0.9})
    assert both[2] > both[1]
