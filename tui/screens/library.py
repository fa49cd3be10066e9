"""The library: decks, questions with their state, imports, and cards to review."""

from __future__ import annotations

import uuid
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Input

from agents.protocol import (
    AddSource,
    Cancel,
    EditQuestion,
    GetCards,
    GetDecks,
    GetDetail,
    GetRows,
    Progress,
    Refused,
    RemoveSource,
    Update,
)
from agents.views import DeckView, RowView
from tui import pages, wording
from tui.literal import one_line
from tui.prose import Line, crop, pad
from tui.screens.listing import Searching
from tui.screens.room import bindings_of
from tui.screens.sheets import ChoiceSheet, LineSheet, ReadSheet, plain_row
from tui.widgets.bars import KeyRow, TitleBar
from tui.widgets.page import Page
from tui.widgets.rows import Rows

SIGNS = {
    "new": "○ new",
    "learning": "◐ learning",
    "known": "● known",
    "due": "! due",
    "waiting": "? review",
}
LOOK = 0.15  # seconds the cursor rests before the question under it is fetched


def row_line(row: RowView, width: int) -> Line:
    """One question: state, recall, topic, wording."""
    recall = f"{wording.percent(row.recall):>5}" if row.recall else "    -"
    topic = pad(one_line(row.topic), 13 if width < 100 else 18)
    head = f"{SIGNS[row.state]:<11}{recall}  {topic} "
    return ((head, "dim"), (crop(one_line(row.ask), width - len(head)), "text"))


