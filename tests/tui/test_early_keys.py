"""What is typed before a screen can take it arrives, in order; what is typed and not sent is kept."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from textual import events

from agents.protocol import Answer, Trouble
from tests.tui.scripted import Scripted
from tui import lately
from tui.drafts import Drafts, Pending
from tui.widgets.answer import AnswerArea

from .conftest import Opener


async def test_letters_on_today_begin_the_first_answer(stage: Opener) -> None:
    async with stage() as s:
        await s.wait("Readiness")
        await s.press(*"so,", "space", *"xy", "backspace")
        await s.wait("Kept for your answer: so, x")
        await s.press("enter")
        await s.wait("Your answer")
        area = s.app.screen.query_one(AnswerArea)
        await s.until(lambda: area.text == "so, x")


async def test_keys_before_today_stands_are_replayed(stage: Opener) -> None:
    """Typed blind: Enter starts, and the rest goes into the answer."""
    async with stage(tutor=Scripted(delay=0.1)) as s:
        for key in ("enter", *"keys and", "ctrl+j", *"values"):
            s.app.post_message(
                events.Key(
                    key if len(key) > 1 else {" ": "space"}.get(key, key),
                    key if len(key) == 1 else None,
                )
            )
        await s.wait("Your answer")
        area = s.app.screen.query_one(AnswerArea)
        await s.until(lambda: area.text == "keys and\nvalues")


async def test_the_draft_is_saved_as_it_is_typed(stage: Opener, tmp_path: Path) -> None:
    async with stage() as s:
        await s.start()
        await s.type("half")
        await s.until(lambda: Drafts(tmp_path).draft("s1/kv-cache") == "half")


async def test_a_draft_survives_the_front_end(stage: Opener, tmp_path: Path) -> None:
    Drafts(tmp_path).keep("s1/kv-cache", "half an answer")
    async with stage(tutor=Scripted(unfinished=True), start=True) as s:
        await s.wait("half an answer")


async def test_an_unacknowledged_answer_is_sent_again_under_its_turn(
    stage: Opener, tmp_path: Path
) -> None:
    Drafts(tmp_path).sent(Pending("s1/kv-cache", "Answer", "my answer", "turn-1", 2))
    async with stage(tutor=Scripted(unfinished=True), start=True) as s:
        await s.until(lambda: s.tutor.said(Answer))
        assert s.tutor.said(Answer) == [Answer("my answer", "turn-1", 2)]
        await s.until(lambda: not Drafts(tmp_path).pending("s1"))


async def test_a_refused_answer_is_not_sent_again(stage: Opener, tmp_path: Path) -> None:
    async with stage() as s:
        await s.start()
        s.tutor.fail["Answer"] = Trouble("no")
        await s.type("x")
        await s.press("enter")
        await s.until(lambda: s.app.screen.query_one(AnswerArea).text == "x")
        assert not Drafts(tmp_path).pending("s1")


def test_a_broken_draft_file_is_as_good_as_none(tmp_path: Path) -> None:
    for text in ("", "{", "[]", '{"pending": [{"x": 1}]}', '{"pending": 3}'):
        (tmp_path / "front-end-draft.json").write_text(text)
        assert Drafts(tmp_path).draft("a") == ""


@given(st.text(max_size=50))
def test_drafts_come_back_as_typed(text: str) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        Drafts(Path(folder)).keep("p", text)
        assert Drafts(Path(folder)).draft("p") == text


async def test_today_stands_before_the_engine_does(stage: Opener, tmp_path: Path) -> None:
    """From the second start on; for other options, or after a change of settings, it does not."""
    async with stage() as s:
        await s.wait("Readiness")
    kept = lately.lines(str(tmp_path), lately.key(str(tmp_path), {}))
    assert "7 due now" in kept[0]
    slow = Scripted(delay=30.0)
    async with stage(tutor=slow) as s:
        await s.wait("Readiness", "opening your memory", "7 due now")
        await s.press(*"so")
        await s.wait("Kept for your answer: so")
    assert not lately.lines(str(tmp_path), lately.key(str(tmp_path), {"deck": "other"}))
    (tmp_path / "viva.toml").write_text("")
    assert not lately.lines(str(tmp_path), lately.key(str(tmp_path), {}))


async def test_a_first_start_says_what_takes_long(stage: Opener) -> None:
    async with stage(tutor=Scripted(delay=30.0)) as s:
        await s.wait("Opening your memory")
        await s.press(*"so")
        await s.wait("Kept for your answer: so")
        await s.wait("The engine reads its libraries")


def test_what_was_kept_of_today_may_be_broken(tmp_path: Path) -> None:
    key = lately.key(str(tmp_path), {})
    for text in (
        "",
        "\f",
        f"{key}\nline\f{{",
        f"{key}\nline\f[]",
        f"{key}\nline\f" + '{"due_now": "x"}',
    ):
        (tmp_path / lately.NAME).write_text(text)
        assert lately.view(str(tmp_path), key) is None
