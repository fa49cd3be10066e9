"""Review of generated cards: accept, edit or drop, one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, Literal

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from agents.protocol import ReviewCard
from agents.views import CardView
from tui import wording
from tui.literal import one_line
from tui.prose import BLANK, Line, flow, formatted
from tui.screens.sheets import Sheet
from tui.widgets.page import Page

if TYPE_CHECKING:
    from tui.screens.room import Room


class ReviewSheet(Sheet):
    """Goes through `cards`; `room` talks to the tutor. Closed after the last one."""

    keys = "a accept · e edit · d drop · n later · esc close"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a,enter", "decide('accept')", "accept", show=False),
        Binding("d", "decide('drop')", "drop", show=False),
        Binding("e", "edit", "edit", show=False),
        Binding("n", "later", "later", show=False),
    ]

    def __init__(self, cards: Sequence[CardView], room: Room) -> None:
        super().__init__("Cards to review")
        self._cards = list(cards)
        self._total = len(cards)
        self._room = room

    def content(self) -> ComposeResult:
        yield Page(self._lines)

    def on_mount(self) -> None:
        self.query_one(Page).focus()

    def _lines(self, width: int) -> list[Line]:
        if not self._cards:
            return []
        card = self._cards[0]
        number = self._total - len(self._cards) + 1
        sure = wording.percent(card.confidence)
        facts = f"{number} of {self._total} · from {one_line(card.where)} · {sure} sure"
        return [
            *flow(facts, width, "dim"),
            BLANK,
            *flow(one_line(card.ask), width, "strong"),
            BLANK,
            *formatted(card.answer, width),
        ]

    def _go_on(self) -> None:
        del self._cards[:1]
        if self._cards:
            self.query_one(Page).show(self._lines)
        else:
            self.leave()

    def action_later(self) -> None:
        self._go_on()

    def action_decide(self, decision: Literal["accept", "drop"]) -> None:
        if not self._cards:
            return
        self._room.soon(self._send, ReviewCard(self._cards[0].id, decision))
        self._go_on()

    async def _send(self, message: ReviewCard) -> None:
        if await self._room.ask(message) is not None:
            self._room.arrived()

    def action_edit(self) -> None:
        if not self._cards:
            return
        card = self._cards[0]
        text = self._room.viva.with_editor(f"{card.ask}\n\n{card.answer}\n", ".md")
        if text is None:
            return
        ask, _, answer = text.strip().partition("\n")
        self._room.soon(self._send, ReviewCard(card.id, "edit", ask.strip(), answer.strip()))
        self._go_on()
