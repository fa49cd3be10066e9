"""Today: what is due and why, and one key that starts."""

from __future__ import annotations

import time
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.timer import Timer

from agents.protocol import GetToday, Refused, SetGoal, Status, Trouble, Update
from agents.views import TodayView
from tui import lately, pages, prose
from tui.prose import Line, flow
from tui.screens.room import Room, bindings_of
from tui.screens.sheets import LineSheet
from tui.wanted import at_once
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
        self._last: TodayView | None = None  # as it was shown in an earlier run
        self._opened = time.monotonic()
        self._wait: Timer | None = None

    def compose(self) -> ComposeResult:
        yield TitleBar(id="title")
        yield Page(self._lines, id="page")
        yield KeyRow("today", id="keys")

    def on_mount(self) -> None:
        folder, key = self._place()
        last = lately.view(folder, key)
        self._last = last if isinstance(last, TodayView) else None
        self._title()
        self.query_one(Page).show(self._lines)
        self.query_one(Page).focus()
        self._wait = self.set_interval(1.0, self._waited)
        self.soon(self._load, group="today", alone=True)
        if not at_once(self.viva.options):
            self.viva.release_keys()

    def _place(self) -> tuple[str, str]:
        folder = str(self.viva.home)
        return folder, lately.key(folder, self.viva.options)

    def _waited(self) -> None:
        if self.view is None and self._last is None:
            self.query_one(Page).show(self._lines)
        elif self.view is not None and self._wait is not None:
            self._wait.stop()

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
        self.call_after_refresh(self._keep)
        wanted = at_once(options)
        start = options.pop("start", False) or not options.pop("resume", False)
        if wanted and (start or self.view.unfinished):
            await self.action_start()
        else:
            self.viva.release_keys()

    def _keep(self) -> None:
        if self.view is not None:
            width = self.query_one(Page).scrollable_content_region.width or self.size.width - 5
            shown = prose.plain(pages.today_lines(self.view, width, planned=self._planned()))
            lately.keep(*self._place(), self.view, shown)

    def _failed(self, trouble: Trouble) -> None:
        def build(width: int) -> list[Line]:
            return [*flow(trouble.message, width, "against"), *flow(trouble.mend, width)]

        if self._wait is not None:
            self._wait.stop()
        closed = "your memory is not open" if trouble.kind == "unavailable" else ""
        self.query_one(TitleBar).tell("Viva · Today", closed)
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
        view = self.view or self._last
        if view is None:
            return pages.opening_lines(time.monotonic() - self._opened, width, self.viva.early_text)
        return pages.today_lines(view, width, self.viva.early_text, self._planned())

    def _planned(self) -> int:
        """Questions of the plan to name: on a low screen readiness is to be in view as well."""
        return 3 if self.size.height < 30 else 5

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

    async def action_mode(self, mode: str) -> None:
        await self._begin({"mode": mode, "fresh": True})

    async def _begin(self, more: dict[str, object]) -> None:
        if self.view is not None and not self.view.questions and not self.view.unfinished:
            self.say("There is nothing to ask yet: F3, then a, adds a file.")
            return
        self.viva.hold_keys()
        from tui.screens.interview import InterviewScreen

        room = await self.viva.go("interview")
        assert isinstance(room, InterviewScreen)
        room.begin({**self.viva.options, **more})
        # What was asked for on the command line is one session; the next is the planner's again.
        for name in ("mode", "question"):
            self.viva.options.pop(name, None)

    def action_goal(self) -> None:
        self._ask_goal(self.view.goal if self.view else "")

    def _ask_goal(self, goal: str) -> None:
        about = "The date of your interview as year-month-day; leave it empty to have none."
        self.sheet(LineSheet("Goal", about, goal), self._set_goal)

    def _set_goal(self, date: str | None) -> None:
        if date is not None:
            self.soon(self._goal, date.strip())

    async def _goal(self, date: str) -> None:
        if view := await self.ask(SetGoal(date)):
            self.view = view
            self.query_one(Page).show(self._lines)
        else:  # so that what was typed can be mended
            self._ask_goal(date)
