"""What a learner asks about themselves is answered from what they did, played in this process."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from agents.judgement import Judgement, PointVerdict, Task
from agents.lookback import asks_profile, looks_back, subject
from agents.protocol import Ask, GetClaims, GetDetail, GetEvents, GetThread, Start, TurnAdded
from agents.views import TurnView
from tests.e2e.test_modes import DAY, OWN, Clock, Player, home, player, write_deck

__all__ = ["home"]

DECK = (
    OWN
    + """\
  - id: own-two
    ask: What is a mutex?
    topic: systems
    answer: A mutex lets one thread at a time into a critical section.
    expectations:
      - {id: one, text: It lets one thread at a time into a critical section}
"""
)


class Reader:
    """A judge that credits a point for words agreed upon, so that the verdicts are known."""

    name = "reader"
    words = {"keeps": "costly to get", "one": "one thread at a time"}  # noqa: RUF012

    def grade(self, task: Task) -> Judgement:
        said = " ".join(task.turns)
        points = []
        for point in task.points:
            quote = self.words.get(point.id, "?")
            made = quote in said
            verdict = PointVerdict(point.id, "covered", 1.0, quote)
            points.append(verdict if made else PointVerdict(point.id, "missing", 0.0))
        score = sum(p.coverage for p in points) / len(points)
        return Judgement("partial", score, score, 0.0, tuple(points))


@contextlib.asynccontextmanager
async def learner(home: Path, clock: Clock) -> AsyncIterator[Player]:
    write_deck(home, DECK, "own.yaml")
    async with player(home, clock) as one:
        one.tutor.desk._room.grader._grader = Reader()  # type: ignore[assignment]
        yield one


async def asked(one: Player, text: str) -> TurnView:
    """The tutor's reply in the free conversation."""
    before = len(await one.ask(GetThread()))
    await one.ask(Ask(text, f"a{before}"))
    while True:
        turns = await one.ask(GetThread())
        if len(turns) == before + 2:
            return turns[-1]
        await asyncio.sleep(0.01)


async def studied(one: Player, clock: Clock) -> None:
    """Two questions, a day ago: half an answer on caches, a whole one on the mutex."""
    await one.ask(Start(question="own-one"))
    await one.finish_question("It keeps results that were costly to get.")
    await one.act("next")
    await one.ask(Start(question="own-two"))
    await one.finish_question("Only one thread at a time gets in.")
    await one.act("next")
    clock.now += DAY


async def test_the_thread_is_empty_before_the_first_question(home: Path):
    async with player(home, Clock()) as one:
        assert await one.ask(GetThread()) == ()


async def test_why_was_i_wrong_is_answered_with_the_verdict_and_the_words(home: Path):
    clock = Clock()
    async with learner(home, clock) as one:
        await studied(one, clock)
        reply = await asked(one, "Why was I wrong about caches?")
        assert "“What is a cache?” you had 1 of 3 points yesterday" in reply.text
        assert "Right: “costly to get”" in reply.text
        assert "Missing: What it keeps can be out of date" in reply.text
        assert reply.sources[0].title == "Your answer yesterday"
        assert "It keeps results that were costly to get." in reply.sources[0].excerpt
        reply = await asked(one, "What did I miss?")
        assert "What is a cache?" in reply.text, (
            "of two closed questions the one with gaps is meant"
        )
        reply = await asked(one, "Was I wrong about the mutex?")
        assert "1 of 1 point yesterday" in reply.text and "Missing" not in reply.text


async def test_what_was_never_answered_is_not_made_up(home: Path):
    clock = Clock()
    async with learner(home, clock) as one:
        reply = await asked(one, "What did I say about the mutex?")
        assert reply.text.startswith("I have no answer of yours about that.")
        reply = await asked(one, "Why was I wrong?")
        assert reply.text == "I have no answer of yours about that." and not reply.sources
        await one.ask(Start(question="own-two"))
        await one.answer("A mutex is some kind of lock.")
        reply = await asked(one, "What did I say about the mutex?")
        assert "A mutex is some kind of lock." in reply.text


async def test_what_is_known_of_the_learner_is_told_on_request(home: Path):
    clock = Clock()
    async with learner(home, clock) as one:
        await studied(one, clock)
        await one.ask(Start(question="own-one"))
        await one.finish_question("I cannot say.")
        reply = await asked(one, "What are my weaknesses?")
        assert "weakness: systems: 1 of 4 points" in reply.text and reply.sources


