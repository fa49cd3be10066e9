"""What kind of session was asked for on the command line; kept light, for all of the front end."""

from __future__ import annotations

from collections.abc import Mapping

from agents.views import Mode

MODES: dict[Mode, str] = {
    "mock": "a mock interview: no hints, no verdicts before its end",
    "review": "only what is due, nothing new",
    "drill": "weak spots: what was missed, once more",
    "design": "a design interview, stage by stage",
}
"""Kinds of session besides study."""


def at_once(options: Mapping[str, object]) -> bool:
    """Whether a session is to begin without Today: the learner has said what it is to be."""
    return any(options.get(name) for name in ("start", "resume", "mode", "question"))


def resumes(options: Mapping[str, object]) -> bool:
    """Whether an unfinished session goes on: it gives way to one that was asked for by name."""
    named = options.get("fresh") or options.get("mode") or options.get("question")
    return bool(options.get("resume")) or not named
