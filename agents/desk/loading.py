"""Putting CrewAI's team in place, which takes seconds: the built-in tutor plays until then."""

from __future__ import annotations

import json
import logging

from agents.desk.looking import passages, recollections
from agents.desk.room import Room
from agents.models import configured
from agents.scorecard.card import trusted
from agents.startup import begun
from agents.usage import Budget

log = logging.getLogger("viva.desk")


def load_agents(room: Room) -> None:
    """Loads grader and CrewAI; on any failure the built-in tutor goes on."""
    room.grader.load()
    settings = room.settings
    try:
        from agents.crew.team import CrewTeam

        team = CrewTeam(
            room.home,
            room.grader,
            configured(settings),
            lambda query: json.dumps([e.model_dump() for e in passages(room, query)]),
            lambda query: json.dumps([e.model_dump() for e in recollections(room, query)]),
            room.status,
            Budget(settings.budget_tokens, settings.budget_price),
            lambda model, prompt: trusted(room.home, model, prompt),
        )
        room.take_team(team)
    except Exception as error:
        log.exception("the agents could not be loaded")
        room.status(f"agents not loaded ({type(error).__name__}); the built-in tutor goes on")
    begun()
    room.index_corpus()
    room.stage = "ready"
    room.status()
