"""The interview on screen: every move a learner can make, at two sizes."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from textual import events

from agents.protocol import (
    Act,
    Answer,
    AskBack,
    Cancel,
    Chunk,
    Confidence,
    Feedback,
    Override,
    OwnRecap,
    Start,
    Status,
    Trouble,
    TurnAdded,
)
from tests.tui import scripted_texts as texts
from tests.tui.scripted import Scripted
from tui.drafts import Drafts
from tui.widgets.answer import AnswerArea
from tui.widgets.transcript import MOST, Transcript

from .conftest import SIZES, Opener

FIRST = "It holds the keys and values of the earlier tokens; they are not computed again."


@pytest.mark.parametrize("size", SIZES)
async def test_from_today_through_a_question_to_the_recap(
    stage: Opener, size: tuple[int, int]
) -> None:
    async with stage(size=size) as s:
        await s.start()
        await s.type(FIRST)
        await s.press("enter")
        shown = await s.wait("Verdict: partly right", "→ What does it cost")
        assert "“keys and values of the earlier tokens”" in shown
        await s.type("memory")
        await s.press("enter")
        await s.wait("Reply, or ⏎", "Explanation")
        await s.press("enter")
        await s.wait("question 2", "What does the temperature do")
        await s.press("ctrl+f")
        await s.wait("The session has ended")
        await s.press("enter")
        await s.wait("Recap of Tue 24 Nov", "before you look", gone="What moved")
        await s.press("enter")
        await s.wait("What moved")
        answers = s.tutor.said(Answer)
        assert [a.text for a in answers] == [FIRST, "memory"]
        assert len({a.turn for a in answers}) == 2


@pytest.mark.parametrize("size", [(60, 20), *SIZES])
async def test_a_follow_up_stands_once_and_right_above_the_box(
    stage: Opener, size: tuple[int, int]
) -> None:
    """However much the verdict says; once answered it is part of the conversation."""
    async with stage(size=size) as s:
        await s.start()
        await s.type(FIRST + " And more. " * 30)
        await s.press("enter")
        await s.wait("→ What does it cost", "Your answer")
        await s.until(lambda: s.app.screen.phase == "answering")  # type: ignore[attr-defined]
        rows = (await s.settled()).split("\n")
        (at,) = (n for n, row in enumerate(rows) if "What does it cost" in row)
        (box,) = (n for n, row in enumerate(rows) if "─ Your answer" in row)
        assert box - at == 1
        assert any("Verdict: partly right" in row for row in rows)
        await s.press("escape", "home")
        await s.wait("→ What does it cost", "You")
        await s.type("memory")
        await s.press("enter")
        await s.wait("Reply, or ⏎", gone="→ What does it cost")
        assert "What does it cost" in s.app.screen.query_one(Transcript).text


async def test_the_box_is_as_high_as_what_is_in_it(stage: Opener) -> None:
    async with stage() as s:
        await s.start()
        area = s.app.screen.query_one(AnswerArea)
        await s.until(lambda: area.size.height == 1)
        await s.type("one")
        for _ in range(20):
            await s.press("ctrl+j")
        await s.until(lambda: area.size.height == 8)
        area.take()
        await s.until(lambda: area.size.height == 1)


async def test_the_hint_in_the_box_goes_once_it_is_learnt(stage: Opener) -> None:
    async with stage() as s:
        await s.start()
        await s.wait("In your own words: ⏎ sends")
        for number in range(3):
            await s.type(f"answer {number}")
            await s.press("enter")
            await s.until(lambda n=number: len(s.tutor.said(Answer)) == n + 1)
            await s.until(lambda: s.app.screen.phase in ("answering", "closed"))  # type: ignore[attr-defined]
        await s.wait(gone="⏎ goes on")
        assert "In your own words" not in s.text()


async def test_the_quoted_words_are_marked_in_the_learners_own_answer(stage: Opener) -> None:
    async with stage(size=(100, 50)) as s:
        await s.start()
        await s.type(FIRST)
        await s.press("enter")
        await s.wait("Verdict")
        transcript = s.app.screen.query_one(Transcript)
        spans = [span for line in map(transcript.line_at, range(60)) if line for span in line]
        assert ("keys and values of the earlier tokens", "mark-right") in spans
        assert ("not computed again", "mark-partial") in spans


@pytest.mark.parametrize(
    ("key", "action", "shows"),
    [
        ("ctrl+g", "hint", "Think of what has to be kept"),
        ("ctrl+l", "dont_know", "Think of what has to be kept"),
        ("ctrl+r", "tell", "It costs memory: for every token"),
    ],
)
async def test_moves_while_the_question_is_open(
    stage: Opener, key: str, action: str, shows: str
) -> None:
    async with stage() as s:
        await s.start()
        await s.press(key)
        await s.wait(shows)
        assert [a.action for a in s.tutor.said(Act)] == [action]


async def test_skipping_leads_to_the_next_question_and_says_so(stage: Opener) -> None:
    async with stage() as s:
        await s.start()
        await s.press("ctrl+s")
        await s.wait("question 2", "Left for another day.")
        assert [a.action for a in s.tutor.said(Act)] == ["skip", "next"]


async def test_a_new_question_begins_with_a_clean_sheet(stage: Opener) -> None:
    """What was said about the last one is a page up, behind a line that parts them."""
    async with stage() as s:
        await s.start()
        await s.type("keys and values")
        await s.press("enter")
        await s.wait("→ What does it cost")
        await s.press("ctrl+s")
        await s.wait("question 2", "lines above", gone="Verdict")
        await s.type("more work at once")
        await s.press("enter")
        await s.wait("│ more work at once", gone="│ keys and values")
        await s.press("pageup")
        await s.wait("── Question 2", "not computed again")


@pytest.mark.parametrize(
    ("key", "action", "shows"),
    [
        ("ctrl+r", "more", "Paged attention"),
        ("ctrl+g", "challenge", "→ Harder: why"),
        ("enter", "next", "question 2"),
    ],
)
async def test_moves_when_the_question_is_closed(
    stage: Opener, key: str, action: str, shows: str
) -> None:
    async with stage(size=(100, 50)) as s:
        await s.start()
        await s.press("ctrl+r")
        await s.wait("Reply, or ⏎")
        await s.press(key)
        await s.wait(shows)
        assert [a.action for a in s.tutor.said(Act)] == ["tell", action]


async def test_a_reply_and_a_question_back(stage: Opener) -> None:
    async with stage(size=(100, 50)) as s:
        await s.start()
        await s.type("what is a cache?")
        await s.press("ctrl+b")
        await s.wait("You asked", "Good question")
        await s.press("ctrl+r")
        await s.wait("Reply, or ⏎")
        await s.type("and why?")
        await s.press("enter")
        await s.until(lambda: s.tutor.said(Answer))
        assert s.tutor.said(AskBack)[0].text == "what is a cache?"
        assert s.tutor.said(Answer)[0].text == "and why?"


async def test_confidence_goes_with_the_answer(stage: Opener) -> None:
    async with stage() as s:
        await s.start()
        await s.press("f8", "f8")
        await s.until(lambda: len(s.tutor.said(Confidence)) == 2)
        await s.wait("how sure")
        await s.press("alt+3")
        await s.wait("how sure: sure")
        await s.type("x")
        await s.press("enter")
        await s.until(lambda: s.tutor.said(Answer))
        assert s.tutor.said(Answer)[0].confidence == 3


async def test_overruling_the_judge_and_taking_it_back(stage: Opener) -> None:
    async with stage(size=(100, 50)) as s:
        await s.start()
        await s.press("ctrl+t")
        await s.wait("Nothing has been judged")
        await s.type("x")
        await s.press("enter")
        await s.wait("Verdict")
        await s.press("ctrl+t")
        await s.wait("Overrule a verdict")
        await s.press("down", "c")
        await s.wait("(your verdict)")
        await s.press("alt+z")
        await s.wait(gone="(your verdict)")
        given = [(o.point, o.verdict) for o in s.tutor.said(Override)]
        assert given == [("recompute", "covered"), ("recompute", "")]


async def test_a_verdict_is_taken_back_when_the_next_question_stands(stage: Opener) -> None:
    async with stage(size=(100, 50)) as s:
        await s.start()
        await s.type("x")
        await s.press("enter")
        await s.wait("Verdict")
        await s.press("ctrl+t", "down", "c")
        await s.wait("(your verdict)")
        await s.press("ctrl+s")
        await s.wait("question 2 of")
        await s.press("alt+z")
        await s.wait("Taken back")
        first, back = s.tutor.said(Override)
        assert back.question == first.question and (back.point, back.verdict) == (first.point, "")


async def test_the_verdicts_of_a_mock_interview_are_overruled_at_its_end(stage: Opener) -> None:
    async with stage(size=(100, 50)) as s:
        await s.start()
        for number in (1, 2):
            await s.type("x")
            await s.press("enter")
            await s.until(lambda: len([t for t in s.tutor._turns if t.judgement]) == number)  # noqa: B023
            await s.until(lambda: s.app.screen.phase == "answering")  # type: ignore[attr-defined]
            if number == 1:
                await s.press("ctrl+s")
                await s.wait("question 2 of")
        await s.press("ctrl+f")
        await s.wait("The session has ended")
        await s.press("ctrl+t")
        await s.wait("Which verdict?")
        await s.press("enter")
        await s.wait("Overrule a verdict")
        await s.press("down", "c")
        await s.until(lambda: s.tutor.said(Override))
        assert s.tutor.said(Override)[0].question == texts.QUESTIONS[0].id


async def test_looking_at_a_verdict_changes_nothing_and_the_sheet_takes_back(stage: Opener) -> None:
    async with stage(size=(100, 50)) as s:
        await s.start()
        await s.type("x")
        await s.press("enter")
        await s.wait("Verdict")
        await s.press("ctrl+t")
        await s.wait("Overrule a verdict", "u take back")
        await s.press("enter")
        await s.wait(gone="Overrule a verdict")
        assert not s.tutor.said(Override)
        await s.press("ctrl+t", "down", "c")
        await s.wait("(your verdict)")
        await s.press("ctrl+t", "down", "u")
        await s.wait(gone="(your verdict)")
        assert [o.verdict for o in s.tutor.said(Override)] == ["covered", ""]


async def test_the_last_reply_is_rated_without_alt(stage: Opener) -> None:
    async with stage() as s:
        await s.start()
        for key in ("g", "b"):
            await s.press("ctrl+n")
            await s.wait("How was the last reply?")
            await s.press(key)
            await s.wait("Noted", gone="How was the last reply?")
        await s.press("ctrl+n", "enter")
        await s.until(lambda: len(s.tutor.said(Feedback)) == 3)
        assert [f.thumbs for f in s.tutor.said(Feedback)] == [1, -1, 1]


async def test_ones_own_recap_comes_first_and_is_judged(stage: Opener) -> None:
    async with stage() as s:
        await s.start()
        await s.type("keys and values")
        await s.press("enter")
        await s.wait("Verdict")
        await s.press("ctrl+f")
        await s.wait("The session has ended")
        await s.press("enter")
        await s.wait("before you look")
        await s.type("I learnt what it costs,")
        await s.press("ctrl+j")
        await s.type("and why it is paid.")
        shown = await s.wait("I learnt what it costs,", "and why it is paid.", "esc not now")
        assert "next plot" not in shown  # typing types
        await s.press("enter")
        await s.wait("Your own recap, judged", "p next plot")
        said = s.tutor.said(OwnRecap)[0].text
        assert said == "I learnt what it costs,\nand why it is paid."


async def test_ones_own_recap_can_be_passed_over(stage: Opener) -> None:
    async with stage() as s:
        await s.wait("Readiness")
        await s.press("f6")
        await s.wait("What moved")
        await s.press("w")
        await s.wait("before you look", gone="What moved")
        await s.press("escape")
        await s.wait("What moved", gone="before you look")
        await s.press("p")
        await s.wait("Recall by topic")
        assert not s.tutor.said(OwnRecap)


async def test_why_sources_and_thumbs(stage: Opener) -> None:
    async with stage() as s:
        await s.start()
        await s.press("f7")
        await s.wait("Why this question", "on Tuesday")
        await s.press("escape", "ctrl+o")
        await s.wait("names a source")
        await s.press("ctrl+r")
        await s.wait("Reply, or ⏎")
        await s.press("ctrl+r")
        await s.wait("Explanation")
        await s.until(lambda: s.app.screen.phase == "closed")  # type: ignore[attr-defined]
        await s.press("ctrl+o")
        await s.wait("Efficient Transformers", "The cache stores K and V")
        await s.press("escape", "alt+u", "alt+d")
        await s.until(lambda: len(s.tutor.said(Feedback)) == 2)
        assert [f.thumbs for f in s.tutor.said(Feedback)] == [1, -1]


async def test_a_new_line_has_its_own_key_and_enter_sends(stage: Opener) -> None:
    async with stage() as s:
        await s.start()
        await s.type("one")
        await s.press("ctrl+j")
        await s.type("two")
        area = s.app.screen.query_one(AnswerArea)
        await s.until(lambda: area.text == "one\ntwo")
        await s.press("ctrl+z")
        await s.until(lambda: area.text != "one\ntwo")


async def test_typing_always_types(stage: Opener) -> None:
    """In the conversation, and while a move is being made; nothing typed is lost or acts."""
    async with stage() as s:
        await s.start()
        s.tutor.delay = 30.0
        area = s.app.screen.query_one(AnswerArea)
        await s.press("escape")
        assert s.app.screen.query_one(Transcript).has_focus
        await s.type("abc")
        await s.until(lambda: area.text == "abc" and area.has_focus)
        await s.press("enter")
        await s.wait("Thinking")
        await s.type("next thought")
        await s.press("enter")
        await s.wait("One moment")
        assert area.text == "next thought"
        await s.press("ctrl+x")
        await s.until(lambda: s.tutor.said(Cancel))


async def test_letters_typed_while_reading_all_arrive_in_order(stage: Opener) -> None:
    async with stage() as s:
        await s.start()
        area = s.app.screen.query_one(AnswerArea)
        for round_ in range(3):
            await s.press("escape")
            assert s.app.screen.query_one(Transcript).has_focus
            for letter in "abcdefghij":
                s.app.post_message(events.Key(letter, letter))
                await asyncio.sleep(0)
            await s.until(lambda: len(area.text) == 10 * (round_ + 1))  # noqa: B023
        assert area.text == "abcdefghij" * 3
        await s.press("escape")
        s.app.post_message(events.Paste(" and a paste"))
        await s.until(lambda: area.text.endswith("j and a paste"))


async def test_a_stray_key_does_not_act_on_a_dock_that_just_appeared(stage: Opener) -> None:
    async with stage(grace=60.0) as s:
        await s.start()
        s.app.screen._dock_since = 0.0  # type: ignore[attr-defined]
        await s.press("ctrl+r")
        await s.wait("Reply, or ⏎")
        await s.press("enter", "ctrl+r")
        await s.wait("press it again")
        assert [a.action for a in s.tutor.said(Act)] == ["tell"]


async def test_impossible_moves_say_why(stage: Opener) -> None:
    async with stage() as s:
        await s.start()
        await s.press("enter")
        await s.wait("Write an answer first")
        await s.press("ctrl+b")
        await s.wait("Type your question first")
        await s.press("alt+z")
        await s.wait("not overruled")
        assert not s.tutor.said(Answer)


async def test_a_refused_answer_comes_back(stage: Opener) -> None:
    async with stage() as s:
        await s.start()
        s.tutor.fail["Answer"] = Trouble("This answer is too long.", "Send it in parts.")
        await s.type("my answer")
        await s.press("enter")
        await s.wait("too long", "Send it in parts")
        assert s.app.screen.query_one(AnswerArea).text == "my answer"


async def test_a_refused_answer_comes_back_before_what_was_typed_meanwhile(
    stage: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed_on = asyncio.Event()

    async with stage() as s:
        await s.start()
        request = s.tutor.request

        async def slow(message: Any) -> Any:
            if isinstance(message, Answer):
                await typed_on.wait()
            return await request(message)

        monkeypatch.setattr(s.tutor, "request", slow)
        s.tutor.fail["Answer"] = Trouble("This answer is too long.", "Send it in parts.")
        await s.type("my answer")
        await s.press("enter")
        await s.type("and more")
        typed_on.set()
        await s.wait("too long")
        assert s.app.screen.query_one(AnswerArea).text == "my answer\nand more"


async def test_an_answer_that_earns_nothing_as_a_copy_comes_back_to_be_mended(
    stage: Opener,
) -> None:
    async with stage() as s:
        await s.start()
        s.tutor.refuses = True
        await s.type("pasted words")
        await s.press("enter")
        await s.wait("back in the box")
        assert s.app.screen.query_one(AnswerArea).text == "pasted words"


async def test_streaming_grows_the_turn_and_leaves_keys_alone(stage: Opener) -> None:
    async with stage(size=(80, 40)) as s:
        await s.start()
        turn = s.tutor._turn("tutor", "explanation", "")
        s.tutor.tell(TurnAdded(turn, final=False))
        for word in ("The ", "cache ", "grows."):
            s.tutor.tell(Chunk(turn.id, word))
        await s.type("typed")
        await s.wait("The cache grows.▌", "typed")
        s.tutor.tell(
            TurnAdded(
                s.tutor._turn("tutor", "explanation", "The cache grows.", id="final"),
                replaces=turn.id,
            )
        )
        shown = await s.wait("The cache grows.", gone="▌")
        assert shown.count("The cache grows.") == 1


async def test_a_lost_engine_is_announced_and_caught_up(stage: Opener) -> None:
    async with stage() as s:
        await s.start()
        s.tutor.tell(Status("restarting", "the engine stopped; starting it again"))
        await s.wait("starting it again")
        s.tutor.tell(Status("ready"))
        await s.wait("nothing was lost", "Your answer")


async def test_old_turns_come_on_demand_and_memory_stays_bounded(stage: Opener) -> None:
    async with stage(tutor=Scripted(past=200)) as s:
        await s.start()
        transcript = s.app.screen.query_one(Transcript)
        assert len(transcript.turns) == 20 and transcript.older > 100
        await s.press("escape", "home")
        await s.until(lambda: len(transcript.turns) == 40)
        for number in range(150):
            transcript.put(texts.past_turn(1000 + number))
            transcript.scroll_end(animate=False, immediate=True)
        await s.until(lambda: len(transcript.turns) <= MOST)
        assert transcript.turns[-1].id == "p1149"


async def test_a_session_is_resumed_to_the_letter(stage: Opener, tmp_path: Path) -> None:
    Drafts(tmp_path).keep("s1/kv-cache", "half an ans")
    async with stage(tutor=Scripted(unfinished=True)) as s:
        await s.wait("goes on with the session you left")
        await s.press("enter")
        await s.wait("half an ans", "Resumed where you stopped")
        assert s.tutor.said(Start)[0].resume


async def test_a_session_that_gives_way_to_another_is_said_to_be_closed(stage: Opener) -> None:
    async with stage(tutor=Scripted(unfinished=True)) as s:
        await s.wait("goes on with the session you left")
        await s.press("ctrl+s")
        await s.wait("The unfinished session is closed")


async def test_nothing_blocks_while_the_tutor_thinks(stage: Opener) -> None:
    async with stage(tutor=Scripted(delay=0.2)) as s:
        await s.start()
        await s.type("x")
        await s.press("enter")
        await s.press("f3")
        await s.wait("Library")
        assert s.app.screen.scope == "library"  # type: ignore[attr-defined]
