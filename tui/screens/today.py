"""Today: what is due and why, and one key that starts."""

from __future__ import annotations

import time
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType

from agents.protocol import GetToday, Refused, SetGoal, Status, Trouble, Update
from agents.views import TodayView
from tui import pages
from tui.prose import Line, flow
from tui.screens.room import Room, bindings_of
from tui.screens.sheets import LineSheet
from tui.widgets.bars import KeyRow, TitleBar
from tui.widgets.page import Page


class TodayScreen(Room):
    """The first screen. Letters typed here are kept as the beginning of the first answer."""

    scope = "today"
    CSS_PATH = "today.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_of("today")]

    def __init__(self) -> None:
        super().__init__()
        self.view: TodayView | None = None

    def compose(self) -> ComposeResult:
        yield TitleBar(id="title")
        yield Page(self._lines, id="page")
        yield KeyRow("today", id="keys")

    def on_mount(self) -> None:
        self._title()
        self.query_one(Page).focus()
        self.soon(self._load, group="today", alone=True)

    def arrived(self) -> None:
        self.soon(self._load, group="today", alone=True)

    async def _load(self) -> None:
        options = self.viva.options
        try:
            tutor = await self.viva.connected()
            view = await tutor.request(
                GetToday(str(options.get("deck", "")), str(options.get("topic", "")))
            )
        except Refused as refused:
            self._failed(refused.trouble)
            return
        self.view = view
        self.viva.unfinished = bool(self.view.unfinished)
        self._title()
        self.query_one(Page).show(self._lines)
        if options.pop("start", False) or (options.pop("resume", False) and self.view.unfinished):
            await self.action_start()
        else:
            self.viva.release_keys()

    def _failed(self, trouble: Trouble) -> None:
        def build(width: int) -> list[Line]:
            return [*flow(trouble.message, width, "against"), *flow(trouble.mend, width)]

        self.query_one(Page).show(build)
        self.viva.release_keys()

    def project(self, update: Update) -> None:
        if isinstance(update, Status):
            self._title()
            if update.stage == "failed" and self.view is None:
                self._failed(Trouble(update.text, "`viva doctor` tells what is wrong."))

    def _title(self) -> None:
        status = self.viva.status
        day = time.strftime("%a %d %b", time.localtime(self.viva.clock()))
        right = day if status.stage == "ready" else status.text or "the agents are coming up"
        self.query_one(TitleBar).tell("Viva · Today", right)

    def _lines(self, width: int) -> list[Line]:
        if self.view is None:
            return flow("Opening your memory …", width, "dim")
        return pages.today_lines(self.view, width, self.viva.early_text)

    # ── keys ──────────────────────────────────────────────────────────────────────────────────

    def on_key(self, event: events.Key) -> None:
        kept = self.viva.early_text
        if event.is_printable and event.character:
            self.viva.early_text = kept + event.character
        elif event.key == "backspace" and kept:
            self.viva.early_text = kept[:-1]
        else:
            return
        event.stop()
        self.query_one(Page).show(self._lines)

    def on_paste(self, event: events.Paste) -> None:
        self.viva.early_text += event.text
        self.query_one(Page).show(self._lines)

    async def action_start(self) -> None:
        await self._begin({})

    async def action_fresh(self) -> None:
        await self._begin({"fresh": True})

    async def action_mock(self) -> None:
        await self._begin({"mock": True, "fresh": True})

    async def _begin(self, more: dict[str, object]) -> None:
        if self.view is not None and not self.view.questions and not self.view.unfinished:
            self.say("There is nothing to ask yet: F3, then a, adds a file.")
            return
        self.viva.hold_keys()
        from tui.screens.interview import InterviewScreen

        room = await self.viva.go("interview")
        assert isinstance(room, InterviewScreen)
        room.begin({**self.viva.options, **more})

    def action_goal(self) -> None:
        goal = self.view.goal if self.view else ""
        about = "The date of your interview as year-month-day; leave it empty to have none."
        self.sheet(LineSheet("Goal", about, goal), self._set_goal)

    def _set_goal(self, date: str | None) -> None:
        if date is not None:
            self.soon(self._goal, date.strip())

    async def _goal(self, date: str) -> None:
        if view := await self.ask(SetGoal(date)):
            self.view = view
            self.query_one(Page).show(self._lines)
