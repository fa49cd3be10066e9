"""Memory: what Viva believes about the learner, why, and how to correct or erase it."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Input

from agents.protocol import CorrectClaim, Forget, GetClaims, GetEvents, Recall, Refused
from agents.views import ClaimView, RecollectionView
from tui import wording
from tui.literal import one_line
from tui.prose import BLANK, Line, crop, flow, literal
from tui.screens.listing import Searching
from tui.screens.room import bindings_of
from tui.screens.sheets import ChoiceSheet, LineSheet, ReadSheet, plain_row
from tui.widgets.bars import KeyRow, TitleBar
from tui.widgets.page import Page
from tui.widgets.rows import Rows

SPEAKERS = {"learner": "you", "tutor": "Viva"}
KEEP, ERASE = "Keep it", "Erase it for good, with no way back"


def claim_line(claim: ClaimView, width: int) -> Line:
    """One claim: kind, how sure, how often seen, text."""
    closed = " (cleared)" if claim.closed else ""
    head = f"{claim.kind:<14}{wording.percent(claim.sure):>5} {claim.seen:>3}×  "
    return ((head, "dim"), (crop(one_line(claim.text) + closed, width - len(head)), "text"))


def event_lines(events: tuple[RecollectionView, ...], width: int) -> list[Line]:
    """Remembered turns, with what stood around them."""
    lines: list[Line] = []
    for event in events:
        speaker = SPEAKERS.get(event.speaker, event.speaker)
        about = " · ".join(
            filter(None, (wording.day(event.at), speaker, event.topic, event.question))
        )
        lines.append(((crop(one_line(about), width), "strong"),))
        for context in event.context:
            lines += flow(one_line(context), width, "dim", (("  ", "dim"),), (("  ", "dim"),))
        lines += [*literal(event.text, width, "quote", (("│ ", "dim"),)), BLANK]
    return lines or [(("No event is recorded for this.", "dim"),)]


class MemoryScreen(Searching):
    """Claims above, what they rest on below."""

    scope = "memory"
    CSS_PATH = "memory.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_of("memory")]

    def compose(self) -> ComposeResult:
        yield TitleBar("Viva · Memory", id="title")
        search = Input(placeholder="/ searches what Viva knows of you", id="search")
        search.cursor_blink = False
        yield search
        yield Rows(claim_line, id="rows")
        yield Page(id="page")
        yield KeyRow("memory", id="keys")

    @property
    def claim(self) -> ClaimView | None:
        return self.rows.item

    async def fill(self) -> None:
        claims = await self.ask(GetClaims(self.query_text))
        if claims is None:
            return
        self.rows.fill(claims)
        known = f"{wording.count(len(claims), 'claim')} · nothing leaves this computer by itself"
        self.query_one(TitleBar).tell("Viva · Memory", known)
        if not claims:
            empty = "Viva believes nothing about you yet; answers will change that."
            self.page.show(lambda width: flow(empty, width, "dim"))

    @on(Rows.Moved)
    def _moved(self, event: Rows.Moved) -> None:
        if event.item is not None:
            self.soon(self._events, event.item, group="events", alone=True)

    async def _events(self, claim: ClaimView) -> None:
        try:
            events = await (await self.viva.connected()).request(GetEvents(claim.events))
        except Refused:
            return  # opening it tells why
        times = wording.count(claim.seen, "time")
        sure = f"{wording.percent(claim.sure)} sure, seen {times}"
        last = f"{claim.kind.capitalize()}, {sure}, last on {wording.day(claim.last)}. It rests on:"
        self.page.show(lambda width: [*flow(last, width, "dim"), *event_lines(events, width)])

    @on(Rows.Chosen)
    def action_open(self) -> None:
        if self.claim is not None:
            self.soon(self._open, self.claim, group="open", alone=True)

    async def _open(self, claim: ClaimView) -> None:
        if (events := await self.ask(GetEvents(claim.events))) is not None:
            self.sheet(ReadSheet("What this rests on", lambda width: event_lines(events, width)))

    # ── searching ─────────────────────────────────────────────────────────────────────────────

    def action_recall(self) -> None:
        self.sheet(
            LineSheet("Search everything you have said", "By meaning and by word."), self._recall
        )

    def _recall(self, query: str | None) -> None:
        if query and query.strip():
            self.soon(self._recollect, query, group="recall", alone=True)

    async def _recollect(self, query: str) -> None:
        if (found := await self.ask(Recall(query))) is not None:
            self.sheet(
                ReadSheet(f"“{one_line(query, 50)}”", lambda width: event_lines(found, width))
            )

    # ── correcting ────────────────────────────────────────────────────────────────────────────

    def action_correct(self) -> None:
        claim = self.claim
        if claim is not None:
            sheet = LineSheet("Correct this", "How it should be said.", claim.text)
            self.sheet(sheet, lambda text: self._corrected(claim, text))

    def _corrected(self, claim: ClaimView, text: str | None) -> None:
        if text and text.strip() and text != claim.text:
            self.soon(self._correct, claim, text.strip())

    def action_wrong(self) -> None:
        if self.claim is not None:
            self.soon(self._correct, self.claim, "")

    async def _correct(self, claim: ClaimView, text: str) -> None:
        if await self.ask(CorrectClaim(claim.id, text)):
            self.say("Corrected." if text else "Gone; it was wrong.")
            await self.fill()

    def action_forget(self) -> None:
        claim = self.claim
        if claim is not None:
            sheet = ChoiceSheet(one_line(claim.text, 60), (KEEP, ERASE), plain_row)
            self.sheet(sheet, lambda choice: self._forgotten(claim, choice))

    def _forgotten(self, claim: ClaimView, choice: str | None) -> None:
        if choice == ERASE:
            self.soon(self._forget, claim)

    async def _forget(self, claim: ClaimView) -> None:
        if await self.ask(Forget("claim", claim.id)):
            self.say("Erased.")
            await self.fill()
