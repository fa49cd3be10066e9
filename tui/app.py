"""The Textual application: screens by mode, one tutor, keys typed early kept."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import time
from collections import deque
from collections.abc import Awaitable, Callable
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar

from textual import events
from textual.app import App, SuspendNotSupported
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widgets import TextArea

from agents.protocol import Hello, Refused, Status, Tutor, Update
from tui import actions, themes
from tui.drafts import Drafts
from tui.literal import one_line, shown
from tui.look import Look
from tui.screens.room import Room
from tui.stylesheet import ParsedOnce

ROOMS = {
    "today": "TodayScreen",
    "interview": "InterviewScreen",
    "recap": "RecapScreen",
    "library": "LibraryScreen",
    "memory": "MemoryScreen",
    "ask": "AskScreen",
    "settings": "SettingsScreen",
}


class VivaApp(App[None]):
    """`connect` opens the tutor; `options` are those of `viva study`; `home` holds the draft."""

    TITLE = "Viva"
    CSS_PATH = "app.tcss"
    ENABLE_COMMAND_PALETTE = (
        False  # it fails while its list is not laid out; `PaletteSheet` does not
    )
    NOTIFICATION_TIMEOUT = 6.0
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(a.keys, a.call, a.label, show=False, priority=True, id=a.name, tooltip=a.help)
        for a in actions.of("everywhere")
    ]

    def __init__(
        self,
        connect: Callable[[], Awaitable[Tutor]],
        options: dict[str, Any] | None = None,
        look: Look | None = None,
        home: Path | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.look = look or Look()
        super().__init__(ansi_color=True if self.look.plain_colours else None)
        self.stylesheet = ParsedOnce(variables=self.get_css_variables())
        self.options = options or {}
        self.clock = clock
        self.grace = 0.5
        self.tutor: Tutor | None = None
        self.home = home or Path("/nonexistent")
        self.drafts = Drafts(self.home)
        self.status = Status("starting", "opening your memory")
        self.unfinished = False
        self.early_text = ""
        self.when_mounted: Callable[[], None] = lambda: None
        self.keymap_shown = dict(self.look.keymap)
        self._connect = connect
        self._connected = asyncio.Event()
        self._held: deque[events.Event] = deque()
        self._holding = True
        self._interrupted = 0.0
        for theme in themes.THEMES:
            self.register_theme(theme)
        self.theme = "ansi" if self.look.plain_colours else self.look.theme
        self.animation_level = "basic" if self.look.motion else "none"
        if self.look.keymap:
            self.set_keymap(dict(self.look.keymap))

    # ── start and end ─────────────────────────────────────────────────────────────────────────

    async def on_mount(self) -> None:
        self.when_mounted()
        with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
            loop = asyncio.get_running_loop()
            for number in (signal.SIGTERM, signal.SIGHUP):
                loop.add_signal_handler(number, self.exit)
        self.run_worker(self._open_tutor, name="tutor")
        await self.go(str(self.options.get("room") or "today"))
        for problem in self.look.problems:
            self.notify(problem, severity="warning", timeout=20.0)

    async def _open_tutor(self) -> None:
        try:
            self.tutor = await self._connect()
        except OSError as error:
            self.status = Status("failed", f"the engine cannot be started: {error}")
            self._tell_rooms(self.status)
            return
        self.run_worker(partial(self._greet, self.tutor), name="greet")
        async for update in self.tutor.updates():
            if isinstance(update, Status):
                self.status = update
                # Why the built-in tutor stands in stays in the status line; other words pass.
                if update.stage == "ready" and update.text not in ("", update.usage.degraded):
                    self.notify(one_line(update.text), timeout=4.0)
            self._tell_rooms(update)

    async def _greet(self, tutor: Tutor) -> None:
        """Asks where the engine stands; by then the updates are being listened to."""
        self._connected.set()
        with contextlib.suppress(Refused):
            engine = await tutor.request(Hello())
            if self.status.stage == "starting":
                text = "" if engine.stage == "ready" else "the agents are coming up"
                self.status = Status(engine.stage, text)
                self._tell_rooms(self.status)
            for check in engine.problems:
                self.notify(f"{check.text}\n{check.mend}".strip(), severity="warning")

    async def connected(self) -> Tutor:
        """The tutor, once it can be asked."""
        await self._connected.wait()
        assert self.tutor is not None
        return self.tutor

    async def on_unmount(self) -> None:
        if self.tutor is not None:
            with contextlib.suppress(Exception):  # the way out must not be blocked by the engine
                await asyncio.wait_for(self.tutor.close(), 3.0)

    def _tell_rooms(self, update: Update) -> None:
        for stack in self._screen_stacks.values():
            for screen in stack:
                if isinstance(screen, Room):
                    screen.project(update)

    # ── screens ───────────────────────────────────────────────────────────────────────────────

    async def go(self, name: str) -> Room:
        """Brings the screen `name` up, making it when it is first wanted."""
        while isinstance(self.screen, Screen) and self.screen.is_modal:
            await self.pop_screen()
        if name not in self._modes:
            module = import_module(f"tui.screens.{name}")
            self.add_mode(name, getattr(module, ROOMS[name]))
        await self.switch_mode(name)
        assert isinstance(self.screen, Room)
        return self.screen

    async def action_go(self, name: str) -> None:
        self._held.clear()
        room = await self.go(name)
        room.arrived()

    async def action_help(self) -> None:
        from tui.screens.help import HelpSheet

        if isinstance(self.screen, HelpSheet):
            self.screen.leave()
        elif isinstance(self.screen, Room):
            self.push_screen(HelpSheet(self.screen.scope, self.screen.phase, self.keymap_shown))

    def action_palette(self) -> None:
        """Everything that can be done at this moment, searchable."""
        from tui.screens.palette import PaletteSheet

        room = self.screen
        if isinstance(room, Room):
            found = [
                action
                for action in (*actions.of(room.scope), *actions.of("everywhere"))
                if action.id != "palette" and actions.fits(action, room.phase)
            ]
            self.push_screen(PaletteSheet(found, self.keymap_shown), partial(self._chosen, room))

    async def _chosen(self, room: Room, action: actions.Action | None) -> None:
        if action is not None:
            await self.run_action(action.call, room)

    def action_next_theme(self) -> None:
        if self.look.plain_colours:
            self.notify("NO_COLOR is set: there are no colours to choose.")
            return
        names = themes.NAMES
        self.theme = (
            names[(names.index(self.theme) + 1) % len(names)] if self.theme in names else names[0]
        )

    async def action_leave(self) -> None:
        self.exit()

    def action_interrupt(self) -> None:
        """Ctrl-C copies a selection; without one, twice within two seconds leaves."""
        focused = self.focused
        selected = focused.selected_text if isinstance(focused, TextArea) else ""
        selected = selected or self.screen.get_selected_text() or ""
        if selected:
            self.copy_to_clipboard(selected)
            return
        now = time.monotonic()
        if now - self._interrupted < 2.0:
            self.exit()
            return
        self._interrupted = now
        self.notify("Ctrl+C again leaves; your session is kept.", timeout=2.0)

    def with_editor(self, text: str, suffix: str = ".md") -> str | None:
        """`text` as the learner's editor leaves it; None, with a word why, if there is none."""
        from tui.editor import edited

        try:
            with self.suspend():
                changed = edited(text, suffix)
        except SuspendNotSupported:
            self.notify("An editor cannot be opened from here.")
            return None
        if changed is None:
            self.notify("The editor failed; nothing was changed. $EDITOR names it.")
        return changed

    def notify(self, message: str, **more: Any) -> None:
        """A passing note, drawn literally whoever wrote it."""
        super().notify(shown(message), **{**more, "markup": False})

    # ── keys typed early ──────────────────────────────────────────────────────────────────────

    def hold_keys(self) -> None:
        """Keeps typed text until `release_keys`: the screen it is meant for is on its way."""
        self._holding = True

    def release_keys(self) -> None:
        """The screen can take keys: what was typed early arrives first, in order."""
        self._holding = False
        if self._held:
            self.call_after_refresh(self._replay)

    async def _replay(self) -> None:
        while self._held and not self._holding:
            event = self._held.popleft()
            if isinstance(event, events.Key) and not isinstance(self.focused, TextArea):
                active = self.screen.active_bindings.get(event.key)
                if active is not None and not event.is_printable:
                    await self.run_action(active.binding.action, active.node)
                    continue
            await super().on_event(event)

    async def on_event(self, event: events.Event) -> None:
        # Keys may still arrive while the last screen goes; there is nobody left to take them.
        if not self.screen_stack and isinstance(event, events.InputEvent):
            return
        if (self._holding or self._held) and self._is_early(event):
            self._held.append(event)
            return
        self._give_letters_their_place(event)
        await super().on_event(event)

    def _give_letters_their_place(self, event: events.Event) -> None:
        # Here and not where the letter arrives: by then the next one is on its way already.
        text = isinstance(event, events.Paste) or (
            isinstance(event, events.Key) and event.is_printable
        )
        if text and not event.is_forwarded and isinstance(self.screen, Room):
            self.screen.take_letter()

    def _is_early(self, event: events.Event) -> bool:
        if isinstance(event, events.Paste):
            return not event.is_forwarded
        if not isinstance(event, events.Key) or event.is_forwarded or self.screen.is_modal:
            return False
        return event.is_printable or event.key in ("enter", "ctrl+j", "backspace")
