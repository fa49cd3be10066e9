"""The registry: whatever can be done has a key, is in the help and in the palette."""

from __future__ import annotations

from importlib import import_module

import pytest

from tui import actions
from tui.app import ROOMS, VivaApp
from tui.look import Look
from tui.prose import plain
from tui.screens.help import help_lines

from .conftest import SIZES, Opener

PHASES = ("answering", "working", "closed", "finished")


def test_every_action_has_a_key_of_its_own() -> None:
    for scope in actions.SCOPES:
        for phase in PHASES:
            keys = [
                key
                for action in (*actions.of(scope), *actions.of("everywhere"))
                if actions.fits(action, phase)
                for key in action.keys.split(",")
            ]
            assert len(keys) == len(set(keys)), (scope, phase)
    assert all(action.keys and action.help and action.label for action in actions.ACTIONS)


@pytest.mark.parametrize("scope", actions.SCOPES)
def test_every_action_leads_somewhere(scope: str) -> None:
    room = getattr(import_module(f"tui.screens.{scope}"), ROOMS[scope])
    for action in actions.of(scope):
        namespace, _, name = action.call.partition(".")
        target = room if namespace == "screen" else VivaApp
        if not action.own:
            assert hasattr(target, f"action_{name.split('(')[0]}"), action.name
    for action in actions.of("everywhere"):
        assert hasattr(VivaApp, f"action_{action.call.removeprefix('app.').split('(')[0]}")


@pytest.mark.parametrize("scope", actions.SCOPES)
def test_help_lists_every_action(scope: str) -> None:
    text = " ".join(plain(help_lines(scope, "", {}, 200)).split())
    for action in (*actions.of(scope), *actions.of("everywhere")):
        assert f"{action.label}: {action.help}" in text


async def test_palette_lists_every_action_of_the_moment(stage: Opener) -> None:
    async with stage() as s:
        await s.start()
        await s.press("ctrl+p")
        await s.wait("Everything that can be done now")
        titles = {action.label for action in s.app.screen.rows.items}  # type: ignore[attr-defined]
        wanted = {
            a.label
            for a in (*actions.of("interview"), *actions.of("everywhere"))
            if actions.fits(a, "answering")
        }
        assert wanted - titles == {"all"}  # the palette itself
        await s.press(*"hint", "enter")
        await s.wait("Think of what has to be kept")


@pytest.mark.parametrize("size", SIZES)
async def test_the_key_row_shows_all_main_actions(stage: Opener, size: tuple[int, int]) -> None:
    async with stage(size=size) as s:
        await s.start()
        for scope in actions.SCOPES:
            await s.app.action_go(scope)
            await s.pilot.pause()
            shown = await s.wait("^p all", "F1 help")
            for action in actions.of(scope):
                if action.footer and actions.fits(action, s.app.screen.phase):  # type: ignore[attr-defined]
                    assert f"{actions.mark(action.keys)} {action.label}" in shown, (
                        scope,
                        action.id,
                        shown,
                    )


async def test_keys_can_be_remapped(stage: Opener) -> None:
    look = Look(keymap={"interview.hint": "f11", "interview.send": "f9"})
    async with stage(look=look) as s:
        await s.start()
        assert "F11 hint" in await s.wait("hint")
        await s.press("f11")
        await s.wait("Hint")


def test_a_faulty_keymap_is_named() -> None:
    assert actions.faulty_keymap({"interview.hnt": "f3"}) == [
        "keys: there is no action 'interview.hnt'"
    ]
    (fault,) = actions.faulty_keymap({"interview.hint": "ctrl+s"})
    assert "ctrl+s" in fault and "interview.skip" in fault
    assert actions.faulty_keymap({"interview.hint": "f3"})  # F3 is the library everywhere
    assert not actions.faulty_keymap({"interview.hint": "f11"})