class LibraryScreen(Searching):
    """A list above, the question under the cursor below."""

    scope = "library"
    CSS_PATH = "library.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_of("library")]

    def __init__(self) -> None:
        super().__init__()
        self.decks: tuple[DeckView, ...] = ()
        self.deck = ""
        self.only_due = False
        self.cards = 0
        self.job = ""

    def compose(self) -> ComposeResult:
        yield TitleBar("Viva · Library", id="title")
        search = Input(placeholder="/ searches the questions", id="search")
        search.cursor_blink = False
        yield search
        yield Rows(row_line, id="rows")
        yield Page(id="page")
        yield KeyRow("library", id="keys")

    async def fill(self) -> None:
        decks, cards = await self.ask(GetDecks()), await self.ask(GetCards())
        if decks is None or cards is None:
            return
        self.decks, self.cards = decks, len(cards)
        await self.search()

    async def search(self) -> None:
        query = self.query_text
        rows = await self.ask(GetRows(self.deck, query, self.only_due))
        if rows is None:
            return
        self.rows.fill(rows)
        self._title()
        if not rows:
            nothing = "Nothing is due." if self.only_due and not query else "No question matches."
            self.page.show(lambda width: [((nothing, "dim"),)])

    def _title(self) -> None:
        deck = next((d for d in self.decks if d.id == self.deck), None)
        if self.job:
            return  # how the import goes stands there
        facts = [deck.title if deck else wording.count(len(self.decks), "deck")]
        shown, total = (
            len(self.rows.items),
            sum(d.questions for d in self.decks if d.id == (self.deck or d.id)),
        )
        whole = not self.only_due and not self.query_text
        part = f"the first {shown} of " if whole and shown < total else ""
        many = wording.count(total if part else shown, "question")
        facts.append(part + many + (" due" if self.only_due else ""))
        if self.cards:
            facts.append(f"{wording.count(self.cards, 'card')} to review (r)")
        self.query_one(TitleBar).tell("Viva · Library", " · ".join(facts))

    def project(self, update: Update) -> None:
        if isinstance(update, Progress) and update.job == self.job:
            self._tell_job(wording.progress(update))

    # ── looking ───────────────────────────────────────────────────────────────────────────────

    @on(Rows.Moved)
    def _moved(self, event: Rows.Moved) -> None:
        if event.item is not None:
            self.soon(self._detail, event.item, group="detail", alone=True)

    async def _detail(self, row: RowView) -> None:
        import asyncio

        await asyncio.sleep(LOOK)
        try:
            detail = await (await self.viva.connected()).request(GetDetail(row.id))
        except Refused:
            return  # the list will tell when it is loaded again
        self.page.show(lambda width: pages.detail_lines(detail, width))

    @on(Rows.Chosen)
    def action_open(self) -> None:
        row = self.rows.item
        if row is not None:
            self.soon(self._open, row, group="open", alone=True)

    async def _open(self, row: RowView) -> None:
        if detail := await self.ask(GetDetail(row.id)):
            self.sheet(ReadSheet(row.id, lambda width: pages.detail_lines(detail, width)))

    def action_next_deck(self) -> None:
        ids = ["", *(deck.id for deck in self.decks)]
        self.deck = ids[(ids.index(self.deck) + 1) % len(ids)] if self.deck in ids else ""
        self.arrived()

    def action_due(self) -> None:
        self.only_due = not self.only_due
        self.arrived()

    # ── doing ─────────────────────────────────────────────────────────────────────────────────

    async def action_study(self) -> None:
        if self.rows.item is None:
            return
        from tui.screens.interview import InterviewScreen

        question = self.rows.item.id
        room = await self.viva.go("interview")
        assert isinstance(room, InterviewScreen)
        room.begin({**self.viva.options, "question": question, "fresh": True})

    def action_add(self) -> None:
        if self.job:
            self.say("One import at a time; ^x stops the one that runs.")
            return
        about = (
            "A file or folder: text, Markdown, PDF, Word, a deck. "
            "Its questions are found, or cards are made of it."
        )
        self.sheet(LineSheet("Add to the library", about), self._add)

    def _add(self, path: str | None) -> None:
        if path and path.strip():
            self.soon(self._import, path.strip(), group="import")

    async def _import(self, path: str) -> None:
        self.job = uuid.uuid4().hex
        self._tell_job(f"opening {one_line(path, 30)} · ^x stops")
        found = await self.ask(AddSource(path, job=self.job))
        self.job = ""
        if found is not None:
            self.sheet(ReadSheet("Added", lambda width: pages.import_lines(found, width)))
        await self.fill()

    def _tell_job(self, text: str) -> None:
        self.query_one(TitleBar).tell("Viva · Library", text)

    def action_stop(self) -> None:
        if self.job:
            self._tell_job("stopping …")
            self.soon(self._stop, self.job)

    async def _stop(self, job: str) -> None:
        await self.ask(Cancel(job))

    def action_remove(self) -> None:
        deck = next((d for d in self.decks if d.id == self.deck), None)
        if deck is None:
            self.say("Show the deck first: d steps through them.")
            return
        many = wording.count(deck.questions, "question")
        about = f"{deck.title}: {many}. What becomes of what you did with them?"
        letters = {"k": "remove, keep the history", "f": "remove, forget it for good"}
        self.sheet(ChoiceSheet(f"Remove {deck.id}", (about,), plain_row, letters), self._removal)

    def _removal(self, choice: tuple[str, str] | None) -> None:
        if choice is not None:
            self.soon(self._remove, RemoveSource(self.deck, forget=choice[0] == "f"))

    async def _remove(self, message: RemoveSource) -> None:
        if done := await self.ask(message):
            self.say(done.text)
            self.deck = ""
            await self.fill()

    def action_review(self) -> None:
        self.soon(self._review, group="review", alone=True)

    async def _review(self) -> None:
        cards = await self.ask(GetCards())
        if cards:
            from tui.screens.review import ReviewSheet

            self.sheet(ReviewSheet(cards, self))
        elif cards is not None:
            self.say("No card waits for review.")

    def action_edit(self) -> None:
        if self.rows.item is not None:
            self.soon(self._edit, self.rows.item, group="edit", alone=True)

    async def _edit(self, row: RowView) -> None:
        detail = await self.ask(GetDetail(row.id))
        if detail is None:
            return
        text = self.viva.with_editor(detail.text, ".yaml")
        if text is not None and text.strip() != detail.text.strip():
            if await self.ask(EditQuestion(row.id, text)) is not None:
                self.say("Saved; the history of the question is kept.")
            await self.fill()
