"""Cards from prose: what is asked of which sentence, and what is left alone."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.cards import REVIEW, make_cards
from corpus.importing import find
from corpus.loaders.sandbox import Sandbox


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as made:
        yield made


def sure(text: str) -> dict[str, str]:
    return {c.ask: c.answer for c in make_cards(textwrap.dedent(text)) if c.confidence >= REVIEW}


def test_a_term_and_what_it_does() -> None:
    asked = sure(
        """
        # Training

        ## Weight decay

        Weight decay subtracts a fraction of every parameter in each step of the optimiser.

        ## Gradient clipping

        Gradient clipping requires a threshold that the norm may not exceed in any batch.
        """
    )
    assert "What does weight decay do?" in asked
    assert "What does gradient clipping require?" in asked


@pytest.mark.parametrize(
    "sentence",
    [
        "A key-value cache stores them so that every new token costs a single pass.",  # whom?
        "A strong key-value cache writes the plan once for all of the other workers.",  # which one?
        "Flush key-value cache entries before the process ends and the machine stops.",  # an order
        "The key-value cache is a good choice for anybody who has to serve many readers.",
        "Listing 10-4 defines a key-value cache with a fixed number of entries for the reader.",
        "A key-value cache is a key-value cache that is used by other parts of the program.",
        "A key-value cache is a store (which was said before that reads are served from memory.",
        "The key-value cache manual describes the options of every command in some detail.",
        "Key-value caches are given names that no two of the workers on a machine share.",
        "If the key-value cache is a problem, the workers can also be started without it by hand.",
        "The purpose of the key-value cache is to execute them while the machine is not working.",
    ],
)
def test_a_sentence_that_says_nothing_alone_is_no_card(sentence: str) -> None:
    assert sure(f"# The key-value cache\n\n{sentence}\n") == {}


def test_a_contrast_asks_in_the_number_and_spelling_of_its_sentence() -> None:
    asked = sure(
        """
        # Watching machines

        ## Nagios and Munin

        The `munin` command draws graphs. Unlike Munin, Nagios does not need anything installed on the
        machines that it watches.
        """
    )
    assert list(asked) == ["How does Nagios differ from Munin?"]


def test_a_name_keeps_its_capital_whatever_files_and_addresses_are_called() -> None:
    asked = sure(
        """
        # 3.1. Systems

        ## What is Debian?

        Debian is a system that volunteers make. The pages of Debian are at debian.org, and its files
        in `/etc/debian_version` are read by the debian-installer of Debian.
        """
    )
    assert "What is Debian?" in asked


def test_what_every_place_has_of_its_own_says_where() -> None:
    asked = sure(
        """
        # The mill

        ## Stone grinding

        A minimal setup requires two stones that are dressed once in a month by the miller. A minimal
        setup is cheap. Nobody who knows a minimal setup complains. Several stones allow a larger
        amount of grain in the same time.
        """
    )
    assert list(asked) == ["What does a minimal setup require (in stone grinding)?"]


def test_a_short_form_stands_for_one_of_its_kind() -> None:
    told = "A network of content delivery networks (CDNs) is near. CDNs help. A CDN is a cache."
    assert sure(f"# Pages\n\n{told}\n")["What does CDN stand for?"] == "content delivery network"


def test_the_first_sentences_of_a_long_argument_are_not_its_answer() -> None:
    told = "Rye keeps its water for days, since its starch swells more than that of wheat. "
    asked = sure(f"# Bread\n\n## Why is rye bread sour?\n\n{told * 2}\n")
    assert "Why is rye bread sour?" in asked
    assert sure(f"# Bread\n\n## Why is rye bread sour?\n\n{told * 20}\n") == {}


def test_an_adverb_is_no_part_of_the_name_and_a_part_says_where_it_belongs() -> None:
    asked = sure(
        """
        # Version control

        ## Cloning

        A shallow clone normally is a copy of a repository that holds the newest commits only.

        The depth parameter is the number of commits that are copied of the history of each branch.
        """
    )
    assert "What is a shallow clone?" in asked
    assert not any("depth parameter?" in ask for ask in asked)


def test_the_labels_of_a_manual_are_no_part_of_its_sentences() -> None:
    asked = sure(
        """
        DESCRIPTION
               evil merge
                   An evil merge is a merge that introduces changes which do not appear in any
                   parent of it.

               Scheduling policies
                   A scheduler is a kernel component that decides which runnable thread of
                   a privi‐
                   leged process will be executed by the CPU next.
        """
    )
    assert asked["What is an evil merge?"].startswith("An evil merge is a merge that introduces")
    scheduler = next(answer for ask, answer in asked.items() if "a scheduler" in ask)
    assert "privileged process" in scheduler and scheduler.startswith("A scheduler")


def test_short_forms_are_singular_and_end_where_their_words_do() -> None:
    text = (
        "Dynamically Sized Types (DSTs) have no size. DSTs live behind pointers. The end of the "
        "stream (EOF) is signalled. EOF is a state."
    )
    asked = sure(text)
    assert asked == {"What does DST stand for?": "Dynamically Sized Type"}


NOTES = """
# Sorting in databases

