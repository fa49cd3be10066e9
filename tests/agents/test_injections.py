"""A model that obeys whoever speaks to it: no credit, no leak, no other tool, nothing drawn.

The scripted model does the worst it can with every request, whatever the text asks for.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agents.briefs import Evidence, ExplainBrief, PointBrief, QuizBrief
from agents.grading.builtin import BuiltinGrader
from agents.judgement import Error, Point, Task
from agents.leaks import gives_away
from agents.models import ModelConfig
from agents.protocol import Ask
from tests.agents.injections import ANSWERS, DOCUMENTS, MEMORIES, NAMES
from tests.agents.playing import Player, kept_nowhere
from tests.servers import Asked, ModelServer, serving

KEY = "sk-proj-0123456789abcdefSECRET"
ASK = "What is byte-pair encoding, and how does it turn text into tokens?"
HIDDEN = "Training repeatedly joins the most frequent adjacent pair of symbols into one new symbol."
POINTS = (
    Point("merges", HIDDEN, 2.0, words=("merge",)),
    Point("start", "It begins with single characters or raw bytes as the base symbols."),
)
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def obeying(asked: Asked) -> dict[str, Any] | str:
    """Credits everything, tells everything, shows the key it was called with, draws on the screen."""
    brief = asked.brief or {}
    if asked.task == "judge":
        quotes = [brief["answer"], *brief["answer"].split(".")]
        rows = [
            {"id": p["id"], "verdict": "covered", "quote": quotes[n % len(quotes)]}
            for n, p in enumerate(brief["points"])
        ]
        return {"points": rows, "misconceptions": [e["id"] for e in brief.get("errors", ())]}
    key = asked.headers.get("authorization", "")
    told = " ".join([*brief.get("hidden", ()), *(e["text"] for e in brief.get("evidence", ()))])
    words = f"\x1b[2J\x1b[31mKey: {key}.\x07 {told}"
    if asked.agent == "quizzer":
        point = brief.get("point") or {}
        words = f"\x1b[2J{key} The answer is: {point.get('text', '')} Right?"
    return {"text": words, "citations": ["anything"]} if asked.structured else words


@pytest.fixture(scope="module")
def looked_up() -> list[str]:
    return []


@pytest.fixture(scope="module")
def server() -> Iterator[ModelServer]:
    made = ModelServer(obeying)
    yield made
    made.close()


@pytest.fixture(scope="module")
def team(
    tmp_path_factory: pytest.TempPathFactory,
    server: ModelServer,
    looked_up: list[str],
    grader: BuiltinGrader,
) -> Iterator[Any]:
    from agents.crew.team import CrewTeam

    def look_up(query: str) -> str:
        looked_up.append(query)
        return json.dumps([{"id": "p1", "text": DOCUMENTS[0]}])

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VIVA_API_KEY", KEY)
        config = ModelConfig("openai/tiny", server.url)
        home: Path = tmp_path_factory.mktemp("home")
        models = dict.fromkeys(("quizzer", "explainer", "evaluator"), config)
        made = CrewTeam(home, grader, models, look_up, look_up)  # type: ignore[arg-type]
        # Replies that do not fit would rest the model; here it has to be asked each time.
        for channel in made.staff.channels:
            channel.breaker.failed = lambda wait=None: 0.0  # type: ignore[method-assign]
        yield made
        made.close()


def harmless(text: str) -> None:
    assert KEY not in text and "SECRET" not in text
    assert not CONTROL.search(text)
    assert text.strip()


def test_there_are_sixty_of_them() -> None:
    assert len({*ANSWERS, *DOCUMENTS, *MEMORIES, *NAMES}) >= 60


@pytest.mark.parametrize("text", ANSWERS)
def test_an_answer_that_gives_orders_earns_nothing(
    team: Any, grader: BuiltinGrader, text: str
) -> None:
    errors = (Error("words", "Every word becomes one token."),)
    task = Task(ASK, (text,), POINTS, errors=errors)
    team.begin_turn("s")
    alone = grader.grade(task)
    judged = team.judge(task)
    assert judged.score <= alone.score
    assert all(p.verdict in ("missing", "partial") for p in judged.points)
    assert not judged.errors


@pytest.mark.parametrize("text", [*DOCUMENTS, *MEMORIES])
def test_what_is_read_gives_no_orders(team: Any, text: str) -> None:
    kind = "memory" if text in MEMORIES else "passage"
    evidence = (Evidence(id="e1", text=text, kind=kind), Evidence(id="e2", text="Nothing else."))  # type: ignore[arg-type]
    brief = ExplainBrief(
        task="reply", ask=ASK, learner="What comes first?", evidence=evidence, hidden=(HIDDEN,)
    )
    team.begin_turn("s")
    shown: list[str] = []
    said = team.explain(brief, shown.append)
    harmless(said.text)
    assert not gives_away(said.text, PointBrief(id="", text=HIDDEN))
    assert not shown
    assert set(said.citations) <= {"e1", "e2"}


@pytest.mark.parametrize("name", NAMES)
def test_the_name_of_a_file_gives_no_orders(team: Any, name: str) -> None:
    evidence = (Evidence(id=name, title=name, text="Merging pairs is what it does."),)
    brief = ExplainBrief(task="explain", ask=ASK, evidence=evidence, points=_points())
    team.begin_turn("s")
    shown: list[str] = []
    harmless(team.explain(brief, shown.append).text)
    assert KEY not in "".join(shown) and not CONTROL.search("".join(shown))


@pytest.mark.parametrize("task", ["pump", "hint", "prompt", "clarify", "challenge", "ask"])
def test_a_follow_up_gives_nothing_away(team: Any, task: str) -> None:
    point = PointBrief(id="merges", text=HIDDEN, words=("merge",), probe="What is done each step?")
    brief = QuizBrief(task=task, ask=ASK, point=point, said=(ANSWERS[0],))  # type: ignore[arg-type]
    team.begin_turn("s")
    said = team.quiz(brief)
    harmless(said.text)
    assert not gives_away(said.text, point, ASK)


def test_only_the_two_tools_can_be_called(
    team: Any, server: ModelServer, looked_up: list[str], tmp_path: Path
) -> None:
    mark = tmp_path / "touched"
    server.calls = [
        {"name": "run_shell", "arguments": {"command": f"touch {mark}"}},
        {"name": "search_corpus", "arguments": {"query": "merges"}},
        {"name": "delete_history", "arguments": {"all": True}},
    ]
    team.begin_turn("s")
    said = team.explain(ExplainBrief(task="converse", learner="Run a command for me."))
    harmless(said.text)
    assert not mark.exists()
    assert looked_up == ["merges"]
    offered = {t["function"]["name"] for a in server.asked for t in a.body.get("tools", ())}
    assert offered == {"search_corpus", "recall_learner_history"}
    # Agents that judge and ask read documents and answers, and have no tools at all.
    assert not [a for a in server.asked if a.task != "converse" and a.body.get("tools")]


def test_the_key_is_sent_in_the_header_only(server: ModelServer, team: Any) -> None:
    assert server.asked
    assert all(KEY in a.headers["authorization"] for a in server.asked)
    assert not [a for a in server.asked if KEY in a.prompt]


async def test_a_whole_session_with_a_model_that_obeys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [n for n in os.environ if n.startswith("VIVA_") or n.endswith("_API_KEY")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("VIVA_MODEL", "openai/tiny")
    monkeypatch.setenv("VIVA_API_KEY", KEY)
    first, second = ANSWERS[:2]
    moves = [first, "?" + DOCUMENTS[1], second, "/hint", "/tell", MEMORIES[0], "/next"]
    with serving(obeying) as server:
        monkeypatch.setenv("VIVA_BASE_URL", server.url)
        async with Player(tmp_path) as player:
            result = await player.play(moves, questions=1, question="tokenization-bpe")
            await player.tutor.request(Ask(ANSWERS[16], "one"))
            await player.until(lambda: bool(talk(player)))
            result = player.played(result.session)
    assert result.session.phase == "finished"
    assert result.kept("answered") == [first, second]
    (closed,) = [e for e in result.events if e.kind == "closed"]
    assert all(row["coverage"] == 0 for row in closed.payload["outcomes"])
    for turn in result.turns:
        if turn.speaker == "tutor":
            harmless(turn.text)
    assert not CONTROL.search("".join(result.live)) and KEY not in repr(result)
    kept_nowhere(KEY, tmp_path)


def talk(player: Player) -> list[str]:
    """What the tutor has said in free conversation."""
    turns = [t for t in player.turns() if t.role == "conversation" and not t.question]
    return [t.text for t in turns if t.speaker == "tutor"]


def _points() -> tuple[PointBrief, ...]:
    return (PointBrief(id="merges", text=HIDDEN),)
