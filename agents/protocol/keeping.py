"""Requests that look after the engine: settings, models, health, export."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from agents.figures import ComparisonView, UseView
from agents.protocol.base import Done, Request
from agents.views import CheckView, SettingView


@dataclass(frozen=True, slots=True)
class Doctor(Request[tuple[CheckView, ...]]):
    pass


@dataclass(frozen=True, slots=True)
class GetSettings(Request[tuple[SettingView, ...]]):
    pass


@dataclass(frozen=True, slots=True)
class SetSetting(Request[Done]):
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Rebuild(Request[Done]):
    """Rebuilds knowledge and indexes from events; `embedder` re-embeds. Sends `Progress`.

    With `fit` knowledge alone: by parameters of the learner's own if they are better, or the average.
    """

    embedder: str = ""
    job: str = ""
    fit: Literal["", "own", "average"] = ""


@dataclass(frozen=True, slots=True)
class Export(Request[Done]):
    """Writes everything (jsonl), the history as text (markdown) or a deck's cards (anki) to `path`."""

    path: str
    form: Literal["jsonl", "markdown", "anki"] = "jsonl"
    deck: str = ""


@dataclass(frozen=True, slots=True)
class Import(Request[Done]):
    """Takes in an export, or the review log of an Anki package. Doing it twice adds nothing."""

    path: str


@dataclass(frozen=True, slots=True)
class BackUp(Request[Done]):
    """Copies what cannot be made again to a new folder; the reply's text names it."""

    path: str = ""


@dataclass(frozen=True, slots=True)
class CheckModel(Request[Done]):
    """Runs the model scorecard. Sends `Progress`; the reply's text is the result.

    `model` is that of the Evaluator, or another as ``provider/name``, or ``provider/name@prompt``
    with a version of the Evaluator's prompt.
    """

    job: str = ""
    model: str = ""


@dataclass(frozen=True, slots=True)
class CompareModels(Request[ComparisonView]):
    """Sets two models side by side that have been checked, each as ``provider/name`` or
    ``provider/name@prompt``."""

    first: str
    second: str


@dataclass(frozen=True, slots=True)
class GetUse(Request[UseView]):
    """What models were used for so far, with the learner's thumbs."""
