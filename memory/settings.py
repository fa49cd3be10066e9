"""What can be set: `viva.toml` in the data folder, overridden by `VIVA_*`; secrets only from the
environment of the provider (`OPENAI_API_KEY` and the like), never from here."""

from __future__ import annotations

import json
import os
import tomllib
from pathlib import Path
from typing import Any, Literal, get_origin

from pydantic import BaseModel, ConfigDict, Field, ValidationError

FILE = "viva.toml"
OTHER_VARIABLES = frozenset({"VIVA_HOME", "VIVA_ENGINE", "VIVA_MEMORY_TOKEN", "VIVA_API_KEY"})


class SettingsError(Exception):
    """A setting that is unknown or has a bad value; `mend` says what to write."""

    def __init__(self, message: str, mend: str) -> None:
        super().__init__(message)
        self.mend = mend


class Settings(BaseModel):
    """All settings with their defaults. `load_settings` reads them."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    model: str = Field(
        "", description="model for all agents, as provider/name; empty: built-in tutor"
    )
    model_quizzer: str = Field("", description="another model for the Quizzer")
    model_explainer: str = Field("", description="another model for the Explainer")
    model_evaluator: str = Field("", description="another model for the Evaluator")
    base_url: str = Field(
        "", description="address of the model's server, for local or compatible ones"
    )
    timeout: float = Field(20.0, gt=0, le=600, description="seconds to wait for the model")
    budget_tokens: int = Field(0, ge=0, description="tokens a day, 0: no limit")
    budget_price: float = Field(0.0, ge=0, description="US dollars a day, 0: no limit")
    memory: str = Field("", description="address of a Chroma server; empty: this computer")
    memory_tenant: str = Field("default_tenant", description="tenant on the Chroma server")
    memory_database: str = Field(
        "", description="database on the Chroma server; empty: one per learner"
    )
    learner: str = Field("default", pattern=r"^[\w.-]{1,64}$", description="whose memory this is")
    theme: Literal["dark", "light", "contrast", "ansi"] = Field("dark", description="colours")
    reduced_motion: bool = Field(False, description="no animation")
    keys: dict[str, str] = Field(default_factory=dict, description="action = key, to remap keys")


def load_settings(home: Path) -> Settings:
    """The settings for data folder `home`. Raises `SettingsError` naming the setting and the mend."""
    path = home / FILE
    data: dict[str, Any] = {}
    if path.is_file():
        try:
            data = tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise SettingsError(f"{path} is not TOML: {error}", "mend that line") from error
    for name in data:
        _known(name, f"{path}: unknown setting {name!r}")
    try:
        return Settings(**data | _environment())
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else "?"
        value = os.environ.get(f"VIVA_{name.upper()}", data.get(name))
        given = f"VIVA_{name.upper()}" in os.environ
        where = "the environment" if given else str(home / FILE)
        message = f"setting {name!r} cannot be {value!r} (in {where})"
        raise SettingsError(message, first["msg"].lower()) from error


def _environment() -> dict[str, Any]:
    """The settings that variables give, a mapping as JSON. Raises `SettingsError`."""
    found: dict[str, Any] = {}
    for variable, value in os.environ.items():
        if not variable.startswith("VIVA_") or variable in OTHER_VARIABLES:
            continue
        name = variable[5:].lower()
        _known(name, f"unknown setting {variable} in the environment")
        found[name] = _from_json(variable, value) if _is_mapping(name) else value
    return found


def _is_mapping(name: str) -> bool:
    return get_origin(Settings.model_fields[name].annotation) is dict


def _from_json(variable: str, value: str) -> Any:
    try:
        return json.loads(value)
    except ValueError as error:
        message = f"{variable} is not JSON: {error}"
        raise SettingsError(message, 'write it as {"name": "value"}') from error


def _known(name: str, message: str) -> None:
    if name in Settings.model_fields:
        return
    import difflib

    near = difflib.get_close_matches(name, Settings.model_fields, 1)
    mend = f"did you mean {near[0]!r}?" if near else "see `viva doctor` for all settings"
    raise SettingsError(message, mend)


def save_setting(home: Path, name: str, value: str) -> Settings:
    """Writes one setting to the file, keeping the others; an empty `value` removes it.

    Raises `SettingsError`; the file is then as it was.
    """
    _known(name, f"unknown setting {name!r}")
    path = home / FILE
    before = path.read_text(encoding="utf-8") if path.is_file() else ""
    lines = [line for line in before.splitlines() if line.partition("=")[0].strip() != name]
    if value:
        lines.insert(_first_table(lines), f"{name} = {_toml(name, value)}")
    temporary = path.with_suffix(".tmp")
    temporary.write_text("\n".join(lines) + "\n", encoding="utf-8")
    temporary.replace(path)
    try:
        return load_settings(home)
    except SettingsError:
        path.write_text(before, encoding="utf-8")
        raise


def _first_table(lines: list[str]) -> int:
    return next((i for i, line in enumerate(lines) if line.startswith("[")), len(lines))


def _toml(name: str, value: str) -> str:
    kind = Settings.model_fields[name].annotation
    if kind is bool:
        return "true" if value.casefold() in ("true", "yes", "on", "1") else "false"
    if kind in (int, float):
        return value
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
