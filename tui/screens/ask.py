"""Ask: a free conversation with the explainer over corpus and history."""

from __future__ import annotations

import uuid
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType

from agents.protocol import Ask, Chunk, GetThread, Status, TurnAdded, Update
from agents.views import TurnView
from tui import wording
from tui.screens.room import bindings_of
from tui.screens.talking import Talking
from tui.widgets.answer import AskArea
from tui.widgets.bars import KeyRow, TitleBar
from tui.widgets.transcript import Transcript

ABOUT = "the explainer, over your corpus and history"


class AskScreen(Talking):
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
            case Status("restarting") if self._waiting:
                self._busy(-self._waiting)
                self.say("The engine stopped and the reply was lost; ask again.")
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
        self.area.border_subtitle = f"PgDn: {wording.count(below, 'line')} below" if below else ""

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
            self.give_back(text)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return bool(self._waiting) if action == "cancel" else True
