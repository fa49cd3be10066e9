"""Which models are configured, what each needs, and CrewAI's client for it.

Keys come from the environment only; they are handed to the client and stored nowhere else.
"""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal
from urllib.parse import urlsplit

from memory.settings import Settings

Role = Literal["quizzer", "explainer", "evaluator"]
ROLES: tuple[Role, ...] = ("quizzer", "explainer", "evaluator")

KEY_FOR_ANY_SERVER = "VIVA_API_KEY"
"""Key for a server named by `base_url`; `OPENAI_API_KEY` serves too, but never on this computer."""

REPLY_TOKENS = 1024
"""Most tokens a local or compatible server may write: small models can fail to stop."""


@dataclass(frozen=True, slots=True)
class Provider:
    """What CrewAI needs for one provider. `prefix` is CrewAI's name for it, `module` what its extra
    brings; a provider with `base_url` has a server at that address unless another is given."""

    title: str
    prefix: str
    keys: tuple[str, ...] = ()
    module: str = ""
    extra: str = ""
    base_url: str = ""
    address: str = ""
    local: bool = False


PROVIDERS: Mapping[str, Provider] = {
    "openai": Provider("OpenAI", "openai", ("OPENAI_API_KEY",), address="api.openai.com"),
    "anthropic": Provider(
        "Anthropic",
        "anthropic",
        ("ANTHROPIC_API_KEY",),
        "anthropic",
        "anthropic",
        address="api.anthropic.com",
    ),
    "gemini": Provider(
        "Gemini",
        "gemini",
        ("GEMINI_API_KEY", "GOOGLE_API_KEY"),
        "google.genai",
        "gemini",
        address="generativelanguage.googleapis.com",
    ),
    "azure": Provider(
        "Azure",
        "azure",
        ("AZURE_API_KEY",),
        "azure.ai.inference",
        "azure",
        address="AZURE_ENDPOINT",
    ),
    "bedrock": Provider(
        "Bedrock", "bedrock", ("AWS_ACCESS_KEY_ID",), "boto3", "bedrock", address="amazonaws.com"
    ),
    "ollama": Provider("Ollama", "ollama", address="localhost:11434", local=True),
    "lmstudio": Provider("LM Studio", "openai", base_url="http://127.0.0.1:1234/v1", local=True),
    "llamacpp": Provider("llama.cpp", "openai", base_url="http://127.0.0.1:8080/v1", local=True),
    "vllm": Provider("vLLM", "hosted_vllm", base_url="http://127.0.0.1:8000/v1", local=True),
    "openrouter": Provider(
        "OpenRouter", "openrouter", ("OPENROUTER_API_KEY",), address="openrouter.ai"
    ),
    "deepseek": Provider("DeepSeek", "deepseek", ("DEEPSEEK_API_KEY",), address="api.deepseek.com"),
    "cerebras": Provider("Cerebras", "cerebras", ("CEREBRAS_API_KEY",), address="api.cerebras.ai"),
    "dashscope": Provider(
        "DashScope",
        "dashscope",
        ("DASHSCOPE_API_KEY",),
        address="dashscope-intl.aliyuncs.com",
    ),
    "deepinfra": Provider(
        "DeepInfra", "deepinfra", ("DEEPINFRA_API_KEY",), address="api.deepinfra.com"
    ),
}
ALIASES: Mapping[str, str] = {
    "claude": "anthropic",
    "google": "gemini",
    "lm_studio": "lmstudio",
    "lm-studio": "lmstudio",
    "llama.cpp": "llamacpp",
    "llama_cpp": "llamacpp",
    "hosted_vllm": "vllm",
    "ollama_chat": "ollama",
}


