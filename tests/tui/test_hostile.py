"""Bad input from the learner, from documents and from models: shown literally, never a crash."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual import events

from agents.protocol import Answer, Trouble, TurnAdded
from agents.views import ErrorView, SourceView
from tests.tui import scripted_texts as texts
from tests.tui.scripted import Scripted
from tui.widgets.answer import AnswerArea
from tui.widgets.transcript import Transcript

from .conftest import Opener

HOSTILE = {
    "markup": "[/] [@click=app.quit]press[/] [bold red]list[int] and dict[str, int][/bold red] [",
    "control": "\x1b[2J\x1b]0;title\x07 after a\x00b\x7f\x9bc lone \ud83d surrogate \udc80\n\n\n",
    "wide": "שלום \u202eevil\u202c مرحبا " + "字" * 60 + " 👩‍👩‍👧 é " + "x" * 3000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
async def test_hostile_texts_everywhere(
    stage: Opener, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = replace(texts.QUESTIONS[0], ask=text, why=text, topic=text)
    monkeypatch.setattr(texts, "QUESTIONS", (question, *texts.QUESTIONS[1:]))
    monkeypatch.setattr(texts, "FOLLOW_UP", text)
    monkeypatch.setattr(texts, "EXPLANATION", text)
    monkeypatch.setattr(texts, "SOURCES", (SourceView(text, text, text),))
    error = ErrorView(text, text, text)
    monkeypatch.setattr(
        texts, "TODAY", replace(texts.TODAY, last_time=text, misconceptions=(error,))
    )
    monkeypatch.setattr(
        texts,
        "RECAP",
        replace(texts.RECAP, headline=text, confident_wrong=(error,), next_step=text),
    )
    monkeypatch.setattr(texts, "CLAIMS", (replace(texts.CLAIMS[0], text=text),))
    monkeypatch.setattr(texts, "ROWS", (replace(texts.ROWS[0], ask=text, topic=text),))
    async with stage(start=True) as s:
        await s.wait("Your answer")
        s.app.post_message(events.Paste(text + "x"))
        await s.press("enter", "ctrl+r")
        s.tutor.tell(TurnAdded(s.tutor._turn("learner", "answer", text)))
        await s.until(lambda: s.tutor.said(Answer))
        s.app.screen.tell_trouble(Trouble(text, text))  # type: ignore[attr-defined]
        for key in ("f7", "escape", "ctrl+o", "escape", "f2", "f3", "enter", "escape", "f4", "f6"):
            await s.press(key)
            await s.pilot.pause()
            shown = s.text()
            assert "\x1b" not in shown and "\x00" not in shown and "\u202e" not in shown
        assert s.app.is_running and s.app._exception is None


async def test_markup_is_shown_as_typed(stage: Opener) -> None:
    async with stage(size=(100, 40)) as s:
        await s.start()
        await s.type("list[int] [/] [@click=app.quit]x[/]")
        await s.press("enter")
        await s.wait("Verdict")
        assert "│ list[int] [/] [@click=app.quit]x[/]" in s.app.screen.query_one(Transcript).text


async def test_a_paste_of_100_kb_is_kept_and_sent_whole(stage: Opener) -> None:
    body = ("The quick brown fox 狐狸 jumps; " * 3000)[:100_000]
    async with stage() as s:
        await s.start()
        s.app.post_message(events.Paste(body))
        area = s.app.screen.query_one(AnswerArea)
        await s.until(lambda: len(area.text) == len(body))
        await s.press("enter")
        await s.until(lambda: s.tutor.said(Answer))
        assert s.tutor.said(Answer)[0].text == body
        await s.wait("Verdict")


@pytest.mark.parametrize("text", ["", "   ", "\n \n"])
async def test_nothing_is_not_an_answer(stage: Opener, text: str) -> None:
    async with stage() as s:
        await s.start()
        s.app.screen.query_one(AnswerArea).put(text)
        await s.press("enter")
        await s.wait("Write an answer first")
        assert not s.tutor.said(Answer)


async def test_control_bytes_do_not_get_into_the_box(stage: Opener) -> None:
    async with stage() as s:
        await s.start()
        s.app.post_message(events.Paste("a\x1b[31mb\x00c\r\nd"))
        area = s.app.screen.query_one(AnswerArea)
        await s.until(lambda: area.text == "a[31mbc\nd")


async def test_tiny_and_huge_windows(stage: Opener) -> None:
    async with stage() as s:
        await s.start()
        for size in ((60, 20), (300, 80), (20, 6), (10, 3), (1, 1), (80, 24)):
            await s.pilot.resize_terminal(*size)
            await s.press("ctrl+p", "escape", "f1", "escape")
        await s.wait("Your answer")


def test_the_double_knows_the_whole_protocol() -> None:
    from agents.protocol import request_types

    for name in request_types():
        assert hasattr(Scripted, f"_on_{name.lower()}"), name
