"""Sheets over a screen: something to read, to choose from, or to fill in. Esc leaves each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from tui.prose import Line
from tui.widgets.page import Build, Page
from tui.widgets.rows import Draw, Rows

CLOSE = Binding("escape", "leave", "close", show=False)


class Sheet(ModalScreen[Any]):
    """A frame with a title and a line of keys."""

    BINDINGS: ClassVar[list[BindingType]] = [CLOSE]
    keys = "esc close"

    def __init__(self, title: str) -> None:
        super().__init__()
        self.head = title
        self._left = False

    def compose(self) -> ComposeResult:
        with Vertical(classes="sheet") as frame:
            frame.border_title = self._border(self.head)
            frame.border_subtitle = self._border(self.keys)
            yield from self.content()

    @staticmethod
    def _border(text: str) -> str:
        return text.replace("[", "\\[")

    def content(self) -> ComposeResult:
        yield Static("")

    def leave(self, result: Any = None) -> None:
        """Closes the sheet with `result`, once: a second key may be on its way already, and going to
        another screen may have taken the sheet off."""
        if not self._left and self in self.app.screen_stack:
            self._left = True
            self.dismiss(result)

    def action_leave(self) -> None:
        self.leave()


class ReadSheet(Sheet):
    """Lines to read."""

    keys = "↑ ↓ scroll · esc close"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,q", "leave", "close", show=False)]

    def __init__(self, title: str, build: Build) -> None:
        super().__init__(title)
        self.page = Page(build)

    def content(self) -> ComposeResult:
        yield self.page

    def on_mount(self) -> None:
        self.page.focus()


class ChoiceSheet(Sheet):
    """Rows to choose from; `letters` choose at once, as `(key, item's value)`.

    Closed with the item under the cursor, or `(key, item)` if a letter was pressed; where there are
    letters Enter chooses nothing, for looking must not change anything. `about` tells more of the
    item under the cursor, below the rows.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "choose", "choose", show=False)]

    def __init__(
        self,
        title: str,
        items: Sequence[Any],
        draw: Draw,
        letters: dict[str, str] | None = None,
        about: Callable[[Any, int], list[Line]] | None = None,
    ) -> None:
        super().__init__(title)
        self.rows = Rows(draw)
        self.about = about
        self.detail = Page(id="about")
        self.letters = letters or {}
        self._start = items
        words = [f"{key} {word}" for key, word in self.letters.items()]
        self.keys = " · ".join([*words, "esc"]) if words else "⏎ choose · esc close"

    def content(self) -> ComposeResult:
        yield self.rows
        if self.about is not None:
            self.detail.can_focus = False
            yield self.detail

    def on_mount(self) -> None:
        self.rows.fill(self._start)
        self.rows.focus()

    def on_rows_moved(self, event: Rows.Moved) -> None:
        about, item = self.about, event.item
        if about is not None and item is not None:
            self.detail.show(lambda width: about(item, width))

    def on_key(self, event: Any) -> None:
        if event.character and event.character in self.letters and self.rows.item is not None:
            event.stop()
            self.leave((event.character, self.rows.item))

    def on_rows_chosen(self) -> None:
        self.action_choose()

    def action_choose(self) -> None:
        self.leave(None if self.letters else self.rows.item)


class LineSheet(Sheet):
    """One line to fill in, with a sentence about it. Closed with the text."""

    keys = "⏎ done · esc close"

    def __init__(self, title: str, about: str = "", value: str = "") -> None:
        super().__init__(title)
        self.about = about
        self.input = Input(value=value)
        self.input.cursor_blink = False

    def content(self) -> ComposeResult:
        yield Static(self.about, markup=False)
        yield self.input

    def on_mount(self) -> None:
        self.input.focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self.leave(event.value)


RATINGS = {"good": 1, "bad": -1}


class RatingSheet(ChoiceSheet):
    """Good or bad. Closed with 1 or -1."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("g", "rate(1)", "good", show=False),
        Binding("b", "rate(-1)", "bad", show=False),
    ]

    def __init__(self) -> None:
        super().__init__("How was the last reply?", tuple(RATINGS), plain_row)
        self.keys = "g good · b bad · ⏎ choose · esc close"

    def action_choose(self) -> None:
        self.leave(RATINGS.get(str(self.rows.item)))

    def action_rate(self, value: int) -> None:
        self.leave(value)


def plain_row(item: Any, width: int) -> Line:
    """A row of one text."""
    from tui.literal import one_line
    from tui.prose import crop

    return ((crop(one_line(str(item)), width), "text"),)
