"""Which model is configured, and CrewAI's client for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class ModelConfig:
    """A configured model. `model` is ``provider/name``; keys come from the environment only."""

    model: str
    base_url: str = ""
    timeout: float = 20.0
    temperature: float = 0.3

    def make_llm(self) -> Any:
        """CrewAI's client. Raises `ImportError` when the provider's extra is missing."""
        from crewai import LLM

        options: dict[str, Any] = {"timeout": self.timeout, "max_retries": 0}
        if self.base_url:
            options["base_url"] = self.base_url
            if self.model.startswith("openai/"):
                import os

                options["api_key"] = os.environ.get("OPENAI_API_KEY") or "none"
        return LLM(model=self.model, temperature=self.temperature, **options)
