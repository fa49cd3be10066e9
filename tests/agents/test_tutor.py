"""The built-in tutor's single moves: what it takes up, asks, explains and admits."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.briefs import ErrorBrief, Evidence, ExplainBrief, PointBrief, QuizBrief
from agents.crew.prompts import agent_prompt
from agents.excerpts import excerpt
from agents.listening import asks_analogy, stays_general
from agents.skills.explaining import explain
from agents.skills.quizzing import LONGEST, NAMED, quiz
from agents.state import QuestionState, fold
from agents.state import SessionState as State
from corpus.followups import followups
from memory.events import Event, event_id

ASK = "What is byte-pair encoding?"
POINT = PointBrief(
    id="merges",
    text="Training repeatedly joins the most frequent adjacent pair of symbols.",
    wordings=("It glues the commonest neighbours together.",),
    words=("merge",),
    probe="What does BPE do in a single training step?",
    hint="Each round counts what stands next to what.",
    prompt="Each round ends with one ___.",
)
words = st.lists(st.sampled_from("the pair and symbols, joins so (that) long. of ,".split()))


def said(task: str, **fields: object) -> str:
    return quiz(QuizBrief(task=task, ask=ASK, point=POINT, **fields)).text  # type: ignore[arg-type]


def test_a_hint_comes_with_the_question_it_belongs_to() -> None:
    text = said("hint", mood="vague")
    assert POINT.hint in text and text.endswith("what does BPE do in a single training step?")
    assert text.count("?") == 1 and len(text.split()) <= LONGEST


def test_a_long_hint_still_ends_with_a_question() -> None:
    long = POINT.model_copy(update={"hint": "word " * 33 + "end."})
    text = quiz(QuizBrief(task="hint", ask=ASK, point=long, mood="nothing")).text
    assert text.endswith("?") and len(text.split()) <= LONGEST


def test_credit_is_said_in_the_learner_s_own_words() -> None:
    text = said("pump", mood="gained", quote="it glues letters")
    assert "“it glues letters”" in text and text.endswith(POINT.probe)


def test_a_gap_is_announced() -> None:
    assert said("prompt").endswith(POINT.prompt) and said("prompt") != POINT.prompt


def test_what_was_missed_comes_as_a_list_and_ends_with_one_request() -> None:
    points = tuple(
        POINT.model_copy(update={"id": str(n), "text": f"Point {n} says " + "word " * 20 + f"{n}."})
        for n in range(8)
    )
    error = ErrorBrief(text="A token is a word.", correction="It may be less.", quote="words only")
    text = explain(ExplainBrief(task="explain", ask=ASK, points=points, errors=(error,))).text
    rows = text.split("\n")
    assert rows[1] == "- Not “words only”: It may be less."
    assert rows[3].startswith("- Point 0") and rows[-2] == "" and len(text.split()) <= 120
    assert "Smaller points aside." in rows and text.count("?") <= 1


def test_an_analogy_is_quoted_from_the_sources_or_admitted_to_be_missing() -> None:
    like = Evidence(
        id="p1", text="It is fast. A merge is like a ligature in type: one piece for two."
    )
    brief = ExplainBrief(
        task="analogy",
        ask="What is a merge?",
        points=(POINT,),
        evidence=(like,),
        learner="analogy?",
    )
    found = explain(brief)
    assert "like a ligature in type" in found.text and found.citations == ["p1"]
    bare = explain(brief.model_copy(update={"evidence": ()}))
    assert not bare.citations and POINT.wordings[0] in bare.text
    assert "no comparison" in bare.text or "None of your sources" in bare.text


def test_what_asks_for_an_analogy_and_what_says_nothing() -> None:
    assert asks_analogy("Can you give me an analogy?") and asks_analogy("explain like I'm five")
    assert not asks_analogy("The king and queen vectors")
    assert stays_general("Well, it makes everything more efficient and results get better.", ASK)
    assert not stays_general("bytes", ASK)
    assert not stays_general("It merges the most frequent neighbours.", ASK)


@given(words, words, st.integers(1, 12))
def test_an_excerpt_is_a_piece_of_the_quote(quote: list[str], about: list[str], most: int) -> None:
    text = " ".join(quote)
    piece = excerpt(text, [" ".join(about)], most)
    assert piece in text
    assert len(piece.split()) <= max(most * 1.5, 1)


def test_the_learner_s_words_taken_up_by_the_tutor_stay_the_learner_s() -> None:
    state = State()
    for at, (kind, text, speaker, payload) in enumerate(
        [
            ("session_started", "", "", {}),
            ("asked", ASK, "tutor", {"weights": {"merges": 1.0}}),
            ("answered", "It glues letters together", "learner", {}),
            (
                "probed",
                "“It glues letters together” counts. “BPE” is what?",
                "tutor",
                {"expectation": "merges", "move": "pump"},
            ),
        ],
        1,
    ):
        event = Event(
            event_id(at, "x"),
            kind,
            at,
            "s",
            text,
            speaker,
            "q",
            payload=payload,  # type: ignore[arg-type]
        )
        state = fold(state, event)
    q = state.current
    assert isinstance(q, QuestionState)
    assert "glues" not in q.shown[0] and "“BPE” is what?" in q.shown[0]


@pytest.mark.parametrize(("agent", "brief"), [("quizzer", QuizBrief), ("explainer", ExplainBrief)])
def test_a_model_has_an_instruction_for_every_task(agent: str, brief: type) -> None:
    tasks = get_args(brief.model_fields["task"].annotation)
    assert set(tasks) == set(agent_prompt(agent).tasks)


def restated(learner: str, **fields: object) -> str:
    other = POINT.model_copy(
        update={"id": "start", "text": "It begins with bytes.", "words": ("byte",)}
    )
    fields = {"points": (other,), **fields}
    brief = ExplainBrief(task="restated", ask=ASK, learner=learner, **fields)  # type: ignore[arg-type]
    return explain(brief).text


def test_a_restatement_of_one_point_is_not_answered_with_another() -> None:
    text = restated("It glues the commonest pair.", credited=("glues the commonest pair",))
    assert "byte" not in text and "?" not in text
    assert "still above" in text or "stands above" in text or "read above" in text


def test_what_a_restatement_leaves_out_is_named_only_where_it_speaks_of_the_point() -> None:
    assert "“byte”" in restated("Well, it begins with something small.")
    assert "byte" not in restated("It is all about efficiency.")
    assert "“byte”" not in restated("bytes") and "“byte”" not in restated("It begins with bytes.")


def test_giving_up_and_adding_to_a_full_answer_are_let_be() -> None:
    for text in (restated("I don't know", mood="gave_up"), restated("And it is fast.", points=())):
        assert "?" not in text and "byte" not in text


def test_no_word_is_asked_for_that_was_said() -> None:
    made = followups("Each round merges neighbours.", ASK)
    assert made["words"] == ("neighbours",)
    half = POINT.model_copy(update={**made, "quote": "it looks at neighbours", "coverage": 0.5})
    text = quiz(QuizBrief(task="prompt", ask=ASK, point=half)).text
    assert text in NAMED and text.count("?") == 1
    # What the author of a deck asks for has a question of its own.
    own = POINT.model_copy(update={"quote": "it merges things"})
    assert POINT.prompt in quiz(QuizBrief(task="prompt", ask=ASK, point=own)).text


def test_what_is_taken_up_begins_with_what_was_said_and_ends_with_a_whole_term() -> None:
    assert excerpt("ok, so it saves recomputing") == "it saves recomputing"
    cut = excerpt("the others are scaled by one over 1/(1-p", limit=20)
    assert cut == "the others are scaled by one over"


def test_a_list_of_terms_is_not_taken_up_as_a_beginning() -> None:
    def head(quote: str) -> str:
        half = POINT.model_copy(update={"coverage": 0.5, "quote": quote})
        return explain(ExplainBrief(task="explain", ask=ASK, points=(half,))).text.split("\n")[0]

    assert "“it joins pairs of letters”" in head("it joins pairs of letters")
    assert "“" not in head("dropout regularization overfitting neurons random scaling")
