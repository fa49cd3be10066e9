"""The library keeps ids, so that history survives edits, moves and re-imports."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from corpus.deckyaml import DeckError
from corpus.library import Library
from corpus.matching import may_be_same
from corpus.model import Expectation, Question, Source

BUNDLED = """\
- id: softmax
  ask: What does softmax do?
  answer: It turns scores into probabilities.
- id: sampling
  ask: How is the next token drawn?
  prerequisites: [softmax]
"""


@pytest.fixture
def library(tmp_path: Path) -> Library:
    deck = tmp_path / "bundled" / "base"
    deck.mkdir(parents=True)
    (deck / "deck.yaml").write_text("id: base\ntitle: Base\n")
    (deck / "a.yaml").write_text(BUNDLED)
    return Library(tmp_path / "home", tmp_path / "bundled")


def again(library: Library) -> Library:
    return Library(library.folder.parent, library._bundled)


def imported(name: str, ask: str, answer: str = "", source: str = "notes.md", at: int = 1):
    points = (Expectation(id="p1", text=answer),) if answer else ()
    return Question(
        id=name,
        ask=ask,
        answer=answer,
        expectations=points,
        sources=(Source(title=source, where=f"line {at}"),),
    )


CAP = imported(
    "cap", "What does the CAP theorem say?", "Of three guarantees a store can keep only two."
)
ACID = imported("acid", "What does ACID stand for?", "Atomic, consistent, isolated, durable.", at=9)


def test_bundled_and_own_decks_are_listed(library: Library) -> None:
    library.add([CAP], "mine", title="My notes")
    library = again(library)
    assert [d.id for d in library.decks] == ["base", "mine"]
    assert library.decks[0].bundled and not library.decks[1].bundled
    assert library.question("cap") == CAP and library.deck_of("cap") == "mine"
    assert library.deck("my notes") is library.decks[1]
    assert library.sources() == {"notes.md": ["cap"]}
    assert not library.problems


def test_importing_twice_adds_and_writes_nothing(library: Library) -> None:
    library.add([CAP, ACID], "mine")
    before = {p: p.read_bytes() for p in library.folder.iterdir()}
    result = again(library).add([CAP, ACID], "mine")
    assert (result.added, result.updated) == ((), ())
    assert result.unchanged == ("cap", "acid")
    assert {p: p.read_bytes() for p in library.folder.iterdir()} == before


def test_an_edited_and_moved_question_keeps_its_id(library: Library) -> None:
    library.add([CAP, ACID], "mine")
    edited = imported("other", "What is the statement of the CAP theorem?", CAP.answer, at=40)
    result = library.add([ACID, edited], "mine")
    assert result.updated == ("cap",) and result.renamed == {"other": "cap"}
    assert again(library).question("cap").ask == edited.ask


def test_a_longer_answer_updates_the_question(library: Library) -> None:
    library.add([CAP], "mine")
    longer = imported("cap", CAP.ask, CAP.answer + " Those are C, A and P.")
    assert library.add([longer], "mine").updated == ("cap",)
    assert library.question("cap").answer == longer.answer


def test_same_title_with_other_code_is_another_question(library: Library) -> None:
    one = imported("out-1", "What's the output?\n\n```\nf(1)\n```", "A: 1")
    two = imported("out-2", "What's the output?\n\n```\nf(2)\n```", "B: 2")
    assert library.add([one, two], "mine").added == ("out-1", "out-2")
    assert library.add([two, one], "mine").added == ()


def test_a_number_or_a_contrast_word_makes_another_question(library: Library) -> None:
    old = [
        imported(
            "tcp", "What is the third step of the handshake of TCP?", "The client answers ACK."
        )
    ]
    library.add(old, "mine")
    new = [
        imported(
            "new", "What is the third step of the handshake of TCP version 2?", "Another thing."
        )
    ]
    assert library.add(new, "mine").added == ("new",)


def test_the_same_card_from_two_sources_is_one_question(library: Library) -> None:
    library.add([CAP], "mine")
    library.add([imported("cap-2", CAP.ask, CAP.answer, source="cards.tsv")], "mine")
    assert [q.id for q in library.questions("mine")] == ["cap"]
    assert library.remove_source("notes.md") == []
    assert library.remove_source("cards.tsv") == ["cap"]
    assert again(library).question("cap") is None


def test_a_learners_edit_survives_an_import_of_the_unchanged_document(library: Library) -> None:
    library.add([CAP], "mine")
    library.edit("cap", library.yaml_of("cap").replace("the CAP theorem", "Brewer's theorem"))
    assert library.add([CAP], "mine").unchanged == ("cap",)
    assert "Brewer" in again(library).question("cap").ask


def test_an_edit_lies_over_the_bundled_deck(library: Library) -> None:
    library.edit("softmax", library.yaml_of("softmax").replace("softmax do", "softmax compute"))
    library = again(library)
    assert [q.id for q in library.questions("base")] == ["softmax", "sampling"]
    assert "compute" in library.question("softmax").ask
    assert library.remove(["softmax"]) == []
    assert "do?" in library.question("softmax").ask
    assert not library.problems


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("id: softmax", "id: hardmax"), "the id must stay"),
        (("answer:", "anwser:"), "no field"),
        (("ask:", "prerequisites: [sampling]\nask:"), "circle"),
    ],
)
def test_a_bad_edit_is_refused(library: Library, change: tuple[str, str], said: str) -> None:
    with pytest.raises(DeckError, match=said):
        library.edit("softmax", library.yaml_of("softmax").replace(*change))
    assert "softmax do" in library.question("softmax").ask


def test_a_broken_own_deck_does_not_hide_the_others(library: Library) -> None:
    library.add([CAP], "mine")
    (library.folder / "broken.yaml").write_text("- id: x\n  ask: [\n")
    library = again(library)
    assert library.question("cap") and library.question("softmax")
    assert [p.path.name for p in library.problems] == ["broken.yaml"]


def test_near_duplicates_are_reported_and_related_questions_linked(library: Library) -> None:
    vectors = {"CAP": [1.0, 0.0, 0.0], "Brewer": [0.95, 0.31, 0.0], "ACID": [0.6, 0.8, 0.0]}

    def embed(texts):
        return np.array(
            [next((v for k, v in vectors.items() if k in t), [0.0, 0.0, 1.0]) for t in texts]
        )

    library.add([CAP], "mine", embed=embed)
    brewer = imported("brewer", "Explain Brewer's theorem.", "Pick two.", source="b.md")
    result = library.add([brewer, ACID], "mine", embed=embed)
    assert [(p.one, p.other) for p in result.near] == [("brewer", "cap")]
    assert "cap" in library.question("acid").related
    assert "cap" in library.question("brewer").related


LABELLED = [
    line.split("\t")
    for line in Path(__file__).with_name("near_duplicates.tsv").read_text().splitlines()
]


@pytest.mark.parametrize(
    ("label", "one", "other"), [r for r in LABELLED if r[0] in ("same", "differs")]
)
def test_a_number_or_a_word_that_turns_the_meaning_makes_another_question(
    label: str, one: str, other: str
) -> None:
    assert may_be_same(one, other) == (label == "same")


def test_a_document_that_is_moved_and_edited_at_once_keeps_its_ids(library: Library) -> None:
    library.add([CAP, ACID], "notes", title="Notes")
    edited = imported("new", "What exactly does the CAP theorem say?", CAP.answer, "moved.md")
    moved = ACID.model_copy(update={"sources": (Source(title="moved.md", where="line 9"),)})
    added = library.add([edited, moved], "notes", title="Notes")
    assert not added.added
    assert {q.id for q in again(library).questions()} >= {"cap", "acid"}
    assert library.question("cap").ask == edited.ask  # pyright: ignore[reportOptionalMemberAccess]


def test_a_document_that_goes_back_to_what_it_said_is_a_change(library: Library) -> None:
    other = imported("cap", CAP.ask, CAP.answer + " Those are C, A and P.")
    library.add([CAP], "mine")
    library.add([other], "mine")
    assert library.add([CAP], "mine").updated == ("cap",)
    assert again(library).question("cap").answer == CAP.answer


def test_a_deck_is_known_by_its_ids_and_replaces_all_that_it_says(library: Library) -> None:
    first = Question(
        id="q", ask="What is X?", expectations=(Expectation(id="a", text="before Y"),), level=2
    )
    second = first.model_copy(
        update={"ask": "Where in the alphabet?", "level": 3, "expectations": CAP.expectations}
    )
    library.add([first], "letters", whole=True)
    assert library.add([first], "letters", whole=True).unchanged == ("q",)
    assert library.add([second], "letters", whole=True).updated == ("q",)
    assert again(library).questions("letters") == [second]


def test_a_learners_edit_survives_an_import_of_the_unchanged_deck(library: Library) -> None:
    asked = Question(id="q", ask="What is X?")
    library.add([asked], "letters", whole=True)
    library.edit("q", library.yaml_of("q").replace("X", "the letter X"))
    assert library.add([asked], "letters", whole=True).unchanged == ("q",)
    assert again(library).question("q").ask == "What is the letter X?"
