"""Quizzer, Explainer and Evaluator as CrewAI agents."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

from agents.briefs import (
    CardDraft,
    Cards,
    CardsBrief,
    Claims,
    ExplainBrief,
    Explanation,
    QuizBrief,
    Recap,
    RecapBrief,
    Words,
)
from agents.cache import cache_key
from agents.checks import fits_explanation, fits_quiz
from agents.crew.job import Allowance, Job, doing
from agents.crew.prompting import shortened, whole, wrap
from agents.crew.prompts import agent_prompt
from agents.crew.quiet import import_crewai
from agents.judgement import Grader, Judgement, Task
from agents.judging import brief_of, reconcile
from agents.models import ModelConfig, Role
from agents.redact import redact
from agents.skills.explaining import explain
from agents.skills.quizzing import quiz
from agents.skills.recapping import write_recap
from agents.speech import spoken
from agents.streaming import TextStream, Wordwise
from agents.team import OnChunk, Said
from agents.usage import Budget, Use
from agents.views import UsageView

log = logging.getLogger("viva.team")

Reply = TypeVar("Reply", bound=BaseModel)

TALK_CALLS = 5
"""Calls of one free conversation turn: each tool used costs one."""

ROLE_OF: Mapping[str, Role] = {
    "quizzer": "quizzer",
    "evaluator": "evaluator",
    "explainer": "explainer",
    "conversation": "explainer",
    "recap": "explainer",
    "cards": "quizzer",
}


class CrewTeam:
    """The team behind CrewAI. Building it imports CrewAI (3 to 4 s): do it off the first frame.

    `search` and `recall` are the Explainer's two read-only tools, (query) -> JSON text. `trusted`
    says of a model and a prompt version whether its verdicts count or only its words are used.
    `prompts` names versions other than those in use, by agent (`LookupError` if there is none such).
    """

    def __init__(
        self,
        home: Path,
        grader: Grader,
        models: Mapping[Role, ModelConfig],
        search: Callable[[str], str],
        recall: Callable[[str], str],
        on_trouble: Callable[[str], None] | None = None,
        budget: Budget | None = None,
        trusted: Callable[[str, str], bool] = lambda model, prompt: True,
        prompts: Mapping[str, str] | None = None,
    ) -> None:
        import_crewai(home)
        from agents.crew.builtin import BuiltinLLM
        from agents.crew.resilient import ResilientLLM
        from agents.crew.staff import Staff
        from agents.crew.tools import make_tools

        self._grader = grader
        self._trusted = trusted
        self._builtin = BuiltinLLM(model="viva/built-in").use(grader)
        self.staff = Staff(home, models, budget or Budget(), on_trouble or (lambda text: None))
        self._llms = {
            role: ResilientLLM(model=f"viva/{role}").use(self.staff.channel(role), self._builtin)
            for role in dict.fromkeys(ROLE_OF.values())
        }
        self._prompts = {
            name: agent_prompt(_prompt_of(name), (prompts or {}).get(name, "")) for name in ROLE_OF
        }
        self._agents: dict[str, Any] = {
            name: self._agent(name, make_tools(search, recall) if name == "conversation" else [])
            for name in ROLE_OF
        }
        self._turn = Allowance()
        self.staff.warm_up()
        judge = self.staff.channel("evaluator")
        if on_trouble is not None and judge is not None and not self._judges(judge.name):
            on_trouble(f"{judge.name} judges worse than the built-in grader: used for wording only")

    def _agent(self, name: str, tools: list[Any]) -> Any:
        from crewai import Agent

        prompt = self._prompts[name]
        return Agent(
            role=prompt.role,
            goal=prompt.goal,
            backstory=prompt.backstory,
            llm=self._llms[ROLE_OF[name]],
            tools=tools,
            verbose=False,
            allow_delegation=False,
            respect_context_window=False,
            max_iter=4,
        )

    # ── The turn ─────────────────────────────────────────────────────────────────────────────────

    @property
    def live(self) -> bool:
        return self.staff.ready("quizzer")

    def begin_turn(self, session: str) -> None:
        self._turn = Allowance()
        self.staff.session = session

    def usage(self) -> UsageView:
        return self.staff.usage()

    def cancel(self) -> None:
        self._turn.ended = True
        self.staff.cancel()

    def close(self) -> None:
        self.staff.cancel()
        self.staff.close()

    # ── The agents ───────────────────────────────────────────────────────────────────────────────

    def quiz(self, brief: QuizBrief, ahead: bool = False) -> Said:
        job = self._job("quizzer", brief.task, Allowance() if ahead else self._turn)
        job.ahead = ahead
        reply = self._ask(job, brief, Words, lambda words: fits_quiz(spoken(words.text), brief))
        if reply is None:
            return Said(quiz(brief).text)
        return Said(spoken(reply.text), model=job.answered_by, prompt=job.prompt)

    def explain(self, brief: ExplainBrief, on_chunk: OnChunk | None = None) -> Said:
        if brief.task == "tell":
            # The point stands in the deck: a model could only say it less exactly.
            return _builtin_explanation(brief)
        if brief.task == "converse" and self.staff.ready("explainer"):
            return self._converse(brief, on_chunk)
        job = self._job("explainer", brief.task, self._turn)
        words = Wordwise(on_chunk or _nowhere, lambda text: spoken(text, strip=False))
        if on_chunk is not None and not brief.hidden:
            # With points still open nothing is shown before code has looked at the whole.
            job.on_piece = TextStream(words.feed).feed
        reply = self._ask(
            job, brief, Explanation, lambda e: fits_explanation(spoken(e.text), brief)
        )
        if reply is None:
            return _builtin_explanation(brief)
        words.finish()
        return _explained(job, brief, reply.text, reply.citations)

    def _converse(self, brief: ExplainBrief, on_chunk: OnChunk | None) -> Said:
        job = self._job("conversation", brief.task, Allowance(TALK_CALLS))
        words = Wordwise(on_chunk or _nowhere, lambda text: spoken(text, strip=False))
        job.on_piece = words.feed if on_chunk is not None else None
        said = self._kickoff(job, self._wrapped(job, shortened(brief)), None)
        text = said if isinstance(said, str) else ""
        fits = bool(job.answered_by) and fits_explanation(spoken(text), brief)
        self._looked_at(job, fits)
        if not fits:
            return _builtin_explanation(brief)
        words.finish()
        cited = [item.id for item in brief.evidence if f"[{item.id}]" in text]
        for name in cited:
            text = text.replace(f"[{name}]", "")
        return _explained(job, brief, text, cited)

    def judge(self, task: Task) -> Judgement:
        own = self._grader.grade(task)
        if not task.points or not any(turn.strip() for turn in task.turns):
            return own
        channel = self.staff.channel("evaluator")
        if channel is not None and not self._judges(channel.name):
            return own
        self._builtin.knows(brief_of(task), own)
        job = self._job("evaluator", "judge", self._turn)
        claims = self._claims(task, job)
        if claims is None:
            return own
        return reconcile(task, own, claims, job.answered_by, job.prompt)

    def _judges(self, model: str) -> bool:
        return self._trusted(model, self.prompt_of("evaluator"))

    def claims(self, task: Task) -> Claims | None:
        """The model's own verdicts, unchecked, None if it gave none; for the scorecard."""
        job = self._job("evaluator", "judge", Allowance())
        job.fresh = True
        return self._claims(task, job)

    def _claims(self, task: Task, job: Job) -> Claims | None:
        known = {point.id for point in task.points}
        return self._ask(
            job, brief_of(task), Claims, lambda c: bool(known & {p.id for p in c.points})
        )

    def prompt_of(self, agent: str) -> str:
        """The version of an agent's prompt."""
        return self._prompts[agent].version

    def recap(self, brief: RecapBrief) -> Recap:
        known = {fact.id for fact in brief.facts}
        job = self._job("recap", "recap", Allowance())
        reply = self._ask(job, brief, Recap, lambda r: bool(_founded(r, known)))
        kept = _founded(reply, known) if reply is not None else []
        return Recap(sentences=kept) if kept else write_recap(brief)

    def cards(self, brief: CardsBrief) -> tuple[CardDraft, ...]:
        if not self.staff.ready("quizzer"):
            return ()
        reply = self._ask(self._job("cards", "cards", Allowance()), brief, Cards, lambda c: True)
        return tuple(reply.cards) if reply is not None else ()

    # ── One request ──────────────────────────────────────────────────────────────────────────────

    def _job(self, agent: str, task: str, allowance: Allowance) -> Job:
        return Job(agent, task, self.prompt_of(agent), self.staff.session, allowance)

    def _ask(
        self, job: Job, brief: BaseModel, wanted: type[Reply], fits: Callable[[Reply], bool]
    ) -> Reply | None:
        """A model's reply that fits, from the cache or the model; None if the built-in skill has to
        make it (with the whole brief, which a model does not get)."""
        role = ROLE_OF[job.agent]
        channel = self.staff.channel(role)
        if channel is None or job.allowance.ended or not self.staff.ready(role):
            job.builtin = True
            self._kickoff(job, self._wrapped(job, whole(brief)), wanted)
            return None
        text = self._wrapped(job, shortened(brief))
        key = cache_key(job.prompt, channel.name, wanted.__name__, text)
        stored = None if job.fresh else self.staff.cache.get(key)
        if stored is not None:
            job.answered_by = channel.name
            self._hit(job)
            return wanted.model_validate_json(stored)
        reply = self._kickoff(job, text, wanted)
        if not job.answered_by or not isinstance(reply, wanted):
            return None
        fit = fits(reply)
        self._looked_at(job, fit)
        if not fit:
            return None
        # A reply may hold what must not be kept: a model can be made to say the key it was called with.
        self.staff.cache.put(key, redact(reply.model_dump_json()))
        return reply

    def _wrapped(self, job: Job, data: dict[str, Any]) -> str:
        """The prompt: the instruction of the job's task, and the brief's `data`."""
        return wrap(_prompt_of(job.agent), data, self._prompts[job.agent].tasks[job.task])

    def _kickoff(self, job: Job, text: str, wanted: type[BaseModel] | None) -> Any:
        """One agent's reply: of the type `wanted`, or its text; None if CrewAI itself failed."""
        try:
            with doing(job):
                result = self._agents[job.agent].kickoff(text, response_format=wanted)
        except Exception as error:  # CrewAI's own faults must not end a session
            log.warning("agent %s failed: %s", job.agent, type(error).__name__)
            return None
        return result.raw if wanted is None else result.pydantic

    def _looked_at(self, job: Job, fits: bool) -> None:
        channel = self.staff.channel(ROLE_OF[job.agent])
        if channel is not None and job.answered_by:
            channel.fitting(fits)

    def _hit(self, job: Job) -> None:
        self.staff.add(
            Use(
                at=self.staff.log.clock(),
                session=job.session,
                agent=job.agent,
                task=job.task,
                model=job.answered_by,
                prompt=job.prompt,
                outcome="cache",
                calls=0,
            )
        )


def _nowhere(text: str) -> None:
    """Where words go that nobody watches."""


def _prompt_of(agent: str) -> str:
    return "explainer" if agent == "conversation" else agent


def _builtin_explanation(brief: ExplainBrief) -> Said:
    reply = explain(brief)
    return Said(reply.text, tuple(reply.citations))


def _explained(job: Job, brief: ExplainBrief, text: str, citations: list[str]) -> Said:
    known = {item.id for item in brief.evidence}
    kept = tuple(name for name in citations if name in known)
    return Said(spoken(text), kept, job.answered_by, job.prompt)


def _founded(recap: Recap, known: set[str]) -> list[Any]:
    """The sentences that rest on known facts, cleaned."""
    return [
        sentence.model_copy(update={"text": spoken(sentence.text)})
        for sentence in recap.sentences
        if sentence.events and set(sentence.events) <= known and spoken(sentence.text)
    ]
