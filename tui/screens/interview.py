"""The interview: the conversation, the question always in view, and a dock that follows the phase."""

from __future__ import annotations

import time
from typing import Any, ClassVar

from rich.cells import cell_len
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical

from agents.protocol import (
    Chunk,
    GetSession,
    Older,
    SessionChanged,
    Start,
    Status,
    TurnAdded,
    Update,
)
from agents.views import SessionView, TurnView
from tui import actions, wording
from tui.literal import one_line, typed
from tui.prose import crop
from tui.screens.interview_writing import Writing
from tui.screens.room import bindings_of
from tui.wanted import resumes
from tui.widgets.answer import AnswerArea
from tui.widgets.bars import KeyRow, TitleBar
from tui.widgets.page import MEASURE
from tui.widgets.question import QuestionPanel, Standing, standing_lines
from tui.widgets.transcript import Transcript

BOX = {
    "answering": "Your answer",
    "working": "Thinking … go on typing, it is kept",
    "closed": "Reply, or ⏎ for the next question",
    "finished": "The session has ended: ⏎ shows the recap",
}
LEARNT = 3  # answers sent, after which no hint stands in the empty box
HINTS = {
    "answering": (
        "In your own words: {} sends · {} don't know · {} all keys",
        "interview.send", "interview.dont_know", "everywhere.help",
    ),
    "closed": (
        "{} goes on · or ask about it, as long as you like",
        "interview.next",
    ),
}  # fmt: skip


