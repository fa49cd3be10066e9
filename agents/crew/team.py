"""Quizzer, Explainer and Evaluator as CrewAI agents."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

from agents.briefs import (
    Claims,
    ExplainBrief,
    Explanation,
    QuizBrief,
    Recap,
    RecapBrief,
    Words,
)
from agents.checks import fits_explanation, fits_quiz
from agents.crew.prompts import agent_prompt
from agents.crew.quiet import import_crewai
from agents.judgement import Grader, Judgement, Task
from agents.judging import brief_of, reconcile
from agents.models import ModelConfig
from agents.skills.explaining import explain
from agents.skills.quizzing import quiz
from agents.skills.recapping import write_recap
from agents.team import BUILTIN, OnChunk, Said
from agents.views import UsageView

log = logging.getLogger("viva.team")

Reply = TypeVar("Reply", bound=BaseModel)


class CrewTeam:
    """The team behind CrewAI. Building it imports CrewAI (3 to 4 s): do it off the first frame.

    `search` and `recall` are the Explainer's two read-only tools, (query) -> JSON text.
    """

    def __init__(
        self,
        home: Path,
        grader: Grader,
        config: ModelConfig | None,
        search: Callable[[str], str],
        recall: Callable[[str], str],
        on_trouble: Callable[[str], None] | None = None,
    ) -> None:
        import_crewai(home)
        from agents.crew.builtin import BuiltinLLM
        from agents.crew.resilient import ResilientLLM
        from agents.crew.tools import make_tools

        self._grader = grader
        self._trouble = ""
        self._tell = on_trouble or (lambda text: None)
        builtin = BuiltinLLM(model="viva/built-in").use(grader)
        primary = config.make_llm() if config else None
        deadline = config.timeout if config else 20.0
        self._model = config.model if config else ""
        self._llm = ResilientLLM(model="viva/resilient", deadline=deadline).use(
            primary, builtin, self._on_trouble
        )
        tools = make_tools(search, recall)
        self._agents: dict[str, Any] = {
            "quizzer": self._agent("quizzer"),
            "evaluator": self._agent("evaluator"),
            "explainer": self._agent("explainer"),
            "conversation": self._agent("explainer", tools),
            "recap": self._agent("recap"),
        }

    def _agent(self, name: str, tools: list[Any] | None = None) -> Any:
        from crewai import Agent

        prompt = agent_prompt(name)
        return Agent(
            role=prompt.role,
            goal=prompt.goal,
            backstory=prompt.backstory,
            llm=self._llm,
            tools=tools or [],
            verbose=False,
            allow_delegation=False,
            respect_context_window=False,
            max_iter=4,
        )

    def _kickoff(self, agent: str, task: str, brief: BaseModel, reply: type[Reply]) -> Reply | None:
        """One agent's reply, None if CrewAI itself failed or returned nothing of the type."""
        from agents.crew.builtin import wrap

        name = "explainer" if agent == "conversation" else agent
        text = wrap(name, brief, agent_prompt(name).tasks[task])
        try:
            result = self._agents[agent].kickoff(text, response_format=reply)
        except Exception as error:  # CrewAI's own faults must not end a session
            log.warning("agent %s failed: %s", agent, type(error).__name__)
            return None
        parsed = result.pydantic
        return parsed if isinstance(parsed, reply) else None

    def _said(self, agent: str, text: str, citations: tuple[str, ...] = ()) -> Said:
        model = self._llm.answered_by
        return Said(text, citations, model or BUILTIN, agent_prompt(agent).version if model else "")

    def quiz(self, brief: QuizBrief) -> Said:
        reply = self._kickoff("quizzer", brief.task, brief, Words)
        if reply is None or (self._llm.answered_by and not fits_quiz(reply.text, brief)):
            return Said(quiz(brief).text)
        return self._said("quizzer", reply.text)

    def explain(self, brief: ExplainBrief, on_chunk: OnChunk | None = None) -> Said:
        known = {item.id for item in brief.evidence}
        agent = "conversation" if brief.task == "converse" and self._llm.live else "explainer"
        reply = self._kickoff(agent, brief.task, brief, Explanation)
        if reply is None or (self._llm.answered_by and not fits_explanation(reply.text, brief)):
            reply = explain(brief)
            return Said(reply.text, tuple(reply.citations))
        return self._said("explainer", reply.text, tuple(c for c in reply.citations if c in known))

    def judge(self, task: Task) -> Judgement:
        own = self._grader.grade(task)
        if not task.points or not any(turn.strip() for turn in task.turns):
            return own
        claims = self._kickoff("evaluator", "judge", brief_of(task), Claims)
        model = self._llm.answered_by
        if claims is None or not model:
            return own
        return reconcile(task, own, claims, f"{model} with {own.grader}")

    def recap(self, brief: RecapBrief) -> Recap:
        known = {fact.id for fact in brief.facts}
        reply = self._kickoff("recap", "recap", brief, Recap)
        kept = [
            s for s in (reply.sentences if reply else []) if s.events and set(s.events) <= known
        ]
        return Recap(sentences=kept) if kept else write_recap(brief)

    def usage(self) -> UsageView:
        summary = self._llm.get_token_usage_summary()
        tokens = int(getattr(summary, "total_tokens", 0) or 0)
        return UsageView(model=self._model, tokens=tokens, degraded=self._trouble)

    def cancel(self) -> None:
        self._llm.cancel()

    def _on_trouble(self, text: str) -> None:
        self._trouble = text
        self._tell(text)
