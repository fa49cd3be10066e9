"""The agents' roles, goals and task texts, read from `agents/prompts/*.yaml`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

PROMPTS = Path(__file__).resolve().parent.parent / "prompts"


@dataclass(frozen=True, slots=True)
class AgentPrompt:
    """One agent's prompt file. `version` is recorded with every event it leads to."""

    role: str
    goal: str
    backstory: str
    version: str
    tasks: dict[str, str]


@cache
def agent_prompt(name: str) -> AgentPrompt:
    """The prompt file of agent `name` (quizzer, explainer, evaluator, recap)."""
    data = yaml.safe_load((PROMPTS / f"{name}.yaml").read_text(encoding="utf-8"))
    return AgentPrompt(**data)
