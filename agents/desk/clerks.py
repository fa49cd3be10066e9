"""Which clerk serves which request; the one place where clerks are imported.

A clerk is imported and made when its first request comes: a command needs one of them, and all
together they import most of Viva.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

from agents import protocol as p
from agents.desk.handling import handlers_of

if TYPE_CHECKING:
    from agents.desk.room import Room

CLERKS: Mapping[str, tuple[type[p.Request[Any]], ...]] = {
    "agents.desk.session:SessionClerk": (
        p.Act,
        p.Answer,
        p.AskBack,
        p.Confidence,
        p.Feedback,
        p.GetSession,
        p.Older,
        p.Override,
        p.Start,
        p.Why,
    ),
    "agents.desk.talk:TalkClerk": (p.Ask, p.GetThread),
    "agents.desk.remember:MemoryClerk": (
        p.CorrectClaim,
        p.Forget,
        p.GetClaims,
        p.Recall,
        p.SearchCorpus,
    ),
    "agents.desk.evidence:EvidenceClerk": (p.GetEvents,),
    "agents.desk.study:StudyClerk": (p.GetForecast, p.GetToday, p.SetGoal),
    "agents.desk.recap:RecapClerk": (p.GetRecap, p.OwnRecap),
    "agents.desk.library:LibraryClerk": (p.EditQuestion, p.GetDecks, p.GetDetail, p.GetRows),
    "agents.desk.importing:ImportClerk": (p.AddSource, p.GetCards, p.RemoveSource, p.ReviewCard),
    "agents.desk.interchange:InterchangeClerk": (p.BackUp, p.Export, p.Import),
    "agents.desk.care:CareClerk": (p.Doctor, p.GetSettings, p.Rebuild, p.SetSetting),
    "agents.desk.models:ModelClerk": (p.CheckModel, p.CompareModels, p.GetUse),
}


class Clerks:
    """The clerks of one room. Threads may share it."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._handlers: dict[type, Callable[[Any], Any]] = {}

    def handler(self, request: type[p.Request[Any]]) -> Callable[[Any], Any] | None:
        """What serves requests of this type; None if nobody does."""
        with self._room.lock:
            if request not in self._handlers:
                for place, served in CLERKS.items():
                    if request in served:
                        self._make(place)
            return self._handlers.get(request)

    def _make(self, place: str) -> None:
        module, _, name = place.partition(":")
        self._handlers |= handlers_of(getattr(import_module(module), name)(self._room))
