"""Questions made from somebody's notes, played through with the built-in tutor: nobody wrote follow-ups
for them, and still a session has to read well."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from agents.briefs import PointBrief
from agents.leaks import gives_away
from agents.protocol import AddSource
from agents.views import SessionView
from corpus.library import Library
from tests.agents.playing import Played, Player
from tests.agents.test_transcripts import (
    FOLLOW_UPS,
    asks,
    leaking,
    misquoted,
    praised_for_nothing,
    repeated,
)

NOTES = Path(__file__).with_name("notes")
SAID: dict[str, tuple[str, ...]] = {
    "What is bulk fermentation?": (
        "The first long rise of the dough.",
        "It should be half as big again and have bubbles at the edge.",
        "If it goes on too long the gluten gets weak and the loaf is flat.",
    ),
    "What is a sourdough starter?": ("some mix with yeast in it", "bacteria"),
    "What is autolyse?": ("The oven gets very hot.", "salt makes it tight", "starter"),
    "What is a load barrier?": ("it repairs a pointer when an object was moved", "reference"),
}
"""What a learner who knows a part says, in this order; then no more."""


QUESTIONS = 4


async def played(home: Path, name: str, patient: bool) -> tuple[Played, Library]:
    """A session over the notes `name`; one who is not `patient` gives up at once."""
    async with Player(home, agents=False) as player:
        await player.tutor.request(AddSource(str(NOTES / f"{name}.md"), deck=name))
        deck = Library(home).deck(name)
        assert deck is not None
        view = await player.start(deck=name, questions=QUESTIONS)
        while view.phase != "finished":
            view = await question(player, view, patient)
        return player.played(view), Library(home)


async def question(player: Player, view: SessionView, patient: bool) -> SessionView:
    assert view.question is not None
    lines = list(SAID.get(view.question.ask, ("I have read something about that.",)))
    while view.phase == "answering":
        view = await player.do(lines.pop(0) if lines and patient else "/dont_know")
    for move in ("I would say it is about time and heat.", "what do you mean?", "/next"):
        view = await player.do(move)
    return view


@pytest.fixture(scope="module", params=[("sourdough", True), ("garbage-collection", False)])
def session(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Played, Library, str]:
    name, patient = request.param
    return *asyncio.run(played(tmp_path_factory.mktemp(name), name, patient)), name


def test_a_session_on_notes_reads_as_one_would_wish(session: tuple[Played, Library, str]) -> None:
    result, library, name = session
    deck = library.deck(name)
    assert deck is not None and len(result.texts("question")) == min(QUESTIONS, len(deck.questions))
    spoken = [t for t in result.turns if t.speaker == "tutor"]
    assert not repeated([t for t in spoken if t.role not in ("question", "conversation")])
    for turn in spoken:
        assert turn.text.count("?") <= 1, turn.text
        if turn.role in FOLLOW_UPS:
            assert len(turn.text.split()) <= 40 and asks(turn.text), turn.text
    assert not praised_for_nothing(result.turns)
    assert not misquoted([t for t in result.turns if t.role != "prompt"])
    assert not leaking(result.events, library)


def test_what_is_about_nothing_is_answered_from_the_notes_at_hand(
    session: tuple[Played, Library, str],
) -> None:
    result, _, _ = session
    replies = [e for e in result.events if e.kind == "conversation" and e.speaker == "tutor"]
    assert replies
    for event in replies:
        titles = {source["title"] for source in event.payload["sources"]}
        assert not [t for t in titles if "GenAI" in t or "foundations" in t]


def test_no_follow_up_of_the_notes_gives_its_point_away(
    session: tuple[Played, Library, str],
) -> None:
    _, library, name = session
    deck = library.deck(name)
    assert deck is not None
    for q in deck.questions:
        for e in q.expectations:
            point = PointBrief(id=e.id, text=e.text, wordings=e.wordings, words=e.words)
            for text in (f"{e.hint} {e.probe}", e.prompt):
                assert text and not gives_away(text, point, q.ask), text
