"""`viva models compare`: two models over the same answers, with what the learner thought of them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agents.crew.prompts import agent_prompt
from agents.protocol import Feedback
from agents.scorecard.card import kept
from agents.scorecard.items import Item, load_items
from corpus.model import Question
from tests.agents.playing import Player
from tests.agents.test_model_sessions import only_these_settings, use
from tests.servers import Asked, sensible, serving
from tui.commands import models

ANSWER = "It starts from single bytes and keeps merging the most frequent adjacent pair of symbols."


@pytest.fixture(autouse=True)
def _a_few_items(monkeypatch: pytest.MonkeyPatch) -> None:
    only_these_settings(monkeypatch)

    def some(find: Callable[[str], Question | None]) -> list[Item]:
        return load_items(find)[:3]

    monkeypatch.setattr("agents.desk.models.load_items", some)


async def rated(home: Path) -> None:
    """A session in which the explanation got a thumb up and the verdict one down."""
    async with Player(home) as player:
        result = await player.play([ANSWER, "/tell"], questions=1, question="tokenization-bpe")
        about = {e.kind: e.id for e in result.events}
        await player.tutor.request(Feedback(about["explained"], 1))
        await player.tutor.request(Feedback(about["judged"], -1))


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert models.run(list(arguments)) == 0, capsys.readouterr().err
    return capsys.readouterr().out


async def test_two_models_side_by_side_with_thumbs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("VIVA_HOME", str(tmp_path))
    with serving() as server:
        use(monkeypatch, server)
        await rated(tmp_path)
        before = len(server.asked)
        shown = await asyncio.to_thread(
            run, capsys, "compare", "openai/tiny", "openai/other"
        )  # neither is checked yet
        judged = [a for a in server.asked[before:] if a.task == "judge"]
        again = len(server.asked)
        told = await asyncio.to_thread(
            run, capsys, "compare", "openai/tiny", "openai/other", "--json"
        )
        assert len(server.asked) == again
    assert [a.body["model"] for a in judged] == ["tiny"] * 3 + ["other"] * 3
    evaluator, explainer = agent_prompt("evaluator").version, agent_prompt("explainer").version
    assert f"openai/tiny@{evaluator}" in shown and f"openai/other@{evaluator}" in shown
    assert f"thumbs, {explainer}" in shown and "1 good, 0 bad" in shown
    found = json.loads(told)
    rows = {row["prompt"]: (row["first"], row["second"]) for row in found["thumbs"]}
    assert rows == {evaluator: ([0, 1], [0, 0]), explainer: ([1, 0], [0, 0])}
    assert found["p"] == 1.0 and found["first"]["tokens"] == 180


async def test_a_check_asks_the_model_even_what_it_has_answered_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("VIVA_HOME", str(tmp_path))
    with serving() as server:
        use(monkeypatch, server)
        for _ in range(2):
            await asyncio.to_thread(run, capsys, "check")
        assert server.tasks() == ["judge"] * 6
    assert [card.tokens for card in kept(tmp_path)] == [180, 180]


async def test_two_versions_of_a_prompt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from agents.crew import prompts

    folder = tmp_path / "prompts"
    folder.mkdir()
    for path in prompts.PROMPTS.glob("*.yaml"):
        (folder / path.name).write_text(path.read_text())
    text = (folder / "evaluator.yaml").read_text()
    used = agent_prompt("evaluator").version
    (folder / "evaluator-strict.yaml").write_text(
        text.replace(f"version: {used}", "version: strict").replace("For each of", "STRICTLY, for")
    )
    monkeypatch.setattr(prompts, "PROMPTS", folder)
    monkeypatch.setenv("VIVA_HOME", str(tmp_path / "home"))

    def mind(asked: Asked) -> dict[str, Any] | str:
        # The strict prompt makes this model see nothing.
        if "STRICTLY" in asked.prompt:
            return {
                "points": [
                    {"id": p["id"], "verdict": "missing"} for p in (asked.brief or {})["points"]
                ]
            }
        return sensible(asked)

    agent_prompt.cache_clear()
    try:
        with serving(mind) as server:
            use(monkeypatch, server)
            shown = await asyncio.to_thread(
                run, capsys, "compare", f"openai/tiny@{used}", "openai/tiny@strict"
            )
            code = await asyncio.to_thread(models.run, ["check", "openai/tiny@nowhere"])
    finally:
        agent_prompt.cache_clear()
    assert f"openai/tiny@{used}" in shown and "openai/tiny@strict" in shown
    assert sum("STRICTLY" in a.prompt for a in server.asked) == 3
    assert code == 1 and "no prompt 'nowhere'" in capsys.readouterr().err


async def test_a_model_that_cannot_be_reached_ends_the_check(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("VIVA_HOME", str(tmp_path))
    with serving(fault="429-after") as server:
        use(monkeypatch, server)
        assert await asyncio.to_thread(models.run, ["check"]) == 1
        assert server.tasks() == ["judge"] * 2
    assert "cannot be asked any more" in capsys.readouterr().err


async def test_a_check_without_agents_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("VIVA_HOME", str(tmp_path))
    monkeypatch.setattr("agents.desk.loading.load_agents", lambda room: None)
    assert await asyncio.wait_for(asyncio.to_thread(models.run, ["check", "openai/tiny"]), 60) == 1
    assert "the agents are not loaded" in capsys.readouterr().err
