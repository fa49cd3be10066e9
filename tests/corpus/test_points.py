"""Points derived from an answer: atomic, from its words only, with follow-ups that leak nothing."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.abbreviations import abbreviations
from corpus.followups import followups
from corpus.points import derive
from corpus.words import content, stem, tokens


def texts(answer: str, question: str = "") -> list[str]:
    return [p.text for p in derive(answer, question)]


def test_a_short_reference_is_one_point() -> None:
    assert texts("The water was evaporated, leaving the salt.") == [
        "The water was evaporated, leaving the salt."
    ]
    assert texts("Paris") == ["Paris"]
    assert texts("") == [] and texts(" \n--\n") == []


def test_a_list_gives_a_point_per_item_with_its_lead() -> None:
    points = derive(
        "Ways to save memory:\n- gradient checkpointing\n- smaller batches\n- offloading"
    )
    assert [p.text for p in points] == ["gradient checkpointing", "smaller batches", "offloading"]
    assert points[0].wordings == ("Ways to save memory: gradient checkpointing",)


def test_a_part_without_a_subject_gets_that_of_its_sentence_or_stays() -> None:
    assert texts(
        "Dropout zeroes a random subset of activations in every training step, reducing the reliance on "
        "single units."
    ) == [
        "Dropout zeroes a random subset of activations in every training step",
        "Dropout reduces the reliance on single units",
    ]
    assert texts(
        "A write-back cache answers writes from memory at once and stores them on disk some time later."
    ) == [
        "A write-back cache answers writes from memory at once",
        "A write-back cache stores them on disk some time later",
    ]
    for whole in (
        "Tensor parallelism splits each matrix across GPUs, which need a fast link for every layer.",
        "The flag means that the key of a session has expired, but has not yet been collected.",
        "The scores are divided by the root of the dimension, reducing the variance of every term.",
    ):
        assert texts(whole) == [whole]


def test_a_pronoun_takes_the_subject_before_it() -> None:
    answer = (
        "A semaphore is a counter of permits. It admits as many threads as it has permits. "
        "But it is slower than a mutex. It is possible that a thread waits for ever."
    )
    assert texts(answer, "Which locks do you know?") == [
        "A semaphore is a counter of permits.",
        "A semaphore admits as many threads as it has permits.",
        "A semaphore is slower than a mutex.",
        "It is possible that a thread waits for ever.",
    ]


def test_a_pronoun_before_its_noun_stays_and_signs_of_comparison_too() -> None:
    told = derive(
        "Two desktops lead the field. This diversity is rooted in history. This leads to choice.",
        "What are desktops?",
    )
    assert [p.text for p in told][1:] == [
        "This diversity is rooted in history.",
        "This leads to choice.",
    ]
    signs = derive(
        "- >=: greater or equal\n- >>: greater\n- <<: less", "Which operators are there?"
    )
    assert [p.text for p in signs] == [">=: greater or equal", ">>: greater", "<<: less"]


def test_a_follow_up_spells_a_name_as_the_question_does() -> None:
    probes = [p.probe for p in derive("Xen is a hypervisor. Xen handles memory.", "What is Xen?")]
    assert probes == ["What sort of thing is Xen, and what sets it apart?", "What does Xen handle?"]
    assert (
        derive("A cache handles reads.", "What is a cache?")[0].probe == "What does a cache handle?"
    )


def test_titles_lead_and_sources_are_no_points() -> None:
    answer = (
        "### Weak consistency\nAfter a write, reads may or may not see it.\n\n"
        "### Strong consistency\nReads always see the last write.\n\n"
        "Sources and further reading\n- [Consistency](http://x.y/a)\n- [Transactions](http://x.y/b)"
    )
    assert texts(answer) == [
        "Weak consistency: After a write, reads may or may not see it.",
        "Strong consistency: Reads always see the last write.",
    ]
    assert texts("- [Docker](http://x.y)\n- [Podman](http://x.z)") == ["Docker", "Podman"]
    assert texts("Read-only replicas serve queries. See-saw load balancing is no thing.") == [
        "Read-only replicas serve queries.",
        "See-saw load balancing is no thing.",
    ]


def test_an_item_of_several_sentences_is_a_point_for_each_that_stands_alone() -> None:
    answer = (
        "- `Subquery`: is a query inside another query. It is used to narrow what the outer one reads.\n"
        "- `Join`: combines rows of two tables. This is done for most reports.\n"
        "- There are two types of subqueries, with and without a tie to the outer query:\n"
        "  - A correlated one reads columns of the outer query. For example, look at this one:\n"
    )
    assert texts(answer, "What is a Subquery (SQL)?") == [
        "Subquery is a query inside another query.",
        "A Subquery is used to narrow what the outer one reads.",
        "Join: combines rows of two tables. This is done for most reports.",
        "A correlated one reads columns of the outer query.",
    ]


def test_the_difference_of_two_things_is_not_what_it_stands_for() -> None:
    answer = "os.open returns a number. It takes flags. os.fdopen makes a file of such a number."
    points = derive(answer, "What is the difference between os.open and os.fdopen?")
    assert [p.text for p in points][1:] == [
        "os.open takes flags.",
        "os.fdopen makes a file of such a number.",
    ]
    assert all("difference" not in p.probe for p in points)


def test_one_of_three_things_that_a_subject_does_is_not_cut_off() -> None:
    series = (
        "The membrane protects the inner parts, provides structure, and regulates the movement of "
        "substances in and out."
    )
    assert texts(series) == [series]


def test_a_topic_never_runs_over_a_comma() -> None:
    found = followups(
        "Credentials remain in a vault.",
        "How does the tool talk to remote hosts, and how do you connect?",
    )
    assert "and how" not in found["probe"] + found["prompt"]


def test_an_item_of_a_nested_list_names_what_it_is_about() -> None:
    answer = (
        "- **Overfitting**:\n"
        "  - **Definition**: Learning the noise of the data.\n"
        "  - **Causes**:\n"
        "    - Too many parameters.\n"
        "- **Underfitting**:\n"
        "  - A model too simple for the pattern.\n\n"
        "**Interview Tips**:\n"
        "- Draw a graph of both errors.\n"
    )
    assert texts(answer, "Can you explain overfitting and underfitting?") == [
        "Overfitting definition: Learning the noise of the data.",
        "Overfitting causes: Too many parameters.",
        "Underfitting: A model too simple for the pattern.",
    ]


def test_a_table_that_compares_names_what_each_cell_is_about() -> None:
    answer = (
        "| Feature | Container | Machine |\n|:---|:---:|---|\n"
        "| System | shares that of its host | has its own |\n| Start | seconds | minutes |"
    )
    assert texts(answer, "What is the difference between a container and a machine?") == [
        "System: Container: shares that of its host; Machine: has its own",
        "Start: Container: seconds; Machine: minutes",
    ]
    assert texts("| Term | Meaning |\n|---|---|\n| Pod | the smallest unit |") == [
        "Pod: the smallest unit"
    ]


def test_only_what_points_elsewhere_is_filler() -> None:
    answer = (
        "- Image is a read-only blueprint of layers.\n- Read replicas copy the data.\n"
        "- Reference counting frees memory.\n- Source: https://example.org\n- Read more here."
    )
    assert texts(answer) == [
        "Image is a read-only blueprint of layers.",
        "Read replicas copy the data.",
        "Reference counting frees memory.",
    ]


def test_lines_without_bullets_are_items() -> None:
    answer = "Use a combination of:\nPrior knowledge.\nGrid or random search.\nTools like Optuna."
    assert texts(answer) == ["Prior knowledge.", "Grid or random search.", "Tools like Optuna."]


def test_prose_gives_a_point_per_sentence_and_long_sentences_are_cut() -> None:
    assert len(texts("A cache stores results. It is fast, e.g. in memory. It can be stale.")) == 3
    long = (
        "A write-ahead log records each change before the table is touched, "
        "whereas a shadow page keeps a second copy of the whole page until the commit."
    )
    assert len(texts(long)) == 2


def test_never_more_than_eight() -> None:
    assert len(derive("\n".join(f"- item number {i} says thing {i}" for i in range(40)))) == 8


def test_pronouns_and_abbreviations_are_resolved() -> None:
    answer = (
        "It looks up passages with retrieval-augmented generation (RAG). RAG cites its sources."
    )
    points = derive(answer)
    assert any("retrieval-augmented generation cites" in w for w in points[1].wordings)
    first = derive("It removes rows. It is fast.", "What is a vacuum?")[0]
    assert first.text == "A vacuum removes rows." and first.wordings == ("It removes rows.",)


def test_code_links_and_chatter_are_no_points() -> None:
    answer = "Use a map.\n\n```py\nx = {}  # a. b. c.\n```\n\nSee [this](http://x.y)\n\nIt is fast."
    assert texts(answer) == ["Use a map.", "It is fast."]
    assert texts("```py\nsorted(x)\n```") == ["sorted(x)"]


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        ("They use a key-value store (KVS) here.", {"KVS": "key-value store"}),
        ("SGD (stochastic gradient descent) is slow.", {"SGD": "stochastic gradient descent"}),
        ("It was shown (see above) in 2019 (in print).", {}),
    ],
)
def test_abbreviations(text: str, pair: dict[str, str]) -> None:
    assert abbreviations(text) == pair


def letters(text: str) -> str:
    return "".join(re.findall(r"[^\W_]", text.lower()))


sentence = st.text(st.sampled_from("abcdefg ABC 12 .,;:?!-*|`#()[]<>\n é✅"), max_size=300)


@given(sentence)
def test_any_text_gives_valid_points_from_its_own_words(answer: str) -> None:
    points = derive(answer)
    assert len(points) <= 8
    assert len({p.id for p in points}) == len(points)
    for point in points:
        # `in` on an iterator consumes it: every letter stands in the answer, in this order.
        rest = iter(letters(answer))
        assert all(letter in rest for letter in letters(point.text))
        for text in (point.probe, point.hint, point.prompt):
            said = content(text)
            for word in point.words:
                assert stem(word.lower()) not in said and word.lower() not in tokens(text)


@pytest.mark.parametrize(
    ("text", "question", "probe"),
    [
        (
            "Causal masking ensures each token only attends to previous tokens.",
            "What is causal masking and where is it used?",
            "What does causal masking ensure?",
        ),
        (
            "Multiple heads allow the model to attend to several subspaces.",
            "Explain attention heads. Why use multiple heads?",
            "What do multiple heads make possible?",
        ),
        (
            "Storage: Save outputs in a CMS.",
            "Design a system that generates marketing content.",
            "What would you say about “Storage”?",
        ),
        (
            "Scheduled sampling",
            "How do you prevent exposure bias during training?",
            "What else would you do to prevent exposure bias during training?",
        ),
        ("Optuna", "What are some tools for tuning?", "What other tools for tuning can you name?"),
    ],
)
def test_a_follow_up_is_about_the_question(text: str, question: str, probe: str) -> None:
    assert followups(text, question, listed=len(text.split()) < 3)["probe"] == probe


@pytest.mark.parametrize(
    ("text", "question", "probe", "hint"),
    [
        (
            "If it ferments too long, the acid weakens the gluten and the loaf spreads out flat.",
            "What is bulk fermentation?",
            "What happens if it ferments too long?",
            "If it ferments too long, …",
        ),
        (
            "The dough is ready when it has grown by half and shows bubbles at the edge of the bowl.",
            "What is bulk fermentation?",
            "When is the dough ready?",
            "The dough is ready when it has …",
        ),
        (
            "A load barrier is a small piece of code that runs whenever a reference is loaded from the "
            "heap, and repairs the reference if the object has moved.",
            "What is a load barrier?",
            "What sort of thing is a load barrier, and what sets it apart?",
            "A load barrier is a small piece of …",
        ),
    ],
)
def test_a_follow_up_is_made_from_the_build_of_its_point(
    text: str, question: str, probe: str, hint: str
) -> None:
    made = followups(text, question)
    assert made["probe"] == probe
    assert made["hint"].endswith(f": {hint}")


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (
            "Database IDs are unique across all replicas of the database, and record IDs are "
            "monotonically increasing integers.",
            "Record IDs are monotonically increasing integers",
        ),
        (
            "A missing disk means there is one disk of partitions to spread over the remaining eleven "
            "disks, which gives each disk an extra load.",
            "A missing disk means there is one disk of partitions to spread over the remaining eleven "
            "disks, which gives each disk an extra load.",
        ),
        (
            "The analysis has several limits. It would be very useful to be able to chain the passes.",
            "It would be very useful to be able to chain the passes.",
        ),
    ],
)
def test_a_clause_gets_no_subject_that_is_not_its_own(answer: str, expected: str) -> None:
    assert expected in [point.text for point in derive(answer, "What is it?")]
