"""Cards that a writer makes for passages are kept only if the passage bears them out."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from corpus.model import Question
from corpus.passages import Passage
from corpus.writing import Span, refusal, write_cards

TEXT = (
    "Caches > Eviction\n\nA cache of 64 entries evicts the entry that was used least recently. "
    "It never evicts an entry that is locked. Writes go to memory at once, so a crash loses nothing."
)
PASSAGE = Passage("p:1", TEXT, "notes.md", "line 4")
GOOD = {
    "ask": "Which entry does the cache evict?",
    "answer": "The entry that was used least recently.",
}


@pytest.mark.parametrize(
    ("ask", "answer", "why"),
    [
        ("Which entry does the cache evict?", "The entry used least recently.", ""),
        ("Why does a crash lose nothing?", "Writes go to memory at once.", ""),
        ("How many entries has the cache?", "64 entries.", ""),
        ("Which entry does the cache evict?", "The oldest entry.", "oldest"),
        ("Which entry does the cache evict?", "The entry used most recently.", "most"),
        ("How many entries has the cache?", "128 entries.", "128"),
        ("How many of 32 entries are locked?", "The entry is never evicted.", "number"),
        ("What does the passage say of eviction?", "The entry used least recently.", "alone"),
        ("What does it evict?", "The entry used least recently.", "alone"),
        ("The cache evicts.", "The entry used least recently.", "ask"),
        ("Who invented the French horn quartet?", "The entry used least recently.", "about"),
        (
            "Does a cache evict the entry used least recently?",
            "The entry used least recently.",
            "away",
        ),
    ],
)
def test_a_card_is_refused_for_what_the_passage_does_not_say(
    ask: str, answer: str, why: str
) -> None:
    said = refusal(ask, answer, TEXT)
    assert why in said and bool(why) == bool(said)


def test_what_is_kept_has_its_place_and_its_points() -> None:
    harvest = write_cards([PASSAGE], lambda span: [GOOD])
    (card,) = harvest.kept
    assert (card.sources[0].title, card.sources[0].where) == ("notes.md", "line 4")
    assert card.expectations and not harvest.refused


def test_what_is_asked_already_is_not_asked_again() -> None:
    known = Question(id="known", ask="Which entry does a cache evict?", answer="Some.")
    harvest = write_cards([PASSAGE], lambda span: [GOOD, GOOD], known=[known])
    assert not harvest.kept and [why for _, why in harvest.refused] == ["it is asked already"] * 2
    assert len(write_cards([PASSAGE, PASSAGE], lambda span: [GOOD]).kept) == 1


@pytest.mark.parametrize(
    "reply",
    [
        None,
        3,
        "text",
        {},
        {"ask": "?"},
        {"ask": 5, "answer": []},
        {"ask": "x" * 999, "answer": "y"},
    ],
)
def test_nonsense_is_refused_by_its_shape(reply: object) -> None:
    harvest = write_cards([PASSAGE], lambda span: [reply])
    assert not harvest.kept and len(harvest.refused) == 1


def test_the_writer_sees_the_drafts_and_may_word_them_better() -> None:
    seen: list[Span] = []

    def writer(span: Span) -> Sequence[object]:
        seen.append(span)
        return [GOOD]

    answer = "A cache of 64 entries evicts the entry that was used least recently."
    draft = Question(id="draft", ask="What is a cache of 64 entries?", answer=answer)
    other = Question(id="other", ask="What is a port?", answer="A number.")
    harvest = write_cards([PASSAGE], writer, drafts=[draft, other])
    assert seen[0].drafts == ((draft.ask, answer),)
    better = {"ask": "Which entry does a small cache evict?", "answer": answer}
    assert harvest.replaced == []
    assert write_cards([PASSAGE], lambda s: [better], drafts=[draft]).replaced == ["draft"]


def test_steering_text_stays_text() -> None:
    reply = {"ask": "Which \u202eentry\x1b does the cache evict?", "answer": GOOD["answer"]}
    (card,) = write_cards([PASSAGE], lambda span: [reply]).kept
    assert card.ask == GOOD["ask"]
