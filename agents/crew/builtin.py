"""The built-in tutor in the shape of a CrewAI model: it reads the request any model gets."""

from __future__ import annotations

from typing import Any

from crewai import BaseLLM
from crewai.events.types.llm_events import LLMCallType
from crewai.llms.base_llm import llm_call_context
from pydantic import BaseModel, PrivateAttr

from agents.briefs import (
    Cards,
    ClaimedPoint,
    Claims,
    ExplainBrief,
    JudgeBrief,
    QuizBrief,
    RecapBrief,
)
from agents.crew.prompting import unwrap
from agents.judgement import Grader, Judgement
from agents.judging import task_of
from agents.skills.explaining import explain
from agents.skills.quizzing import quiz
from agents.skills.recapping import write_recap


class BuiltinLLM(BaseLLM):
    """Runs the skill that a request asks for, in Python."""

    llm_type: str = "viva_builtin"
    _grader: Grader = PrivateAttr()
    _judged: tuple[tuple[str, str], Judgement] | None = PrivateAttr(default=None)

    def use(self, grader: Grader) -> BuiltinLLM:
        """Sets the grader that judges."""
        self._grader = grader
        return self

    def knows(self, brief: JudgeBrief, judgement: Judgement) -> None:
        """Hands in what the grader has already said about `brief`, so that it is not asked twice."""
        self._judged = (brief.answer, brief.ask), judgement

    def call(
        self,
        messages: Any,
        tools: Any = None,
        callbacks: Any = None,
        available_functions: Any = None,
        from_task: Any = None,
        from_agent: Any = None,
        response_model: type[BaseModel] | None = None,
    ) -> Any:
        with llm_call_context():
            self._emit_call_started_event(
                messages=messages, tools=tools, from_task=from_task, from_agent=from_agent
            )
            reply = self.run_skill(messages)
            fits = response_model is not None and isinstance(reply, response_model)
            out: Any = reply if fits else reply.model_dump_json()
            self._emit_call_completed_event(
                response=reply.model_dump_json(),
                call_type=LLMCallType.LLM_CALL,
                from_task=from_task,
                from_agent=from_agent,
                messages=messages,
                finish_reason="stop",
            )
            return out

    def run_skill(self, messages: Any) -> BaseModel:
        """The typed reply to the last request in `messages`."""
        agent, brief = unwrap(messages)
        match agent:
            case "quizzer":
                return quiz(QuizBrief.model_validate(brief))
            case "explainer":
                return explain(ExplainBrief.model_validate(brief))
            case "evaluator":
                return self._judge(JudgeBrief.model_validate(brief))
            case "cards":
                return Cards()
            case _:
                return write_recap(RecapBrief.model_validate(brief))

    def _judge(self, brief: JudgeBrief) -> Claims:
        known = self._judged
        if known is not None and known[0] == (brief.answer, brief.ask):
            judged = known[1]
        else:
            judged = self._grader.grade(task_of(brief))
        points = [ClaimedPoint(id=p.id, verdict=p.verdict, quote=p.quote) for p in judged.points]
        return Claims(points=points, misconceptions=[hit.id for hit in judged.errors])

    def supports_function_calling(self) -> bool:
        return True

    def get_context_window_size(self) -> int:
        return 1_000_000

    def get_input_tokens_count(
        self, messages: Any, tools: Any = None, response_model: Any = None
    ) -> int:
        return 0
