"""Words: the stemmer's short cut, and what a text is about."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import snowballstemmer

from corpus.banks.document import parse
from corpus.deck import read_deck
from corpus.library import BUNDLED
from corpus.prose import read_prose
from corpus.words import snowball, stem, tokens


def test_a_stem_is_that_of_the_library_for_every_word_of_the_decks() -> None:
    stemmer = snowballstemmer.stemmer("english")
    decks = [read_deck(path, bundled=True) for path in BUNDLED.iterdir()]
    words = {t for d in decks for q in d.questions for t in tokens(f"{q.ask} {q.answer}")}
    words |= {"dying", "skies", "eased", "using", "physiologist", "organization's", "bell", "'tis"}
    assert len(words) > 2000
    for word in words:
        if not any(c.isdigit() for c in word):
            assert stem(word) == stemmer.stemWord(word)


TEXT = """
# Consensus

A quorum system needs votes. Quorum systems count the votes. Each quorum system elects a leader,
and a leader collects the votes of all. Every leader sends votes. A leader may fail, and the leader
is replaced by another. **Write-ahead log** entries are kept by a leader.

Votes of a quorum arrive, and a system counts them.
"""


def test_a_text_is_about_its_headings_its_marked_words_and_what_it_says_often() -> None:
    prose = read_prose(parse(TEXT))
    assert prose.about("consensus")
    assert prose.about("the write-ahead log")
    assert prose.about("leaders")  # five times
    assert prose.about("a fast quorum system")  # three times, in two forms
    assert prose.about("quorum")  # four times, alone: often for so short a text
    assert not prose.about("another entry")


def test_a_long_text_has_to_say_a_word_more_often() -> None:
    prose = read_prose(parse(TEXT + "\nThen it rained on that town again and again. " * 160))
    assert prose.about("leaders")
    assert not prose.about("quorum")


def test_threads_do_not_disturb_each_others_stems() -> None:
    words = [
        f"{start}{end}" for start in ("nation", "relat", "train") for end in ("al", "ing", "ion")
    ]
    wanted = [snowball(word) for word in words] * 400
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(snowball, words * 400)) == wanted
