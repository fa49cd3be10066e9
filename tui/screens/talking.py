"""What the screens with a conversation share: reading back, its sources, thumbs, and the editor."""

from __future__ import annotations

from typing import Literal

from textual import on

from agents.protocol import Cancel, Feedback
from tui import pages
from tui.screens.room import Room
from tui.screens.sheets import RatingSheet, ReadSheet
from tui.widgets.answer import Area
from tui.widgets.transcript import Transcript


class Talking(Room):
    """A conversation above, a box to write in below."""

    @property
    def area(self) -> Area:
        return self.query_one(Area)

    @property
    def transcript(self) -> Transcript:
        return self.query_one(Transcript)

    @on(Area.Away)
    def _scroll(self, event: Area.Away) -> None:
        (self.transcript.scroll_page_up if event.by < 0 else self.transcript.scroll_page_down)(
            animate=False
        )

    def give_back(self, text: str) -> None:
        """What could not be sent returns to the box, before what was typed meanwhile."""
        self.area.put("\n".join(filter(None, (text, self.area.text))))

    def take_letter(self) -> None:
        """A letter typed while reading goes to the box."""
        self.set_focus(self.area)

    def action_read(self) -> None:
        """To and fro between the box and the conversation."""
        (self.transcript if self.area.has_focus else self.area).focus()

    def action_source(self) -> None:
        sources = next(
            (turn.sources for turn in reversed(self.transcript.turns) if turn.sources), ()
        )
        if sources:
            self.sheet(ReadSheet("Sources", lambda width: pages.sources_lines(sources, width)))
        else:
            self.say("Nothing said so far names a source.")

    def action_rate(self) -> None:
        self.sheet(RatingSheet(), lambda value: self.action_thumbs(value) if value else None)

    def action_thumbs(self, value: int) -> None:
        turn = next((t for t in reversed(self.transcript.turns) if t.speaker != "learner"), None)
        if turn is not None:
            self.soon(self._thumbs, turn.id, 1 if value > 0 else -1)

    async def _thumbs(self, about: str, value: Literal[-1, 1]) -> None:
        if await self.ask(Feedback(about, value)):
            self.say("Noted: that was good." if value > 0 else "Noted: that was bad.")

    def action_editor(self) -> None:
        # Behind what is still in the box's queue, so that the last letters typed are part of it.
        self.area.call_later(self._edit)

    def _edit(self) -> None:
        text = self.viva.with_editor(self.area.text)
        if text is not None:
            self.area.put(text)

    def action_cancel(self) -> None:
        self.soon(self._cancel)

    async def _cancel(self) -> None:
        await self.ask(Cancel())
