"""One configured model: its client, its deadline, its circuit breaker and its way of giving JSON."""

from __future__ import annotations

import contextlib
import contextvars
import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from crewai.events import crewai_event_bus
from crewai.events.types.llm_events import LLMStreamChunkEvent
from crewai.llms.base_llm import call_stream_override
from pydantic import BaseModel

from agents.crew.breaker import Breaker
from agents.crew.job import Job, current_job
from agents.crew.replies import parse_reply, schema_request
from agents.crew.troubles import (
    Cancelled,
    Malformed,
    Slow,
    Spent,
    cut_off,
    describe,
    kind_of,
    retry_after,
    status_of,
)
from agents.models import PROVIDERS, ModelConfig
from agents.prices import FREE, price_of
from agents.usage import Use

log = logging.getLogger("viva.model")

UNFIT = 3
"""Replies in a row that code had to throw away, from which the model is left alone for a while."""

OnTrouble = Callable[[str], None]
OnUse = Callable[[Use], None]


class Channel:
    """Asks one model. `on_trouble` gets one line when the built-in tutor has to stand in and an empty
    one when the model is back; `on_use` gets a row per request.

    A call runs in a thread of its own that is abandoned at the deadline or on `cancel`, because a
    hanging HTTP request cannot be stopped; the client it used is thrown away with it.
    """

    def __init__(
        self,
        config: ModelConfig,
        breaker: Breaker,
        on_trouble: OnTrouble,
        on_use: OnUse,
        clock: Callable[[], int],
    ) -> None:
        self.config = config
        self.breaker = breaker
        self._on_trouble = on_trouble
        self._on_use = on_use
        self._clock = clock
        self._cancelled = threading.Event()
        self._clients: dict[tuple[str, bool], Any] = {}
        self._making = threading.Lock()
        known = PROVIDERS[config.provider]
        self._schema_field = known.prefix not in ("anthropic", "gemini", "azure", "bedrock")
        self._native = True
        self._unfit = 0
        self._price = FREE if config.local else price_of(config.provider, config.name) or FREE

    @property
    def name(self) -> str:
        return self.config.model

    def warm_up(self) -> None:
        """Builds the client and imports what its first call would import; sends nothing."""
        with contextlib.suppress(Exception):
            client = self._client(None, False)
            sdk = client._get_sync_client()
            for path in ("beta.chat.completions", "chat.completions", "messages"):
                found: Any = sdk
                with contextlib.suppress(Exception):
                    for part in (*path.split("."), "with_raw_response"):
                        found = getattr(found, part)

    def cancel(self) -> None:
        """Gives up on the calls under way."""
        self._cancelled.set()

    def ask(self, messages: Any, arguments: dict[str, Any], job: Job) -> Any:
        """The model's reply: an instance of ``arguments["response_model"]`` if one is wanted.

        Raises whatever stood in the way, after having reported it.
        """
        limit = job.allowance.seconds(self.config.timeout)
        if not isinstance(messages, list):
            messages = [{"role": "user", "content": str(messages)}]
        request = _Request(self, messages, arguments, job)
        begun = time.monotonic()
        if not limit or not job.allowance.left:
            self._note(request, job, begun, "spent" if limit else "late")
            raise Spent
        try:
            reply = self._bounded(request.run, limit)
        except Spent:
            self._note(request, job, begun, "malformed")
            raise
        except Exception as error:
            cut_short = isinstance(error, Slow) and limit < self.config.timeout
            self._note(request, job, begun, "late" if cut_short else kind_of(error))
            if not cut_short:
                self._failed(error)
            raise
        self._note(request, job, begun, "repaired" if request.repaired else "ok")
        if self.breaker.succeeded():
            self._on_trouble("")
        job.answered_by = self.name
        return reply

    def fitting(self, fits: bool) -> None:
        """Code has looked at the last reply: whether it could be shown."""
        if fits:
            if self._unfit:
                self._on_trouble("")
            self._unfit = 0
            return
        self._unfit += 1
        self._on_trouble("the model's words did not fit; the built-in tutor's are shown")
        if self._unfit >= UNFIT:
            self._unfit = 0
            self.breaker.failed()

    def _failed(self, error: BaseException) -> None:
        log.warning("%s: %s", self.config.provider, kind_of(error))
        if isinstance(error, Cancelled):
            self._on_trouble("cancelled; the built-in tutor goes on")
            return
        pause = self.breaker.failed(retry_after(error))
        again = f", tried again in {pause:.0f} s" if pause >= 1 else ""
        self._on_trouble(f"{describe(error)}; the built-in tutor stands in{again}")

    def _note(self, request: _Request, job: Job, begun: float, outcome: str) -> None:
        prompt, completion, cached = request.tokens
        use = Use(
            at=self._clock(),
            session=job.session,
            agent=job.agent,
            task=job.task,
            model=self.name,
            prompt=job.prompt,
            outcome=outcome,
            calls=request.calls,
            prompt_tokens=prompt,
            completion_tokens=completion,
            cached_tokens=cached,
            seconds=round(time.monotonic() - begun, 3),
            price=self._price.of(prompt, completion, cached),
        )
        self._on_use(use)

    def _bounded(self, work: Callable[[], Any], limit: float) -> Any:
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
        end = time.monotonic() + limit
        while not done.wait(0.01):
            if self._cancelled.is_set() or time.monotonic() > end:
                self._clients.clear()
                raise Cancelled if self._cancelled.is_set() else Slow
        ok, value = box[0]
        if not ok:
            raise value
        return value

    def _client(self, wanted: type[BaseModel] | None, ahead: bool) -> Any:
        """A client per type of reply, so that figures of parallel calls stay apart."""
        key = (wanted.__name__ if wanted else "", ahead)
        with self._making:
            client = self._clients.get(key)
            if client is None:
                client = self.config.make_llm()
                if wanted is not None and self._schema_field:
                    client.response_format = _response_format(wanted)
                self._clients[key] = client
            return client


