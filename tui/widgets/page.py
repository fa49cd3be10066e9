"""A scrolling page of styled lines, drawn through Textual's line API from cached strips."""

from __future__ import annotations

from collections.abc import Callable

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip

from tui.prose import STYLES, Line, plain

Build = Callable[[int], list[Line]]
MEASURE = 110  # cells of a line beyond which an eye loses its way back


class Page(ScrollView, can_focus=True):
    """Shows the lines that `build(width)` returns; built again when the width changes.

    Its cost does not depend on the number of lines: only lines in view become strips.
    """

    measured = True  # lines are at most `MEASURE` wide

    COMPONENT_CLASSES = {f"page--{name}" for name in STYLES} | {"page--cursor"}

    def __init__(
        self, build: Build | None = None, *, id: str | None = None, classes: str | None = None
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._build = build
        self._built_width = 0
        self._page_lines: list[Line] = []
        self._strips: dict[int, Strip] = {}
        self._looks: dict[str, Style] = {}

    def show(self, build: Build, top: bool = True) -> None:
        """Replaces the content; `top` scrolls back to its first line."""
        self._build = build
        self._built_width = 0
        self._rebuild()
        if top:
            self.scroll_home(animate=False)

    @property
    def text(self) -> str:
        """The lines as plain text."""
        return plain(self._page_lines)

    def on_resize(self) -> None:
        self._rebuild()

    def _rebuild(self) -> None:
        width = self.scrollable_content_region.width
        if width <= 0 or self._build is None or width == self._built_width:
            return
        self._built_width = width
        self._set_lines(self._build(min(width, MEASURE) if self.measured else width))

    def _set_lines(self, lines: list[Line]) -> None:
        self._page_lines = lines
        self._strips.clear()
        self.virtual_size = Size(self._built_width, len(lines))
        self.refresh()

    def notify_style_update(self) -> None:
        self._looks.clear()
        self._strips.clear()
        super().notify_style_update()

    def look(self, name: str) -> Style:
        """The style of a span as the theme has it."""
        style = self._looks.get(name)
        if style is None:
            style = self._looks[name] = self.get_component_rich_style(f"page--{name}")
        return style

    def line_at(self, y: int) -> Line | None:
        return self._page_lines[y] if 0 <= y < len(self._page_lines) else None

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        row = self.scroll_offset.y + y
        strip = self._strip(row)
        if strip is None:
            return Strip.blank(width, self.look("text"))
        return strip.crop_extend(0, width, self.look("text")).apply_offsets(0, row)

    def _strip(self, row: int) -> Strip | None:
        selection = self.text_selection
        strip = self._strips.get(row) if selection is None else None
        if strip is not None:
            return strip
        line = self.line_at(row)
        if line is None:
            return None
        strip = Strip([Segment(text, self.look(style)) for text, style in line if text])
        if selection is not None:
            return self._selected(strip, row, selection)
        if len(self._strips) > 500:
            self._strips.clear()
        self._strips[row] = strip
        return strip

    def _selected(self, strip: Strip, row: int, selection: Selection) -> Strip:
        span = selection.get_span(row)
        if span is None:
            return strip
        start, end = span
        length = strip.cell_length
        end = length if end == -1 else min(end, length)
        start = min(start, end)
        style = self.screen.get_component_rich_style("screen--selection")
        before, inside, after = (
            strip.crop(0, start),
            strip.crop(start, end),
            strip.crop(end, length),
        )
        return Strip.join([before, inside.apply_style(style), after])

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        return selection.extract(self.text), "\n"

    def selection_updated(self, selection: Selection | None) -> None:
        self._strips.clear()
        self.refresh()
