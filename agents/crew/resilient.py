"""The configured model first, the built-in tutor on any failure: one object for all three agents."""

from __future__ import annotations

import contextvars
import json
import logging
import threading
import time
from collections.abc import Callable
from typing import Any

import json_repair
from crewai import BaseLLM
from pydantic import BaseModel, PrivateAttr

from agents.crew.builtin import BuiltinLLM

log = logging.getLogger("viva.model")

RETRY_AFTER = 30.0
"""Seconds the circuit stays open after a failure, doubled with each further one, at most 16 times."""


class Cancelled(Exception):
    """The learner gave up on the model for this move."""


class Slow(Exception):
    """No reply within the deadline."""


class ResilientLLM(BaseLLM):
    """Tries `primary`; repairs a malformed reply once; falls back to the built-in skill.

    A call runs in a thread of its own that is abandoned at the deadline or on `cancel`, because a
    hanging HTTP request cannot be stopped. After a failure the circuit opens for `RETRY_AFTER`.
    """

    llm_type: str = "viva_resilient"
    deadline: float = 20.0
    _primary: Any = PrivateAttr(default=None)
    _fallback: Any = PrivateAttr(default=None)
    _cancelled: threading.Event = PrivateAttr(default_factory=threading.Event)
    _open_until: float = PrivateAttr(default=0.0)
    _failures: int = PrivateAttr(default=0)
    _answered_by: threading.local = PrivateAttr(default_factory=threading.local)
    _on_trouble: Any = PrivateAttr(default=None)

    def use(
        self,
        primary: BaseLLM | None,
        fallback: BuiltinLLM,
        on_trouble: Callable[[str], None] | None = None,
    ) -> ResilientLLM:
        """Sets the models; `on_trouble` is told in one line why the built-in tutor stands in, and
        gets an empty line when the model is back."""
        self._primary, self._fallback, self._on_trouble = primary, fallback, on_trouble
        return self

    @property
    def live(self) -> bool:
        """Whether the next call will try the model."""
        return self._primary is not None and time.monotonic() >= self._open_until

    @property
    def answered_by(self) -> str:
        """Which model made the last reply in this thread, empty for the built-in tutor."""
        return getattr(self._answered_by, "name", "")

    def cancel(self) -> None:
        self._cancelled.set()

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
        self._answered_by.name = ""
        if self.live:
            try:
                reply = self._bounded(lambda: self._ask_primary(messages, arguments))
                self._succeeded()
                return reply
            except Cancelled:
                self._report("cancelled, the built-in tutor goes on")
            except Exception as error:  # any provider error degrades, none ends a session
                self._failed(error)
        return self._fallback.call(messages, **arguments)

    def _ask_primary(self, messages: Any, arguments: dict[str, Any]) -> Any:
        wanted = arguments["response_model"]
        if wanted is None:
            return _non_empty(self._primary.call(messages, **arguments))
        try:
            reply = self._primary.call(messages, **arguments)
        except ValueError:  # the client's own validation: the reply was not of the schema
            reply = None
        parsed = parse_reply(reply, wanted)
        if parsed is not None:
            return parsed
        schema = json.dumps(wanted.model_json_schema())
        again = [
            *messages,
            {
                "role": "user",
                "content": f"Reply with one JSON object only, of this schema: {schema}",
            },
        ]
        reply = self._primary.call(again, from_agent=arguments["from_agent"])
        parsed = parse_reply(reply, wanted)
        if parsed is None:
            raise ValueError("the reply is not of the asked form")
        return parsed

    def _bounded(self, work: Callable[[], Any]) -> Any:
        box: list[tuple[bool, Any]] = []
        done = threading.Event()
        context = contextvars.copy_context()
        self._cancelled.clear()

        def run() -> None:
            try:
                box.append((True, context.run(work)))
            except BaseException as error:  # handed to the waiting thread
                box.append((False, error))
            done.set()

        threading.Thread(target=run, daemon=True, name="model-call").start()
        end = time.monotonic() + self.deadline
        while not done.wait(0.02):
            if self._cancelled.is_set():
                raise Cancelled
            if time.monotonic() > end:
                raise Slow(f"no reply within {self.deadline:g} s")
        ok, value = box[0]
        if not ok:
            raise value
        return value

    def _succeeded(self) -> None:
        if self._failures:
            self._report("")
        self._failures = 0
        self._answered_by.name = str(self._primary.model)

    def _failed(self, error: Exception) -> None:
        self._failures += 1
        self._open_until = time.monotonic() + RETRY_AFTER * min(16, 2 ** (self._failures - 1))
        log.warning("model call failed: %s", type(error).__name__)
        self._report(f"{describe(error)}; the built-in tutor stands in")

    def _report(self, text: str) -> None:
        if self._on_trouble is not None:
            self._on_trouble(text)

    def supports_function_calling(self) -> bool:
        return bool(self._primary.supports_function_calling()) if self.live else True

    def get_context_window_size(self) -> int:
        return self._primary.get_context_window_size() if self._primary else 1_000_000

    def get_input_tokens_count(
        self, messages: Any, tools: Any = None, response_model: Any = None
    ) -> int:
        return len(str(messages)) // 4

    def get_token_usage_summary(self) -> Any:
        source = self._primary or super()
        return source.get_token_usage_summary()


def parse_reply(reply: Any, wanted: type[BaseModel]) -> BaseModel | None:
    """`reply` (an instance, or text with JSON somewhere in it) as `wanted`; None if it is not."""
    if isinstance(reply, wanted):
        return reply
    if not isinstance(reply, str) or "{" not in reply:
        return None
    try:
        return wanted.model_validate(json_repair.loads(reply[reply.index("{") :]))
    except ValueError:
        return None


def _non_empty(reply: Any) -> Any:
    if not reply:
        raise ValueError("empty reply")
    return reply


def describe(error: Exception) -> str:
    """One line about a failure, without keys, prompts or replies in it."""
    status = getattr(error, "status_code", None)
    names = {401: "the model refused the key", 403: "the model refused the key"}
    names |= {404: "no such model at the server", 429: "the model is busy (rate limit)"}
    if isinstance(status, int):
        return names.get(status, f"the model's server answered {status}")
    if isinstance(error, Slow):
        return str(error)
    name = type(error).__name__
    if "Timeout" in name:
        return "the model did not answer in time"
    if "Connection" in name:
        return "the model's server cannot be reached"
    return "the model's reply could not be used"
