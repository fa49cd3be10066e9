"""The three agents as the interview sees them, whichever model thinks for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from agents.briefs import ExplainBrief, QuizBrief, Recap, RecapBrief
from agents.judgement import Grader, Judgement, Task
from agents.skills.explaining import explain
from agents.skills.quizzing import quiz
from agents.skills.recapping import write_recap
from agents.views import UsageView

BUILTIN = "built-in tutor"

OnChunk = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Said:
    """Words an agent found. `model` and `prompt` say what made them, for the event."""

    text: str
    citations: tuple[str, ...] = ()
    model: str = BUILTIN
    prompt: str = ""


class Team(Protocol):
    """Quizzer, Explainer and Evaluator. Calls block; they never raise because of a model."""

    def quiz(self, brief: QuizBrief) -> Said: ...

    def explain(self, brief: ExplainBrief, on_chunk: OnChunk | None = None) -> Said: ...

    def judge(self, task: Task) -> Judgement: ...

    def recap(self, brief: RecapBrief) -> Recap: ...

    def usage(self) -> UsageView: ...

    def cancel(self) -> None:
        """Gives up on the model for the move being made; the built-in tutor makes it."""
        ...


class BuiltinTeam:
    """The built-in tutor without CrewAI in between: for one-shot commands, tests, and the seconds
    in which the engine is still loading CrewAI."""

    def __init__(self, grader: Grader) -> None:
        self._grader = grader

    def quiz(self, brief: QuizBrief) -> Said:
        return Said(quiz(brief).text)

    def explain(self, brief: ExplainBrief, on_chunk: OnChunk | None = None) -> Said:
        reply = explain(brief)
        return Said(reply.text, tuple(reply.citations))

    def judge(self, task: Task) -> Judgement:
        return self._grader.grade(task)

    def recap(self, brief: RecapBrief) -> Recap:
        return write_recap(brief)

    def usage(self) -> UsageView:
        return UsageView()

    def cancel(self) -> None:
        """Nothing to give up on."""
