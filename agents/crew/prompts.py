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
def agent_prompt(name: str, version: str = "") -> AgentPrompt:
    """The prompt of agent `name` (quizzer, explainer, evaluator, recap, cards): the one in use, in
    ``NAME.yaml``, or that of `version`, which may stand beside it in another ``NAME*.yaml`` to be
    compared. Raises `LookupError` if no file has that version."""
    used = PROMPTS / f"{name}.yaml"
    for path in [used] if not version else [used, *sorted(PROMPTS.glob(f"{name}*.yaml"))]:
        prompt = AgentPrompt(**yaml.safe_load(path.read_text(encoding="utf-8")))
        if version in ("", prompt.version):
            return prompt
    raise LookupError(version)
