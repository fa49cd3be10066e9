"""The conversation: a page whose turns are laid out once, and whose last one may be growing."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import replace

from textual.geometry import Size
from textual.message import Message

from agents.views import JudgementView, TurnView
from tui.prose import BLANK, Line, Mark, plain
from tui.turns import quote_marks, turn_lines
from tui.widgets.page import MEASURE, Page

MOST = 120  # turns kept here; older ones are asked for again when scrolled to
FEWER = 60
FLUSH = 0.07  # seconds of a stream that are drawn at once, so that keys come in between


class _Entry:
    """A turn with its lines at the present width."""

    __slots__ = ("lines", "marks", "number", "turn")

    def __init__(self, turn: TurnView, number: int = 0) -> None:
        self.turn = turn
        self.number = number
        self.marks: tuple[Mark, ...] = ()
        self.lines: list[Line] = []


class Transcript(Page):
    """Turns by id, in order. `older` counts those before the first one that are not here."""

    class OlderWanted(Message):
        """The learner scrolled to the top, and there are older turns than `before`."""

        def __init__(self, before: str) -> None:
            super().__init__()
            self.before = before

    class Scrolled(Message):
        """Another part is in view; `below` tells how much waits."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.older = 0
        self._entries: list[_Entry] = []
        self._tops: list[int] = []
        self._height = 0
        self._live: set[str] = set()
        self._pending: list[tuple[str, str]] = []
        self._asked_before = ""
        self._asked = ""
        self._standing = ""
        self._rest = 0

    # ── content ───────────────────────────────────────────────────────────────────────────────

    def load(
        self, turns: Iterable[TurnView], older: int = 0, numbers: dict[str, int] | None = None
    ) -> None:
        """Replaces everything; the last turn comes into view."""
        self._entries = [_Entry(turn, (numbers or {}).get(turn.id, 0)) for turn in turns]
        self.older, self._live, self._asked_before = older, set(), ""
        self._pending.clear()
        for entry in self._entries:
            if entry.turn.judgement is not None:
                self._mark(entry.turn.question, entry.turn.judgement)
        self._lay_out_all()
        self._to_end()

    def leave_out(self, question: str, turn: str = "") -> None:
        """What `question` and `turn` say stands elsewhere: it is not drawn here."""
        if (question, turn) == (self._asked, self._standing):
            return
        turns = {self._standing, turn} - {""} if turn != self._standing else set()
        asked = {self._asked, question} if question != self._asked else set()
        self._asked, self._standing = question, turn
        changed = [
            n
            for n, e in enumerate(self._entries)
            if e.turn.id in turns or (e.turn.role == "question" and e.turn.question in asked)
        ]
        if changed:
            follow = self.at_end
            self._lay_out(changed[0])
            if follow:
                self._to_end()

    def put(self, turn: TurnView, live: bool = False, number: int = 0, replaces: str = "") -> None:
        """Adds `turn`, or puts it in the place of the one with its id or the id `replaces`.

        `live` says that more of its text is coming; `number` heads a question. What the learner has
        sent is shown even to one who had scrolled back.
        """
        follow = self.at_end or turn.speaker == "learner"
        self._flush()
        ids = {turn.id, replaces or turn.id}
        self._live -= ids
        if live:
            self._live.add(turn.id)
        at = self._place(ids)
        if at < 0:
            self._entries.append(_Entry(turn, number))
            at = len(self._entries) - 1
        else:
            self._entries[at].turn = turn
        if turn.judgement is not None:
            self._mark(turn.question, turn.judgement)
            at = min(at, self._first_marked(turn.question, at))
        self._lay_out(at)
        if follow:
            self._trim()
            self._to_end()

    def _place(self, ids: set[str]) -> int:
        """Where the last turn with one of these ids stands, -1 if there is none."""
        places = range(len(self._entries) - 1, -1, -1)
        return next((n for n in places if self._entries[n].turn.id in ids), -1)

    def _first_marked(self, question: str, default: int) -> int:
        """Where the first answer to `question` with marked words stands."""
        found = (n for n, e in enumerate(self._entries) if e.marks and e.turn.question == question)
        return next(found, default)

    def grow(self, turn: str, text: str) -> None:
        """More text of the live turn; drawn in bunches."""
        if turn not in self._live:
            return
        if not self._pending:
            self.set_timer(FLUSH, self._flush)
        self._pending.append((turn, text))

    def prepend(self, turns: Iterable[TurnView]) -> None:
        """Older turns before the first one; what is in view stays in view."""
        known = {entry.turn.id for entry in self._entries}
        fresh = [_Entry(turn) for turn in turns if turn.id not in known]
        if not fresh:
            self.older = 0
            return
        self.older = max(0, self.older - len(fresh))
        height = self._height
        self._entries = fresh + self._entries
        for entry in fresh:
            if entry.turn.judgement is not None:
                self._mark(entry.turn.question, entry.turn.judgement)
        self._lay_out(0, fresh=len(fresh))
        if self._is_asked(self._entries[len(fresh)]):
            self._lay_out(len(fresh))
        self.scroll_to(y=self.scroll_y + self._height - height, animate=False, force=True)

    def judge(self, question: str, judgement: JudgementView) -> None:
        """A verdict was overruled: the last judgement of `question` is shown as `judgement`."""
        for entry in reversed(self._entries):
            if entry.turn.judgement is not None and entry.turn.question == question:
                self.put(replace(entry.turn, judgement=judgement))
                return

    @property
    def turns(self) -> list[TurnView]:
        return [entry.turn for entry in self._entries]

    @property
    def at_end(self) -> bool:
        """Whether the view rests where the conversation left it, not where the learner scrolled."""
        return self.scroll_offset.y >= min(self._rest, self.max_scroll_y) - 1

    def _is_asked(self, entry: _Entry) -> bool:
        return entry.turn.role == "question" and entry.turn.question == self._asked

    def growing(self, turn: str) -> bool:
        """Whether more of the text of `turn` is coming."""
        return turn in self._live

    @property
    def above(self) -> int:
        """How many lines, of those that are here, stand above the view."""
        return self.scroll_offset.y

    @property
    def below(self) -> int:
        """How many lines wait below the view."""
        return max(0, self.max_scroll_y - self.scroll_offset.y)

    @property
    def text(self) -> str:
        return plain(line for entry in self._entries for line in entry.lines)

    def _mark(self, question: str, judgement: JudgementView) -> None:
        for entry in self._entries:
            if entry.turn.role == "answer" and entry.turn.question == question:
                entry.marks = quote_marks(entry.turn.text, judgement)

    # ── layout ────────────────────────────────────────────────────────────────────────────────

    def on_resize(self) -> None:
        follow = self.at_end
        super().on_resize()
        if follow and self._entries:
            self._to_end()

    def _rebuild(self) -> None:
        width = self.scrollable_content_region.width
        if width <= 0 or width == self._built_width:
            return
        follow = self.at_end or not self._built_width
        self._built_width = width
        self._lay_out_all()
        if follow:
            self._to_end()

    def _lay_out_all(self) -> None:
        self._built_width = self.scrollable_content_region.width
        self._lay_out(0)

    def _lay_out(self, first: int, fresh: int = 0) -> None:
        """Lays out the entries from `first` on; with `fresh` only that many, the others stay."""
        width = self._built_width
        if width <= 0:
            return
        last = first + fresh if fresh else len(self._entries)
        top = (
            self._tops[first]
            if first < len(self._tops) and not fresh
            else (0 if not first else self._height)
        )
        for number in range(first, last):
            entry = self._entries[number]
            live = entry.turn.id in self._live
            entry.lines = turn_lines(
                entry.turn, min(width, MEASURE), entry.marks, entry.number, live
            )
            if self._is_asked(entry):
                # Only the line that parts it from what was before it.
                entry.lines = [entry.lines[0], BLANK] if number else []
            elif entry.turn.id == self._standing:
                entry.lines = []
        del self._tops[first:]
        for entry in self._entries[first:]:
            self._tops.append(top)
            top += len(entry.lines)
        start = self._tops[first] if first < len(self._tops) else 0
        for row in [row for row in self._strips if row >= start]:
            del self._strips[row]
        if top != self._height:
            self._height = top
            self.virtual_size = Size(width, top)
        self.refresh()

    def _flush(self) -> None:
        grown: dict[str, str] = {}
        for turn, text in self._pending:
            grown[turn] = grown.get(turn, "") + text
        self._pending.clear()
        follow = self.at_end
        for number in range(len(self._entries) - 1, -1, -1):
            if not grown:
                break
            entry = self._entries[number]
            if text := grown.pop(entry.turn.id, ""):
                entry.turn = replace(entry.turn, text=entry.turn.text + text)
                if number == len(self._entries) - 1 and self._built_width > 0:
                    self._grow_lines(entry)
                else:
                    self._lay_out(number)
        if follow:
            self._to_end()

    def _grow_lines(self, entry: _Entry) -> None:
        """Lays the last turn out again and redraws only the lines that changed."""
        old = entry.lines
        entry.lines = turn_lines(entry.turn, min(self._built_width, MEASURE), (), 0, live=True)
        same = 0
        while same < min(len(old), len(entry.lines)) and old[same] == entry.lines[same]:
            same += 1
        top = self._tops[-1]
        for row in range(top + same, top + max(len(old), len(entry.lines))):
            self._strips.pop(row, None)
        if len(entry.lines) != len(old):
            self._height = top + len(entry.lines)
            self.virtual_size = Size(self._built_width, self._height)
            return
        shift = self.scroll_offset.y
        self.refresh_lines(max(0, top + same - shift), len(entry.lines) - same)

    def _to_end(self) -> None:
        """To the last line, but not past the head of the last verdict: it is read first.

        The view begins with the head of a turn where that costs few blank lines below, or else of a
        point; a question begins with a clean sheet.
        """
        view = self.scrollable_content_region.height
        rest = max(0, self._height - view, self._begin_of_question())
        for entry, top in list(zip(self._entries, self._tops, strict=False))[-2:]:
            if entry.turn.judgement is not None:
                rest = min(rest, top)
        if self._live:
            rest = max(rest, min(self._rest, self._height))
        else:
            head = next((top for top in self._tops if top >= rest), rest)
            rest = head if head - rest <= view // 3 else self._begin_of_point(rest)
        self._rest = rest
        self.virtual_size = Size(self._built_width, max(self._height, rest + view))
        self.scroll_to(y=rest, animate=False, force=True, immediate=True)
        self.call_after_refresh(self.post_message, self.Scrolled())

    def _begin_of_question(self) -> int:
        for number in range(len(self._tops) - 1, -1, -1):
            if self._is_asked(self._entries[number]):
                return self._tops[number] + len(self._entries[number].lines)
        return 0

    def _begin_of_point(self, row: int) -> int:
        """The first of the next lines that does not hang under another one, or `row`."""
        for near in range(row, row + 4):
            line = self.line_at(near)
            if line and line[0][0].strip():
                return near
        return row

    def _trim(self) -> None:
        if len(self._entries) <= MOST:
            return
        gone = len(self._entries) - FEWER
        self.older += gone
        del self._entries[:gone]
        self._tops.clear()
        self._strips.clear()
        top = 0
        for entry in self._entries:
            self._tops.append(top)
            top += len(entry.lines)
        self._height = top
        self.virtual_size = Size(self._built_width, top)

    def line_at(self, y: int) -> Line | None:
        if not 0 <= y < self._height:
            return None
        number = bisect_right(self._tops, y) - 1
        return self._entries[number].lines[y - self._tops[number]]

    def watch_show_vertical_scrollbar(self, shown: bool) -> None:
        """A bar that has just appeared was not told where the view stands."""
        if shown:
            self.vertical_scrollbar.position = self.scroll_y

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        if round(old_value) != round(new_value):
            self.post_message(self.Scrolled())
        if new_value <= 2 < old_value and self.older and self._entries:
            before = self._entries[0].turn.id
            if before != self._asked_before:
                self._asked_before = before
                self.post_message(self.OlderWanted(before))
