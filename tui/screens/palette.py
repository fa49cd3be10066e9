"""The palette: everything that can be done at this moment, found by typing a few letters of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input

from tui import actions
from tui.prose import Line, crop, pad
from tui.screens.sheets import Sheet
from tui.widgets.rows import Rows


def ranked(found: Sequence[actions.Action], query: str) -> list[actions.Action]:
    """Those that contain all letters of `query` in order: in the label before in the help."""
    query = query.casefold().strip()

    def rank(action: actions.Action) -> int:
        label, text = action.label.casefold(), f"{action.label} {action.help}".casefold()
        if label.startswith(query):
            return 0
        if query in text:
            return 1 if query in label else 2
        letters = iter(label)
        return 3 if all(letter in letters for letter in query) else 9

    return [
        action
        for _, action in sorted(((rank(a), a) for a in found), key=lambda x: x[0])
        if rank(action) < 9
    ]


class PaletteSheet(Sheet):
    """Closed with the action chosen."""

    keys = "type to search \u00b7 \u2191 \u2193 \u00b7 \u23ce do it \u00b7 esc close"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "step(-1)", "up", show=False, priority=True),
        Binding("down", "step(1)", "down", show=False, priority=True),
    ]

    def __init__(self, found: Sequence[actions.Action], keymap: Mapping[str, str]) -> None:
        super().__init__("Everything that can be done now")
        self._found = found
        self._keymap = keymap
        self.input = Input(id="search")
        self.input.cursor_blink = False
        self.rows = Rows(self._row)

    def content(self) -> ComposeResult:
        yield self.input
        yield self.rows

    def on_mount(self) -> None:
        self.rows.fill(self._found)
        self.input.focus()

    def _row(self, action: actions.Action, width: int) -> Line:
        key = actions.mark(actions.keys_of(action, self._keymap))
        label = pad(action.label, 18)
        return ((pad(key, 7), "key"), (label, "strong"), (crop(action.help, width - 25), "dim"))

    def on_input_changed(self) -> None:
        self.rows.fill(ranked(self._found, self.input.value), keep=False)

    def on_input_submitted(self) -> None:
        self.leave(self.rows.item)

    def on_rows_chosen(self) -> None:
        self.leave(self.rows.item)

    def action_step(self, by: int) -> None:
        self.rows.move(self.rows.cursor + by)
