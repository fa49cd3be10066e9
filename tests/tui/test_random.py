"""Two thousand random keys, texts and window sizes per screen, from a seed, without a crash."""

from __future__ import annotations

import asyncio
import os
import random

import pytest
from textual import events

from tests.tui.scripted import Scripted
from tui import actions

from .conftest import Opener, Stage

STEPS = int(os.environ.get("VIVA_RANDOM_STEPS", "400"))
"""Steps a screen; 2,000 before a release: `VIVA_RANDOM_STEPS=2000` (three minutes on two cores)."""
PART = 40  # steps between waits
SIZES = ((80, 24), (60, 20), (120, 40), (40, 12), (200, 60), (20, 5), (300, 80))
WEIGHTS = (6, 6, 2, 6, 1, 6, 1)  # a key on the largest costs twenty times one on the smallest
FRAME = 0.2  # seconds between two paintings, where the program has a sixtieth
NAMED = (
    "enter", "escape", "tab", "shift+tab", "up", "down", "left", "right", "home", "end", "pageup",
    "pagedown", "backspace", "delete", "space", "ctrl+a", "ctrl+e", "ctrl+k", "ctrl+u", "ctrl+w",
    "ctrl+z", "ctrl+y", "slash", "question_mark", "left_square_bracket",
)  # fmt: skip
LEAVES = {"ctrl+q", "ctrl+c", "f9"}  # these end the run, or wait for an editor
TEXTS = (
    "[/]",
    "list[int]",
    "\x1b[2J",
    "\x00",
    "שלום",
    "字字字",
    "\udc80",
    "a\nb\n\nc",
    "x" * 400,
    "",
)


def keys_of(scope: str) -> list[str]:
    """Every key that does something on a screen, and some that may not."""
    bound = [k for a in (*actions.of(scope), *actions.of("everywhere")) for k in a.keys.split(",")]
    elsewhere = {
        f"f{n}" for n in (2, 3, 4, 5, 6, 10)
    }  # rarely, so that the run stays on its screen
    return [key for key in (*bound, *NAMED, *"abcdxyz123") if key not in LEAVES | elsewhere]


async def taken(s: Stage) -> None:
    """Until the application has taken what was sent. `pilot.pause` waits half a minute for a sheet
    that goes away meanwhile."""
    while s.app.message_queue_size or s.app.screen.message_queue_size:
        await asyncio.sleep(0.005)


@pytest.mark.slow
@pytest.mark.timeout(60 + STEPS // 4)
@pytest.mark.parametrize("scope", actions.SCOPES)
async def test_random_use(stage: Opener, scope: str, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(f"viva {scope}")
    keys = keys_of(scope)
    monkeypatch.setattr("textual.screen.UPDATE_PERIOD", FRAME)
    async with stage(tutor=Scripted(past=30)) as s:
        monkeypatch.setattr(type(s.app), "with_editor", lambda self, text, suffix=".md": text + "!")
        monkeypatch.setattr(type(s.app), "action_leave", lambda self: None)  # found in the palette
        monkeypatch.setattr("tui.export.write", lambda view, path, now: path)
        await s.wait("Readiness")
        await s.app.action_go(scope)
        for step in range(STEPS):
            kind = chance.random()
            if kind < 0.01:
                await s.pilot.resize_terminal(*chance.choices(SIZES, WEIGHTS)[0])
            elif kind < 0.03:
                s.app.post_message(events.Paste(chance.choice(TEXTS)))
            elif kind < 0.035:
                s.app.post_message(events.Key("f1", None))
            else:
                key = chance.choice(keys)
                s.app.post_message(events.Key(key, key if len(key) == 1 else None))
            if step % PART == 0:
                await taken(s)
                assert s.app.is_running and s.app._exception is None
            if step % 200 == 199:
                s.app.post_message(events.Key("escape", None))
                await taken(s)
                await s.app.action_go(scope)
        await s.pilot.pause()
        await s.until(
            lambda: (
                not s.app.workers or all(w.is_finished or w.name == "tutor" for w in s.app.workers)
            )
        )
        assert s.app._exception is None
