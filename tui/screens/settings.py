"""Settings and doctor: what is set, what is wrong and how to mend it."""

from __future__ import annotations

import uuid
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType

from agents.protocol import (
    Cancel,
    CheckModel,
    Doctor,
    GetSettings,
    Progress,
    Rebuild,
    SetSetting,
    Update,
)
from agents.views import CheckView, SettingView
from tui import wording
from tui.literal import one_line
from tui.look import is_on
from tui.prose import BLANK, Line, crop, flow, pad
from tui.screens.listing import Listing
from tui.screens.room import bindings_of
from tui.screens.sheets import ChoiceSheet, LineSheet, plain_row
from tui.themes import NAMES
from tui.widgets.bars import KeyRow, TitleBar
from tui.widgets.page import Page
from tui.widgets.rows import Rows

SIGNS = {"ok": ("✓ ok  ", "right"), "warn": ("! note", "warn"), "fail": ("✗ bad ", "wrong")}


def item_line(item: SettingView | CheckView, width: int) -> Line:
    """A check of the doctor, or a setting with its value."""
    if isinstance(item, CheckView):
        sign, style = SIGNS[item.state]
        name = pad(one_line(item.name), 14)
        return (
            (f"{sign} ", style),
            (name, "text"),
            (crop(one_line(item.text), width - 21), "text"),
        )
    value = one_line(item.value) or "-"
    mark = "" if item.source == "default" else f"  ({item.source})"
    return ((pad(one_line(item.name), 21), "text"), (crop(value + mark, width - 21), "strong"))


class SettingsScreen(Listing):
    """The doctor's findings first, then every setting; what the row under the cursor means below."""

    scope = "settings"
    CSS_PATH = "settings.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_of("settings")]

    def __init__(self) -> None:
        super().__init__()
        self.checks: tuple[CheckView, ...] = ()
        self.settings: tuple[SettingView, ...] = ()
        self.job = ""

    def compose(self) -> ComposeResult:
        yield TitleBar("Viva · Settings and doctor", id="title")
        yield Rows(item_line, id="rows")
        yield Page(id="page")
        yield KeyRow("settings", id="keys")

    async def fill(self) -> None:
        settings = await self.ask(GetSettings())
        if settings is not None:
            self.settings = settings
            self.rows.fill((*self.checks, *settings))
        self._title("checking …")
        checks = await self.ask(Doctor())
        if checks is not None:
            self.checks = checks
            self.rows.fill((*checks, *self.settings))
        self._title()

    def _title(self, text: str = "") -> None:
        wrong = sum(check.state != "ok" for check in self.checks)
        facts = f"{wording.count(wrong, 'thing')} to look at" if wrong else "all is well"
        self.query_one(TitleBar).tell("Viva · Settings and doctor", text or facts)

    def project(self, update: Update) -> None:
        if isinstance(update, Progress) and update.job == self.job:
            self._title(wording.progress(update))

    @on(Rows.Moved)
    def _moved(self, event: Rows.Moved) -> None:
        self.page.show(lambda width: self._about(event.item, width))

    @staticmethod
    def _about(item: SettingView | CheckView | None, width: int) -> list[Line]:
        if item is None:
            return []
        if isinstance(item, CheckView):
            return [*flow(one_line(item.text), width), *flow(one_line(item.mend), width, "warn")]
        lines = [*flow(one_line(item.help), width), BLANK]
        if item.choices:
            lines += flow("one of: " + ", ".join(item.choices), width, "dim")
        return [*lines, *flow(f"default: {one_line(item.default) or '-'}", width, "dim")]

    # ── keys ──────────────────────────────────────────────────────────────────────────────────

    @on(Rows.Chosen)
    def action_change(self) -> None:
        item = self.rows.item
        if isinstance(item, CheckView):
            self.say(item.mend or "Nothing to mend here.")
        elif isinstance(item, SettingView) and item.choices:
            sheet = ChoiceSheet(item.name, item.choices, plain_row)
            self.sheet(sheet, lambda value: self._set(item, value))
        elif isinstance(item, SettingView):
            self.sheet(
                LineSheet(item.name, item.help, item.value), lambda value: self._set(item, value)
            )

    def _set(self, item: SettingView, value: str | None) -> None:
        if value is not None and value != item.value:
            self.soon(self._change, item, value)

    async def _change(self, item: SettingView, value: str) -> None:
        if await self.ask(SetSetting(item.name, value)) is None:
            return
        if item.name == "theme" and value in NAMES and not self.viva.look.plain_colours:
            self.viva.theme = value
        if item.name == "reduced_motion":
            self.viva.animation_level = "none" if is_on(value) else "basic"
        self.say(f"{item.name} is now {value or 'unset'}.")
        await self.fill()

    def action_doctor(self) -> None:
        self.arrived()

    def action_model(self) -> None:
        self.job = uuid.uuid4().hex
        self.soon(self._long, CheckModel(self.job), group="long", alone=True)

    def action_rebuild(self) -> None:
        self.job = uuid.uuid4().hex
        self.soon(self._long, Rebuild(job=self.job), group="long", alone=True)

    async def _long(self, message: CheckModel | Rebuild) -> None:
        self._title("beginning … · ^x stops")
        if done := await self.ask(message):
            self.say(done.text or "Done.")
        self.job = ""
        self._title()

    def action_stop(self) -> None:
        if self.job:
            self.soon(self._stop, self.job)

    async def _stop(self, job: str) -> None:
        await self.ask(Cancel(job))