class _Request:
    """One request with its repair, run in the call's own thread."""

    def __init__(
        self, channel: Channel, messages: list[Any], arguments: dict[str, Any], job: Job
    ) -> None:
        self._channel = channel
        self._messages = messages
        self._arguments = arguments
        self._job = job
        self.calls = 0
        self.repaired = False
        self.tokens = (0, 0, 0)

    def run(self) -> Any:
        wanted = self._arguments["response_model"]
        if wanted is None:
            reply = self._call(self._messages, None, native=True)
            if not reply:
                raise Malformed
            return reply
        reply = self._first(wanted)
        parsed = parse_reply(reply, wanted)
        if parsed is None:
            self.repaired = True
            parsed = parse_reply(self._again(wanted, reply), wanted)
        if parsed is None:
            raise Malformed
        return parsed

    def _first(self, wanted: type[BaseModel]) -> Any:
        """The first try: structured output if the server has it, else the schema in the prompt."""
        channel = self._channel
        if not channel._native:
            return self._call(self._asking(wanted), None, native=False)
        try:
            return self._call(self._messages, wanted, native=True)
        except Exception as error:
            if status_of(error) in (400, 415, 422, 501):
                channel._native = False
                return None
            if cut_off(error):
                return None
            if status_of(error) or not isinstance(error, ValueError):
                raise
            return None

    def _again(self, wanted: type[BaseModel], reply: Any) -> Any:
        said = reply[:2000] if isinstance(reply, str) and reply else ""
        back = [{"role": "assistant", "content": said}] if said else []
        return self._call(self._asking(wanted, back), None, native=False)

    def _asking(self, wanted: type[BaseModel], back: list[Any] | None = None) -> list[Any]:
        ask = {"role": "user", "content": schema_request(wanted)}
        return [*self._messages, *(back or []), ask]

    def _call(self, messages: list[Any], wanted: type[BaseModel] | None, native: bool) -> Any:
        if not self._job.allowance.take():
            raise Spent
        self.calls += 1
        channel = self._channel
        client = channel._client(wanted, self._job.ahead)
        arguments = {**self._arguments, "response_model": None}
        if wanted is not None and not channel._schema_field:
            arguments["response_model"] = wanted
        if not native:
            arguments |= {"tools": None, "available_functions": None}
        before = _counts(client)
        try:
            with call_stream_override(client, self._job.on_piece is not None):
                return client.call(messages, **arguments)
        finally:
            now = _counts(client)
            spent = tuple(n - b for n, b in zip(now, before, strict=True))
            self.tokens = (
                self.tokens[0] + spent[0],
                self.tokens[1] + spent[1],
                self.tokens[2] + spent[2],
            )


def _counts(client: Any) -> tuple[int, int, int]:
    usage = client.get_token_usage_summary()
    return usage.prompt_tokens, usage.completion_tokens, usage.cached_prompt_tokens


def _response_format(wanted: type[BaseModel]) -> Any:
    from crewai.utilities.pydantic_schema_utils import generate_model_description

    return generate_model_description(wanted)


@crewai_event_bus.on(LLMStreamChunkEvent)
def _on_chunk(source: Any, event: LLMStreamChunkEvent) -> None:
    # CrewAI runs this handler in the thread, and so in the context, of the call itself.
    job = current_job()
    if job is not None and event.tool_call is None and event.chunk:
        job.piece(event.chunk)
