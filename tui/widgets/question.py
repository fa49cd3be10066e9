"""What is asked: the question above the conversation, what stands of it above the answer box."""

from __future__ import annotations

from agents.views import QuestionView, SessionView, TurnView
from tui import wording
from tui.literal import one_line
from tui.prose import Line, crop, formatted, literal, rule
from tui.widgets.page import MEASURE, Page

ROOMY = 30  # rows of a screen on which a question is never shortened


def question_lines(question: QuestionView, width: int, most: int = 0, note: str = "") -> list[Line]:
    """The wording and its choices over a rule with `note` (why it is asked) and its level.

    With `most` the wording takes at most that many lines.
    """
    measure = min(width, MEASURE)
    lines = literal(question.ask, measure, "strong", ((" ", "text"),))
    for option in question.options:
        lines += literal(option, measure, "text", (("   ", "text"),))
    if 0 < most < len(lines):
        whole = "".join(text for text, _ in lines[most - 1][1:])
        kept = crop(whole, measure - 3)
        if kept != whole:
            kept = kept.removesuffix("…").rpartition(" ")[0] or kept.removesuffix("…")
        last: Line = ((" ", "text"), (kept.rstrip() + " …", "strong"))
        lines = [*lines[: most - 1], last]
    facts = [one_line(question.stage), f"level {question.level}", _seen(question.seen)]
    lines.append(rule(one_line(note), width, " · ".join(filter(None, facts)), "dim"))
    return lines


def _seen(times: int) -> str:
    if not times:
        return "new"
    return "asked before" if times == 1 else f"asked {times} times"


def standing_lines(turn: TurnView, width: int) -> list[Line]:
    """A follow-up that waits for an answer: ``→ What does it cost?``; of a hint it says so."""
    text = turn.text.strip()
    if turn.role == "hint" and "hint" not in text[:20].lower():
        text = f"{wording.ROLES['hint']}: {text}"
    lines = formatted(text, width, ((" → ", "key"),), "strong")
    return [lines[0], *(((("   ", "text")), *line[1:]) for line in lines[1:])]


class Fitting(Page, can_focus=True):
    """As high as its lines, up to `most` of the screen's height; what is longer scrolls."""

    share = 3

    @property
    def most(self) -> int:
        return max(1, self.app.size.height // self.share)

    def on_resize(self) -> None:
        super().on_resize()
        self._fit()

    def _set_lines(self, lines: list[Line]) -> None:
        super()._set_lines(lines)
        self._fit()

    def _fit(self) -> None:
        wanted = max(1, min(len(self._page_lines), self.most))
        if self.styles.height is None or self.styles.height.value != wanted:
            self.styles.height = wanted


class QuestionPanel(Fitting):
    """The question, always in view; shortened once something else is asked or it is done."""

    measured = False  # its rule spans the screen

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._question: QuestionView | None = None
        self._short = 0
        self._note = ""

    def pose(self, session: SessionView | None, follow_up: bool = False, above: int = 0) -> None:
        """Draws what is asked, if it is something else than before.

        `follow_up` says that something about it is asked now; `above` counts the lines of the
        conversation over the view.
        """
        question = session.question if session else None
        done = session is not None and session.phase in ("closed", "finished")
        short = 1 if done else 2 if follow_up and self.app.size.height < ROOMY else 0
        why = question.why if question and not (done or follow_up) else ""
        note = f"▴ {wording.count(above, 'line')} above, PgUp" if above else why
        if (question, short, note) != (self._question, self._short, self._note):
            top = (question, short) != (self._question, self._short)
            self._question, self._short, self._note = question, short, note
            self.show(self._lines, top)

    def _lines(self, width: int) -> list[Line]:
        if self._question is None:
            return []
        return question_lines(self._question, width, self._short, self._note)


class Standing(Fitting, can_focus=False):
    """The follow-up that waits for an answer, right above the box; away while there is none."""

    share = 4

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._turn: TurnView | None = None
        self.display = False

    def stand(self, turn: TurnView | None) -> None:
        if turn != self._turn:
            self._turn = turn
            self.display = turn is not None
            if turn is not None:
                self.show(lambda width: standing_lines(turn, width))
