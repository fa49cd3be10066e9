"""Decks are read, written and checked; every error says where and how to mend it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.deck import find_problems, read, read_deck, write_deck
from corpus.deckyaml import DeckError
from corpus.model import Deck, Question

ONE = """\
- id: softmax
  ask: What does softmax do?
  answer: It turns scores into probabilities.
  expectations:
    - id: probs
      text: It turns scores into probabilities.
      words: [no, 1, probabilities]
  prerequisites: []
"""

STAGED = """\
- id: design-shop
  topic: system design
  level: 4
  ask: Design a shop.
  variants: [How would you build a shop?]
  answer: A shop has a front and a back.
  prerequisites: [softmax]
  sources: [{title: Shops, year: 2020}]
  stages:
    - id: needs
      name: Needs
      minutes: 3
      ask: What would you ask first?
      answer: Who buys.
    - id: parts
      name: Parts
      ask: Which parts are there?
      answer: A front and a back.
"""


def folder(tmp_path: Path, **files: str) -> Path:
    root = tmp_path / "deck"
    root.mkdir()
    (root / "deck.yaml").write_text("id: mine\ntitle: Mine\n")
    for name, text in files.items():
        (root / f"{name}.yaml").write_text(text)
    return root


def test_a_folder_is_read_in_file_name_order(tmp_path: Path) -> None:
    deck = read_deck(folder(tmp_path, b=ONE, a=ONE.replace("softmax", "first")), bundled=True)
    assert [q.id for q in deck.questions] == ["first", "softmax"]
    assert deck.bundled and deck.title == "Mine"


def test_scalars_stay_texts(tmp_path: Path) -> None:
    deck = read_deck(folder(tmp_path, a=ONE))
    assert deck.questions[0].expectations[0].words == ("no", "1", "probabilities")


def test_stages_become_questions_one_after_the_other(tmp_path: Path) -> None:
    deck = read_deck(folder(tmp_path, a=ONE, b=STAGED))
    _, needs, parts = deck.questions
    assert (needs.id, parts.id) == ("design-shop/needs", "design-shop/parts")
    assert needs.series == parts.series == "design-shop"
    assert parts.stage == "Parts" and needs.minutes == 3 and parts.level == 4
    assert needs.prerequisites == ("softmax",) and parts.prerequisites == (needs.id,)
    assert "Design a shop." in parts.ask and "Which parts" in parts.ask
    assert "How would you build a shop?" in parts.variants[0]
    assert parts.sources[0].title == "Shops"


def test_requiring_a_whole_design_means_its_last_stage(tmp_path: Path) -> None:
    after = ONE.replace("softmax", "after").replace("[]", "[design-shop]")
    deck = read_deck(folder(tmp_path, a=ONE, b=STAGED, c=after))
    assert deck.questions[-1].prerequisites == ("design-shop/parts",)


@pytest.mark.parametrize(
    ("text", "line", "said", "mend"),
    [
        ("- id: a\n  ask: 'b\n", 3, "not valid YAML", "quotes"),
        ("- id: a\n  aks: b\n", 2, "no field `aks`", "`ask`"),
        ("- id: a\n", 1, "`ask` is missing", "add"),
        ("- id: A B\n  ask: b\n", 1, "`id`", "small letters"),
        ("- id: a\n  ask: b\n  level: 9\n", 3, "`level`", "range"),
        ("- id: a\n  ask: b\n- id: a\n  ask: c\n", 3, "used twice", "another id"),
        ("- id: a\n  ask: b\n  ask: c\n", 3, "stands twice", "remove"),
        ("- id: a\n  ask: b\n  expectations:\n    - id: x\n      txt: y\n", 5, "`txt`", "`text`"),
        ("- id: a\n  ask: b\n  prerequisites: [a]\n", 1, "a -> a", "remove"),
        ("- a\n- b\n", 1, "must be a mapping", "begin"),
        ("", 1, "empty", ""),
    ],
)
def test_errors_name_line_and_mend(
    tmp_path: Path, text: str, line: int, said: str, mend: str
) -> None:
    root = folder(tmp_path, a=text)
    with pytest.raises(DeckError) as caught:
        read_deck(root)
    error = caught.value
    assert (error.path, error.line) == (root / "a.yaml", line)
    assert said in error.message and mend in error.mend


def test_a_circle_through_several_questions_is_found(tmp_path: Path) -> None:
    names = ["a", "b", "c"]
    text = "".join(
        f"- id: {n}\n  ask: q\n  prerequisites: [{names[(i + 1) % 3]}]\n"
        for i, n in enumerate(names)
    )
    with pytest.raises(DeckError, match="circle: a -> b -> c -> a"):
        read_deck(folder(tmp_path, a=text))


def test_aliases_cannot_blow_a_deck_up(tmp_path: Path) -> None:
    bomb = "a0: &a0 [x, x]\n" + "".join(
        f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 12)
    )
    for text in (bomb, "- &a [*a]\n"):
        path = tmp_path / "bomb.yaml"
        path.write_text(text)
        with pytest.raises(DeckError, match=r"deep|aliases"):
            read_deck(path)


def test_problems_between_decks(tmp_path: Path) -> None:
    one = tmp_path / "one.yaml"
    two = tmp_path / "two.yaml"
    one.write_text("- id: a\n  ask: q\n  prerequisites: [b]\n")
    two.write_text("- id: b\n  ask: q\n  prerequisites: [a, gone]\n- id: c\n  ask: q\n")
    said = " ".join(p.message for p in find_problems([read(one), read(two), read(one)]))
    assert "'gone'" in said and "circle" in said and "'a' is also in" in said


word = st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n"), min_size=1)
text = word.map(str.strip).filter(bool)


@given(st.lists(st.tuples(text, text), max_size=4))
def test_writing_and_reading_gives_the_same(tmp_path_factory, pairs) -> None:
    questions = tuple(Question(id=f"q{i}", ask=a, answer=b) for i, (a, b) in enumerate(pairs))
    path = tmp_path_factory.mktemp("decks") / "d.yaml"
    write_deck(Deck(id="d", title="D: a", questions=questions), path)
    assert read_deck(path).questions == questions
