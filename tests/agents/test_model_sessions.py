"""Whole sessions through CrewAI's real client against servers on loopback, good and bad.

Promised: whatever a model does, the session completes, no answer is lost, and the learner is told.
"""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from agents.protocol import Ask, Chunk, Doctor, GetRecap, GetUse, TurnAdded, Update
from agents.usage import UsageLog
from tests.agents.playing import Played, Player, kept_nowhere
from tests.servers import FAULTS, ModelServer, serving
from tui import plain_words as words

KEY = "sk-proj-0123456789abcdefSECRET"
MOVES = [
    "It starts from single bytes and keeps merging the most frequent adjacent pair of symbols.",
    "I have no clue about the rest",
    "/tell",
    "/next",
    "Something about attention being quadratic in the sequence length.",
    "/dont_know",
    "/tell",
    "/next",
]
ANSWERS = [MOVES[0], MOVES[4]]


@pytest.fixture(autouse=True)
def _only_these_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    only_these_settings(monkeypatch)


def only_these_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    # No session here looks anything up: indexing all decks anew each time only takes time.
    monkeypatch.setattr("agents.desk.room.Room.index_corpus", lambda self: None)
    for name in list(os.environ):
        if name.startswith("VIVA_") or name.endswith("_API_KEY"):
            monkeypatch.delenv(name)


def use(monkeypatch: pytest.MonkeyPatch, server: ModelServer, timeout: float = 20.0) -> None:
    monkeypatch.setenv("VIVA_MODEL", "openai/tiny")
    monkeypatch.setenv("VIVA_BASE_URL", server.url)
    monkeypatch.setenv("VIVA_TIMEOUT", str(timeout))
    monkeypatch.setenv("VIVA_API_KEY", KEY)


@dataclass(frozen=True)
class Good:
    """A session in a good model's words, and a free conversation after it. `made` are the tasks the
    model was given per move, with the phase the move led to."""

    result: Played
    talked: list[Update]
    made: list[tuple[str, str, list[str]]]
    home: Path


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Good:
    home = tmp_path_factory.mktemp("good")
    with pytest.MonkeyPatch.context() as patch, serving() as server:
        only_these_settings(patch)
        use(patch, server)
        return asyncio.run(_good(home, server))


async def _good(home: Path, server: ModelServer) -> Good:
    made = []
    async with Player(home) as player:
        view = await player.start(questions=2, question="tokenization-bpe")
        for move in MOVES:
            before = len(server.tasks())
            view = await player.do(move)
            made.append((move, view.phase, server.tasks()[before:]))
        result, seen = player.played(view), len(player.updates)
        await player.tutor.request(Ask("What is a merge?", "one"))
        await player.until(lambda: len(said(player.updates[seen:])) == 2)
        return Good(result, player.updates[seen:], made, home)


def said(updates: list[Update]) -> list[TurnAdded]:
    """The finished turns among `updates`."""
    return [u for u in updates if isinstance(u, TurnAdded) and u.final]


async def played(home: Path, moves: list[str] = MOVES) -> Played:
    async with Player(home) as player:
        return await player.play(moves, questions=2, question="tokenization-bpe")


def complete(result: Played, home: Path) -> None:
    assert result.session.phase == "finished"
    assert [a for a in result.kept("answered") if a in ANSWERS] == ANSWERS
    assert len(result.kept("closed")) == 2
    assert KEY not in repr(result)
    kept_nowhere(KEY, home)


def test_a_session_in_a_model_s_words(good: Good) -> None:
    result = good.result
    complete(result, good.home)
    assert result.texts("question")[0].startswith("Model speaking:")
    assert any("In the model's words" in text for text in result.texts("explanation"))
    made = [e for e in result.events if e.kind in ("asked", "explained")]
    assert all(e.model == "openai/tiny" and e.prompt for e in made)
    judged = next(e for e in result.events if e.kind == "judged")
    assert judged.model == "openai/tiny" and judged.prompt.startswith("evaluator-")
    assert result.session.usage.tokens > 0
    assert not [s for s in result.statuses if s]


def test_explanations_are_streamed(good: Good) -> None:
    grown: dict[str, list[str]] = {}
    for update in good.result.updates:
        if isinstance(update, Chunk):
            grown.setdefault(update.turn, []).append(update.text)
    live = [u for u in good.result.updates if isinstance(u, TurnAdded) and not u.final]
    final = [u for u in good.result.updates if isinstance(u, TurnAdded) and u.replaces]
    assert len(live) == 2
    assert [u.turn.id for u in live] == [u.replaces for u in final] == list(grown)
    for turn in final:
        assert "".join(grown[turn.replaces]) == turn.turn.text
        assert len(grown[turn.replaces]) > 2