@dataclass(frozen=True, slots=True)
class ModelConfig:
    """A configured model. `model` is ``provider/name``; `timeout` is in seconds."""

    model: str
    base_url: str = ""
    timeout: float = 20.0
    temperature: float = 0.3

    @property
    def provider(self) -> str:
        """The provider's name in `PROVIDERS`, or what was written if there is none such."""
        name, slash, _ = self.model.partition("/")
        if not slash:
            return "openai" if self.base_url else ""
        return ALIASES.get(name.lower(), name.lower())

    @property
    def name(self) -> str:
        """The model's name without its provider."""
        _, slash, name = self.model.partition("/")
        return name if slash else self.model

    @property
    def address(self) -> str:
        """The host (and port) that requests go to."""
        if self.base_url:
            return urlsplit(self.base_url).netloc or self.base_url
        known = PROVIDERS.get(self.provider)
        if known is None:
            return "?"
        if self.provider == "ollama" and os.environ.get("OLLAMA_HOST"):
            return os.environ["OLLAMA_HOST"]
        return urlsplit(known.base_url).netloc if known.base_url else known.address

    @property
    def local(self) -> bool:
        """Whether requests stay on this computer."""
        return is_loopback(self.address)

    def problem(self) -> str:
        """Why the model cannot be used, with what to do about it; empty if nothing speaks against
        it. Looks at the environment, never at the network."""
        known = PROVIDERS.get(self.provider)
        if known is None:
            names = ", ".join(sorted(PROVIDERS))
            return f"{self.model!r} names no known provider: write provider/name, one of {names}"
        if not self.name:
            return f"{self.model!r} names no model: write {self.provider}/NAME"
        if known.module and not _installed(known.module):
            return (
                f"{known.title} models need an extra that is not installed: "
                f"pip install 'viva-study[{known.extra}]'"
            )
        if known.keys and not self.base_url and not any(os.environ.get(k) for k in known.keys):
            return f"{known.title} needs a key: set {known.keys[0]} in the environment"
        return ""

    def make_llm(self) -> Any:
        """CrewAI's client. Raises `ImportError` when the provider's extra is missing and
        `ValueError` when CrewAI does not take the configuration."""
        from crewai import LLM

        known = PROVIDERS[self.provider]
        options: dict[str, Any] = {"timeout": self.timeout, "max_retries": 0}
        address = self.base_url or known.base_url
        if address:
            options["base_url"] = address
        key = _key(known, address)
        if key:
            options["api_key"] = key
        if known.local or (address and self.provider == "openai"):
            options["max_tokens"] = REPLY_TOKENS
        if takes_temperature(self.name):
            options["temperature"] = self.temperature
        return LLM(model=f"{known.prefix}/{self.name}", **options)


def takes_temperature(name: str) -> bool:
    """Whether the model accepts a temperature: OpenAI's reasoning models refuse any but their own."""
    bare = name.rpartition("/")[2].lower()
    return not bare.startswith(("o1", "o3", "o4", "gpt-5"))


def is_loopback(address: str) -> bool:
    """Whether `address` (host, host:port or URL) is this computer."""
    host = urlsplit(address if "//" in address else f"//{address}").hostname or ""
    return host in ("localhost", "::1") or host.startswith("127.")


def configured(settings: Settings) -> dict[Role, ModelConfig]:
    """The model of each agent that has one. `base_url` belongs to the provider of `model`; a role
    with a model of another provider talks to that provider's own server."""
    main = ModelConfig(settings.model, settings.base_url, settings.timeout)
    found: dict[Role, ModelConfig] = {}
    for role in ROLES:
        own = str(getattr(settings, f"model_{role}"))
        if not own:
            if settings.model:
                found[role] = main
            continue
        config = replace(main, model=own)
        if settings.model and config.provider != main.provider:
            config = replace(config, base_url="")
        found[role] = config
    return found


def _key(provider: Provider, address: str) -> str:
    if provider.prefix in ("openai", "hosted_vllm") and address:
        own = os.environ.get(KEY_FOR_ANY_SERVER, "")
        shared = "" if is_loopback(address) else os.environ.get("OPENAI_API_KEY", "")
        return own or shared or "none"
    found = next((os.environ[k] for k in provider.keys if os.environ.get(k)), "")
    return found or ("none" if address and provider.keys else "")


def _installed(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:
        return False
