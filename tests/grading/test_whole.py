"""The plain measure of a whole answer: what is said of it where nothing was trained."""

from __future__ import annotations

import pytest

from agents.grading.reader import Reader
from agents.grading.whole import WHOLE_NAMES, measure_whole
from memory.embedder import LexicalEmbedder

QUESTION = "Why did the salt go through the filter?"
REFERENCE = "The dissolved particles are small enough to pass the paper."


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(LexicalEmbedder(), {}, 8.0)


def plain(reader: Reader, answer: str, *references: str) -> float:
    texts = [QUESTION, answer, *(references or (REFERENCE,))]
    reader.prepare(texts)
    question, said, *wanted = (reader.text(text) for text in texts)
    measured = measure_whole(question, wanted, said)
    assert measured is not None
    return float(measured.row[WHOLE_NAMES.index("plain")])


def test_the_reference_itself_says_all_of_it(reader: Reader) -> None:
    assert plain(reader, REFERENCE) == pytest.approx(1.0, abs=0.01)


def test_half_of_it_says_less_and_something_else_nearly_nothing(reader: Reader) -> None:
    half = plain(reader, "The particles are small.")
    assert plain(reader, "My dog sleeps all day long.") < half - 0.2
    assert half < plain(reader, "The particles are small enough to pass.")


def test_misspelling_costs_little(reader: Reader) -> None:
    spelt = plain(reader, "The disolved particels are smal enuogh to pass the papper.")
    assert spelt > plain(reader, "The crystals were heavy and could not get by.") + 0.2


def test_what_the_question_says_already_counts_little(reader: Reader) -> None:
    reference = "The salt went through the filter because its particles are small."
    told = plain(reader, "The salt went through the filter.", reference)
    assert told < plain(reader, "Because its particles are small.", reference)


def test_the_best_of_several_references_counts(reader: Reader) -> None:
    answer = "Water melted the grains away."
    alone = plain(reader, answer, "Water melted the grains away.")
    assert plain(reader, answer, REFERENCE, "Water melted the grains away.") == alone