def test_a_free_conversation_is_streamed_into_its_own_turn(good: Good) -> None:
    asked, reply = said(good.talked)
    assert asked.turn.speaker == "learner" and reply.turn.speaker == "tutor"
    chunks = [u for u in good.talked if isinstance(u, Chunk)]
    assert {u.turn for u in chunks} == {reply.replaces}
    assert len(chunks) > 2 and "".join(u.text for u in chunks) == reply.turn.text
    assert not reply.turn.question


def test_at_most_two_calls_from_an_answer_to_the_next_question(good: Good) -> None:
    for move, phase, tasks in good.made:
        waited = [task for task in tasks if task != "ask" or phase != "closed"]
        assert len(waited) <= 2, (move, tasks)


def test_usage_is_kept_per_agent(good: Good) -> None:
    rows = {row.name: row for row in UsageLog(good.home).agents(session=good.result.session.id)}
    assert {"quizzer", "evaluator", "explainer"} <= set(rows)
    assert all(row.tokens >= 60 and row.seconds > 0 for row in rows.values())


async def test_the_recap_says_what_each_agent_used(good: Good) -> None:
    async with Player(good.home, agents=False) as player:
        recap = await player.tutor.request(GetRecap(good.result.session.id))
    assert recap.usage.model == "openai/tiny" and recap.usage.tokens > 0
    rows = {row.name: row for row in recap.agents}
    assert {"quizzer", "evaluator", "explainer"} <= set(rows)
    shown = words.recap(recap, 0)
    assert "Models: tiny" in shown and "explainer: 2 replies, " in shown


async def test_a_model_too_slow_for_a_turn_is_said_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A call begins only within two seconds of its turn, and takes three: of two one is left out.
    monkeypatch.setattr("agents.crew.job.LEAST", 1.4)
    with serving(lag=3.0) as server:
        use(monkeypatch, server)
        async with Player(tmp_path) as player:
            result = await player.play(MOVES[:1], questions=1, question="tokenization-bpe")
            checks = {c.name: c for c in await player.tutor.request(Doctor())}
            used = await player.tutor.request(GetUse())
    assert result.kept("answered") == MOVES[:1]
    told = [text for text in result.statuses if "slow" in text]
    assert told == ["openai/tiny is slow for one turn; what it leaves out, the built-in tutor says"]
    assert not result.session.usage.degraded
    skipped = sum(row.skipped for row in used.models)
    assert skipped >= 1
    assert sum(row.skipped for row in used.sessions) == skipped
    assert checks["model"].state == "warn" and "for want of time" in checks["model"].text
    assert "timeout" in checks["model"].mend


@pytest.mark.parametrize("fault", FAULTS)
async def test_no_fault_of_a_server_ends_a_session(
    tmp_path: Path, monkeypatch, capfd, fault: str
) -> None:
    with serving(fault=fault) as server:
        use(monkeypatch, server, 1.5 if fault in ("hang", "trickle") else 20.0)
        result = await played(tmp_path)
    complete(result, tmp_path)
    assert not capfd.readouterr().out
    assert any("built-in tutor" in text for text in result.statuses), result.statuses
    assert all(t.model != "openai/tiny" for t in result.turns)


async def test_a_server_that_is_not_there(tmp_path: Path, monkeypatch) -> None:
    with serving() as server:
        use(monkeypatch, server)
    result = await played(tmp_path)
    complete(result, tmp_path)
    assert any("cannot be reached" in text for text in result.statuses)


@pytest.mark.parametrize("fault", ["prose", "500-cut"])
async def test_one_repair_of_a_reply_that_is_none(tmp_path: Path, monkeypatch, fault: str) -> None:
    with serving(script=[fault]) as server:
        use(monkeypatch, server)
        result = await played(tmp_path, MOVES[:1])
        assert server.tasks()[:2] == ["ask", "ask"]
    assert result.texts("question")[0].startswith("Model speaking:")


async def test_a_server_without_structured_output(tmp_path: Path, monkeypatch) -> None:
    with serving(native=False) as server:
        use(monkeypatch, server)
        result = await played(tmp_path)
        # The first refusal is remembered: no other request asks for it again.
        assert sum(a.structured for a in server.asked if a.brief) == 1
    complete(result, tmp_path)
    assert result.texts("question")[1].startswith("Model speaking:")


