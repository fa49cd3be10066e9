"""The line mode has every feature of Interview, Ask and Recap, and works in pipes."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

from agents.protocol import (
    Act,
    Answer,
    Ask,
    AskBack,
    Confidence,
    Feedback,
    GetSession,
    Override,
    OwnRecap,
    Progress,
    Start,
    Status,
    Trouble,
)
from agents.views import SessionView
from tests.tui import scripted_texts as texts
from tests.tui.scripted import NOW, Scripted
from tui import actions
from tui.plain import Plain
from tui.plain_commands import COMMANDS

ROOT = Path(__file__).parents[2]


async def run(
    *lines: str, tutor: Scripted | None = None, **options: object
) -> tuple[str, Scripted, int]:
    """What the line mode prints for `lines`, the tutor it talked to, and its exit code."""
    tutor = tutor or Scripted()
    left, out = list(lines), []

    async def read() -> str | None:
        return left.pop(0) if left else None

    code = await Plain(tutor, read, out.append, options, lambda: NOW / 1000).run()
    return "".join(out), tutor, code


async def test_a_question_from_answer_to_recap() -> None:
    out, tutor, code = await run("keys and values", "memory", "", "/finish", "/recap", "/plots")
    assert code == 0
    for text in (
        "Question 1 of 5", "Asked because", "Judging your answer.", "Verdict: partly right, 1.5 of 4 points",
        "Missing: 2 points", "Follow-up: What does it cost", "Explanation: You have", "Question 2 of 5",
        "The session has ended", "One thing to do", "Recall by topic", "Calendar",
    ):  # fmt: skip
        assert text in out, text
    assert [a.text for a in tutor.said(Answer)] == ["keys and values", "memory"]


async def test_a_verdict_that_is_overruled_is_read_out_so_afterwards() -> None:
    out, tutor, _ = await run(
        "answer", "/verdict 1 covered", "/verdict", "/skip", "", "/verdict", "/undo"
    )
    assert out.count("(your verdict)") == 2
    assert "Nothing has been judged on this question yet." in out
    first, back = tutor.said(Override)
    assert back.question == first.question and back.verdict == ""


async def test_a_verdict_that_a_mock_interview_kept_back_is_overruled_at_its_end() -> None:
    class Sealed(Scripted):
        def _on_getsession(self, message: GetSession) -> SessionView:
            self._turns.append(
                self._turn("viva", "judgement", "", judgement=texts.judgement(2, None))
            )
            return super()._on_getsession(message)

    _, tutor, _ = await run("/finish", "/verdict 1 covered", tutor=Sealed(), mode="mock")
    assert [o.verdict for o in tutor.said(Override)] == ["covered"]


async def test_a_reply_that_was_lost_with_the_engine_holds_nothing_up() -> None:
    tutor = Scripted()
    tutor.dies = True
    out, _, _ = await asyncio.wait_for(run("/talk hello", "my answer", tutor=tutor), 30)
    assert "Ask again" in out and [a.text for a in tutor.said(Answer)] == ["my answer"]


async def test_every_move_has_a_command() -> None:
    out, tutor, _ = await run(
        "/hint", "/idk", "/sure 2", "/ask what is it?", "/why", "answer", "/verdict", "/verdict 1 missing",
        "/undo", "/up", "/down too long", "/tell", "/more", "/source", "/challenge", "/skip", "", "/skip",
        "/talk hello", "/own I learnt it", "/help", "/quit", "never read",
    )  # fmt: skip
    moves = [a.action for a in tutor.said(Act)]
    assert moves == ["hint", "dont_know", "tell", "more", "challenge", "next", "skip"]
    assert "This question is done" in out
    assert tutor.said(Confidence)[0].level == 2 and tutor.said(Answer)[0].confidence == 2
    assert tutor.said(AskBack)[0].text == "what is it?"
    assert [o.verdict for o in tutor.said(Override)] == ["missing", ""]
    assert [(f.thumbs, f.words) for f in tutor.said(Feedback)] == [(1, ""), (-1, "too long")]
    assert tutor.said(Ask)[0].text == "hello" and tutor.said(OwnRecap)[0].text == "I learnt it"
    assert "The cache stores K and V" in out and "viva --plain --resume" in out
    assert "never read" not in [a.text for a in tutor.said(Answer)]


def test_no_move_of_the_screen_is_missing() -> None:
    names = {"dont_know": "idk", "ask_back": "ask", "verdict": "verdict", "undo_verdict": "undo",
             "thumbs_up": "up", "thumbs_down": "down", "editor": "edit"}  # fmt: skip
    elsewhere = {"rate", "send", "newline", "sure1", "sure2", "sure3", "read", "cancel"}
    for action in actions.of("interview"):
        if action.id not in elsewhere:
            assert names.get(action.id, action.id) in COMMANDS, action.id


async def test_bad_lines_are_answered_politely() -> None:
    out, tutor, code = await run(
        "", "   ", "/bogus", "/sure 9", "/verdict", "/undo", "/ask", "/talk", "/source", "/own"
    )
    assert code == 0 and not tutor.said(Answer) and not tutor.said(Confidence)
    assert "There is no command /bogus" in out and out.count("Write an answer") == 2


async def test_control_bytes_neither_go_in_nor_come_out() -> None:
    out, tutor, _ = await run("a\x1b[31m\x00b\u202e\udc80")
    assert tutor.said(Answer)[0].text == "a[31mb\u202e�"
    assert "\x1b" not in out


async def test_lines_continue_after_a_backslash() -> None:
    _, tutor, _ = await run("one\\", "two")
    assert tutor.said(Answer)[0].text == "one\ntwo"


async def test_refusals_and_progress_are_words() -> None:
    tutor = Scripted()
    plain_out, _, code = await run(
        tutor=_failing("Start", "The folder is locked.", "Close the other window.")
    )
    assert code == 1 and "The folder is locked. Close the other window." in plain_out
    out: list[str] = []

    async def nothing() -> str | None:
        return None

    plain = Plain(tutor, nothing, out.append)
    plain._project(Progress("j", "reading page", 3, 9, 120.0))
    assert out == ["Reading page, 3 of 9, about 2 min left.\n"]


def _failing(name: str, message: str, mend: str) -> Scripted:
    tutor = Scripted()
    tutor.fail[name] = Trouble(message, mend)
    return tutor


async def test_every_kind_of_session_can_be_begun() -> None:
    _, tutor, _ = await run("/finish", "/start drill", "/finish", "/start", mode="design")
    starts = tutor.said(Start)
    assert [start.mode for start in starts] == ["design", "drill", "study"]
    assert not starts[0].resume
    out, tutor, _ = await run("/finish", "/start quickly", question="kv-cache")
    assert "mock, review, drill, design" in out and len(tutor.said(Start)) == 1
    assert not tutor.said(Start)[0].resume


async def test_a_resumed_session_is_read_out() -> None:
    tutor = Scripted(unfinished=True)
    out, _, _ = await run(tutor=tutor)
    assert "Resumed where you stopped, at question 1 of 5; all you said before is kept." in out


async def test_a_session_that_gives_way_is_said_to_be_closed_and_not_to_go_on() -> None:
    tutor = Scripted(unfinished=True)
    out, _, _ = await run(tutor=tutor, mode="drill")
    assert "The unfinished session is closed" in out and "goes on where" not in out


async def test_answers_are_read_out_when_a_session_is_resumed() -> None:
    tutor = Scripted(unfinished=True)
    tutor._add(tutor._turn("learner", "answer", "keys and values"))
    out, _, _ = await run(tutor=tutor)
    assert "your 1 answer to it" in out and "You: keys and values" in out


def test_a_pipe_gets_the_whole_session(tmp_path: Path) -> None:
    env = {
        **os.environ, "VIVA_ENGINE": f"{sys.executable} -m tests.tui.scripted_engine",
        "VIVA_HOME": str(tmp_path), "PYTHONPATH": str(ROOT), "LC_ALL": "C",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "tui.main"], input=b"keys\nmemory\n/finish\n/recap\n", env=env,
        capture_output=True, cwd=ROOT, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stderr == b"" and b"\x1b" not in done.stdout
    for text in (b"Verdict", b"Explanation", b"One thing to do"):
        assert text in done.stdout


async def test_what_becomes_of_the_model_is_told_when_it_changes() -> None:
    said: list[str] = []

    async def nothing() -> str | None:
        return None

    line_mode = Plain(Scripted(), nothing, said.append)
    for text in ("the model is busy", "the model is busy", "", "the model is busy"):
        line_mode._project(Status("ready", text))
    assert said == ["The model is busy.\n"] * 2
