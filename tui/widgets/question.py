"""The question being worked on, always in view above the conversation."""

from __future__ import annotations

from agents.views import QuestionView, SessionView
from tui.literal import one_line
from tui.prose import Line, crop, flow, literal, rule
from tui.widgets.page import Page


def question_lines(
    question: QuestionView, width: int, follow_up: str = "", done: bool = False
) -> list[Line]:
    """The wording, its choices, and the follow-up that stands or else why it is asked.

    Of a question that is `done` one line is enough.
    """
    seen = (
        f"asked {question.seen} times before"
        if question.seen > 1
        else "asked once before"
        if question.seen
        else "new"
    )
    stage = f"{one_line(question.stage)} · " if question.stage else ""
    lines: list[Line] = [
        rule(f"Question {question.number}", width, f"{stage}level {question.level} · {seen}")
    ]
    if done:
        return [*lines, ((" ", "text"), (crop(one_line(question.ask), width - 1), "text"))]
    lines += literal(question.ask, width, "text" if follow_up else "strong", ((" ", "text"),))
    for option in question.options:
        lines += literal(option, width, "text", (("   ", "text"),))
    if follow_up:
        lines += flow(one_line(follow_up), width, "strong", ((" → ", "key"),), (("   ", "text"),))
    elif question.why:
        lines.append(((" why: ", "dim"), (crop(one_line(question.why), width - 6), "dim")))
    return lines


class QuestionPanel(Page, can_focus=True):
    """Grows with the wording up to a third of the screen, then scrolls."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._question: QuestionView | None = None
        self._follow_up = ""
        self._done = False

    def pose(self, session: SessionView | None, follow_up: str = "") -> None:
        """Draws what is asked, if it is something else than before."""
        question = session.question if session else None
        done = session is not None and session.phase in ("closed", "finished")
        if (question, follow_up, done) == (self._question, self._follow_up, self._done):
            return
        self._question, self._follow_up, self._done = question, follow_up, done
        self.show(self._lines)

    def on_resize(self) -> None:
        super().on_resize()
        self._fit()

    def _set_lines(self, lines: list[Line]) -> None:
        super()._set_lines(lines)
        self._fit()

    def _fit(self) -> None:
        wanted = max(1, min(len(self._page_lines), self.app.size.height // 3))
        if self.styles.height is None or self.styles.height.value != wanted:
            self.styles.height = wanted

    def _lines(self, width: int) -> list[Line]:
        if self._question is None:
            return []
        return question_lines(self._question, width, self._follow_up, self._done)
