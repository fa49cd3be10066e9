"""The commands of the line mode: one for each thing a key does in Interview, Ask and Recap."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from agents.protocol import (
    Act,
    Ask,
    AskBack,
    Confidence,
    Feedback,
    GetRecap,
    Override,
    OwnRecap,
    OwnVerdict,
    Start,
    Why,
)
from agents.views import Action as Move
from agents.views import TurnView
from tui import plain_words as words
from tui.wanted import MODES
from tui.wording import SURE

if TYPE_CHECKING:
    from tui.plain import Plain

Run = Callable[["Plain", str], Awaitable[None]]
VERDICTS: tuple[OwnVerdict, ...] = ("covered", "partial", "missing", "contradicted")


@dataclass(frozen=True, slots=True)
class Command:
    """`run` gets what was typed after the name."""

    help: str
    run: Run


def _move(name: Move, text: str) -> Run:
    async def run(plain: Plain, _: str) -> None:
        if plain.session is None or plain.session.phase == "finished":
            plain.say("The session has ended. /start begins another.")
            return
        if name in ("hint", "tell", "dont_know", "skip") and plain.session.phase == "closed":
            plain.say("This question is done; Enter goes on.")
            return
        plain.moving(text)
        await plain.ask(Act(name, plain.turn()))

    return run


async def _ask_back(plain: Plain, text: str) -> None:
    if not text:
        plain.say("Write the question behind it: /ask what does that mean?")
        return
    plain.moving("Thinking.")
    await plain.ask(AskBack(text, plain.turn()))


async def _talk(plain: Plain, text: str) -> None:
    if not text:
        plain.say("Write behind it what you want to know: /talk what is a cache?")
        return
    plain.moving("Thinking.")
    if await plain.ask(Ask(text, plain.turn())) is not None:
        await plain.talked()
    plain.rest()


async def _sure(plain: Plain, text: str) -> None:
    if text not in ("1", "2", "3"):
        plain.say("/sure 1 is unsure, /sure 2 fairly sure, /sure 3 sure.")
    elif await plain.ask(Confidence(int(text))) is not None:
        plain.say(f"Noted: {SURE[int(text)]}.")


async def _why(plain: Plain, _: str) -> None:
    if plan := await plain.ask(Why()):
        plain.say(words.why(plan))


async def _source(plain: Plain, _: str) -> None:
    found = next((turn.sources for turn in reversed(plain.turns) if turn.sources), ())
    plain.say(words.sources(found) if found else "Nothing said so far names a source.")


def _judged(plain: Plain, question: str = "") -> TurnView | None:
    """The last judgement of `question`, or of the current one."""
    current = plain.session.question if plain.session else None
    mine = ("", question or (current.id if current else ""))
    found = (t for t in reversed(plain.turns) if t.judgement is not None and t.question in mine)
    return next(found, None)


async def _verdict(plain: Plain, text: str) -> None:
    turn = _judged(plain)
    judgement = turn.judgement if turn else None
    if turn is None or judgement is None:
        plain.say("Nothing has been judged on this question yet.")
        return
    if not text:
        plain.say(words.judgement(judgement))
        plain.say(f"Overrule with /verdict NUMBER WORD; the words are {', '.join(VERDICTS)}.")
        return
    number, _, verdict = text.partition(" ")
    points = judgement.points
    if not number.isdigit() or not 1 <= int(number) <= len(points) or verdict not in VERDICTS:
        plain.say(
            f"For example: /verdict 1 covered. There are {len(points)} points; {', '.join(VERDICTS)}."
        )
        return
    about = turn.question, points[int(number) - 1].id
    if await _override(plain, *about, verdict):
        plain.overruled.append(about)


async def _undo(plain: Plain, _: str) -> None:
    if plain.overruled:
        await _override(plain, *plain.overruled.pop(), "")
    else:
        plain.say("You have not overruled anything here.")


async def _override(plain: Plain, question: str, point: str, verdict: OwnVerdict) -> bool:
    judgement = await plain.ask(Override(point, verdict, question))
    if judgement is None:
        return False
    old = _judged(plain, question)
    plain.turns = [
        replace(turn, judgement=judgement) if turn is old else turn for turn in plain.turns
    ]
    plain.say(words.judgement(judgement))
    return True


def _thumbs(value: Literal[-1, 1]) -> Run:
    async def run(plain: Plain, text: str) -> None:
        turn: TurnView | None = next(
            (t for t in reversed(plain.turns) if t.speaker != "learner"), None
        )
        if turn is not None and await plain.ask(Feedback(turn.id, value, text)) is not None:
            plain.say("Noted.")

    return run


async def _recap(plain: Plain, since: str) -> None:
    if view := await plain.ask(GetRecap(since=since)):
        plain.say(words.recap(view, int(plain.clock() * 1000)))


async def _plots(plain: Plain, since: str) -> None:
    if view := await plain.ask(GetRecap(since=since)):
        plain.say(words.plots_of(view))


async def _own(plain: Plain, text: str) -> None:
    if not text:
        plain.say("Write your two sentences behind it: /own I learnt that ...")
    elif view := await plain.ask(OwnRecap(text)):
        plain.say(words.recap(view, int(plain.clock() * 1000)))


async def _export(plain: Plain, name: str) -> None:
    from pathlib import Path

    from tui.export import ExportError, write

    view = await plain.ask(GetRecap())
    if view is None:
        return
    try:
        path = write(view, Path(name or "viva-recap.html").expanduser(), int(plain.clock() * 1000))
    except ExportError as error:
        plain.say(str(error))
    else:
        plain.say(f"Written to {path}.")


async def _edit(plain: Plain, _: str) -> None:
    import sys

    from tui.editor import edited

    if not sys.stdin.isatty():
        plain.say("An editor needs a terminal.")
        return
    text = edited("")
    if text is None:
        plain.say("The editor failed; $EDITOR names it.")
    elif text.strip():
        await plain.answer(text)


async def _start(plain: Plain, mode: str) -> None:
    if plain.session is not None and plain.session.phase != "finished":
        plain.say("The present session has not ended; /finish ends it.")
    elif mode and mode not in MODES:
        plain.say(f"/start alone begins a study session, others are: {', '.join(MODES)}.")
    elif session := await plain.ask(Start(mode=mode or "study", resume=False)):
        plain.begin(session)


async def _help(plain: Plain, _: str) -> None:
    for name, command in COMMANDS.items():
        plain.say(f"/{name}: {command.help}")
    plain.say(
        "Anything else you write is your answer. A backslash at the end goes on in the next line."
    )


async def _quit(plain: Plain, _: str) -> None:
    plain.leaving = True


COMMANDS: dict[str, Command] = {
    "hint": Command("a hint for a point that is missing", _move("hint", "Looking for a hint.")),
    "idk": Command("you don't know", _move("dont_know", "All right.")),
    "tell": Command("have the missing point told", _move("tell", "Telling you.")),
    "skip": Command("leave this question for another day", _move("skip", "Skipped.")),
    "next": Command("the next question", _move("next", "")),
    "more": Command("a longer explanation", _move("more", "Explaining more.")),
    "challenge": Command(
        "a harder question about the same", _move("challenge", "Looking for a harder one.")
    ),
    "ask": Command("ask something back about the question; never judged", _ask_back),
    "sure": Command("how sure you are, 1 to 3, before you answer", _sure),
    "why": Command("why this question, and why now", _why),
    "source": Command("read the source of the last explanation", _source),
    "verdict": Command("the verdict by point; with NUMBER WORD, overrule it", _verdict),
    "undo": Command("take the last overruling back", _undo),
    "up": Command("the last reply was good", _thumbs(1)),
    "down": Command("the last reply was bad", _thumbs(-1)),
    "edit": Command("write the answer in your editor", _edit),
    "talk": Command("talk to the explainer about anything you study", _talk),
    "finish": Command("end the session", _move("finish", "")),
    "recap": Command("what moved; with a date, since then", _recap),
    "plots": Command("the figures of the recap", _plots),
    "own": Command("your own recap of the session, judged", _own),
    "export": Command("write the recap to a .html, .md or .png file", _export),
    "start": Command(
        "another session; with mock, review, drill or design, one of that kind", _start
    ),
    "help": Command("this list", _help),
    "quit": Command("leave; the session is kept", _quit),
}
