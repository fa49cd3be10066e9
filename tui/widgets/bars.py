"""The lines that frame a screen: what stands where on top, which keys act below."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.widget import Widget

from tui import actions
from tui.literal import one_line
from tui.prose import crop


class TitleBar(Widget):
    """One line: where we are on the left, facts on the right; what does not fit is cut on the left side."""

    def __init__(self, left: str = "", right: str = "", *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._left, self._right = left, right

    def tell(self, left: str, right: str = "") -> None:
        if (left, right) != (self._left, self._right):
            self._left, self._right = one_line(left), one_line(right)
            self.refresh()

    @property
    def text(self) -> str:
        return f"{self._left}  {self._right}".strip()

    def render(self) -> Content:
        width = self.size.width
        least = min(cell_len(self._left), max(12, width // 3))
        right = crop(self._right, max(0, width - least - 2))
        left = crop(self._left, max(0, width - cell_len(right) - 1))
        gap = " " * max(0, width - cell_len(left) - cell_len(right))
        return Content.assemble((left, "bold"), gap, right)


class KeyRow(Widget):
    """The keys that act now, as many as fit on at most two lines, and always help and palette."""

    def __init__(self, scope: str, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._scope = scope
        self._phase = ""
        self._spans: list[tuple[int, int, int, str]] = []

    def tell(self, phase: str) -> None:
        if phase != self._phase:
            self._phase = phase
            self.refresh()

    def on_resize(self) -> None:
        self.refresh()

    def shown(self) -> Sequence[actions.Action]:
        """The actions the row names in the present phase, in order of importance."""
        return [a for a in actions.of(self._scope) if a.footer and actions.fits(a, self._phase)]

    def render(self) -> Content:
        keymap = getattr(self.app, "keymap_shown", {})
        width, height = self.size.width, max(1, self.size.height)
        tail = [actions.find("everywhere.palette"), actions.find("everywhere.help")]
        ends = [f"{actions.mark(actions.keys_of(a, keymap))} {a.label}" for a in tail]
        reserve = sum(cell_len(end) + 2 for end in ends)
        rows: list[list[tuple[str, str]]] = [[]]
        used = 0
        self._spans = []
        for action in self.shown():
            key, label = actions.mark(actions.keys_of(action, keymap)), action.label
            cells = cell_len(key) + cell_len(label) + 3
            room = width - (reserve if len(rows) == height else 0)
            if used + cells > room:
                if len(rows) == height:
                    break
                rows.append([])
                used = 0
                if cells > width - (reserve if len(rows) == height else 0):
                    break
            self._spans.append((len(rows) - 1, used, used + cells, action.call))
            rows[-1] += [(f" {key}", "key"), (f" {label} ", "")]
            used += cells
        gap = max(0, width - used - reserve)
        rows[-1].append((" " * gap, ""))
        at = used + gap
        for action, end in zip(tail, ends, strict=True):
            mark, _, label = end.partition(" ")
            self._spans.append((len(rows) - 1, at, at + cell_len(end) + 2, action.call))
            rows[-1] += [(f" {mark}", "key"), (f" {label}", "")]
            at += cell_len(end) + 2
        return self._content(rows)

    @staticmethod
    def _content(rows: list[list[tuple[str, str]]]) -> Content:
        parts: list[tuple[str, str] | str] = []
        for number, row in enumerate(rows):
            if number:
                parts.append("\n")
            parts += [(text, "bold") if style else text for text, style in row]
        return Content.assemble(*parts)

    async def on_click(self, event: events.Click) -> None:
        for row, start, end, call in self._spans:
            if row == event.y and start <= event.x < end:
                await self.run_action(call, self.screen)
                return
