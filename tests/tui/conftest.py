"""What the front end's tests share: a stage with the application, a pilot and the scripted tutor."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual.pilot import Pilot

from agents.protocol import Tutor
from tests.tui.scripted import Scripted
from tui.app import VivaApp
from tui.look import Look

NOW = 1_795_000_000.0
SIZES = ((80, 24), (120, 40))
PATIENCE = 10.0  # seconds until a text that does not come is a failure


@pytest.fixture(autouse=True)
def _same_everywhere(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """One time zone and no settings of the person who runs the tests."""
    for name in ("NO_COLOR", "VIVA_THEME", "VIVA_HOME", "VIVA_ENGINE", "COLORTERM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@dataclass
class Stage:
    """The application under a pilot."""

    app: VivaApp
    pilot: Pilot[Any]
    tutor: Scripted
    seen: list[str] = field(default_factory=list)

    def text(self) -> str:
        """What the screen shows, sheets included."""
        strips = self.app.screen._compositor.render_strips()
        return "\n".join("".join(part.text for part in strip).rstrip() for strip in strips)

    async def wait(self, *texts: str, gone: str = "") -> str:
        """Until all `texts` show and `gone` does not; returns the screen."""
        end = time.monotonic() + PATIENCE
        while True:
            await self.pilot.pause()
            shown = self.text()
            if all(text in shown for text in texts) and not (gone and gone in shown):
                return shown
            assert time.monotonic() < end, f"{texts} not shown (or {gone!r} still) in:\n{shown}"
            await asyncio.sleep(0.01)

    async def settled(self) -> str:
        """The screen, once it has stopped changing."""
        before = ""
        for _ in range(200):
            await self.pilot.pause()
            await asyncio.sleep(0.02)
            shown = self.text()
            if shown == before:
                break
            before = shown
        return before

    async def until(self, true: Callable[[], object]) -> None:
        """Until `true()` is."""
        end = time.monotonic() + PATIENCE
        while not true():
            assert time.monotonic() < end, f"never came true on:\n{self.text()}"
            await self.pilot.pause()
            await asyncio.sleep(0.01)

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)

    async def type(self, text: str) -> None:
        """Types a short text key by key, a longer one as a paste."""
        if len(text) <= 8:
            await self.pilot.press(*text)
        else:
            self.app.post_message(events.Paste(text))
            await self.pilot.pause()

    async def start(self) -> None:
        """From Today into the first question."""
        await self.wait("Readiness")
        await self.press("enter")
        await self.wait("Your answer", "question 1")
        await self.until(lambda: self.app.screen.session is not None)  # type: ignore[attr-defined]


Opener = Callable[..., AbstractAsyncContextManager[Stage]]


@pytest.fixture
def stage(tmp_path: Path) -> Opener:
    """`async with stage(size=..., tutor=..., look=...) as s:` opens the application."""

    @asynccontextmanager
    async def open_stage(
        size: tuple[int, int] = (80, 24),
        tutor: Scripted | None = None,
        look: Look | None = None,
        home: Path | None = None,
        grace: float = 0.0,
        **options: Any,
    ) -> AsyncIterator[Stage]:
        scripted = tutor or Scripted()

        async def connect() -> Tutor:
            return scripted

        if look and look.plain_colours:
            os.environ["NO_COLOR"] = "1"  # Textual consumes it when the application is made
        app = VivaApp(connect, options, look, home=home or tmp_path, clock=lambda: NOW)
        app.grace = grace
        async with app.run_test(size=size, notifications=True) as pilot:
            yield Stage(app, pilot, scripted)

    return open_stage
