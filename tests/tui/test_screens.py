"""Today, Library, Memory, Ask, Recap, Settings, help: every flow from the keyboard."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from agents.protocol import (
    AddSource,
    Ask,
    CheckModel,
    Chunk,
    CorrectClaim,
    EditQuestion,
    Feedback,
    Forget,
    GetRecap,
    GetRows,
    GetSession,
    OwnRecap,
    Progress,
    Rebuild,
    RemoveSource,
    ReviewCard,
    SetGoal,
    SetSetting,
    Start,
    Status,
    Trouble,
    TurnAdded,
)
from tests.tui import scripted_texts as texts
from tests.tui.scripted import Scripted
from tui.screens.room import Room
from tui.widgets.rows import Rows

from .conftest import SIZES, Opener


async def test_the_first_run_needs_one_key(stage: Opener) -> None:
    async with stage(tutor=Scripted(first_run=True)) as s:
        shown = await s.wait("asks the first question")
        assert "There is nothing to fill in" in shown
        await s.press("enter")
        await s.wait("Your answer")


async def test_today_sets_a_goal_and_starts_a_mock_interview(stage: Opener) -> None:
    async with stage() as s:
        await s.wait("Readiness")
        await s.press("ctrl+f")
        await s.wait("date of your interview as year-month-day")
        await s.press("end", *["backspace"] * 10, *"2027-01-02", "enter")
        await s.until(lambda: s.tutor.said(SetGoal))
        assert s.tutor.said(SetGoal)[0].date == "2027-01-02"
        await s.press("ctrl+g")
        await s.wait("Your answer")
        start = s.tutor.said(Start)[0]
        assert start.mode == "mock" and not start.resume
        await s.type("keys and values")
        await s.press("enter")
        await s.until(lambda: s.app.screen.phase == "answering")  # type: ignore[attr-defined]
        assert not s.tutor.said(GetSession)
        await s.press("ctrl+f")
        await s.wait("The session has ended")
        await s.until(lambda: s.tutor.said(GetSession))  # with the verdicts kept back so far


async def test_a_date_that_is_refused_can_be_mended(stage: Opener) -> None:
    async with stage() as s:
        await s.wait("Readiness")
        s.tutor.fail["SetGoal"] = Trouble("'2027-13-45' is not a date", "write it as 2026-11-30")
        await s.press("ctrl+f")
        await s.wait("date of your interview as year-month-day")
        await s.press("end", *["backspace"] * 10, *"2027-13-45", "enter")
        await s.wait("is not a date")
        await s.wait("date of your interview as year-month-day")
        del s.tutor.fail["SetGoal"]
        await s.press("end", *["backspace"] * 5, *"01-02", "enter")
        await s.until(lambda: len(s.tutor.said(SetGoal)) == 2)
        assert s.tutor.said(SetGoal)[1].date == "2027-01-02"


@pytest.mark.parametrize(
    ("key", "mode"), [("ctrl+r", "review"), ("ctrl+l", "drill"), ("ctrl+o", "design")]
)
async def test_today_starts_every_kind_of_session(stage: Opener, key: str, mode: str) -> None:
    async with stage() as s:
        await s.wait("Readiness")
        await s.press(key)
        await s.wait("Your answer")
        start = s.tutor.said(Start)[0]
        assert start.mode == mode and not start.resume


async def test_a_question_asked_for_by_name_comes_at_once_and_only_once(stage: Opener) -> None:
    async with stage(question="kv-cache") as s:
        await s.wait("Your answer")
        start = s.tutor.said(Start)[0]
        assert start.question == "kv-cache" and not start.resume
        assert not s.app.options


async def test_an_engine_that_cannot_start_says_so(stage: Opener) -> None:
    tutor = Scripted()
    tutor.fail["GetToday"] = Trouble(
        "The data folder is locked by another window.", "Close it first."
    )
    async with stage(tutor=tutor) as s:
        await s.wait("locked by another window", "Close it first.")
        await s.press("f10")
        await s.wait("Settings and doctor")


@pytest.mark.parametrize("size", SIZES)
async def test_library_lists_searches_and_opens(stage: Opener, size: tuple[int, int]) -> None:
    async with stage(size=size) as s:
        await s.wait("Readiness")
        await s.press("f3")
        await s.wait("50 questions", "! due", "It costs memory")
        await s.press("slash", *"lora", "enter")
        await s.wait("LoRA", "1 question", gone="temperature")
        await s.press("enter")
        await s.wait("What an answer should contain", "esc close")
        await s.press("escape", "s")
        await s.wait("Your answer")
        assert s.tutor.said(Start)[0].question == "lora"


async def test_a_deck_is_removed_only_after_a_second_key(stage: Opener) -> None:
    async with stage() as s:
        await s.wait("Readiness")
        await s.press("f3")
        await s.wait("decks")
        await s.press("delete")
        await s.wait("Show the deck first")
        await s.press("d", "delete")
        await s.wait("Remove", "keep the history")
        await s.press("escape")
        await s.wait(gone="keep the history")
        assert not s.tutor.said(RemoveSource)
        await s.press("delete", "f")
        await s.until(lambda: s.tutor.said(RemoveSource))
        assert s.tutor.said(RemoveSource) == [RemoveSource(texts.DECKS[0].id, forget=True)]


async def test_library_filters_by_deck_and_due(stage: Opener) -> None:
    async with stage() as s:
        await s.wait("Readiness")
        await s.press("f3")
        await s.wait("50 questions")
        await s.press("u")
        await s.wait("10 questions due")
        await s.press("u", "d")
        await s.wait("Foundations of language models", "40 questions")
        assert s.tutor.said(GetRows)[-1].deck == "llm-foundations"


async def test_importing_shows_progress_and_the_result(stage: Opener) -> None:
    async with stage(size=(100, 30)) as s:
        await s.wait("Readiness")
        await s.press("f3")
        await s.wait("50 questions")
        await s.press("a")
        await s.wait("Add to the library")
        await s.press(*"n.md", "enter")
        await s.wait(
            "9 questions added to notes, 1 known already", "no question found", "r reviews"
        )
        await s.press("escape")
        assert s.tutor.said(AddSource)[0].path == "n.md"
        s.app.screen.job = "j"  # type: ignore[attr-defined]
        s.tutor.tell(Progress("j", "reading page", 3, 9, 120.0))
        await s.wait("reading page 3 of 9, about 2 min left", "^x stops")
        await s.press("ctrl+x")
        await s.wait("stopping …")
        await s.press("a")
        await s.wait("One import at a time")


async def test_cards_are_reviewed_one_by_one(
    stage: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with stage() as s:
        monkeypatch.setattr(
            type(s.app), "with_editor", lambda self, text, suffix: "New wording?\n\nNew answer."
        )
        await s.wait("Readiness")
        await s.press("f3")
        await s.wait("3 cards to review")
        await s.press("r")
        await s.wait("1 of 3", "What is a paged cache?")
        await s.press("a")
        await s.wait("2 of 3", "notes.md, line 30")
        await s.press("e")
        await s.wait("3 of 3")
        await s.press("d")
        await s.until(lambda: len(s.tutor.said(ReviewCard)) == 3)
        said = s.tutor.said(ReviewCard)
        assert [r.decision for r in said] == ["accept", "edit", "drop"]
        assert (said[1].ask, said[1].answer) == ("New wording?", "New answer.")
        await s.wait("50 questions", gone="to review")


async def test_a_bad_edit_is_refused_with_line_and_mend(
    stage: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with stage() as s:
        monkeypatch.setattr(type(s.app), "with_editor", lambda self, text, suffix: "id: kv-cache\n")
        await s.wait("Readiness")
        await s.press("f3")
        await s.wait("50 questions")
        await s.press("e")
        await s.wait("line 1: a question needs `ask`", "Add `ask: ...`")
        assert s.tutor.said(EditQuestion)


@pytest.mark.parametrize("size", SIZES)
async def test_memory_shows_why_and_can_be_corrected(stage: Opener, size: tuple[int, int]) -> None:
    async with stage(size=size) as s:
        await s.wait("Readiness")
        await s.press("f4")
        await s.wait(
            "4 claims", "cache stores attention weights", "the cache keeps the attention weights"
        )
        await s.press("enter")
        await s.wait("What this rests on")
        await s.press("escape", "c")
        await s.wait("Correct this")
        await s.press("end", *" now", "enter")
        await s.wait("Corrected.")
        await s.press("w")
        await s.wait("3 claims")
        assert [c.text[-3:] for c in s.tutor.said(CorrectClaim)] == ["now", ""]


async def test_forgetting_asks_once(stage: Opener) -> None:
    async with stage() as s:
        await s.wait("Readiness")
        await s.press("f4")
        await s.wait("4 claims")
        await s.press("delete")
        await s.wait("Erase it for good")
        await s.press("escape")
        assert not s.tutor.said(Forget)
        await s.press("delete", "down", "enter")
        await s.wait("3 claims")
        assert s.tutor.said(Forget)[0].scope == "claim"


async def test_history_is_searched(stage: Opener) -> None:
    async with stage() as s:
        await s.wait("Readiness")
        await s.press("f4")
        await s.wait("4 claims")
        await s.press("h")
        await s.wait("Search everything you have said")
        await s.press(*"cache", "enter")
        await s.wait("“cache”", "take 12 layers")


async def test_ask_talks_and_names_its_sources(stage: Opener) -> None:
    async with stage() as s:
        await s.wait("Readiness")
        await s.press("f5")
        await s.wait("Your question")
        await s.press("enter")
        await s.wait("Type your question first")
        await s.type("why does the cache grow?")
        await s.press("enter")
        await s.wait("You asked", "Good question", "source: Efficient Transformers")
        await s.press("ctrl+o")
        await s.wait("The cache stores K and V")
        await s.press("escape", "alt+u")
        await s.until(lambda: s.tutor.said(Feedback))
        assert len(s.tutor.said(Ask)) == 1


async def test_a_reply_in_ask_is_drawn_as_it_comes(stage: Opener) -> None:
    async with stage() as s:
        await s.wait("Readiness")
        await s.press("f5")
        await s.wait("Your question")
        turn = s.tutor._turn("tutor", "conversation", "", question="")
        s.tutor.tell(TurnAdded(turn, final=False))
        for word in ("The ", "cache ", "grows."):
            s.tutor.tell(Chunk(turn.id, word))
        await s.type("typed")
        await s.wait("The cache grows.▌", "typed")
        whole = replace(turn, id="whole", text="The cache grows.")
        s.tutor.tell(TurnAdded(whole, replaces=turn.id))
        shown = await s.wait("The cache grows.", gone="▌")
        assert shown.count("The cache grows.") == 1


async def test_the_free_conversation_stays_out_of_the_interview(stage: Opener) -> None:
    async with stage(size=(80, 40)) as s:
        await s.start()
        await s.press("f5")
        await s.type("why does the cache grow?")
        await s.press("enter")
        await s.wait("Good question")
        await s.app.action_go("interview")
        await s.wait("Your answer", gone="Good question")


async def test_a_reply_that_was_lost_with_the_engine_is_not_waited_for(stage: Opener) -> None:
    async with stage() as s:
        await s.wait("Readiness")
        await s.press("f5")
        s.tutor.dies = True
        await s.type("hello")
        await s.press("enter")
        await s.wait("ask again", "Your question", gone="Thinking")


async def test_recap_plots_period_and_own_words(stage: Opener) -> None:
    async with stage() as s:
        await s.wait("Readiness")
        await s.press("f6")
        await s.wait("What moved", "One thing to do")
        for title in (
            "Recall by topic",
            "Predicted against actual",
            "Confidence against",
            "Coverage over",
            "Due in the next 14 days",
            "Calendar",
        ):
            await s.press("p")
            await s.wait(f"── {title}")
        await s.press("P")
        await s.wait("── Due in the next 14 days")
        await s.press("s")
        await s.until(lambda: any(g.since == "2026-10-19" for g in s.tutor.said(GetRecap)))
        await s.press("w")
        await s.wait("Your own recap")
        await s.press(*"I did it", "enter")
        await s.wait("Your own recap, judged")
        assert s.tutor.said(OwnRecap)[0].text == "I did it"


@pytest.mark.parametrize("ending", ["html", "md", "png", "txt"])
async def test_recap_is_exported(stage: Opener, tmp_path: Path, ending: str) -> None:
    async with stage() as s:
        await s.wait("Readiness")
        await s.press("f6")
        await s.wait("What moved")
        await s.press("x")
        await s.wait("Export")
        path = tmp_path / f"r.{ending}"
        s.app.screen.leave(str(path))  # type: ignore[attr-defined]
        await s.wait("the ending must be" if ending == "txt" else "Written to")
        if ending == "html":
            page = path.read_text()
            assert (
                "<svg" in page
                and "http" not in page.replace("http-equiv", "")
                and "<script" not in page
            )
        assert path.exists() == (ending != "txt")


async def test_settings_change_the_theme_and_run_long_work(stage: Opener) -> None:
    async with stage() as s:
        await s.wait("Readiness")
        await s.press("f10")
        await s.wait("2 things to look at", "lexical stand-in")
        s.app.screen.query_one(Rows).move(5)
        await s.press("enter")
        await s.wait("⏎ choose")
        await s.press("down", "enter")
        await s.wait("theme is now light")
        assert s.app.theme == "light" and s.tutor.said(SetSetting)[0].value == "light"
        await s.press("m")
        await s.wait("no model is configured")
        await s.press("b")
        await s.wait("rebuilt")
        assert s.tutor.said(CheckModel)[0].job and s.tutor.said(Rebuild)[0].job


async def test_a_bad_setting_is_named(stage: Opener) -> None:
    async with stage() as s:
        s.tutor.fail["SetSetting"] = Trouble(
            "minutes: 'x' is no number", "Write a number from 1 to 600."
        )
        await s.wait("Readiness")
        await s.press("f10")
        await s.wait("2 things to look at")
        s.app.screen.query_one(Rows).move(6)
        await s.press("enter", "x", "enter")
        await s.wait("is no number", "from 1 to 600")


async def test_help_opens_and_closes_with_its_key(stage: Opener) -> None:
    async with stage() as s:
        for key in ("f2", "f5"):
            await s.press(key)
            await s.press("f1")
            await s.wait("Keys:", "On this screen")
            await s.press("f1")
            await s.wait(gone="On this screen")


async def test_themes_go_round(stage: Opener) -> None:
    async with stage() as s:
        await s.wait("Readiness")
        for theme in ("light", "contrast", "ansi", "dark"):
            await s.press("f12")
            assert s.app.theme == theme


async def test_the_status_of_the_engine_is_told(stage: Opener) -> None:
    async with stage() as s:
        await s.wait("Readiness")
        s.tutor.tell(Status("memory", "the agents are coming up"))
        await s.wait("the agents are coming up")


async def test_two_ctrl_c_leave(stage: Opener) -> None:
    async with stage() as s:
        await s.start()
        await s.press("ctrl+c")
        await s.wait("Ctrl+C again leaves")
        assert s.app.is_running
        await s.press("ctrl+c")
        await s.until(lambda: s.app._exit)


async def test_work_that_ends_after_its_screen_has_gone_harms_nothing(stage: Opener) -> None:
    late = asyncio.Event()

    async def slow() -> None:
        await late.wait()
        room.query_one("#nowhere")

    async with stage() as s:
        await s.wait("Readiness")
        room = s.app.screen
        assert isinstance(room, Room)
        room.soon(slow)
        await s.pilot.pause()
        s.app._running = False  # as Textual does first when it takes the screens down
        late.set()
        await s.pilot.pause()
