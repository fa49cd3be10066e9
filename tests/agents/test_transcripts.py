"""Ten whole sessions with the built-in tutor, each looked through by code.

The sessions are played anew; `python -m bench.transcripts` writes them for people to read.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from agents.briefs import PointBrief
from agents.leaks import gives_away
from agents.skills.leads import LEADS
from agents.views import TurnView
from bench.transcripts import LEARNERS, OUT, play
from corpus.library import Library
from corpus.words import sentences

PRAISE = re.compile(
    r"\b(?:well done|good|great|excellent|correct|exactly|perfect|right|yes)\b", re.IGNORECASE
)
FOLLOW_UPS = ("pump", "hint", "prompt")


@pytest.mark.parametrize("name", LEARNERS)
async def test_a_session_reads_as_one_would_wish(name: str, tmp_path: Path) -> None:
    turns = await play(name, tmp_path)
    assert sum(t.role == "question" for t in turns) == 3
    spoken = [t for t in turns if t.speaker == "tutor"]
    assert all(t.text.strip() for t in spoken)
    assert not repeated(spoken)
    for turn in spoken:
        assert turn.text.count("?") <= 1, turn.text
    assert not praised_for_nothing(turns)
    assert not leaking(turns, Library(tmp_path))


def test_the_transcripts_are_there_to_be_read() -> None:
    assert {path.stem for path in OUT.glob("*.txt")} == set(LEARNERS)


def repeated(spoken: list[TurnView]) -> list[str]:
    """Sentences of more than three words that the tutor said twice; the learner's words aside."""
    seen: set[str] = set()
    twice = []
    for turn in spoken:
        # The long explanation on request is the deck's model answer, which may meet other texts.
        for sentence in sentences(re.sub(r"“[^”]*”", "", turn.text)):
            key = re.sub(r"\W+", " ", sentence).strip().casefold()
            if len(key.split()) > 3 and key in seen:
                twice.append(sentence)
            seen.add(key)
    return twice


def praised_for_nothing(turns: list[TurnView]) -> list[str]:
    """Tutor turns that praise after a verdict which credited nothing new."""
    found = []
    gained = False
    for turn in turns:
        if turn.judgement is not None:
            gained = any(p.gained for p in turn.judgement.points)
        elif turn.speaker == "tutor" and turn.role in FOLLOW_UPS and not gained:
            lead = turn.text.split(".")[0]
            if PRAISE.search(lead) and any(lead in text for text in LEADS["gained"]):
                found.append(turn.text)
        elif turn.speaker == "learner" and turn.role == "answer":
            gained = False
    return found


def leaking(turns: list[TurnView], library: Library) -> list[str]:
    """Follow-ups that give away the point they ask about."""
    found = []
    for turn in turns:
        if turn.role not in FOLLOW_UPS:
            continue
        question = library.question(turn.question)
        assert question is not None
        body = without_lead(turn.text)
        for e in question.expectations:
            authored = {"pump": e.probe, "hint": e.hint, "prompt": e.prompt}[turn.role]
            point = PointBrief(id=e.id, text=e.text, wordings=e.wordings, words=e.words)
            if body == authored and gives_away(body, point, question.ask):
                found.append(turn.text)
    return found


def without_lead(text: str) -> str:
    leads = [lead for group in LEADS.values() for lead in group]
    return next((text[len(x) :].strip() for x in leads if text.startswith(x)), text)
