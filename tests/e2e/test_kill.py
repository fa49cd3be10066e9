"""Whatever is killed, and whenever: nothing acknowledged is lost or doubled, the session goes on."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import agents.client
from agents.protocol import GetRecap, GetSession, Override, Quit, Refused, Start
from agents.views import SessionView
from memory.store import Memory
from tests.e2e.playing import ROOT, Learner, learner, said, use

DYING = f"{sys.executable} -m tests.e2e.dying_engine --without-crew"
QUESTION = "gradient-checkpointing"
ANSWERS = (
    "It saves memory because not every activation is kept.",
    "The missing ones are computed again during the backward pass.",
    "So training is slower, by about a third.",
)
DEATHS = """\
after session_started
before answered
after answered
before judged
after judged
after told
before closed
before explained
before overridden
before answered
before answered
after session_ended
"""
"""During Start, before and after an answer is kept, before and after its judgement, while a point is
told, during the close, during the explanation, during an override, twice in a row, at the end."""


async def whole_session(one: Learner) -> None:
    """A session with every kind of move."""
    await one.ask(Start(question=QUESTION, questions=2))
    await one.answer(ANSWERS[0], confidence=2)
    await one.act("hint")
    await one.answer(ANSWERS[1])
    await one.act("tell")
    session = await one.settled()
    missing = next(p for p in session.points if p.verdict != "covered")
    await one.ask(Override(missing.id, "covered"))
    await one.settled()
    await one.answer(ANSWERS[2])
    await one.act("next")
    await one.answer("I have no idea what that is, sorry about it.")
    await one.act("skip")
    await one.act("finish")


def story(home: Path) -> list[tuple[str, str, str, str]]:
    """What memory holds, without ids and times."""
    with Memory.open(home) as memory:
        return [(e.kind, e.speaker, e.question, e.text) for e in memory.events()]


def acts(session: SessionView) -> list[tuple[str, str]]:
    """Who said what kind of thing; the tutor may find other words after a restart."""
    return [(t.speaker, t.role) for t in session.turns]


def answers(events: list[tuple[str, str, str, str]]) -> list[str]:
    return [text for kind, who, _, text in events if who == "learner" and text]


@pytest.mark.slow
async def test_a_session_that_dies_over_and_over_is_the_session_that_never_died(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """The engine dies at twelve moments of one session: its events are those of an undisturbed one,
    each exactly once."""
    monkeypatch.setattr(agents.client, "RESTARTS", 50)
    use(monkeypatch, tmp_path / "calm")
    async with learner() as calm:
        await whole_session(calm)
        undisturbed = await calm.ask(GetSession())
    deaths = tmp_path / "deaths"
    deaths.write_text(DEATHS)
    use(monkeypatch, tmp_path / "killed", DYING, DEATHS_FILE=str(deaths))
    async with learner() as one:
        await whole_session(one)
        assert deaths.read_text() == "", "some moment did not come"
        assert acts(await one.ask(GetSession())) == acts(undisturbed)
        recap = await one.ask(GetRecap())
        assert recap.moved
    killed, unhurt = story(tmp_path / "killed"), story(tmp_path / "calm")
    assert [event[:3] for event in killed] == [event[:3] for event in unhurt]
    assert answers(story(tmp_path / "killed")) == one.acknowledged


async def test_killed_on_the_acknowledgement_and_while_idle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    use(monkeypatch, tmp_path / "home")
    async with learner() as one:
        before = await one.ask(Start(question=QUESTION))
        await one.answer(ANSWERS[0], settle=False)
        kill(one)
        after = await one.settled()
        assert (after.id, after.question) == (before.id, before.question)
        assert after.turns[-1].role in ("pump", "hint", "prompt")
        kill(one)
        assert said(await one.settled()) == said(after)
        await one.answer(ANSWERS[1])
    events = story(tmp_path / "home")
    assert answers(events) == one.acknowledged
    assert [kind for kind, *_ in events].count("judged") == 2


async def test_killed_while_it_closes_nothing_is_lost_and_closing_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    deaths = tmp_path / "deaths"
    deaths.write_text("before close\n")
    use(monkeypatch, tmp_path / "home", DYING, DEATHS_FILE=str(deaths))
    async with learner() as one:
        session = await one.ask(Start(question=QUESTION))
        await one.answer(ANSWERS[0])
    assert deaths.read_text() == ""
    with pytest.raises(Refused):
        await one.client.request(Quit())
    async with learner() as two:
        resumed = await two.ask(Start())
        assert resumed.id == session.id
        assert resumed.resumed
        assert [t.text for t in resumed.turns if t.role == "answer"] == [ANSWERS[0]]


async def test_an_engine_that_keeps_dying_is_given_up_politely(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    use(monkeypatch, tmp_path / "home", f"{sys.executable} -c pass")
    async with learner() as one:
        refused = await one.refused(GetSession())
        assert "keeps stopping" in refused.trouble.message
        assert refused.trouble.mend
        assert "keeps stopping" in (await one.refused(GetSession())).trouble.message


async def test_a_killed_front_end_leaves_an_engine_that_lets_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """The next front end resumes at the same question and turn, without waiting for anybody."""
    use(monkeypatch, tmp_path / "home")
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.e2e.front_end", QUESTION, ANSWERS[0]],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "acknowledged\n"
    process.kill()
    process.wait()
    process.stdout.close()
    async with learner() as two:
        resumed = await two.ask(Start())
        assert resumed.resumed
        settled = await two.settled()
        assert settled.question is not None
        assert settled.question.id == QUESTION
        assert [t.role for t in settled.turns][:3] == ["question", "answer", "judgement"]
        await two.answer(ANSWERS[1])
    assert answers(story(tmp_path / "home")) == [ANSWERS[0], ANSWERS[1]]


@pytest.mark.slow
async def test_killed_with_crewai_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    use(monkeypatch, tmp_path / "home", f"{sys.executable} -m agents.engine")
    async with learner() as one:
        await one.ask(Start(question=QUESTION))
        await loaded(one)
        await one.answer(ANSWERS[0], settle=False)
        kill(one)
        await one.answer(ANSWERS[1])
    assert answers(story(tmp_path / "home")) == [*ANSWERS[:2]]


async def loaded(one: Learner) -> None:
    from agents.protocol import Hello

    while (await one.ask(Hello())).stage != "ready":
        await asyncio.sleep(0.1)


def kill(one: Learner) -> None:
    assert one.client.pid is not None
    os.kill(one.client.pid, signal.SIGKILL)
