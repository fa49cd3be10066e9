"""What the screens with a list share: the rows, the page about one of them, and the search."""

from __future__ import annotations

from textual import on
from textual.widgets import Input

from tui import pages
from tui.screens.room import Room
from tui.widgets.page import Page
from tui.widgets.rows import Rows


class Listing(Room):
    """Rows above, a page about the one under the cursor below."""

    def on_mount(self) -> None:
        self.page.show(pages.moment_lines)
        self.rows.focus()
        self.arrived()

    @property
    def rows(self) -> Rows:
        return self.query_one(Rows)

    @property
    def page(self) -> Page:
        return self.query_one("#page", Page)  # the rows are a page too

    def arrived(self) -> None:
        self.soon(self.fill, group="rows", alone=True)

    async def fill(self) -> None:
        """Fetches the rows and shows them."""
        raise NotImplementedError


class Searching(Listing):
    """A list with a line above it to search by."""

    @property
    def query_text(self) -> str:
        return self.query_one(Input).value

    async def search(self) -> None:
        """Shows the rows that match the line."""
        await self.fill()

    def action_search(self) -> None:
        self.query_one(Input).focus()

    @on(Input.Changed)
    def _changed(self) -> None:
        self.soon(self.search, group="rows", alone=True)

    @on(Input.Submitted)
    def _found(self) -> None:
        self.rows.focus()

    def key_escape(self) -> None:
        self.rows.focus()