async def test_the_next_question_is_worded_while_the_learner_reads(
    tmp_path: Path, monkeypatch
) -> None:
    with serving() as server:
        use(monkeypatch, server)
        async with Player(tmp_path) as player:
            await player.start(questions=2, question="tokenization-bpe")
            await player.do("/tell")
            await player.until(lambda: server.tasks().count("ask") == 2)
            before = len(server.tasks())
            view = await player.do("/next")
            assert len(server.tasks()) == before
            assert view.question is not None
            assert view.question.ask.startswith("Model speaking:")


async def test_cancelling_lets_the_built_in_tutor_go_on(tmp_path: Path, monkeypatch) -> None:
    from agents.protocol import Answer, Cancel

    with serving() as server:
        use(monkeypatch, server, 60)
        async with Player(tmp_path) as player:
            await player.start(questions=1, question="tokenization-bpe")
            server.fault = "hang"
            await player.tutor.request(Answer(MOVES[0], "one"))
            await player.until(lambda: "judge" in server.tasks())
            before = server.tasks()
            await player.tutor.request(Cancel())
            view = await player.settle()
            result = player.played(view)
            assert server.tasks() == before, "the model was asked again in the same turn"
    assert view.phase == "answering"
    assert result.kept("answered") == [MOVES[0]]
    assert any("cancelled" in text for text in result.statuses)


async def test_the_model_is_used_again_once_it_is_back(tmp_path: Path, monkeypatch) -> None:
    with serving(script=["429-after"], retry_after="0.2") as server:
        use(monkeypatch, server)
        async with Player(tmp_path) as player:
            await player.start(questions=1, question="tokenization-bpe")
            assert any("rate limit" in u.text for u in player.updates if hasattr(u, "stage"))
            await player.until(lambda: player.desk._room.team.live)
            view = await player.do(MOVES[0])
            assert not view.usage.degraded
            result = player.played(view)
    judged = next(e for e in result.events if e.kind == "judged")
    assert "openai/tiny" in judged.model


async def test_a_request_made_before_costs_nothing(tmp_path: Path, monkeypatch) -> None:
    with serving() as server:
        use(monkeypatch, server)
        await played(tmp_path, [])
        async with Player(tmp_path) as player:
            view = await player.start(questions=1, question="tokenization-bpe", resume=False)
        assert server.tasks() == ["ask"]
    assert view.question is not None and view.question.ask.startswith("Model speaking:")
    assert view.usage.cached == 1 and view.usage.tokens == 0


async def test_a_used_up_budget_switches_to_the_built_in_tutor(tmp_path: Path, monkeypatch) -> None:
    with serving() as server:
        use(monkeypatch, server)
        monkeypatch.setenv("VIVA_BUDGET_TOKENS", "100")
        result = await played(tmp_path)
        assert len(server.tasks()) == 2
    complete(result, tmp_path)
    assert any("budget" in text for text in result.statuses)
    log = UsageLog(tmp_path)
    assert log.today()[0] == 120


async def test_one_model_per_role(tmp_path: Path, monkeypatch) -> None:
    with serving() as server:
        use(monkeypatch, server)
        monkeypatch.delenv("VIVA_MODEL")
        monkeypatch.setenv("VIVA_MODEL_EVALUATOR", "openai/judge")
        result = await played(tmp_path)
        assert set(server.tasks()) == {"judge"}
        assert {a.body["model"] for a in server.asked} == {"judge"}
    complete(result, tmp_path)


async def test_a_missing_extra_is_said_and_the_session_goes_on(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("agents.models._installed", lambda module: False)
    monkeypatch.setenv("VIVA_MODEL", "anthropic/claude-x")
    result = await played(tmp_path)
    complete(result, tmp_path)
    assert any("viva-study[anthropic]" in text for text in result.statuses)


async def test_the_same_through_anthropic_s_client(tmp_path: Path, monkeypatch) -> None:
    pytest.importorskip("anthropic")
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
    monkeypatch.setenv("VIVA_MODEL", "anthropic/claude-tiny")
    with serving() as server:
        monkeypatch.setenv("VIVA_BASE_URL", server.anthropic_url)
        result = await played(tmp_path)
        assert server.asked and all("/messages" in a.path for a in server.asked)
    complete(result, tmp_path)
    assert result.texts("question")[0].startswith("Model speaking:")
    assert any("In the model's words" in text for text in result.texts("explanation"))