class InterviewScreen(Writing):
    """Draws a `SessionView` and its updates; every move of the learner is a request."""

    scope = "interview"
    CSS_PATH = "interview.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_of("interview")]

    def __init__(self) -> None:
        super().__init__()
        self.phase = "working"
        self._dock_since = 0.0
        self._refused = False

    def compose(self) -> ComposeResult:
        yield TitleBar(id="title")
        yield QuestionPanel(id="question")
        yield Transcript(id="transcript")
        with Vertical(id="dock"):
            yield Standing(id="standing")
            yield AnswerArea(id="answer")
            yield KeyRow("interview", id="keys")

    def on_mount(self) -> None:
        self.area.focus()
        self._draw_dock()

    # ── the session ───────────────────────────────────────────────────────────────────────────

    def begin(self, options: dict[str, Any]) -> None:
        """Starts a session with the options of `viva study`, or resumes the unfinished one."""
        message = Start(
            mode=options.get("mode") or "study",
            deck=str(options.get("deck", "")),
            topic=str(options.get("topic", "")),
            question=str(options.get("question", "")),
            questions=int(options.get("questions", 0)),
            minutes=float(options.get("minutes", 0.0)),
            resume=resumes(options),
        )
        self.soon(self._start, message, group="start", alone=True)

    async def _start(self, message: Start) -> None:
        session = await self.ask(message)
        if session is None:
            self.viva.release_keys()
            await self.viva.action_go("today")
            return
        self._take(session)
        early, self.viva.early_text = typed(self.viva.early_text), ""
        if early:
            self.area.put(self.area.text + early)
        self.area.focus()
        self.viva.release_keys()
        await self.send_again(session.id)

    def arrived(self) -> None:
        """Opened by a key, without a session of its own: take up what there is."""
        if self.session is None:
            self.begin(dict(self.viva.options))

    def _take(self, session: SessionView, again: bool = False) -> None:
        """Draws a whole session, and gives back the draft; `again` if it stood here before."""
        if self.session is None or self.session.id != session.id:
            self._overruled.clear()
        self.session = session
        self.viva.unfinished = session.phase != "finished"
        self.transcript.load(session.turns, session.older, self._numbers(session))
        draft = self.viva.drafts.draft(self.place())
        if draft and not self.area.text:
            self.area.put(draft)
        self._enter(session.phase)
        if session.resumed and not again:
            self.say("Resumed where you stopped.")
        elif session.left and not again:
            self.say(wording.LEFT)

    def _numbers(self, session: SessionView) -> dict[str, int]:
        last = next((t for t in reversed(session.turns) if t.role == "question"), None)
        return {last.id: session.question.number} if last and session.question else {}

    def _enter(self, phase: str) -> None:
        if phase != self.phase:
            self._dock_since = time.monotonic()
            self.phase = phase
            if phase != "working":
                self._give_back()
        self._draw_dock()

    def _give_back(self) -> None:
        """An answer that was refused comes back, to be mended."""
        refused, self._refused = self._refused, False
        if refused and self.phase == "answering" and not self.area.text:
            said = [turn.text for turn in self.transcript.turns if turn.role == "answer"]
            self.area.put(said[-1])
            self.say("Your answer is back in the box: mend it, or write another.")

    # ── updates ───────────────────────────────────────────────────────────────────────────────

    def project(self, update: Update) -> None:
        if self.session is None or not self.query(Standing):
            return  # not begun yet, or on its way out with its widgets gone
        match update:
            case TurnAdded(turn, final, replaces):
                if self._mine(turn):
                    number = self._question_number(turn)
                    self.transcript.put(turn, live=not final, number=number, replaces=replaces)
                    if final:
                        self._draw_asked()
                        self._refused |= turn.judgement is not None and turn.judgement.refused
            case Chunk(turn, text):
                self.transcript.grow(turn, text)
            case SessionChanged(session):
                ends = session.phase == "finished" != self.phase
                if ends and session.mode == "mock":
                    self.soon(self._unseal, group="start", alone=True)
                self.session = session
                self.viva.unfinished = session.phase != "finished"
                self._enter(session.phase)
            case Status(stage):
                self.draw_title()
                if stage == "restarting":
                    self._lost_engine = True
                elif stage == "ready" and self._lost_engine:
                    self._lost_engine = False
                    self.soon(self._catch_up, group="start", alone=True)
            case _:
                pass

    def _mine(self, turn: TurnView) -> bool:
        """Turns of the free conversation (no question) belong to Ask."""
        return bool(turn.question) or turn.role != "conversation"

    def _question_number(self, turn: TurnView) -> int:
        if turn.role != "question" or self.session is None or self.session.question is None:
            return 0
        question = self.session.question
        return question.number if turn.question == question.id else question.number + 1

    async def _unseal(self) -> None:
        """A mock interview shows its verdicts once it has ended."""
        if session := await self.ask(GetSession()):
            self._take(session, again=True)

    async def _catch_up(self) -> None:
        """The engine came back: draw what it knows, which is everything acknowledged."""
        if session := await self.ask(GetSession()):
            self._take(session, again=True)
            self.say("The engine is back; nothing was lost.")

    @on(Transcript.Scrolled)
    def _scrolled(self) -> None:
        self.draw_note()
        self._draw_question(self._follow_up())

    @on(Transcript.OlderWanted)
    def _want_older(self, event: Transcript.OlderWanted) -> None:
        self.soon(self._older, event.before, group="older", alone=True)

    async def _older(self, before: str) -> None:
        turns = await self.ask(Older(before, 20))
        if turns is not None:
            self.transcript.prepend(turns)

    # ── the dock ──────────────────────────────────────────────────────────────────────────────

    def _draw_dock(self) -> None:
        if not self.is_mounted:
            return
        self.query_one(KeyRow).tell(self.phase)
        self.area.border_title = self._box()
        self.area.placeholder = self._hint()
        self.draw_note()
        self._draw_asked()
        self.draw_title()

    def _box(self) -> str:
        """The title of the box; while a model thinks, the key that stops waiting for it."""
        if self.phase == "working" and self.session and self.session.usage.model:
            key = actions.mark(
                actions.keys_of(actions.find("interview.cancel"), self.viva.keymap_shown)
            )
            return f"Thinking … go on typing · {key} does not wait"
        return BOX.get(self.phase, "")

    def _hint(self) -> str:
        """What a newcomer does not know; gone once a few answers have been sent."""
        hint = HINTS.get(self.phase) if self.viva.drafts.answers < LEARNT else None
        if hint is None:
            return ""
        keymap = self.viva.keymap_shown
        keys = [actions.mark(actions.keys_of(actions.find(name), keymap)) for name in hint[1:]]
        return hint[0].format(*keys)

    def _draw_asked(self) -> None:
        """The question above the conversation, a follow-up under it; neither a second time in it."""
        question = self.session.question if self.session else None
        turn = self._follow_up()
        standing = self.query_one(Standing)
        room = max(20, min(self.size.width - 3, MEASURE))
        fits = turn is not None and len(standing_lines(turn, room)) <= standing.most
        standing.stand(turn if fits else None)
        self.transcript.leave_out(question.id if question else "", turn.id if turn and fits else "")
        self._draw_question(turn)

    def _draw_question(self, follow_up: TurnView | None) -> None:
        above = self.transcript.above
        self.query_one(QuestionPanel).pose(self.session, follow_up is not None, above)

    def _follow_up(self) -> TurnView | None:
        """What was asked last on this question and waits for an answer; not the question itself. Once
        the question is closed only a challenge does."""
        question = self.session.question if self.session else None
        if question is None or self.phase == "finished":
            return None
        closed = self.phase == "closed"
        for turn in reversed(self.transcript.turns):
            if turn.role in ("question", "answer") or turn.question != question.id:
                return None
            if closed and turn.role != "challenge":
                return None
            if turn.role in ("pump", "prompt", "challenge", "hint"):
                return None if self.transcript.growing(turn.id) else turn
        return None

    def draw_note(self) -> None:
        level = self.session.confidence if self.session else 0
        note = [f"how sure: {wording.SURE[level]}"] if level else []
        if not self.saved:
            note.append("saving")
        elif self.area.text:
            note.append("draft kept")
        if self.transcript.below:
            note.insert(0, f"PgDn: {wording.count(self.transcript.below, 'line')} below")
        text = " · ".join(note)
        if text != self.area.border_subtitle:
            self.area.border_subtitle = text

    def draw_title(self) -> None:
        session, status = self.session, self.viva.status
        if session is None or session.question is None:
            self.query_one(TitleBar).tell("Viva · Interview", status.text)
            return
        question = session.question
        of = f" of {question.total}" if question.total else ""
        marks = "".join(
            {"covered": "●", "partial": "◐"}.get(p.verdict, "○") for p in session.points
        )
        where = f" · question {question.number}{of} {marks}"
        parts = [
            wording.minutes(session.elapsed),
            wording.usage(session.usage),
            "saved ✓" if self.saved else "saving",
        ]
        if session.minutes:
            parts[0] += f" of {session.minutes:.0f}"
        if status.stage != "ready" and status.text:
            parts[1] = status.text
        right = " · ".join(parts)
        # Of a long line the topic gives way: the number and the points are what one looks for.
        room = max(8, self.size.width - cell_len(where) - cell_len(right) - 3)
        topic = crop(one_line(question.topic or question.deck), room)
        self.query_one(TitleBar).tell(topic + where, right)

    def in_grace(self) -> bool:
        """Whether the dock has only just appeared, so that a stray key must not act on it."""
        return time.monotonic() - self._dock_since < self.viva.grace

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Of two actions on one key the one of the present phase acts; a lone one says why not."""
        name = str(parameters[0]) if action == "act" and parameters else action
        if action == "cancel":
            return self.phase == "working"
        found = next((a for a in actions.of("interview") if a.id == name), None)
        if found is None or actions.fits(found, self.phase):
            return True
        rival = any(
            other.keys == found.keys and actions.fits(other, self.phase)
            for other in actions.of("interview")
        )
        return not rival
