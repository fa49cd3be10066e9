"""The line mode: the whole of Interview, Ask and Recap on standard input and output.

For screen readers, pipes and dumb terminals: one thing per line, no drawing, progress in words.
A line is an answer; a line that begins with `/` is a command; a line that ends with a backslash goes
on in the next one.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import os
import sys
import threading
import time
import uuid
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from agents.protocol import (
    Answer,
    GetSession,
    GetToday,
    Older,
    Progress,
    Refused,
    Request,
    SessionChanged,
    Start,
    Status,
    TurnAdded,
    Tutor,
    Update,
)
from agents.views import SessionView, TurnView
from tui import plain_words as words
from tui.literal import typed
from tui.plain_commands import COMMANDS
from tui.wanted import resumes
from tui.wording import LEFT

R = TypeVar("R")
ENDED = "The session has ended. /recap tells what moved, /start begins another."
DONE = "Reply, ask, or press Enter for the next question. /more, /challenge, /source, /why."
Read = Callable[[], Awaitable[str | None]]


class Plain:
    """One run of the line mode over `tutor`; `read` gives the next line or None at the end."""

    def __init__(
        self,
        tutor: Tutor,
        read: Read,
        write: Callable[[str], None],
        options: dict[str, Any] | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.tutor = tutor
        self.write = write
        self.options = options or {}
        self.clock = clock
        self.session: SessionView | None = None
        self.turns: list[TurnView] = []
        self.overruled: list[tuple[str, str]] = []
        self.leaving = False
        self._read = read
        self._moved = asyncio.Event()
        self._talk = asyncio.Event()
        self._talking = False
        self._begun = True
        self._told = ""
        self._unsealed = ""

    # ── the run ───────────────────────────────────────────────────────────────────────────────

    async def run(self) -> int:
        """Until the session ends, the input ends, or the learner leaves. Returns the exit code."""
        listener = asyncio.ensure_future(self._listen())
        await asyncio.sleep(0)
        try:
            return await self._study()
        finally:
            listener.cancel()

    async def _study(self) -> int:
        self.say("Viva, line by line. /help lists the commands, /quit leaves; all is kept.")
        today = await self.ask(GetToday(self._option("deck"), self._option("topic")))
        if today is None:
            return 1
        self.say(words.today(today, goes_on=resumes(self.options)))
        if not today.questions and not today.unfinished:
            self.say("There is nothing to ask yet. `viva add FILE` imports questions.")
            return 1
        session = await self.ask(
            Start(
                mode=self.options.get("mode") or "study",
                deck=self._option("deck"),
                topic=self._option("topic"),
                question=self._option("question"),
                questions=int(self.options.get("questions", 0)),
                minutes=float(self.options.get("minutes", 0.0)),
                resume=resumes(self.options),
            )
        )
        if session is None:
            return 1
        self.begin(session)
        while not self.leaving:
            await self.settled()
            await self._unseal()
            line = await self.line("> ")
            if line is None:
                break
            await self.take(line)
        if self.session is not None and self.session.phase != "finished":
            self.say("Your session is kept to the letter. Go on with: viva --plain --resume")
        return 0

    async def _unseal(self) -> None:
        """A mock interview tells its verdicts once it has ended."""
        ended = self.session if self.session and self.session.phase == "finished" else None
        if ended is None or ended.mode != "mock" or ended.id == self._unsealed:
            return
        self._unsealed = ended.id
        session = await self.ask(GetSession())
        if session is None:
            return
        older: tuple[TurnView, ...] = ()
        if session.older:
            older = await self.ask(Older(session.turns[0].id, session.older)) or ()
        self.turns = [*older, *session.turns]
        for turn in self.turns:
            if turn.role in ("question", "judgement"):
                self.say(words.turn(turn))

    def begin(self, session: SessionView) -> None:
        """Draws a session from nothing: its last turns, and what is asked."""
        self.session = session
        self.overruled.clear()
        self.turns = list(session.turns)
        if session.resumed:
            self.say(words.resumed(session))
            for turn in session.turns[-6:]:
                self._show(turn, again=True)
        elif session.left:
            self.say(LEFT)
        self._pose()
        if session.phase == "closed":
            self.say(DONE)

    async def take(self, line: str) -> None:
        """One line of the learner."""
        if line.startswith("/"):
            name, _, rest = line[1:].partition(" ")
            command = COMMANDS.get(name.lower())
            if command is None:
                self.say(f"There is no command /{name}. /help lists them.")
            else:
                await command.run(self, rest.strip())
        elif line.strip():
            await self.answer(line)
        elif self.session is not None and self.session.phase == "closed":
            await COMMANDS["next"].run(self, "")
        elif self.session is not None and self.session.phase == "finished":
            self.say(ENDED)
        else:
            self.say("Write an answer, or /idk if you don't know.")

    async def answer(self, text: str) -> None:
        """Sends an answer (or in a closed question a reply) and waits for what comes of it."""
        if self.session is None or self.session.phase == "finished":
            self.say(ENDED)
            return
        self.moving("Judging your answer." if self.session.phase == "answering" else "Thinking.")
        confidence = self.session.confidence
        await self.ask(Answer(text, self.turn(), confidence))

    # ── talking to the tutor ──────────────────────────────────────────────────────────────────

    async def ask(self, message: Request[R]) -> R | None:
        """The reply, or None after saying why there is none."""
        try:
            return await self.tutor.request(message)
        except Refused as refused:
            self.rest()
            self.say(words.trouble(refused.trouble))
            return None

    def moving(self, text: str) -> None:
        """A move begins; `settled` waits for its end."""
        self._begun = False
        self._moved.clear()
        self._talk.clear()
        if text:
            self.say(text)

    def rest(self) -> None:
        """There is nothing to wait for."""
        self._moved.set()

    async def settled(self) -> None:
        """Until the move that was begun has ended."""
        await self._moved.wait()

    async def talked(self) -> None:
        """Until the reply of the free conversation stands, or none will come."""
        self._talking = True
        await self._talk.wait()
        self._talking = False

    @staticmethod
    def turn() -> str:
        return uuid.uuid4().hex

    def _option(self, name: str) -> str:
        return str(self.options.get(name, ""))

    async def line(self, prompt: str) -> str | None:
        """The next line of input, with its continuations, cleaned of control bytes."""
        self.write(prompt)
        parts: list[str] = []
        while True:
            line = await self._read()
            if line is None:
                return "\n".join(parts) if parts else None
            line = typed(line)
            if not line.endswith("\\"):
                return "\n".join([*parts, line])
            parts.append(line[:-1])

    def say(self, text: str) -> None:
        self.write(words.safe(text) + "\n")

    # ── updates ───────────────────────────────────────────────────────────────────────────────

    async def _listen(self) -> None:
        async for update in self.tutor.updates():
            self._project(update)

    def _project(self, update: Update) -> None:
        match update:
            case TurnAdded(turn, final):
                self._begun |= turn.speaker != "learner"
                if final:
                    self.turns.append(turn)
                    self._show(turn)
                    if (
                        turn.role == "conversation"
                        and turn.speaker == "tutor"
                        and not turn.question
                    ):
                        self._talk.set()
            case SessionChanged(session):
                self._change(session)
            case Progress(_, text, done, total, eta):
                self.say(words.progress(text, done, total, eta))
            case Status(stage, text):
                if text and text != self._told:
                    self.say(f"{text[:1].upper()}{text[1:]}.".replace("..", "."))
                self._told = text
                if stage in ("restarting", "failed") and self._talking:
                    self.say("The reply was lost with it; your question is kept. Ask again.")
                    self._talk.set()
                if stage == "failed":
                    self.leaving = True
                    self._moved.set()
            case _:
                pass

    def _change(self, session: SessionView) -> None:
        before = self.session
        if before is None:
            return  # the reply of `Start`, which is on its way, shows all of it
        self.session = session
        # A change that was on its way when a move began is not the end of that move.
        self._begun |= (before.question, before.phase) != (session.question, session.phase)
        if session.phase == "working":
            return
        if session.phase == "answering" and before.question != session.question:
            self._pose()
        elif session.phase == "closed" and before.phase != "closed":
            self.say(DONE)
        elif session.phase == "finished" and before.phase != "finished":
            self.say(
                "The session has ended. /recap tells what moved, /own TEXT has your own recap judged."
            )
        if self._begun:
            self.rest()

    def _pose(self) -> None:
        if self.session is not None and self.session.question is not None:
            self.say(words.question(self.session.question))
        if self.session is None or self.session.phase != "working":
            self._moved.set()

    def _show(self, turn: TurnView, again: bool = False) -> None:
        if turn.role != "question" and (again or turn.speaker != "learner"):
            self.say(words.turn(turn))


# ── standard input and output ────────────────────────────────────────────────────────────────────


def read_lines(
    descriptor: int, loop: asyncio.AbstractEventLoop, queue: asyncio.Queue[str | None]
) -> None:
    """Puts the lines of `descriptor` on `queue`, None at the end; meant for a thread of its own.

    Reads the descriptor itself: a thread that waits inside `sys.stdin` can hang the exit.
    """
    rest = b""

    def put(line: str | None) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has ended meanwhile
            loop.call_soon_threadsafe(queue.put_nowait, line)

    while True:
        try:
            data = os.read(descriptor, 65536)
        except OSError:
            data = b""
        *lines, rest = (rest + data).split(b"\n")
        for line in lines:
            put(line.rstrip(b"\r").decode("utf-8", "replace"))
        if not data:
            if rest:
                put(rest.decode("utf-8", "replace"))
            put(None)
            return


def _write(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


async def _main(options: dict[str, Any]) -> int:
    from agents.client import connect

    tutor = await connect()
    queue: asyncio.Queue[str | None] = asyncio.Queue()
    loop = asyncio.get_running_loop()
    threading.Thread(target=read_lines, args=(0, loop, queue), daemon=True).start()
    try:
        return await Plain(tutor, queue.get, _write, options).run()
    finally:
        await tutor.close()


def run(options: dict[str, Any]) -> int:
    """`viva --plain`. Returns the exit code."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    try:
        return asyncio.run(_main(options))
    except KeyboardInterrupt:
        print(
            "\nYour session is kept to the letter. Go on with: viva --plain --resume",
            file=sys.stderr,
        )
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 1
    except Exception as error:
        from tui.fault import own

        print("\nYour session is kept to the letter. Go on with: viva --plain --resume")
        return own(error, "`viva --plain`")