Every engine sorts, be it for an index, for a merge join or for the final order of the rows of a query.

## External merge sort

External merge sort is an algorithm that sorts more rows than memory holds by merging sorted runs from
disk. The number of passes depends on the size of the buffer and on how many runs are merged at a time.

## Replacement selection

Replacement selection is a technique that builds runs of twice the size of memory on average by means of
a heap. It is rarely worth its trouble on machines of today, where memory is large and the heap is not
friendly to caches. Quicksort fills memory, sorts it and writes it out, and that is what most engines do
now. A few systems keep the heap because of the long runs that nearly sorted input gives with it.

## Exercises

1. Why does a merge of many runs need a heap?
2. How many passes do 64 runs need with a fan-in of 8?
3. When are runs longer than memory?
"""


def test_a_few_questions_in_a_text_do_not_keep_it_from_giving_cards(
    tmp_path: Path, sandbox: Sandbox
) -> None:
    (tmp_path / "notes.md").write_text(NOTES)
    finding = find([tmp_path / "notes.md"], sandbox=sandbox)
    asked = {q.ask: q for q in finding.questions}
    assert asked["Why does a merge of many runs need a heap?"].answer == ""
    assert "What is external merge sort?" in asked and "What is replacement selection?" in asked
    assert asked["What is external merge sort?"].sources[0].where == "line 8"


@pytest.mark.parametrize(
    "text",
    [
        "# Git\n\nTry it:\n\n       $ echo one >>hello\n       $ echo two >>hello\n\nThat is all of it.",
        "# Memory\n\nThe thread::scoped API was taken out, as std says of it. " * 3
        + "\n\nCall mem::forget and nothing is freed.",
        "# Work\n\n" + "This text is about other things altogether. \n\n" * 20
        + "1. Write a test that fails.\n2. Write the code that makes it pass.\n3. Name it well.\n",
        "# Notes\n\n## Why bother\n\nA text.\n\n## Setting\n\nA text.\n\n## Roads\n\nA text.\n\n"
        "## What I still miss\n\nA text.\n\n## Ends\n\nA text.\n",
    ],
)  # fmt: skip
def test_a_text_that_asks_nothing_is_no_question_bank(
    tmp_path: Path, sandbox: Sandbox, text: str
) -> None:
    (tmp_path / "a.md").write_text(text)
    assert find([tmp_path / "a.md"], sandbox=sandbox, cards=False).questions == ()


def test_one_thing_beside_another_and_what_brings_a_thing_about() -> None:
    asked = sure(
        "# Sourdough\n\nBulk fermentation vs final proof: bulk fermentation is the rise of the whole "
        "dough, while the final proof is the rise of the shaped loaf.\n\nOven spring is caused by gas "
        "that expands in the heat before the crust sets.\n"
    )
    differ = asked["How do bulk fermentation and final proof differ?"]
    assert differ.startswith("Bulk fermentation is the rise of the whole dough, while")
    assert "What causes oven spring?" in asked


@pytest.mark.parametrize(
    ("sentence", "ask"),
    [
        ("Mitochondria are organelles that turn food into the fuel of the cell.", "What are mitochondria?"),
        ("The point where supply and demand curves intersect is the equilibrium point.",
         "What is the equilibrium point?"),
        ("Carbon enters the cycle in the first step, a process known as carbon fixation.",
         "What is carbon fixation?"),
        ("France was divided into three estates: the clergy, the nobility and everyone else.",
         "Which three estates was France divided into?"),
        ("There are three phases of the cycle: fixation, reduction and regeneration.",
         "What are the three phases of the cycle?"),
        ("Because of the tilt of the axis, the height of the Sun at noon changes over the year.",
         "Explain why the height of the Sun at noon changes over the year."),
        ("The reason an evening sky is red is that long waves are scattered least by the air of the evening.",
         "Explain why an evening sky is red."),
        ("Wien's law states that the peak of the spectrum moves to shorter waves with heat.",
         "What does Wien's law state?"),
        ("Price elasticity depends on the number of substitutes that a buyer can find.",
         "What does price elasticity depend on?"),
        ("The spinning jenny was invented by James Hargreaves in the village of Stanhill.",
         "Who invented the spinning jenny?"),
        ("Flow control differs from congestion control: it guards the receiver and not the network.",
         "How does flow control differ from congestion control?"),
        ("Demand is said to be elastic if a small rise of the price makes many buyers leave.",
         "When is demand said to be elastic?"),
        ("Open market operations lead to lower rates and to a larger supply of money in the economy.",
         "What do open market operations lead to?"),
    ],
)  # fmt: skip
def test_what_one_sentence_is_asked_for(sentence: str, ask: str) -> None:
    about = "# Organelles, demand and market operations\n\nThe mitochondria of France have a carbon cycle. "
    text = about + "It is said to be of small use here.\n\n" + sentence + "\n"
    asked = {c.ask.split(" (in ")[0].rstrip("?.") for c in make_cards(text)}
    assert ask.rstrip("?.") in asked


def test_the_sentences_of_a_list_are_asked_for_and_the_settings_of_a_dialog_are_not() -> None:
    asked = sure(
        """
        # The Old Regime

        ## Social structure

        - The Old Regime was divided into three orders: the clergy, the nobility and the rest.
        - A guild is an association of craftsmen that sets the rules of its trade.

        ## The dialog of exports

        - **Folder**: Select the folder that the files of the export are written to.
        - **Encoding**: Specifies the encoding of the files that are written.
        - **Old files**: If checked, files of the same name are replaced.
        - **Size**: The size of a file in megabytes.
        - **Copy**: Write the files to a second folder as well.
        """
    )
    assert "Which three orders was the Old Regime divided into?" in asked
    assert "What is a guild?" in asked or "What is a guild (in social structure)?" in asked
    assert not any("folder" in ask.lower() or "size" in ask.lower() for ask in asked)


def test_what_a_glossary_explains_is_asked_with_its_article() -> None:
    asked = sure(
        """
        # Lending

        ## Key terms

        - **Shareholder**: A shareholder is a person who holds stock in a company.
        - **Liquidity**: A measure of how easily an investment is turned into cash.
        """
    )
    assert asked == {
        "What is a shareholder?": "A shareholder is a person who holds stock in a company.",
        "What is meant by liquidity (in lending)?": "A measure of how easily an investment is turned "
        "into cash.",
    }


@pytest.mark.parametrize(
    "sentence",
    [
        "When it is set, the page cache keeps every page that was read before in memory.",  # what?
        "Since 1990, the page cache has been a part of the kernel of many systems.",  # no reason
        "Researchers found that the page cache is of little use for writes of all kinds.",  # who?
        "If the page cache is given a flag, the value is used as the size of the page cache.",
    ],
)
def test_conditions_and_findings_that_lean_on_their_place_are_not_asked(sentence: str) -> None:
    assert sure(f"# The page cache\n\n{sentence}\n") == {}


def test_a_heading_asks_for_the_sentences_of_the_list_below_it_and_a_colon_defines() -> None:
    asked = sure(
        """
        # The French Revolution

        ## Fiscal crisis of the monarchy

        - Tax exemptions for the wealthy reduced the revenue of the crown.
        - Support for a war abroad added to the national debt.
        - The failure of every reform of taxes turned it into a severe financial crisis.

        ## The orders

        SERFDOM: a condition in which a peasant is bound to the land of a lord.
        """
    )
    notes = next(a for ask, a in asked.items() if ask.startswith("Explain the fiscal crisis"))
    assert len(notes.splitlines()) == 3
    assert any(ask.startswith("What is meant by serfdom") for ask in asked)


def test_a_section_that_speaks_of_its_heading_is_to_be_explained() -> None:
    asked = sure(
        """
        # Databases

        ## Super journals

        A super journal is used when one transaction changes several databases at once. It
        holds the name of every rollback journal. A crash before the super journal is deleted
        rolls all of the databases back, so that none is changed without the others.
        """
    )
    assert any("super journal" in ask for ask in asked)


@pytest.mark.parametrize(
    "sentence",
    [
        "There are two other kinds of page cache: the write-back one and the write-through one.",
        "The page cache is used for that purpose, but it is slower than a buffer of one's own.",
        "The size property of the page cache can be changed as the page cache is mounted by root.",
        "The page cache is a fundamental concept of all of the systems that are in use today.",
        "If the page cache was full before, then jump to the last of the instructions at once.",
    ],
)
def test_what_needs_the_text_around_it_is_not_asked(sentence: str) -> None:
    assert sure(f"# The page cache\n\n{sentence}\n") == {}


def test_who_is_asked_of_people_only_and_short_forms_of_many_are_spelt_right() -> None:
    asked = {
        c.ask: c.answer
        for c in make_cards(
            "# Solvers\n\nNewton-CG is a solver that approximates the Hessian matrix of the loss.\n\n"
            "Ada Lovelace was an English mathematician who wrote the first program for a machine.\n\n"
            "The most common frequencies (MCFs) are kept. The MCFs are shown to the planner.\n"
        )
    }
    assert "What is Newton-CG?" in asked and "Who was Ada Lovelace?" in asked
    assert asked["What does MCF stand for?"] == "most common frequency"


@pytest.mark.parametrize(
    "sentence",
    [
        "The page cache mean is assumed to be zero by all of the models that are used here.",
        "Page cache tables are useful for data types whose form on disk is not that of memory.",
        "An example of the page cache: the structure of the files is that of the folders on disk.",
        "Unlike shrinking caches, page caches of tables are able to hold what was read once before.",
    ],
)
def test_a_word_of_two_kinds_is_not_taken_for_the_verb(sentence: str) -> None:
    asked = sure(f"# The page cache\n\n{sentence}\n")
    assert all("do page caches of tables differ from" in ask for ask in asked)


def test_what_only_looks_like_a_plural_or_an_expansion_is_left_alone() -> None:
    asked = sure(
        "Multinomial naive Bayes (MNB) counts words. MNB is fast. Choose loss='hinge' (PA-I) or "
        "loss='squared_hinge' (PA-II). PA-I and PA-II differ in one term."
    )
    assert asked["What does MNB stand for?"] == "Multinomial naive Bayes"
    assert not any("PA-I" in ask for ask in asked)


def test_a_further_case_is_no_term_and_a_lost_formula_leaves_no_card() -> None:
    assert not sure("A second possible layout is a wall that is set up in front of the network.")
    assert not sure("Calibration is a step that maps the output of the model to a probability in.")


def test_the_sort_of_a_thing_is_not_part_of_its_name() -> None:
    asked = sure(
        "# Nets\n\n## Classes\n\nMulti-layer perceptrons are nets. Class MLPRegressor implements a "
        "multi-layer perceptron (MLP) that trains using backpropagation. MLPRegressor needs scaled data."
    )
    assert "What does class MLPRegressor do?" in asked


def test_a_noun_that_looks_like_a_verb_a_document_and_a_quantity_do_nothing() -> None:
    for sentence in (
        "Current unit tests only cover Gaussian and Poisson noise in the models of the package.",
        "Jobs submitted to multiple partitions will have as many entries in the list as partitions.",
        "The Configuration Reference gives exhaustive descriptions of all supported blocks.",
        "Two directives set hard limits on the number of active child processes of a server.",
    ):
        assert not sure(f"# Jobs\n\n{sentence}"), sentence


def test_a_heading_that_asks_is_no_place() -> None:
    asked = sure(
        "# Event loop\n\n## How it Works\n\nWhen an entity reaches its freshness lifetime, the cache "
        "asks the origin whether the entity is still good."
    )
    assert asked and not any("how it" in ask.lower() for ask in asked)


def test_nothing_is_asked_of_what_stands_elsewhere_or_of_half_a_name() -> None:
    for sentence in (
        "Neither is the cookie backend, because the session data is stored by the browsers of users.",
        "LLVM's support for collection does not include features which other parts can address.",
        "An example is a router that translates the addresses of a network to one of its own.",
    ):
        assert not sure(f"# Routers\n\n{sentence}"), sentence
