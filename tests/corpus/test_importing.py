"""What an import finds: the contract of the command line, ids that stay, cards, passages."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import importing
from corpus.cards import REVIEW, make_cards
from corpus.gathering import Source
from corpus.importing import find
from corpus.library import Library
from corpus.loaders.parts import Part
from corpus.loaders.sandbox import Sandbox
from corpus.model import Deck, Question
from corpus.passages import of_decks
from corpus.sections import LONGEST, of_document
from corpus.writing import Span

BANK = textwrap.dedent(
    """
    # Databases

    ## 1. What is a transaction?

    - It is atomic.
    - It is isolated.
    - It is durable.

    ## 2. What is a lock?

    TODO

    ## 3. Which one is a database?

    A) Postgres
    B) Bash

    Answer: A
    """
)

PROSE = textwrap.dedent(
    """
    # Caching

    A **cache** is a component that stores results so that later requests are served faster. It is
    usually kept in memory.

    ## Write-through vs write-back

    A write-through cache updates the store at once. A write-back cache updates the store later, so
    it is faster but may lose data.

    ## Advantages

    - Lower latency for reads.
    - Less load on the database behind it.
    - Fewer repeated computations.

    The purpose of eviction is to make room for newer entries when the memory is full.

    The least recently used (LRU) entry is removed first. Many caches use LRU.

    As we saw above, this is not always right.
    """
)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(seconds=20) as made:
        yield made


def test_the_json_of_a_dry_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "db.md"
    path.write_text(BANK)
    assert importing.main([str(path), str(tmp_path / "gone.md"), "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert set(data) == {"source", "questions", "skipped"}
    first, second, third = data["questions"]
    assert {"id", "ask", "answer", "topic", "level", "expectations", "where"} <= set(first)
    assert first["topic"] == "Databases" and first["where"] == "db.md, line 4"
    assert [e["text"] for e in first["expectations"]] == [
        "A transaction is atomic.",
        "A transaction is isolated.",
        "A transaction is durable.",
    ]
    assert second["answer"] == "" and second["expectations"] == []
    assert third["answer"] == "A: Postgres" and third["options"] == ["A: Postgres", "B: Bash"]
    assert third["expectations"][0]["text"] == "A: Postgres"
    assert data["skipped"][0]["where"] == "gone.md" and data["skipped"][0]["why"]


def test_ids_only_depend_on_what_is_asked(tmp_path: Path, sandbox: Sandbox) -> None:
    (tmp_path / "a.md").write_text(BANK)
    (tmp_path / "b.md").write_text(
        "Preface.\n\n" + BANK.replace("It is atomic.", "All or nothing.")
    )
    a, b = (find([tmp_path / n], sandbox=sandbox).questions for n in ("a.md", "b.md"))
    assert [q.id for q in a] == [q.id for q in b]
    assert len({q.id for q in a}) == 3


def test_the_same_deck_in_three_formats_is_one_deck(tmp_path: Path, sandbox: Sandbox) -> None:
    cards = [(f"What is item {n}?", f"It is number {n}.") for n in range(5)]
    (tmp_path / "a.tsv").write_text("".join(f"{a}\t{b}\ttag\n" for a, b in cards))
    (tmp_path / "b.json").write_text(json.dumps([{"front": a, "back": b} for a, b in cards]))
    rows = "".join(f"| {a} | {b} |\n" for a, b in cards)
    (tmp_path / "c.md").write_text(f"# Deck\n\n| Front | Back |\n| --- | --- |\n{rows}")
    found = find([tmp_path], sandbox=sandbox).questions
    assert [(q.ask, q.answer) for q in found] == cards
    assert len(found[0].sources) == 3


def test_an_import_twice_adds_nothing(tmp_path: Path, sandbox: Sandbox) -> None:
    (tmp_path / "a.md").write_text(BANK)
    library = Library(tmp_path / "home", tmp_path / "none")
    first = library.add(find([tmp_path / "a.md"], sandbox=sandbox).questions, "db")
    again = library.add(find([tmp_path / "a.md"], sandbox=sandbox).questions, "db")
    assert len(first.added) == 3 and (again.added, again.updated) == ((), ())


def test_prose_becomes_cards_from_its_own_words(tmp_path: Path, sandbox: Sandbox) -> None:
    (tmp_path / "a.md").write_text(PROSE)
    finding = find([tmp_path / "a.md"], sandbox=sandbox)
    asked = {q.ask: q for q in finding.questions}
    assert "What is a cache?" in asked
    assert "stores results" in asked["What is a cache?"].answer
    assert "How do write-through and write-back compare?" in asked
    assert "What are the advantages of caching?" in asked
    assert len(asked["What are the advantages of caching?"].expectations) == 3
    assert "What is the purpose of eviction?" in asked
    assert asked["What does LRU stand for?"].answer == "least recently used"
    assert not any("As we saw" in q.answer for q in (*finding.questions, *finding.review))
    assert find([tmp_path / "a.md"], sandbox=sandbox, cards=False).questions == ()


def test_a_doubtful_card_waits_for_review() -> None:
    for card in make_cards(PROSE):
        assert 0 < card.confidence < 1
    text = "# Birds\n\nThe *plumage* of a **raven** shines in hues of purple and of green in daylight.\n"
    (gap,) = make_cards(text)
    assert gap.confidence < REVIEW and "_____" in gap.ask


paragraph = st.sampled_from(
    [
        "A cache is a store. ",
        "The goal of x is to ",
        "# A vs B\n",
        "- one\n",
        "\n\n",
        "because ",
        "**it** ",
        "$$\n",
    ]
)


@given(st.lists(paragraph, max_size=40).map("".join))
def test_any_text_makes_cards_with_a_line_in_it(text: str) -> None:
    for card in make_cards(text):
        assert card.ask and card.answer and 1 <= card.line <= text.count("\n") + 1


def test_a_writer_is_sent_no_more_than_the_limits(
    tmp_path: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "MOST_PASSAGES", 3)
    monkeypatch.setattr(importing, "MOST_SENT", 5)
    parts = [
        f"## Part {n}\n\nThis part holds a number of words without a claim.\n" for n in range(4)
    ]
    for name in ("a.md", "b.md", "c.md"):
        (tmp_path / name).write_text("\n".join(parts))
    sent: list[str] = []

    def writer(span: Span) -> list[object]:
        sent.append(span.title)
        return []

    finding = find([tmp_path], sandbox=sandbox, writer=writer)
    assert [title[-4:] for title in sent] == ["a.md"] * 3 + ["b.md"] * 2
    unsent = [s.why.partition(" passages")[0] for s in finding.skipped if "not sent" in s.why]
    assert unsent == ["1 of its 4", "2 of its 4", "4 of its 4"]


def test_passages_keep_headings_and_places() -> None:
    long = (
        "# One\n\n"
        + "A sentence of some length stands here. " * 100
        + "\n\n## Two\n\nAnother text, long enough to be kept as it is."
    )
    passages = list(
        of_document(
            Source("a.md", [Part(long, "page 1"), Part("# Three\n\n" + "word " * 20, "page 2")])
        )
    )
    assert all(len(p.text) <= LONGEST + 200 for p in passages)
    assert passages[0].text.startswith("One\n\nA sentence")
    two = next(p for p in passages if "Another text" in p.text)
    assert two.text.startswith("One > Two") and two.where == "page 1"
    assert passages[-1].where == "page 2" and len({p.id for p in passages}) == len(passages)


def test_a_question_is_one_passage() -> None:
    deck = Deck(
        id="d", title="D", questions=(Question(id="q", ask="What?", answer="That.\n\nAll."),)
    )
    (passage,) = of_decks([deck])
    assert (passage.id, passage.deck, passage.question) == ("q:q", "d", "q")
    assert passage.text == "What?\n\nThat.\n\nAll."


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (
            "question,answer,colour\nWhat is X?,A letter.,red\n,An answer.,\nWhat is Y?,,\n",
            [
                "no use is known for its columns colour",
                "no question with an answer in line 3",
                "no answer, so it can be asked but not judged: line 4",
            ],
        ),
        (
            "Stoff,Sinn\nWhat is X?,A letter.\nWhat is Y?,A sound.\nWhat is Z?,A mark.\n",
            ["the first two of its columns (Stoff, Sinn) are read as question and answer"],
        ),
        (
            "id,price\n1,2.50\n2,3.50\n",
            [
                "no question in its rows: name the columns question and answer; they begin: id, price"
            ],
        ),
    ],
)
def test_what_is_missing_in_the_rows_of_a_table_is_told(
    tmp_path: Path, sandbox: Sandbox, table: str, said: list[str]
) -> None:
    path = tmp_path / "table.csv"
    path.write_text(table)
    found = find([path], sandbox=sandbox)
    assert [skip.why for skip in found.skipped] == said
    assert "Stoff" not in [q.ask for q in found.questions]
