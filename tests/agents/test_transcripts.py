"""Ten whole sessions with the built-in tutor, each looked through by code.

The sessions are played anew; `python -m bench.transcripts` writes them for people to read.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from agents.briefs import PointBrief
from agents.leaks import gives_away
from agents.skills.leads import LEADS, UNQUOTED
from agents.views import TurnView
from bench.transcripts import LEARNERS, OUT, play
from corpus.library import Library
from corpus.words import sentences
from memory.events import Event

PRAISE = re.compile(
    r"\b(?:well done|good|great|excellent|correct|exactly|perfect|right|yes)\b", re.IGNORECASE
)
FOLLOW_UPS = ("pump", "hint", "prompt")
QUOTED = re.compile(r"“[^”]*”")


@pytest.mark.parametrize("name", LEARNERS)
async def test_a_session_reads_as_one_would_wish(name: str, tmp_path: Path) -> None:
    turns, events = await play(name, tmp_path)
    assert sum(t.role == "question" for t in turns) == 3
    spoken = [t for t in turns if t.speaker == "tutor"]
    assert all(t.text.strip() for t in spoken)
    assert not repeated(spoken)
    for turn in spoken:
        assert turn.text.count("?") <= 1, turn.text
        if turn.role in FOLLOW_UPS:
            assert len(turn.text.split()) <= 40, turn.text
            assert asks(turn.text), turn.text
        if turn.role == "explanation" and "\n- " in turn.text:
            assert len(turn.text.split()) <= 120, turn.text
    assert not praised_for_nothing(turns)
    assert not misquoted(turns)
    assert not leaking(events, Library(tmp_path))


def test_the_transcripts_are_there_to_be_read() -> None:
    assert {path.stem for path in OUT.glob("*.txt")} == set(LEARNERS)


def asks(text: str) -> bool:
    """Whether a follow-up leaves the learner with something to say: a question, or a gap."""
    return text.rstrip().endswith("?") or "___" in text


def repeated(spoken: list[TurnView]) -> list[str]:
    """Sentences of more than three words that the tutor said twice; the learner's words aside."""
    seen: set[str] = set()
    twice = []
    for turn in spoken:
        # The long explanation on request is the deck's model answer, which may meet other texts.
        for part in QUOTED.sub("", turn.text).split("\n"):
            for sentence in sentences(part):
                key = re.sub(r"\W+", " ", sentence).strip().casefold()
                if len(key.split()) > 3 and key in seen:
                    twice.append(sentence)
                seen.add(key)
    return twice


def praised_for_nothing(turns: list[TurnView]) -> list[str]:
    """Tutor turns that credit or praise after a verdict which credited nothing new."""
    credit = [(mood, opened(frame)) for mood in ("gained", "partly") for frame in frames(mood)]
    found, level = [], {"gained": False, "partly": False}
    for turn in turns:
        if turn.judgement is not None:
            points = [p for p in turn.judgement.points if p.gained]
            level["gained"] = any(p.verdict == "covered" for p in points)
            level["partly"] = bool(points)
        elif turn.speaker == "tutor" and turn.role in FOLLOW_UPS:
            said = [mood for mood, frame in credit if frame.match(turn.text)]
            praised = PRAISE.search(QUOTED.sub("", turn.text).split(".")[0]) and not said
            if praised or not all(level[mood] for mood in said):
                found.append(turn.text)
        elif turn.speaker == "learner" and turn.role == "answer":
            level = dict.fromkeys(level, False)
    return found


def frames(mood: str) -> tuple[str, ...]:
    return (*LEADS[mood], *UNQUOTED.get(mood, ()))


def opened(frame: str) -> re.Pattern[str]:
    """What matches a text that begins with `frame`."""
    return re.compile(r"“[^”]*”".join(re.escape(part) for part in frame.split("{said}")))


def misquoted(turns: list[TurnView]) -> list[str]:
    """What the tutor quotes in a lead or an explanation without the learner having said it."""
    learner = " ".join(" ".join(t.text for t in turns if t.speaker == "learner").split()).casefold()
    found = []
    for turn in turns:
        if turn.role in (*FOLLOW_UPS, "explanation", "challenge"):
            for words in QUOTED.findall(turn.text):
                if words.strip("“”").removesuffix(" …").casefold() not in learner:
                    found.append(words)
    return found


def leaking(events: list[Event], library: Library) -> list[str]:
    """Follow-ups that give away the point they ask about; the learner's own words aside."""
    found = []
    for event in events:
        if event.kind not in ("probed", "hinted") or event.payload["move"] not in FOLLOW_UPS:
            continue
        question = library.question(event.question)
        assert question is not None
        (e,) = [e for e in question.expectations if e.id == event.payload["expectation"]]
        point = PointBrief(id=e.id, text=e.text, wordings=e.wordings, words=e.words)
        if gives_away(QUOTED.sub("", event.text), point, question.ask):
            found.append(event.text)
    return found
