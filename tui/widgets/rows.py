"""A list with a cursor, drawn line by line; a row is made only when it comes into view."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip

from tui.prose import Line, plain
from tui.widgets.page import Page

Draw = Callable[[Any, int], Line]


class Rows(Page):
    """Items of any type; `draw(item, width)` makes the line of one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "step(-1)", "up", show=False),
        Binding("down,j", "step(1)", "down", show=False),
        Binding("pageup", "page(-1)", "page up", show=False),
        Binding("pagedown", "page(1)", "page down", show=False),
        Binding("home", "edge(0)", "first", show=False),
        Binding("end", "edge(-1)", "last", show=False),
    ]

    class Moved(Message):
        """The cursor stands on another row (None: there are no rows)."""

        def __init__(self, rows: Rows, item: Any) -> None:
            super().__init__()
            self.rows = rows
            self.item = item

    class Chosen(Message):
        """A row was clicked that the cursor already stood on."""

        def __init__(self, rows: Rows, item: Any) -> None:
            super().__init__()
            self.rows = rows
            self.item = item

    def __init__(self, draw: Draw, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._draw_row = draw
        self._items: Sequence[Any] = ()
        self.cursor = 0

    def fill(self, items: Sequence[Any], keep: bool = True) -> None:
        """Shows `items`; `keep` leaves the cursor at its row if there are as many."""
        self._items = items
        self.cursor = min(self.cursor, max(0, len(items) - 1)) if keep else 0
        self._strips.clear()
        self.virtual_size = Size(max(1, self.scrollable_content_region.width), len(items))
        self.refresh()
        self._tell()

    @property
    def item(self) -> Any:
        """The item under the cursor, or None."""
        return self._items[self.cursor] if self._items else None

    @property
    def items(self) -> Sequence[Any]:
        return self._items

    @property
    def text(self) -> str:
        return plain(line for n in range(len(self._items)) if (line := self.line_at(n)) is not None)

    def line_at(self, y: int) -> Line | None:
        if not 0 <= y < len(self._items):
            return None
        width = max(4, self.scrollable_content_region.width)
        lead = ("❯ ", "key") if y == self.cursor else ("  ", "text")
        return (lead, *self._draw_row(self._items[y], width - 2))

    def render_line(self, y: int) -> Strip:
        strip = super().render_line(y)
        if self.scroll_offset.y + y == self.cursor and self.has_focus and self._items:
            return strip.apply_style(self.get_component_rich_style("page--cursor", partial=True))
        return strip

    def _rebuild(self) -> None:
        self._strips.clear()
        self.virtual_size = Size(max(1, self.scrollable_content_region.width), len(self._items))
        self.refresh()

    def move(self, row: int) -> None:
        """Puts the cursor on `row`, as near as there is one."""
        row = max(0, min(row, len(self._items) - 1))
        if row == self.cursor:
            return
        for changed in (self.cursor, row):
            self._strips.pop(changed, None)
        self.cursor = row
        self.scroll_to_region(Region(0, row, 1, 1), animate=False)
        self.refresh()
        self._tell()

    def _tell(self) -> None:
        self.post_message(self.Moved(self, self.item))

    def action_step(self, by: int) -> None:
        self.move(self.cursor + by)

    def action_page(self, by: int) -> None:
        self.move(self.cursor + by * max(1, self.size.height - 1))

    def action_edge(self, row: int) -> None:
        self.move(row if row >= 0 else len(self._items) - 1)

    def on_click(self, event: events.Click) -> None:
        row = self.scroll_offset.y + event.y
        if row >= len(self._items):
            return
        if row == self.cursor:
            self.post_message(self.Chosen(self, self.item))
        self.move(row)
