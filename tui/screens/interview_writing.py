"""What the learner writes in an interview: kept as it is typed, sent, and sent again if need be."""

from __future__ import annotations

from textual import on
from textual.timer import Timer

from agents.protocol import Answer, AskBack
from tui.drafts import Pending
from tui.screens.interview_moves import Moves
from tui.widgets.answer import Area

SAVE = 0.25  # seconds after a keystroke


class Writing(Moves):
    """Part of the interview screen. `saved` says whether all that was sent is acknowledged."""

    def __init__(self) -> None:
        super().__init__()
        self.saved = True
        self._saving: Timer | None = None

    def draw_note(self) -> None:
        raise NotImplementedError

    def draw_title(self) -> None:
        raise NotImplementedError

    def place(self) -> str:
        """Where a draft belongs: session and question; empty while there is no session."""
        session = self.session
        return f"{session.id}/{session.question.id if session.question else ''}" if session else ""

    @on(Area.Changed)
    def _typed(self) -> None:
        if self._saving is None:
            self._saving = self.set_timer(SAVE, self._save)

    def _save(self) -> None:
        self._saving = None
        if self.session is not None:
            self.viva.drafts.keep(self.place(), self.area.text)
            self.draw_note()

    @on(Area.Sent)
    def _send(self) -> None:
        text = self.area.text
        if self.phase == "finished":
            if not self.in_grace():
                self.action_recap()
        elif self.phase == "working":
            self.say("One moment: the last move is still being made. What you typed is kept.")
        elif text.strip():
            self.deliver(Answer, text)
        elif self.phase == "closed":
            if not self.in_grace():
                self.action_act("next")
        else:
            self.say("Write an answer first; ^l says that you don't know.")

    def deliver(self, kind: type[Answer] | type[AskBack], text: str) -> None:
        """Sends what was typed; it leaves the box at once and comes back if it is refused."""
        self.area.take()
        turn = self.new_turn()
        level = self.session.confidence if self.session and kind is Answer else 0
        pending = Pending(self.place(), kind.__name__, text, turn, level)
        self.viva.drafts.sent(pending)
        self.saved = False
        self.draw_title()
        self.soon(self._deliver, pending)

    async def _deliver(self, pending: Pending) -> None:
        if pending.kind == "Answer":
            done = await self.ask(Answer(pending.text, pending.turn, pending.confidence))
        else:
            done = await self.ask(AskBack(pending.text, pending.turn))
        self.viva.drafts.settled(pending.turn)
        self.saved = True
        if done is None:
            self.give_back(pending.text)
        self.draw_title()

    async def send_again(self, session: str) -> None:
        """Answers whose acknowledgement was lost with an earlier front end."""
        for pending in self.viva.drafts.pending(session):
            await self._deliver(pending)
