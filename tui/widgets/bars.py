"""The lines that frame a screen: what stands where on top, which keys act below."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.widget import Widget

from tui import actions
from tui.literal import one_line
from tui.prose import crop

WAYS = ("today", "library", "memory", "ask", "recap", "settings")


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


class Cell(NamedTuple):
    """One key of a key row: what it shows, what it does, where it stands."""

    mark: str
    label: str
    call: str
    x: int = 0

    @property
    def width(self) -> int:
        return cell_len(self.mark) + cell_len(self.label) + 3


def key_rows(
    cells: Sequence[Cell], tail: Sequence[Cell], width: int, most: int
) -> list[list[Cell]]:
    """`cells` in as few rows of `width` as hold them, at most `most`; `tail` ends the last row.

    What does not fit is left out from the end; `tail` is always there.
    """
    reserve = sum(cell.width for cell in tail)
    rows: list[list[Cell]] = [[]]
    for height in range(1, most + 1):
        rows = [[] for _ in range(height)]
        row, used, left = 0, 0, list(cells)
        while left and row < height:
            room = width - (reserve if row == height - 1 else 0)
            if used + left[0].width <= room:
                cell = left.pop(0)
                rows[row].append(cell._replace(x=used))
                used += cell.width
            else:
                row, used = row + 1, 0
        if not left or height == most:
            break
    at = max(width - reserve, 0)
    for cell in tail:
        rows[-1].append(cell._replace(x=at))
        at += cell.width
    return rows


class KeyRow(Widget):
    """The keys that act at this moment and those that lead elsewhere, and always palette and help."""

    MOST = 2  # rows
    LOW = 22  # rows of a screen under which one row has to do

    def __init__(self, scope: str, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._scope = scope
        self._phase = ""
        self._rows: list[list[Cell]] = []

    def tell(self, phase: str) -> None:
        """The keys of another phase."""
        if phase != self._phase:
            self._phase = phase
            self._lay_out()

    def on_resize(self) -> None:
        self._lay_out()

    def shown(self) -> Sequence[actions.Action]:
        """The actions to name in the present phase, most important first."""
        return [a for a in actions.of(self._scope) if a.footer and actions.fits(a, self._phase)]

    def ways(self) -> Sequence[actions.Action]:
        """The keys to the other screens; an interview needs its rows for itself."""
        if self._scope == "interview":
            return []
        return [actions.find(f"everywhere.{n}") for n in WAYS if n != self._scope]

    def _cell(self, action: actions.Action) -> Cell:
        keymap = getattr(self.app, "keymap_shown", {})
        return Cell(actions.mark(actions.keys_of(action, keymap)), action.label, action.call)

    def _lay_out(self) -> None:
        if not self.size.width:
            return
        tail = [self._cell(actions.find(f"everywhere.{name}")) for name in ("palette", "help")]
        main = [self._cell(a) for a in self.shown()]
        ways = [self._cell(a) for a in self.ways()]
        width, most = self.size.width, 1 if self.app.size.height < self.LOW else self.MOST
        rows = key_rows(main, [], width, most)
        if ways and len(rows) == 1 < most:
            self._rows = [*rows, *key_rows(ways, tail, width, 1)]
        else:
            self._rows = key_rows([*main, *ways], tail, width, most)
        self.styles.height = len(self._rows)
        self.refresh()

    def render(self) -> Content:
        parts: list[tuple[str, str] | str] = []
        for number, row in enumerate(self._rows):
            used = 0
            if number:
                parts.append("\n")
            for cell in row:
                parts.append(" " * (cell.x - used + 1))
                parts += [(cell.mark, "bold $accent"), f" {cell.label} "]
                used = cell.x + cell.width
        return Content.assemble(*parts)

    async def on_click(self, event: events.Click) -> None:
        if event.y < len(self._rows):
            for cell in self._rows[event.y]:
                if cell.x <= event.x < cell.x + cell.width:
                    await self.app.run_action(cell.call, self.screen)
                    return
