"""What the front end itself reads of `viva.toml` and the environment: colours, motion and keys."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tui import lately

THEMES = ("dark", "light", "contrast", "ansi")


@dataclass(frozen=True, slots=True)
class Look:
    """`theme` is one of `THEMES`; `keymap` maps action names to keys; `problems` are for the learner."""

    theme: str = "dark"
    motion: bool = False
    plain_colours: bool = False
    keymap: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[str, ...] = ()


def is_on(value: str) -> bool:
    """Whether a yes-or-no setting is on, as it is written in a file or the environment."""
    return value.strip().lower() in ("1", "true", "yes", "on")


def home() -> Path:
    """The learner's data folder: `VIVA_HOME`, or the platform's place for it."""
    return Path(lately.home())


def read() -> Look:
    """The look as set. Bad values are named in `problems` and the defaults kept."""
    problems: list[str] = []
    settings = _file(problems)
    theme = str(os.environ.get("VIVA_THEME") or settings.get("theme") or "dark")
    if theme not in THEMES:
        problems.append(f"theme: {theme!r} is none of {', '.join(THEMES)}")
        theme = "dark"
    reduced = os.environ.get("VIVA_REDUCED_MOTION") or settings.get("reduced_motion") or False
    motion = not is_on(str(reduced))
    keys = settings.get("keys") or {}
    keymap = {str(k): str(v) for k, v in keys.items()} if isinstance(keys, dict) else {}
    if keymap:
        from tui.actions import faulty_keymap

        faults = faulty_keymap(keymap)
        problems += faults
        keymap = {} if faults else keymap
    plain = bool(os.environ.get("NO_COLOR"))
    return Look(theme, motion, plain, keymap, tuple(problems))


def _file(problems: list[str]) -> dict[str, Any]:
    path = home() / "viva.toml"
    try:
        data = path.read_bytes()
    except OSError:
        return {}
    import tomllib

    try:
        return tomllib.loads(data.decode("utf-8", "replace"))
    except tomllib.TOMLDecodeError as error:
        problems.append(f"viva.toml: {error}")
        return {}