async def test_a_weakness_opens_the_verdicts_behind_it(home: Path):
    clock = Clock()
    async with learner(home, clock) as one:
        await one.ask(Start(question="own-one"))
        await one.finish_question("It keeps results that were costly to get.")
        (claim,) = [c for c in await one.ask(GetClaims()) if c.kind == "weakness"]
        (event,) = await one.ask(GetEvents(claim.events))
        assert event.context == (
            "What is a cache?",
            "You: It keeps results that were costly to get.",
        )
        head, first, *rest = event.text.split("\n")
        assert head == "1 of 3 points said" and event.topic == "systems"
        assert first.startswith("said: It keeps results") and first.endswith("“costly to get”")
        assert rest[0] == "missing: They need not be worked out again"


async def test_a_reply_to_a_challenge_is_not_judged(home: Path):
    async with learner(home, Clock()) as one:
        await one.ask(Start(question="own-one", questions=1))
        await one.finish_question("It keeps results that were costly to get.")
        await one.act("challenge")
        session = await one.answer("I would watch how often a result is out of date.")
        last = session.turns[-1]
        assert last.speaker == "tutor" and last.role == "conversation" and last.sources
        assert not any(word in last.text for word in ("Not yet", "leaves something out", "miss"))


@pytest.mark.parametrize(
    "text",
    [
        "Why was I wrong about caches?",
        "what did I get wrong on the KV cache",
        "where did i go wrong",
        "What was wrong with my answer about LoRA?",
        "what have I missed",
        "Did I mix up recall and precision?",
        "I got something wrong about tokenizers, what was it?",
    ],
)
def test_looking_back_is_noticed(text: str):
    assert looks_back(text) and not asks_profile(text)


@pytest.mark.parametrize(
    "text",
    [
        "How do I get started with LoRA?",
        "What is a cache?",
        "Why is the sky blue?",
        "How can I answer questions about caches?",
        "Why do I need a mutex?",
    ],
)
def test_other_questions_do_not_look_back(text: str):
    assert not looks_back(text)


def test_the_subject_is_what_it_is_about():
    assert subject("What did I get wrong about LoRA last time?") == subject("LoRA")
    assert not subject("Why was I wrong?")


async def test_a_reply_that_fails_says_so_where_it_is_waited_for(
    home: Path, monkeypatch: pytest.MonkeyPatch
):
    async with player(home, Clock()) as one:
        heard: list[TurnView] = []

        async def listen() -> None:
            async for update in one.tutor.updates():
                if isinstance(update, TurnAdded):
                    heard.append(update.turn)

        listening = asyncio.create_task(listen())
        await asyncio.sleep(0)
        monkeypatch.setattr(one.tutor.desk._room.team, "explain", None)
        await one.ask(Ask("What is a cache?", "a1"))
        async with asyncio.timeout(30):
            while not any(turn.speaker == "tutor" for turn in heard):
                await asyncio.sleep(0.01)
        listening.cancel()
        assert "ask again" in heard[-1].text


async def test_figures_of_ones_own_are_told_from_what_was_done(home: Path):
    clock = Clock()
    async with learner(home, clock) as one:
        reply = await asked(one, "How many questions did I answer today?")
        assert reply.text == "Today you have answered no question."
        await studied(one, clock)
        clock.now -= DAY
        reply = await asked(one, "How many questions did I answer today?")
        assert reply.text.startswith("Today you answered 2 questions, and said 2 of 4 points in ")
        reply = await asked(one, "what is my weakest topic?")
        assert reply.text == "Your weakest topic so far is systems (2 of 4 points said)."
        clock.now += DAY
        reply = await asked(one, "How many questions did I answer today?")
        assert reply.text == "Today you have answered no question."


@pytest.mark.parametrize(
    "text",
    [
        "What is layer normalisation, and why do transformers need it?",
        "why do transformers need layer normalisation and what is it",
    ],
)
async def test_a_question_of_a_deck_is_answered_from_the_deck(home: Path, text: str):
    async with learner(home, Clock()) as one:
        reply = await asked(one, text)
        answer = (await one.ask(GetDetail("layer-norm"))).answer
        assert answer.startswith(reply.text.removesuffix(" …").removesuffix("…")[:200])
        assert [source.title for source in reply.sources] == [
            "What is layer normalisation, and why do transformers need it?"
        ]


async def test_what_was_told_in_free_conversation_earns_nothing(home: Path):
    async with player(home, Clock()) as one:
        session = await one.ask(Start(question="layer-norm"))
        assert session.question is not None
        reply = await asked(one, session.question.ask)
        session = await one.answer(reply.text)
        judged = next(t.judgement for t in reversed(session.turns) if t.judgement)
        assert judged.score == 0


async def test_an_answer_is_looked_for_on_the_day_that_is_named(home: Path):
    clock = Clock()
    async with learner(home, clock) as one:
        await studied(one, clock)
        assert "yesterday" in (await asked(one, "What did I answer yesterday?")).text
        assert "no answer of yours" in (await asked(one, "What did I get wrong today?")).text
