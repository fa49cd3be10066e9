"""The clerk of free conversation: questions outside the interview, answered from corpus and memory."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor

from agents.desk.handling import handles, refuse
from agents.desk.room import Room
from agents.live import Live
from agents.protocol import Ask, Done, GetThread
from agents.scripts import TALK
from agents.transcript import turn_of, turns_of
from agents.views import TurnView
from memory.events import Event

log = logging.getLogger("viva.ask")


class TalkClerk:
    """Talks with the learner in a thread of its own."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._talker = ThreadPoolExecutor(1, thread_name_prefix="ask")
        room.closing.append(self.close)

    def close(self) -> None:
        self._talker.shutdown(wait=True, cancel_futures=True)

    @handles(Ask)
    def ask(self, request: Ask) -> Done:
        if not request.text.strip():
            raise refuse("there is no question in that", "write what you want to know")
        session = _session(request.thread)
        for event in self._room.memory.events(session=session, newest_first=True, limit=40):
            if event.payload.get("turn") == request.turn:
                return Done(event.id)
        asked = self._room.recorder.write(
            "conversation",
            session,
            request.text,
            speaker="learner",
            payload={"turn": request.turn, "thread": request.thread},
        )
        self._show(asked)
        self._talker.submit(self._reply, asked, request.thread)
        return Done(asked.id)

    def _reply(self, asked: Event, thread: str) -> None:
        try:
            talk = self._room.memory.events(session=asked.session, newest_first=True, limit=9)
            brief = self._room.scripts.converse(asked, list(reversed(talk[1:])))
            live = Live(self._room, "conversation", self._room.recorder.now())
            said = self._room.team.explain(brief, live.add)
            known = {item.id: item for item in brief.evidence}
            cited = [known[name] for name in said.citations if name in known]
            sources = [
                {"title": item.title or item.id, "where": item.where, "excerpt": item.text}
                for item in cited
            ]
            event = self._room.recorder.write(
                "conversation",
                asked.session,
                said.text,
                speaker="tutor",
                payload={"to": asked.id, "thread": thread, "sources": sources},
                model=said.model,
                prompt=said.prompt,
            )
            self._show(event, live.shown)
        except Exception as error:
            log.exception("a reply failed")
            text = f"The reply failed ({type(error).__name__}); ask again."
            self._room.turn(TurnView(f"{asked.id}/failed", "tutor", "conversation", text, asked.at))

    def _show(self, event: Event, replaces: str = "") -> None:
        turn = turn_of(event, self._room.library.question)
        if turn is not None:
            self._room.turn(turn, replaces=replaces)

    @handles(GetThread)
    def thread(self, request: GetThread) -> tuple[TurnView, ...]:
        events = self._room.memory.events(
            session=_session(request.thread), newest_first=True, limit=request.count
        )
        return tuple(turns_of(reversed(events), self._room.library.question))


def _session(thread: str) -> str:
    return f"{TALK}-{thread}" if thread else TALK
