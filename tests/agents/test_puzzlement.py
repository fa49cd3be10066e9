"""Who asks what is meant hears the thing that was asked last put differently; other questions are
answered, and never at the price of the answer."""

from __future__ import annotations

import asyncio
from pathlib import Path

from agents.puzzlement import is_puzzled
from corpus.library import Library
from tests.agents.playing import Played, Player

ID = "kv-cache"
PART = "You keep the keys and values of earlier tokens."


def played(home: Path, *moves: str, mode: str = "study") -> Played:
    async def play() -> Played:
        async with Player(home, agents=False) as player:
            return await player.play(list(moves), question=ID, mode=mode)

    return asyncio.run(play())


def question(home: Path):
    found = Library(home).question(ID)
    assert found is not None
    return found


def test_before_any_answer_the_question_comes_in_other_words(tmp_path: Path) -> None:
    (text,) = played(tmp_path, "what do you mean?").texts("conversation")
    assert any(wording in text for wording in question(tmp_path).variants)


def test_a_follow_up_that_is_not_understood_becomes_its_hint(tmp_path: Path) -> None:
    session = played(tmp_path, PART, "what do you mean?")
    (hint,) = session.texts("hint")
    asked = session.events[-1].payload["expectation"]
    point = next(e for e in question(tmp_path).expectations if e.id == asked)
    assert point.hint in hint and not session.texts("conversation")


def test_where_no_hint_may_be_given_the_follow_up_is_said_again(tmp_path: Path) -> None:
    session = played(tmp_path, PART, "huh?", mode="mock")
    (text,) = session.texts("conversation")
    asked = session.kept("probed")[-1]
    assert text.endswith(asked) and not text.startswith("In other words")


def test_what_else_is_asked_is_a_question_of_its_own(tmp_path: Path) -> None:
    asked = question(tmp_path)
    last = ["Why are the stored entries still correct after the text has grown?"]
    assert is_puzzled("what do you mean by stored entries?", asked, last)
    assert not is_puzzled("what does RoPE mean here?", asked, last)
    assert not is_puzzled("the entries are correct because of the mask", asked, last)
