"""The recap: what moved, plots, and the learner's own two sentences judged."""

from __future__ import annotations

import time
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType

from agents.protocol import GetRecap, OwnRecap
from agents.views import RecapView
from tui import pages, plots
from tui.prose import BLANK, Line, flow, rule
from tui.screens.room import Room, bindings_of
from tui.screens.sheets import LineSheet
from tui.widgets.answer import RecapArea
from tui.widgets.bars import KeyRow, TitleBar
from tui.widgets.page import Page

PERIOD = 30 * 86_400  # seconds
OFFER = "Two sentences of your own first, before you look: what did this session change?"


class RecapScreen(Room):
    """The last session, or the last thirty days. While the learner's own recap is being written, nothing
    of Viva's is shown."""

    scope = "recap"
    CSS_PATH = "recap.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_of("recap")]

    def __init__(self) -> None:
        super().__init__()
        self.view: RecapView | None = None
        self._plot = 0
        self._long = False
        self._offered = 0.0
        self.phase = "finished"
        self.own = RecapArea(id="own")
        self.own.border_title = "Your own recap"
        self.own.display = False

    def compose(self) -> ComposeResult:
        yield TitleBar("Viva · Recap", id="title")
        yield self.own
        yield Page(self._lines, id="page")
        yield KeyRow("recap", id="keys")

    def on_mount(self) -> None:
        if self.own.display:
            self._ask_first()
        else:
            self.action_pass()
        self.arrived()

    def arrived(self) -> None:
        self.soon(self._load, group="recap", alone=True)

    async def _load(self) -> None:
        since = (
            time.strftime("%Y-%m-%d", time.gmtime(self.viva.clock() - PERIOD)) if self._long else ""
        )
        if view := await self.ask(GetRecap(since=since)):
            self._show(view)

    def _show(self, view: RecapView) -> None:
        self.view = view
        self.query_one(TitleBar).tell("Viva · " + view.title, f"{view.minutes:.0f} min")
        self.query_one(Page).show(self._lines)

    # ── the learner's own words first ─────────────────────────────────────────────────────────

    def offer(self) -> None:
        """Asks for the learner's own recap before showing Viva's."""
        self.own.clear()
        self.own.display = True
        self._offered = time.monotonic()
        if self.query(Page):  # else the screen is still on its way, and looks when it is mounted
            self._ask_first()

    def _ask_first(self) -> None:
        self._enter("answering")
        self.own.focus()

    def _enter(self, phase: str) -> None:
        self.phase = phase
        self.query_one(KeyRow).tell(phase)
        self.query_one(Page).show(self._lines)

    @on(RecapArea.Sent)
    def _sent(self) -> None:
        text = self.own.text.strip()
        if not text and time.monotonic() - self._offered < self.viva.grace:
            return  # the Enter that brought the learner here, pressed twice
        self.action_pass()
        if text:
            self.soon(self._judge, text, group="own", alone=True)

    def action_pass(self) -> None:
        self.own.display = False
        self._enter("finished")
        self.query_one(Page).focus()

    def _lines(self, width: int) -> list[Line]:
        if self.own.display:
            return flow(OFFER, width, "dim")
        if self.view is None:
            return pages.moment_lines(width)
        lines = pages.recap_lines(self.view, width, int(self.viva.clock() * 1000))
        if self._plot:
            title, plot = plots.PLOTS[self._plot - 1]
            head = rule(title, width, f"{self._plot} of {len(plots.PLOTS)}")
            return [head, *plot(self.view, width), BLANK, *lines]
        return lines

    # ── keys ──────────────────────────────────────────────────────────────────────────────────

    def action_plot(self, by: int) -> None:
        self._plot = (self._plot + by) % (len(plots.PLOTS) + 1)
        self.query_one(Page).show(self._lines)

    def action_period(self) -> None:
        self._long = not self._long
        self.arrived()

    def action_own(self) -> None:
        self.offer()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return self.own.display or action != "pass"

    async def _judge(self, text: str) -> None:
        session = self.view.session if self.view else ""
        if view := await self.ask(OwnRecap(text, session)):
            self._show(view)
            self.query_one(Page).scroll_end(animate=False)

    def action_export(self) -> None:
        if self.view is None:
            self.say("There is no recap to export yet.")
            return
        self.sheet(
            LineSheet("Export", "Where to; .html, .md or .png.", "viva-recap.html"), self._export
        )

    def _export(self, name: str | None) -> None:
        if not name or self.view is None:
            return
        from tui.export import ExportError, write

        try:
            path = write(self.view, Path(name).expanduser(), int(self.viva.clock() * 1000))
        except ExportError as error:
            self.say(str(error))
        else:
            self.say(f"Written to {path}")

    async def action_start(self) -> None:
        from tui.screens.today import TodayScreen

        room = await self.viva.go("today")
        if isinstance(room, TodayScreen):
            await room.action_start()
