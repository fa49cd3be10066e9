"""The moves a learner can make in an interview besides answering."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from functools import partial
from typing import Any, cast

from agents.protocol import Act, AskBack, Confidence, Override, OwnVerdict, Why
from agents.views import Action as Move
from agents.views import JudgementView, PointView, SessionView, TurnView
from tui import pages, wording
from tui.prose import BLANK, Line, crop, flow
from tui.screens.sheets import ChoiceSheet, ReadSheet, plain_row
from tui.screens.talking import Talking
from tui.turns import point_lines

VERDICT_KEYS: Mapping[str, OwnVerdict] = {
    "c": "covered",
    "p": "partial",
    "m": "missing",
    "x": "contradicted",
}
TAKE_BACK = "u"
NEARLY = 0.5
"""Sureness of the judge below which a point that is missing was nearly half made."""


class Moves(Talking):
    """Actions of the interview screen; `session` is None before it has begun."""

    session: SessionView | None = None
    _lost_engine = False

    def __init__(self) -> None:
        super().__init__()
        self._overruled: list[tuple[str, str]] = []
        """The question and the point of each, in order."""

    def in_grace(self) -> bool:
        raise NotImplementedError

    def deliver(self, kind: Any, text: str) -> None:
        raise NotImplementedError

    def new_turn(self) -> str:
        """A word that no other turn has: sending it twice is then harmless."""
        return uuid.uuid4().hex

    # ── moves ─────────────────────────────────────────────────────────────────────────────────

    def action_act(self, name: str) -> None:
        """One of the controller's moves, or why it cannot be made."""
        if reason := self._obstacle(name):
            self.say(reason)
        else:
            self.soon(self._act, cast(Move, name))

    def _obstacle(self, name: str) -> str:
        session = self.session
        if session is None:
            return "The session is still opening."
        if session.phase == "working":
            return "One moment: the last move is still being made."
        if session.phase == "finished":
            return "The session has ended."
        if session.phase == "closed" and self.in_grace():
            return "That key came just as the question closed; press it again if you meant it."
        if name in ("hint", "tell", "dont_know", "skip") and session.phase == "closed":
            return "This question is done; Enter goes on."
        if name in ("more", "challenge", "next") and session.phase == "answering":
            return "Answer first, or skip with ^s."
        if name == "hint" and session.mode == "mock":
            return "A mock interview gives no hints."
        if name == "tell" and session.mode == "mock":
            return "A mock interview tells nothing before its end."
        if name == "hint" and not session.hints_left:
            return "There are no hints left for this question; ^r tells the point."
        return ""

    async def _act(self, name: Move) -> None:
        done = await self.ask(Act(name, self.new_turn()))
        # A mock interview goes on by itself.
        if done and name == "skip" and self.session and self.session.mode != "mock":
            self.say("Left for another day.")
            await self.ask(Act("next", self.new_turn()))

    def action_ask_back(self) -> None:
        # Behind what is still in the box's queue, so that the last letters typed are part of it.
        self.area.call_later(self._ask_back)

    def _ask_back(self) -> None:
        if self.phase == "working":
            self.say("One moment: the last move is still being made. What you typed is kept.")
        elif text := self.area.text.strip():
            self.deliver(AskBack, text)
        else:
            self.say("Type your question first, then ^b sends it as a question.")

    def action_sure(self, level: int) -> None:
        """Sets the confidence, or with 0 steps through the levels."""
        if self.session is None or self.phase == "finished":
            return
        if self.phase == "closed":
            self.say("How sure you are goes with an answer; this question is done.")
            return
        level = level or self.session.confidence % 3 + 1
        self.soon(self._sure, level, group="sure", alone=True)

    async def _sure(self, level: int) -> None:
        await self.ask(Confidence(level))

    def action_recap(self) -> None:
        self.soon(self._recap)

    async def _recap(self) -> None:
        from tui.screens.recap import RecapScreen

        await self.viva.action_go("recap")
        room = self.viva.screen
        answered = any(turn.role == "answer" for turn in self.transcript.turns)
        if isinstance(room, RecapScreen) and answered:
            room.offer()

    # ── looking ───────────────────────────────────────────────────────────────────────────────

    def action_why(self) -> None:
        self.soon(self._why, group="why", alone=True)

    async def _why(self) -> None:
        if plan := await self.ask(Why()):
            self.sheet(ReadSheet("Why this question", lambda width: pages.why_lines(plan, width)))

    # ── judging the judge ─────────────────────────────────────────────────────────────────────

    def judged(self) -> TurnView | None:
        """The last judgement of the current question."""
        question = self.session.question.id if self.session and self.session.question else ""
        for turn in reversed(self.transcript.turns):
            if turn.judgement is not None and turn.question in ("", question):
                return turn
        return None

    def action_verdict(self) -> None:
        if self.phase == "finished":
            # A mock interview shows all its verdicts only now.
            turns = {t.question: t for t in self.transcript.turns if t.judgement is not None}
            if len(turns) > 1:
                last = tuple(turns.values())
                self.sheet(ChoiceSheet("Which verdict?", last, self._verdict_row), self._chosen)
                return
        self._judge(self.judged())

    def _verdict_row(self, turn: TurnView, width: int) -> Line:
        asked = {t.question: t.text for t in self.transcript.turns if t.role == "question"}
        return plain_row(asked.get(turn.question, turn.question), width)

    def _chosen(self, turn: TurnView | None) -> None:
        if turn is not None:
            self._judge(turn)

    def _judge(self, turn: TurnView | None) -> None:
        if turn is None or turn.judgement is None:
            self.say("Nothing has been judged on this question yet.")
            return
        # Once the question is closed the session tells what the judgement still kept secret.
        told = self.session.points if self.session and self.phase == "closed" else ()
        points = told or turn.judgement.points
        words = {key: wording.VERDICTS[verdict][1] for key, verdict in VERDICT_KEYS.items()}
        letters = {**words, TAKE_BACK: "take back"}
        sheet = ChoiceSheet("Overrule a verdict", points, _point_row, letters, _about_point)
        self.sheet(sheet, partial(self._overrule, turn.question))

    def _overrule(self, question: str, choice: tuple[str, PointView] | None) -> None:
        if choice is not None:
            key, point = choice
            about = (question, point.id)
            if key == TAKE_BACK:
                self._take_back(about, point)
                return
            self._overruled.append(about)
            self.soon(self._override, *about, VERDICT_KEYS[key])

    def _take_back(self, about: tuple[str, str], point: PointView) -> None:
        if not point.overridden:
            self.say("You have not overruled that point.")
            return
        if about in self._overruled:
            self._overruled.reverse()
            self._overruled.remove(about)
            self._overruled.reverse()
        self.soon(self._override, *about, "")

    def action_undo_override(self) -> None:
        if self._overruled:
            self.soon(self._override, *self._overruled.pop(), "")
        else:
            self.say("You have not overruled anything here.")

    async def _override(self, question: str, point: str, verdict: OwnVerdict) -> None:
        judgement: JudgementView | None = await self.ask(Override(point, verdict, question))
        if judgement is not None:
            self.transcript.judge(question, judgement)
            self.say("Your verdict counts; ^t, then u takes it back." if verdict else "Taken back.")


def _about_point(point: PointView, width: int) -> list[Line]:
    lines = [BLANK, *point_lines(point, width, lead="")]
    if wording.perhaps(point):
        lines += flow("The judge is not sure of this one.", width, "dim")
    elif point.verdict == "missing" and point.sure < NEARLY:
        lines += flow("The judge came near to counting something for this.", width, "dim")
    return lines


def _point_row(point: PointView, width: int) -> Line:
    sign, word = wording.VERDICTS[point.verdict]
    text = wording.point_text(point)
    return ((f"{sign} {word:<9}", "strong"), (crop(text, width - 12), "text"))
