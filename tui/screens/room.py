"""What all screens share: bindings from the registry, talking to the tutor, refusals said politely."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast

from textual.binding import Binding
from textual.css.query import NoMatches
from textual.screen import Screen

from agents.protocol import Refused, Request, Trouble, Update
from tui import actions
from tui.literal import one_line

if TYPE_CHECKING:
    from tui.app import VivaApp

R = TypeVar("R")
T = TypeVar("T")


def bindings_of(scope: str) -> list[Binding]:
    """The registry's bindings of one screen; chords act before the focused widget sees them."""
    return [
        Binding(
            action.keys, action.call, action.label, show=False, id=action.name, tooltip=action.help,
            priority="+" in action.keys or (action.keys[0] == "f" and action.keys[1:].isdigit()),
        )
        for action in actions.of(scope)
        if not action.own
    ]  # fmt: skip


class Room(Screen[None]):
    """A screen of its own. `scope` is its name in the registry, `phase` that of its interview."""

    scope: ClassVar[str] = ""
    phase: str = ""
    AUTO_FOCUS = ""

    @property
    def viva(self) -> VivaApp:
        return cast("VivaApp", self.app)

    def project(self, update: Update) -> None:
        """An update of the tutor; every screen gets every one."""

    def arrived(self) -> None:
        """The learner came here by a key; time to look whether anything changed."""

    def take_letter(self) -> None:
        """A letter was typed and goes to whatever has the focus when this returns."""

    async def ask(self, message: Request[R]) -> R | None:
        """The tutor's reply, or None: the learner has been told why not, or the screen has gone."""
        try:
            tutor = await self.viva.connected()
            reply = await tutor.request(message)
            return reply if self.is_attached else None
        except Refused as refused:
            self.tell_trouble(refused.trouble)
            return None

    def tell_trouble(self, trouble: Trouble) -> None:
        text = trouble.message if not trouble.mend else f"{trouble.message}\n{trouble.mend}"
        severity = "error" if trouble.kind == "bug" else "warning"
        self.notify(text, severity=severity)

    def say(self, text: str) -> None:
        """A passing note, drawn literally; it covers what is read, so it does not stay long."""
        self.notify(one_line(text), timeout=4.0)

    def soon(
        self,
        work: Callable[..., Coroutine[Any, Any, None]],
        *args: Any,
        group: str = "default",
        alone: bool = False,
    ) -> None:
        """Runs `work(*args)` beside the screen; with `alone` it replaces what runs under `group`."""
        # A coroutine made here would never be awaited if its worker is replaced before it starts.
        self.run_worker(partial(self._here, work, *args), group=group, exclusive=alone)

    async def _here(self, work: Callable[..., Coroutine[Any, Any, None]], *args: Any) -> None:
        try:
            await work(*args)
        except NoMatches:
            if self.is_attached and self.app.is_running:
                raise
            # The screen was taken down while it waited: what it had to show has no place any more.

    def sheet(self, sheet: Screen[T], then: Callable[[T | None], None] | None = None) -> None:
        """Puts a sheet over the screen; `then` gets what it was closed with."""
        self.app.push_screen(sheet, then)
