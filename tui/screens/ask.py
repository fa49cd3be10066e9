"""Ask: a free conversation with the explainer over corpus and history."""

from __future__ import annotations

import uuid
from typing import ClassVar, Literal

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType

from agents.protocol import Ask, Cancel, Chunk, Feedback, GetThread, TurnAdded, Update
from agents.views import TurnView
from tui import pages, wording
from tui.screens.room import Room, bindings_of
from tui.screens.sheets import RatingSheet, ReadSheet
from tui.widgets.answer import AskArea
from tui.widgets.bars import KeyRow, TitleBar
from tui.widgets.transcript import Transcript

ABOUT = "the explainer, over your corpus and history"


class AskScreen(Room):
    """Turns without a question belong here; those of an interview do not."""

    scope = "ask"
    CSS_PATH = "ask.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_of("ask")]

    def __init__(self) -> None:
        super().__init__()
        self._waiting = 0

    def compose(self) -> ComposeResult:
        yield TitleBar("Viva · Ask", ABOUT, id="title")
        yield Transcript(id="transcript")
        yield AskArea(id="box")
        yield KeyRow("ask", id="keys")

    def on_mount(self) -> None:
        self.area.border_title = "Your question"
        self.area.placeholder = "What is ...? Why was I wrong about ...? How do ... and ... differ?"
        self.area.focus()
        self.soon(self._load, group="thread", alone=True)

    @property
    def area(self) -> AskArea:
        return self.query_one(AskArea)

    @property
    def transcript(self) -> Transcript:
        return self.query_one(Transcript)

    async def _load(self) -> None:
        if (turns := await self.ask(GetThread())) is not None:
            self.transcript.load(turns)

    def project(self, update: Update) -> None:
        match update:
            case TurnAdded(turn, final, replaces) if self._mine(turn):
                self.transcript.put(turn, live=not final, replaces=replaces)
                if final and turn.speaker != "learner":
                    self._busy(-1)
            case Chunk(turn, text):
                self.transcript.grow(turn, text)
            case _:
                pass

    @staticmethod
    def _mine(turn: TurnView) -> bool:
        return turn.role == "conversation" and not turn.question

    @on(Transcript.Scrolled)
    def _scrolled(self) -> None:
        above, below = self.transcript.above, self.transcript.below
        note = f"▴ {wording.count(above, 'line')} above, PgUp" if above else ABOUT
        self.query_one(TitleBar).tell("Viva · Ask", note)
        self.area.border_subtitle = f"PgDn: {below} lines below" if below else ""

    def _busy(self, change: int) -> None:
        self._waiting = max(0, self._waiting + change)
        self.area.border_title = "Thinking … go on typing" if self._waiting else "Your question"

    # ── keys ──────────────────────────────────────────────────────────────────────────────────

    @on(AskArea.Sent)
    def _send(self) -> None:
        if self.area.text.strip():
            text = self.area.take()
            self._busy(1)
            self.soon(self._deliver, text)
        else:
            self.say("Type your question first.")

    async def _deliver(self, text: str) -> None:
        if await self.ask(Ask(text, uuid.uuid4().hex)) is None:
            self._busy(-1)
            if not self.area.text:
                self.area.put(text)

    @on(AskArea.Away)
    def _scroll(self, event: AskArea.Away) -> None:
        (self.transcript.scroll_page_up if event.by < 0 else self.transcript.scroll_page_down)(
            animate=False
        )

    def take_letter(self) -> None:
        """A letter typed while reading goes to the box."""
        self.set_focus(self.area)

    def action_read(self) -> None:
        (self.transcript if self.area.has_focus else self.area).focus()

    def action_source(self) -> None:
        sources = next(
            (turn.sources for turn in reversed(self.transcript.turns) if turn.sources), ()
        )
        if sources:
            self.sheet(ReadSheet("Sources", lambda width: pages.sources_lines(sources, width)))
        else:
            self.say("Nothing said so far names a source.")

    def action_rate(self) -> None:
        self.sheet(RatingSheet(), lambda value: self.action_thumbs(value) if value else None)

    def action_thumbs(self, value: int) -> None:
        turn = next((t for t in reversed(self.transcript.turns) if t.speaker != "learner"), None)
        if turn is not None:
            self.soon(self._thumbs, turn.id, 1 if value > 0 else -1)

    async def _thumbs(self, about: str, value: Literal[-1, 0, 1]) -> None:
        if await self.ask(Feedback(about, value)):
            self.say("Noted: that was good." if value > 0 else "Noted: that was bad.")

    def action_editor(self) -> None:
        text = self.viva.with_editor(self.area.text)
        if text is not None:
            self.area.put(text)

    def action_cancel(self) -> None:
        if self._waiting:
            self.soon(self._cancel)

    async def _cancel(self) -> None:
        await self.ask(Cancel())

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return bool(self._waiting) if action == "cancel" else True
