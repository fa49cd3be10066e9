"""Help: every key of the screen one is on, from the registry."""

from __future__ import annotations

from collections.abc import Mapping

from tui import actions
from tui.prose import BLANK, Line, flow, pad
from tui.screens.sheets import ReadSheet

WORDS = {
    "today": "Enter starts. What you type here is kept for your first answer.",
    "interview": "Typing always types; what acts is on Enter, Ctrl and function keys.",
    "recap": "What moved, in your own words, and what comes back when.",
    "library": "What can be asked.",
    "memory": "What Viva believes about you. All of it can be corrected or erased.",
    "ask": "Ask about anything you study; replies name their sources.",
    "settings": "What is set, and what is wrong.",
}


def help_lines(scope: str, phase: str, keymap: Mapping[str, str], width: int) -> list[Line]:
    """All actions of a screen and of the program; those that do not act now are marked."""
    lines: list[Line] = [*flow(WORDS.get(scope, ""), width, "dim"), BLANK]
    for title, group in (
        ("On this screen", actions.of(scope)),
        ("Everywhere", actions.of("everywhere")),
    ):
        lines.append(((title, "title"),))
        for action in group:
            keys = " ".join(
                actions.mark(key) for key in actions.keys_of(action, keymap).split(",")[:2]
            )
            style = "text" if actions.fits(action, phase) else "dim"
            later = "" if style == "text" else " (not at this moment)"
            lead: Line = ((f" {pad(keys, 15)} ", "key"),)
            lines += flow(
                f"{action.label}: {action.help}{later}", width, style, lead, ((" " * 17, "text"),)
            )
        lines.append(BLANK)
    lines += flow(
        'Keys can be changed under [keys] in viva.toml, by name, such as "interview.hint" = "f3".',
        width,
        "dim",
    )
    return lines


class HelpSheet(ReadSheet):
    """The help of `scope` in `phase`."""

    def __init__(self, scope: str, phase: str, keymap: Mapping[str, str]) -> None:
        super().__init__(f"Keys: {scope}", lambda width: help_lines(scope, phase, keymap, width))
