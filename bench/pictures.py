"""Pictures of a real session for the README: real engine, bundled deck, built-in tutor.

    python -m bench.pictures [--folder docs/pictures] [--size 100x30]

The answers are made of the first words of what each question wants, so that verdict, follow-up and
explanation all show.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from textual import events
from textual.pilot import Pilot

from agents.client import connect
from agents.protocol import GetDetail
from agents.spawn import spawn_engine
from tui.app import VivaApp
from tui.look import Look
from tui.screens.interview import InterviewScreen
from tui.screens.today import TodayScreen

PATIENCE = 120.0  # seconds for the engine to come up and think


class Camera:
    """Takes pictures of one running application."""

    def __init__(self, app: VivaApp, pilot: Pilot[Any], folder: Path) -> None:
        self.app, self.pilot, self.folder = app, pilot, folder

    async def until(self, true: Callable[[], object]) -> None:
        end = time.monotonic() + PATIENCE
        while not true():
            if time.monotonic() > end:
                raise TimeoutError("the session did not get there")
            await self.pilot.pause(0.1)

    async def take(self, name: str) -> None:
        await self.pilot.pause(0.3)
        self.app.clear_notifications()
        await self.pilot.pause(0.2)
        svg = re.sub(r"terminal-\d+", f"viva-{name}", self.app.export_screenshot(title="viva"))
        # The exported picture names a font on a foreign server; a README must fetch nothing.
        svg = re.sub(r"@font-face \{.*?\}", "", svg, flags=re.S)
        path = self.folder / f"{name}.svg"
        path.write_text(svg)
        print(path)

    def interview(self) -> InterviewScreen:
        screen = self.app.screen
        assert isinstance(screen, InterviewScreen)
        return screen

    async def answer(self, share: float) -> None:
        """Answers with the model answer's first sentences, `share` of it."""
        screen = self.interview()
        assert screen.session is not None and screen.session.question is not None
        tutor = await self.app.connected()
        detail = await tutor.request(GetDetail(screen.session.question.id))
        sentences = re.split(r"(?<=[.;]) ", detail.answer)
        text = " ".join(sentences[: max(1, round(len(sentences) * share))])
        self.app.post_message(events.Paste(text))
        await self.until(lambda: screen.area.text)
        await self.pilot.press("enter")
        await self.until(lambda: not screen.area.text)
        await self.pilot.pause(0.5)
        await self.until(lambda: screen.phase in ("answering", "closed"))


async def session(app: VivaApp, folder: Path, size: tuple[int, int]) -> None:
    async with app.run_test(size=size) as pilot:
        camera = Camera(app, pilot, folder)
        await camera.until(lambda: isinstance(app.screen, TodayScreen) and app.screen.view)
        await camera.until(lambda: app.status.stage == "ready")
        await camera.take("today")
        await pilot.press("enter")
        await camera.until(lambda: isinstance(app.screen, InterviewScreen) and app.screen.session)
        await camera.answer(0.5)
        await camera.take("interview")
        await pilot.press("ctrl+r")
        await camera.until(lambda: camera.interview().phase == "closed")
        await camera.take("explanation")
        await pilot.press("enter")
        await camera.until(lambda: camera.interview().phase == "answering")
        await camera.answer(0.8)
        await pilot.press("ctrl+f")
        await camera.until(lambda: camera.interview().phase == "finished")
        await pilot.press("f6")
        await pilot.pause(1.0)
        await camera.take("recap")
        await pilot.press("f3")
        await pilot.pause(1.5)
        await camera.take("library")


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--folder", type=Path, default=Path("docs/pictures"))
    parser.add_argument("--size", default="100x30")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    columns, rows = (int(part) for part in options.size.split("x"))
    with tempfile.TemporaryDirectory(prefix="viva-pictures-") as home:
        import os

        os.environ["VIVA_HOME"] = home
        process = spawn_engine()
        app = VivaApp(
            lambda: connect(process), {"deck": "llm-foundations"}, Look(), home=Path(home)
        )
        asyncio.run(session(app, options.folder, (columns, rows)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
