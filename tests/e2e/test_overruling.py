"""The learner's own verdicts: what they change, everywhere, and that taking one back undoes it all."""

from __future__ import annotations

from pathlib import Path

import pytest

from agents.desk.looking import past_of
from agents.protocol import Doctor, GetClaims, GetRecap, Override, Start
from agents.views import RecapView
from tests.e2e.test_modes import Clock, Player, player

WRONG = "A temperature of zero stops the model from hallucinating."
RIGHT_AFTER_ALL = "not-accuracy"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("VIVA_HOME", "VIVA_MODEL"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "home"


async def found(one: Player) -> tuple[int, int]:
    """Misconceptions in the recap as found, and as believed in the profile."""
    recap: RecapView = await one.ask(GetRecap())
    claims = await one.ask(GetClaims())
    return len(recap.opened), sum(c.kind == "misconception" for c in claims)


async def doctor(one: Player) -> str:
    return next(c.text for c in await one.ask(Doctor()) if c.name == "overrides")


@pytest.mark.parametrize("closed", [False, True])
async def test_a_misconception_falls_with_the_verdict_that_found_it(home: Path, closed: bool):
    async with player(home, Clock()) as one:
        await one.ask(Start(question="temperature"))
        session = await (one.finish_question if closed else one.answer)(WRONG)
        assert session.phase == ("closed" if closed else "answering")
        assert await found(one) == (1, 1)
        view = await one.ask(Override("scales-logits", "covered"))
        assert view.errors and await found(one) == (1, 1), "another point says nothing about it"
        view = await one.ask(Override(RIGHT_AFTER_ALL, "covered"))
        assert not view.errors and await found(one) == (0, 0)
        if not closed:
            session = await one.answer("It scales the logits before the softmax.")
            assert await found(one) == (0, 0), "the same words were held against the learner again"
        view = await one.ask(Override(RIGHT_AFTER_ALL, ""))
        assert await found(one) == (1, 1)


async def test_overruled_verdicts_count_once_and_alike_everywhere(home: Path):
    async with player(home, Clock()) as one:
        await one.ask(Start(question="temperature"))
        await one.answer(WRONG)
        await one.ask(Override("scales-logits", "covered"))
        session = await one.finish_question("I cannot say more.")
        await one.ask(Override(RIGHT_AFTER_ALL, "covered"))
        recap = await one.ask(GetRecap())
        assert (recap.overrides, recap.judged) == (2, len(session.points))
        assert recap.moved[0].covered == 2, "what is overruled counts as said"
        share = f"{100 * 2 / len(session.points):.0f} % of {len(session.points)} verdicts"
        assert share in await doctor(one)
        shown = next(t.judgement for t in reversed((await one.settled()).turns) if t.judgement)
        assert sum(point.overridden for point in shown.points) == 2
        assert "2 of 6 points" in past_of(one.tutor.desk._room, "temperature")
        for point in ("scales-logits", RIGHT_AFTER_ALL):
            await one.ask(Override(point, ""))
        recap = await one.ask(GetRecap())
        assert recap.overrides == 0 and recap.moved[0].covered == 0
        assert "0 % of" in await doctor(one)


async def test_a_verdict_can_be_taken_back_after_the_next_question_is_asked(home: Path):
    async with player(home, Clock()) as one:
        await one.ask(Start(question="temperature", questions=2))
        await one.finish_question(WRONG)
        await one.ask(Override(RIGHT_AFTER_ALL, "covered"))
        session = await one.act("next")
        assert session.question is not None and session.question.id != "temperature"
        view = await one.ask(Override(RIGHT_AFTER_ALL, "", "temperature"))
        assert not any(point.overridden for point in view.points)
        assert await found(one) == (1, 1) and "0 % of" in await doctor(one)


async def test_what_is_said_after_a_verdict_was_lowered_counts(home: Path):
    async with player(home, Clock()) as one:
        await one.ask(Start(question="temperature"))
        await one.answer("It divides the logits before the softmax.")
        view = await one.ask(Override("scales-logits", "missing"))
        point = next(p for p in view.points if p.id == "scales-logits")
        assert point.verdict == "missing" and point.overridden
        view = await one.ask(Override("scales-logits", ""))
        point = next(p for p in view.points if p.id == "scales-logits")
        assert point.verdict == "covered" and not point.overridden
