"""The contract between screens and the engine: typed messages, nothing heavier than dataclasses.

A front end sends a `Request` and awaits its reply; the engine sends an `Update` whenever something
happens. Both are frozen dataclasses of JSON values, so that a screen never knows whether the engine
lives in this process or in another (`agents.client`).
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, Protocol

from agents.protocol.base import (
    Cancel,
    Done,
    Hello,
    Quit,
    R,
    Refused,
    Request,
    Trouble,
)
from agents.protocol.interview import (
    Act,
    Answer,
    AskBack,
    Confidence,
    Feedback,
    GetForecast,
    GetRecap,
    GetSession,
    GetToday,
    Older,
    Override,
    OwnRecap,
    OwnVerdict,
    SetGoal,
    Start,
    Why,
)
from agents.protocol.keeping import (
    BackUp,
    CheckModel,
    CompareModels,
    Doctor,
    Export,
    GetSettings,
    GetUse,
    Import,
    Rebuild,
    SetSetting,
)
from agents.protocol.library import (
    AddSource,
    EditQuestion,
    GetCards,
    GetDecks,
    GetDetail,
    GetRows,
    RemoveSource,
    ReviewCard,
    SearchCorpus,
)
from agents.protocol.remembering import (
    Ask,
    CorrectClaim,
    Forget,
    GetClaims,
    GetEvents,
    GetThread,
    Recall,
)
from agents.protocol.updates import (
    Chunk,
    Progress,
    SessionChanged,
    Status,
    TurnAdded,
    Update,
)

__all__ = [
    "Act",
    "AddSource",
    "Answer",
    "Ask",
    "AskBack",
    "BackUp",
    "Cancel",
    "CheckModel",
    "Chunk",
    "CompareModels",
    "Confidence",
    "CorrectClaim",
    "Doctor",
    "Done",
    "EditQuestion",
    "Export",
    "Feedback",
    "Forget",
    "GetCards",
    "GetClaims",
    "GetDecks",
    "GetDetail",
    "GetEvents",
    "GetForecast",
    "GetRecap",
    "GetRows",
    "GetSession",
    "GetSettings",
    "GetThread",
    "GetToday",
    "GetUse",
    "Hello",
    "Import",
    "Older",
    "Override",
    "OwnRecap",
    "OwnVerdict",
    "Progress",
    "Quit",
    "Rebuild",
    "Recall",
    "Refused",
    "RemoveSource",
    "Request",
    "ReviewCard",
    "SearchCorpus",
    "SessionChanged",
    "SetGoal",
    "SetSetting",
    "Start",
    "Status",
    "Trouble",
    "TurnAdded",
    "Tutor",
    "Update",
    "Why",
    "request_types",
]


class Tutor(Protocol):
    """What a front end talks to."""

    async def request(self, message: Request[R]) -> R:
        """Sends `message` and returns its reply. Raises `Refused`."""
        ...

    def updates(self) -> AsyncIterator[Update]:
        """All updates from now on, in order."""
        ...

    async def close(self) -> None:
        """Lets go of the engine; an unfinished session stays resumable."""
        ...


def request_types() -> dict[str, type[Any]]:
    """Every request class by name, for the codec."""
    return {cls.__name__: cls for cls in Request.__subclasses__()}
