"""The configured model first, the built-in tutor on any failure: what CrewAI's agents think with."""

from __future__ import annotations

from typing import Any

from crewai import BaseLLM
from pydantic import BaseModel, PrivateAttr

from agents.crew.builtin import BuiltinLLM
from agents.crew.channel import Channel
from agents.crew.job import Job, current_job


class ResilientLLM(BaseLLM):
    """Asks `channel` while its circuit is closed; otherwise, and on any failure, runs the built-in
    skill. The current job learns who answered."""

    llm_type: str = "viva_resilient"
    _channel: Channel | None = PrivateAttr(default=None)
    _fallback: BuiltinLLM = PrivateAttr()

    def use(self, channel: Channel | None, fallback: BuiltinLLM) -> ResilientLLM:
        """Sets the model, None for the built-in tutor alone."""
        self._channel, self._fallback = channel, fallback
        return self

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
        arguments = {
            "tools": tools,
            "callbacks": callbacks,
            "available_functions": available_functions,
            "from_task": from_task,
            "from_agent": from_agent,
            "response_model": response_model,
        }
        job = current_job() or Job("", "")
        job.answered_by = ""
        channel = None if job.builtin else self._channel
        if channel is not None and channel.breaker.closed:
            try:
                return channel.ask(messages, arguments, job)
            except Exception:  # reported by the channel; no failure of a model ends a session
                job.answered_by = ""
        return self._fallback.call(messages, **arguments)

    def supports_function_calling(self) -> bool:
        return True

    def get_context_window_size(self) -> int:
        return 1_000_000

    def get_input_tokens_count(
        self, messages: Any, tools: Any = None, response_model: Any = None
    ) -> int:
        return len(str(messages)) // 4
