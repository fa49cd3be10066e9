"""Importing CrewAI without its telemetry, prompts, prints, files and signal handlers."""

from __future__ import annotations

import logging
import os
import signal
from pathlib import Path
from types import ModuleType

from agents.crew.environment import set_environment
from agents.redact import Discreet

_SIGNALS = [
    getattr(signal, name)
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGTSTP", "SIGCONT")
    if hasattr(signal, name)
]


def import_crewai(home: Path, log: logging.Handler | None = None) -> ModuleType:
    """The `crewai` module, imported silently. Takes 3 to 4 seconds the first time."""
    set_environment(home)
    _keep_files_in(home / "crewai")
    handlers = {number: signal.getsignal(number) for number in _SIGNALS}
    import crewai
    from crewai.events import crewai_event_bus, event_context
    from crewai.events.event_listener import EventListener
    from crewai_core.printer import set_suppress_console_output

    for number, handler in handlers.items():
        if handler is not None and signal.getsignal(number) is not handler:
            signal.signal(number, handler)
    formatter = EventListener().formatter
    formatter.verbose = False
    formatter.console.quiet = True
    for owner in (crewai_event_bus, event_context):
        console = getattr(owner, "_console", None)
        if console is not None:
            console.console.quiet = True
    set_suppress_console_output(True)
    _quiet_loggers(log or logging.NullHandler())
    return crewai


def _keep_files_in(folder: Path) -> None:
    """Has CrewAI put its settings and its key, which it makes on import, into `folder` instead of
    the user's own folders."""
    names = ("HOME", "USERPROFILE")
    before = {name: os.environ[name] for name in names if name in os.environ}
    os.environ.update(dict.fromkeys(before, str(folder)))
    try:
        # The paths of the settings are fixed while this module is imported.
        import crewai_core.settings
        from crewai_core.token_manager import TokenManager
    finally:
        os.environ.update(before)
    del crewai_core
    TokenManager._get_secure_storage_path = staticmethod(lambda: folder)  # type: ignore[method-assign]


def _quiet_loggers(handler: logging.Handler) -> None:
    for name in ("crewai", "openai", "anthropic", "httpx", "httpcore", "LiteLLM"):
        logger = logging.getLogger(name)
        logger.propagate = False
        logger.handlers[:] = [handler]
    root = logging.getLogger()
    if not root.handlers:
        root.addHandler(handler)
    # CrewAI logs what servers answer through the root logger.
    for own in root.handlers:
        if not any(isinstance(one, Discreet) for one in own.filters):
            own.addFilter(Discreet())
