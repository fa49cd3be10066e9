"""Giving up and asking back are recognised in what is typed; answers are left alone."""

from __future__ import annotations

import pytest

from agents.briefs import WORDS
from agents.listening import BRIEF, asks_back, gives_up, words_wanted


@pytest.mark.parametrize("text", ["I don't know", "idk", "no idea, sorry", "not sure", "dunno"])
def test_giving_up(text: str):
    assert gives_up(text)


@pytest.mark.parametrize(
    "text",
    [
        "not sure, but I think dividing the logits by T flattens the softmax over all tokens",
        "No gradient flows through the mask.",
        "passing the keys",
    ],
)
def test_a_hesitant_answer_is_an_answer(text: str):
    assert not gives_up(text)


@pytest.mark.parametrize(
    "text",
    [
        "what do you mean by depth?",
        "Can you explain the question",
        "could you rephrase it?",
        "what is an activation?",
        "huh?",
        "sorry, what?",
    ],
)
def test_asking_back(text: str):
    assert asks_back(text)


@pytest.mark.parametrize(
    "text",
    ["is it because of the softmax?", "what it does is divide the logits", "you mean nothing"],
)
def test_an_answer_in_the_form_of_a_question_is_an_answer(text: str):
    assert not asks_back(text)


@pytest.mark.parametrize(
    ("profile", "brief"),
    [
        ("preference: shorter explanations, please [12-ab]", True),
        ("preference: that was too long\n", True),
        ("fact: keep it concise", True),
        ("preference: more detail, please", False),
        (
            "preference: shorter explanations\npreference: longer ones again, with more detail",
            False,
        ),
        ("weakness: long context, short-term memory of agents", False),
        (
            "misconception: said “a word is a token”; in truth: text has fewer words than tokens",
            False,
        ),
        ("", False),
    ],
)
def test_a_wish_for_brevity_is_read_off_the_profile(profile: str, brief: bool):
    assert words_wanted(profile) == (BRIEF if brief else WORDS)
