"""The three agents as the interview sees them, whichever model thinks for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from agents.views import UsageView

if TYPE_CHECKING:
    from agents.briefs import CardDraft, CardsBrief, ExplainBrief, QuizBrief, Recap, RecapBrief
    from agents.judgement import Grader, Judgement, Task

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

    @property
    def live(self) -> bool:
        """Whether a model would be asked for the next words, so that preparing them pays."""
        ...

    def begin_turn(self, session: str) -> None:
        """The learner has acted in `session`: a new turn with its own calls and deadline."""
        ...

    def quiz(self, brief: QuizBrief, ahead: bool = False) -> Said:
        """Words for a question or follow-up; `ahead` if nobody waits for them yet."""
        ...

    def explain(self, brief: ExplainBrief, on_chunk: OnChunk | None = None) -> Said:
        """An explanation. `on_chunk` gets its text as it is written, where a model writes it."""
        ...

    def judge(self, task: Task) -> Judgement: ...

    def recap(self, brief: RecapBrief) -> Recap: ...

    def cards(self, brief: CardsBrief) -> tuple[CardDraft, ...]:
        """Cards that a model writes for a passage, unchecked; none without a model."""
        ...

    def usage(self) -> UsageView:
        """What the current session has used."""
        ...

    def cancel(self) -> None:
        """Gives up on the model for the move being made; the built-in tutor makes it."""
        ...

    def close(self) -> None:
        """Closes what the team holds open."""
        ...


class BuiltinTeam:
    """The built-in tutor without CrewAI in between: for one-shot commands, tests, and the seconds
    in which the engine is still loading CrewAI. Its skills are imported when they are asked for."""

    live = False

    def __init__(self, grader: Grader) -> None:
        self._grader = grader

    def begin_turn(self, session: str) -> None:
        """Nothing to count."""

    def quiz(self, brief: QuizBrief, ahead: bool = False) -> Said:
        from agents.skills.quizzing import quiz

        return Said(quiz(brief).text)

    def explain(self, brief: ExplainBrief, on_chunk: OnChunk | None = None) -> Said:
        from agents.skills.explaining import explain

        reply = explain(brief)
        return Said(reply.text, tuple(reply.citations))

    def judge(self, task: Task) -> Judgement:
        return self._grader.grade(task)

    def recap(self, brief: RecapBrief) -> Recap:
        from agents.skills.recapping import write_recap

        return write_recap(brief)

    def cards(self, brief: CardsBrief) -> tuple[CardDraft, ...]:
        return ()

    def usage(self) -> UsageView:
        return UsageView()

    def cancel(self) -> None:
        """Nothing to give up on."""

    def close(self) -> None:
        """Nothing to close."""
