"""One real request to a model: does it answer, does it keep to a schema, how long does it take."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from agents.models import ModelConfig
from agents.usage import Use


@dataclass(frozen=True, slots=True)
class RoundTrip:
    """`ok` with `native` telling whether structured output works; otherwise `trouble` says why."""

    model: str
    address: str
    ok: bool
    trouble: str = ""
    native: bool = False
    seconds: float = 0.0
    tokens: int = 0
    price: float = 0.0

    def text(self) -> str:
        if not self.ok:
            return f"{self.model} at {self.address}: {self.trouble}"
        how = "structured output" if self.native else "JSON from the prompt"
        return (
            f"{self.model} at {self.address} answers: {how}, {self.seconds:.1f} s, "
            f"{self.tokens} tokens, ${self.price:.5f}"
        )


def round_trip(config: ModelConfig, home: Path) -> RoundTrip:
    """Asks `config`'s model for a small JSON object. Imports CrewAI (3 to 4 s the first time)."""
    problem = config.problem()
    if problem:
        return RoundTrip(config.model, config.address, False, problem)
    from agents.crew.quiet import import_crewai

    import_crewai(home)
    from agents.briefs import Words
    from agents.crew.breaker import Breaker
    from agents.crew.channel import Channel
    from agents.crew.job import Job, doing

    told: list[str] = []
    uses: list[Use] = []
    try:
        channel = Channel(config, Breaker(), told.append, uses.append, lambda: 0)
        channel.warm_up()
        ask = [{"role": "user", "content": "Reply with the text: ready."}]
        arguments = dict.fromkeys(
            ("tools", "callbacks", "available_functions", "from_task", "from_agent")
        )
        with doing(Job("test", "round trip")) as job:
            channel.ask(ask, {**arguments, "response_model": Words}, job)
    except Exception as error:
        why = told[-1].partition(";")[0] if told else f"it failed ({type(error).__name__})"
        return RoundTrip(config.model, config.address, False, why)
    use = uses[-1]
    tokens = use.prompt_tokens + use.completion_tokens
    native = use.outcome == "ok"
    return RoundTrip(config.model, config.address, True, "", native, use.seconds, tokens, use.price)
