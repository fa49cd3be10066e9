"""Pictures of every screen in two themes and without colours; run with UPDATE_PICTURES=1 to renew.

The text beside each picture says what changed when a picture differs.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from tui.look import Look

from .conftest import Opener, Stage

FOLDER = Path(__file__).parent / "pictures"
RENEW = bool(os.environ.get("UPDATE_PICTURES"))
ANSWER = (
    "It holds keys and values of the earlier tokens, not computed again; and the attention weights."
)


async def today(s: Stage) -> None:
    await s.wait("Readiness")


async def interview(s: Stage) -> None:
    await s.start()
    await s.type(ANSWER)
    await s.press("enter")
    await s.wait("→ What does it cost")
    await s.until(lambda: s.app.screen.phase == "answering")  # type: ignore[attr-defined]


async def closed(s: Stage) -> None:
    await interview(s)
    await s.type("It costs memory.")
    await s.press("enter")
    await s.wait("Reply, or ⏎", "PgDn" if s.app.size.height < 30 else "notes/inference.md")


async def recap(s: Stage) -> None:
    await s.wait("Readiness")
    await s.press("f6")
    await s.wait("What moved")


async def library(s: Stage) -> None:
    await s.wait("Readiness")
    await s.press("f3")
    await s.wait("It costs memory")


async def memory(s: Stage) -> None:
    await s.wait("Readiness")
    await s.press("f4")
    await s.wait("take 12 layers")


async def ask(s: Stage) -> None:
    await s.wait("Readiness")
    await s.press("f5")
    await s.type("why does the cache grow?")
    await s.press("enter")
    await s.wait("source: Efficient")


async def settings(s: Stage) -> None:
    await s.wait("Readiness")
    await s.press("f10")
    await s.wait("2 things to look at")


async def help_(s: Stage) -> None:
    await s.start()
    await s.press("f1")
    await s.wait("On this screen")


SCREENS = {
    f.__name__.rstrip("_"): f
    for f in (today, interview, closed, recap, library, memory, ask, settings, help_)
}


def normal(svg: str) -> str:
    """An exported picture without the names that differ from run to run."""
    svg = re.sub(r"@font-face \{.*?\}", "", svg, flags=re.DOTALL)  # fonts on a foreign server
    return re.sub(r"terminal-\d+", "terminal", svg)


def compare(path: Path, now: str) -> None:
    if RENEW or not path.exists():
        path.parent.mkdir(exist_ok=True)
        path.write_text(now)
    assert path.read_text() == now, f"{path.name} differs; UPDATE_PICTURES=1 renews it"


async def picture(s: Stage, name: str) -> str:
    """Compares the screen with its picture; returns its text."""
    text = await s.settled()
    assert all(len(line) <= s.app.size.width for line in text.split("\n"))
    compare(FOLDER / f"{name}.svg", normal(s.app.export_screenshot()))
    return text + "\n"


@pytest.mark.parametrize("name", SCREENS)
async def test_pictures_in_two_themes_and_two_sizes(stage: Opener, name: str) -> None:
    async with stage(look=Look("dark")) as s:
        await SCREENS[name](s)
        compare(FOLDER / f"{name}-80x24.txt", await picture(s, f"{name}-dark"))
        s.app.theme = "light"
        await picture(s, f"{name}-light")
        await s.pilot.resize_terminal(120, 40)
        compare(FOLDER / f"{name}-120x40.txt", await s.settled() + "\n")


@pytest.mark.parametrize("name", SCREENS)
async def test_pictures_without_colours(stage: Opener, name: str) -> None:
    async with stage(look=Look(plain_colours=True)) as s:
        await SCREENS[name](s)
        await picture(s, f"{name}-mono")
