"""Which session came last."""

from __future__ import annotations

from agents.desk.room import Room
from memory.days import DAY_MS

WEEK = 7 * DAY_MS


def last_session(room: Room) -> str:
    """The id of the latest session, ended or not, if it began in the last week; "" otherwise."""
    last = room.memory.events(kinds=["session_started"], newest_first=True, limit=1)
    return last[0].session if last and room.clock() - last[0].at <= WEEK else ""


def unfinished(room: Room) -> str:
    """The id of `last_session` if it has not ended; "" otherwise."""
    return last_session(room) if room.memory.open_session() else ""
