"""The box in which the learner writes: Enter sends, a new line has a key of its own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import TextArea

from tui import actions
from tui.literal import typed

HIGH = 8  # lines shown at most
ROOMY = 36  # rows of a screen that has room for an empty box of `TALL` lines
TALL = 3


def _keys(scope: str) -> Iterable[BindingType]:
    for id_, call in (("send", "submit"), ("newline", "newline")):
        action = actions.find(f"{scope}.{id_}")
        yield Binding(action.keys, call, action.label, show=False, priority=True, id=action.name)
    yield Binding("pageup", "away(-1)", "read back", show=False, priority=True)
    yield Binding("pagedown", "away(1)", "read on", show=False, priority=True)


class Area(TextArea):
    """A text area that sends. Its height follows what is written, up to `HIGH` lines."""

    class Sent(Message):
        """Enter was pressed; the text stays until `take` is called."""

        def __init__(self, area: Area) -> None:
            super().__init__()
            self.area = area

    class Away(Message):
        """Page up or down: meant for the conversation, not for the box."""

        def __init__(self, by: int) -> None:
            super().__init__()
            self.by = by

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, soft_wrap=True, tab_behavior="focus", show_line_numbers=False)
        self.cursor_blink = False
        self.highlight_cursor_line = False
        self._lines_shown = 1

    def on_mount(self) -> None:
        self.styles.height = self._lines_shown + 2

    def take(self) -> str:
        """The text, leaving the box empty (undo brings it back)."""
        text = self.text
        self.clear()
        return text

    def put(self, text: str) -> None:
        """Replaces the text as one step of undo, the cursor behind it."""
        start, end = (0, 0), self.document.end
        self.replace(typed(text), start, end)
        self.move_cursor(self.document.end)

    def on_text_area_changed(self) -> None:
        self._fit()

    def on_resize(self) -> None:
        self._fit()

    def _fit(self) -> None:
        rows = self.app.size.height
        high = max(1, min(HIGH, rows // 3))
        wanted = max(TALL if rows >= ROOMY else 1, min(high, self.wrapped_document.height))
        if wanted != self._lines_shown:
            self._lines_shown = wanted
            self.styles.height = wanted + 2

    def _recompute_cursor_offset(self) -> None:
        # Textual 8.2 asks for this in the middle of an undo or redo, when the text is already
        # changed and the cursor still stands where it was; it asks again once the cursor is set.
        row, _ = self.cursor_location
        if row < self.document.line_count:
            super()._recompute_cursor_offset()

    async def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        await super()._on_paste(events.Paste(typed(event.text)))

    def action_submit(self) -> None:
        self.post_message(self.Sent(self))

    def action_newline(self) -> None:
        # A binding acts at once, while letters typed before it may still wait in the queue.
        self.call_later(self._break_line)

    def _break_line(self) -> None:
        self._replace_via_keyboard("\n", *self.selection)

    def action_away(self, by: int) -> None:
        self.post_message(self.Away(by))


class AnswerArea(Area):
    """The box of an interview."""

    BINDINGS: ClassVar[list[BindingType]] = list(_keys("interview"))


class AskArea(Area):
    """The box of a free conversation."""

    BINDINGS: ClassVar[list[BindingType]] = list(_keys("ask"))


class RecapArea(Area):
    """The box of the learner's own recap."""

    BINDINGS: ClassVar[list[BindingType]] = list(_keys("recap"))
