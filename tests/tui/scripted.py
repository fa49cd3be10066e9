"""A scripted tutor: the whole protocol from fixed texts, for Pilot tests, pictures and benches.

It is deterministic, needs nothing but the contract, and can be slowed (`delay`), made to fail
(`fail`) or made to stream long texts (`chatter`).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any, TypeVar

from agents import protocol as p
from agents import views as v
from tests.tui import scripted_texts as texts
from tests.tui.scripted_shelves import Shelves

R = TypeVar("R")
NOW = 1_795_000_000_000  # a Wednesday in November 2026


class Scripted(Shelves):
    """Implements `agents.protocol.Tutor` from `scripted_texts`."""

    def __init__(
        self,
        *,
        delay: float = 0.0,
        past: int = 0,
        unfinished: bool = False,
        first_run: bool = False,
    ) -> None:
        super().__init__()
        self.delay = delay
        self.fail: dict[str, p.Trouble] = {}
        self.sent: list[p.Request[Any]] = []
        self.closed = False
        self._queues: list[asyncio.Queue[p.Update]] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._past = tuple(texts.past_turn(n) for n in range(past))
        self._turns: list[v.TurnView] = []
        self._number = 0
        self._round = 0
        self._count = 0
        self._first_run = first_run
        self._phase: v.Phase = "finished"
        self._confidence = 0
        self._mode: v.Mode = "study"
        self._overridden: tuple[str, str] | None = None
        self.refuses = False
        self.dies = False
        self._thread: list[v.TurnView] = []
        self._seen: set[str] = set()
        self._unfinished = unfinished
        self._left = False
        if unfinished:
            self._ask()

    # ── the protocol ──────────────────────────────────────────────────────────────────────────

    async def request(self, message: p.Request[R]) -> R:
        name = type(message).__name__
        self.sent.append(message)
        if self.delay and name not in (
            "Answer",
            "AskBack",
            "Act",
            "Quit",
        ):  # those come while it works
            await asyncio.sleep(self.delay)
        if name in self.fail:
            raise p.Refused(self.fail[name])
        handler = getattr(self, f"_on_{name.lower()}", None)
        if handler is None:
            raise p.Refused(p.Trouble(f"the scripted tutor knows no {name}", kind="bug"))
        return handler(message)

    async def updates(self) -> AsyncIterator[p.Update]:
        queue: asyncio.Queue[p.Update] = asyncio.Queue()
        self._queues.append(queue)
        while True:
            yield await queue.get()

    async def close(self) -> None:
        self.closed = True
        for task in self._tasks:
            task.cancel()

    # ── for tests ─────────────────────────────────────────────────────────────────────────────

    def tell(self, update: p.Update) -> None:
        """Sends an update as the engine would."""
        for queue in self._queues:
            queue.put_nowait(update)

    def said(self, kind: type[Any]) -> list[Any]:
        """The requests of one type, in order."""
        return [message for message in self.sent if isinstance(message, kind)]

    async def chatter(self, words: int, rate: float) -> None:
        """Streams one long explanation of `words` words at `rate` words a second."""
        turn = self._turn("tutor", "explanation", "")
        self.tell(p.TurnAdded(turn, final=False))
        text = ""
        for number in range(words):
            await asyncio.sleep(1 / rate)
            chunk = f"{texts.WORDS[number % len(texts.WORDS)]} "
            text += chunk
            self.tell(p.Chunk(turn.id, chunk))
        self.tell(p.TurnAdded(replace(turn, text=text)))

    # ── the session ───────────────────────────────────────────────────────────────────────────

    def _later(self, coroutine: Any) -> None:
        task = asyncio.get_running_loop().create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _turn(self, speaker: Any, role: v.Role, text: str, **more: Any) -> v.TurnView:
        self._count += 1
        question = texts.QUESTIONS[self._number - 1].id if self._number else ""
        return v.TurnView(
            id=more.pop("id", f"t{self._count}"), speaker=speaker, role=role, text=text,
            at=NOW + self._count * 1000, question=more.pop("question", question), **more,
        )  # fmt: skip

    def _ask(self) -> v.TurnView:
        self._number += 1
        self._round = 0
        self._confidence = 0
        self._phase = "answering"
        turn = self._turn("tutor", "question", self._question().ask)
        self._turns.append(turn)
        return turn

    def _question(self) -> v.QuestionView:
        base = texts.QUESTIONS[(self._number - 1) % len(texts.QUESTIONS)]
        return replace(base, number=self._number, total=len(texts.QUESTIONS))

    def _view(self, turns: bool = False) -> v.SessionView:
        shown = tuple(self._turns)[-20:] if turns else ()
        if turns and len(shown) < 20 and self._past:
            shown = self._past[-(20 - len(shown)) :] + shown
        return v.SessionView(
            id="s1", mode=self._mode, phase=self._phase, question=self._question() if self._number else None,
            turns=shown, older=len(self._past) + len(self._turns) - len(shown),
            points=texts.points(self._round, self._phase == "closed"),
            hints_left=2, started=NOW, elapsed=754.0, minutes=0.0, asked=self._number,
            confidence=self._confidence, resumed=self._unfinished,
            left=self._left,
        )  # fmt: skip

    def _moved(self) -> None:
        self.tell(p.SessionChanged(self._view()))

    def _add(self, turn: v.TurnView) -> None:
        self._turns.append(turn)
        self.tell(p.TurnAdded(turn))

    async def _stream(self, role: v.Role, text: str, thread: bool = False, **more: Any) -> None:
        if thread:
            more["question"] = ""
        turn = self._turn("tutor", role, "", **more)
        live = f"live-{turn.id}"
        self.tell(p.TurnAdded(replace(turn, id=live), final=False))
        for word in text.split(" "):
            self.tell(p.Chunk(live, word + " "))
            await asyncio.sleep(self.delay / 10)
        turn = replace(turn, text=text)
        (self._thread if thread else self._turns).append(turn)
        self.tell(p.TurnAdded(turn, replaces=live))

    async def _judge(self) -> None:
        self._phase = "working"
        self._moved()
        await asyncio.sleep(self.delay)
        self._round += 1
        last = self._round >= 2
        self._add(
            self._turn(
                "viva",
                "judgement",
                "",
                judgement=replace(
                    texts.judgement(self._round, self._overridden), refused=self.refuses
                ),
            )
        )
        if last:
            await self._stream("explanation", texts.EXPLANATION, sources=texts.SOURCES)
            self._phase = "closed"
        else:
            await self._stream("prompt", texts.FOLLOW_UP)
            self._phase = "answering"
        self._moved()

    async def _say(self, role: v.Role, text: str, phase: v.Phase) -> None:
        self._phase = "working"
        self._moved()
        await self._stream(role, text, sources=texts.SOURCES if role == "explanation" else ())
        self._phase = phase
        self._moved()

    async def _skip(self) -> None:
        self._phase = "closed"
        self._moved()

    async def _next(self) -> None:
        if self._number >= len(texts.QUESTIONS):
            await self._finish()
            return
        self.tell(p.TurnAdded(self._ask()))
        self._moved()

    async def _finish(self) -> None:
        self._phase = "finished"
        self._unfinished = False
        self._moved()

    def _on_start(self, message: p.Start) -> v.SessionView:
        self._mode = message.mode
        self._left = self._unfinished and not message.resume
        if not (message.resume and self._unfinished):
            self._turns, self._number = [], 0
            self._unfinished = False
            self._ask()
        return self._view(turns=True)

    def _on_getsession(self, _: p.GetSession) -> v.SessionView:
        return self._view(turns=True)

    def _on_answer(self, message: p.Answer) -> p.Done:
        if message.turn in self._seen:
            return p.Done(message.turn)
        self._seen.add(message.turn)
        if self._phase == "closed":
            self._add(self._turn("learner", "conversation", message.text, id=message.turn))
            self._later(self._say("conversation", texts.REPLY, "closed"))
        else:
            self._add(self._turn("learner", "answer", message.text, id=message.turn))
            self._later(self._judge())
        return p.Done(message.turn)

    def _on_askback(self, message: p.AskBack) -> p.Done:
        self._add(self._turn("learner", "conversation", message.text, id=message.turn))
        self._later(
            self._say(
                "conversation", texts.REPLY, "closed" if self._phase == "closed" else "answering"
            )
        )
        return p.Done(message.turn)

    def _on_act(self, message: p.Act) -> p.Done:
        move = {
            "hint": lambda: self._say("hint", texts.HINT, "answering"),
            "dont_know": lambda: self._say("hint", texts.HINT, "answering"),
            "tell": lambda: self._say("assertion", texts.TOLD, "closed"),
            "more": lambda: self._say("explanation", texts.MORE, "closed"),
            "challenge": lambda: self._say("challenge", texts.CHALLENGE, "closed"),
            "skip": self._skip,
            "next": self._next,
            "finish": self._finish,
        }[message.action]
        self._later(move())
        return p.Done(message.turn)

    def _on_confidence(self, message: p.Confidence) -> p.Done:
        self._confidence = message.level
        self._moved()
        return p.Done()

    def _on_override(self, message: p.Override) -> v.JudgementView:
        self._overridden = (message.point, message.verdict) if message.verdict else None
        return texts.judgement(max(1, self._round), self._overridden)

    def _on_older(self, message: p.Older) -> tuple[v.TurnView, ...]:
        every = [*self._past, *self._turns]
        at = next((n for n, turn in enumerate(every) if turn.id == message.before), 0)
        return tuple(every[max(0, at - message.count) : at])

    # ── everything else of a session ──────────────────────────────────────────────────────────────

    def _on_hello(self, _: p.Hello) -> v.EngineView:
        return v.EngineView("ready")

    def _on_gettoday(self, _: p.GetToday) -> v.TodayView:
        if self._first_run:
            return texts.FIRST_DAY
        return replace(texts.TODAY, unfinished="s1" if self._unfinished else "")

    def _on_why(self, _: p.Why) -> v.PlanView:
        return texts.TODAY.plan[0]

    def _on_feedback(self, _: p.Feedback) -> p.Done:
        return p.Done()

    def _on_ask(self, message: p.Ask) -> p.Done:
        if message.turn not in self._seen:
            self._seen.add(message.turn)
            turn = replace(
                self._turn("learner", "conversation", message.text, id=message.turn), question=""
            )
            self._thread.append(turn)
            self.tell(p.TurnAdded(turn))
            if self.dies:
                self.tell(p.Status("restarting", "the engine stopped"))
                return p.Done(message.turn)
            self._later(
                self._stream("conversation", texts.REPLY, thread=True, sources=texts.SOURCES)
            )
        return p.Done(message.turn)

    def _on_getthread(self, _: p.GetThread) -> tuple[v.TurnView, ...]:
        return tuple(self._thread)

    def _on_cancel(self, _: p.Cancel) -> p.Done:
        return p.Done()

    def _on_quit(self, _: p.Quit) -> p.Done:
        return p.Done()
