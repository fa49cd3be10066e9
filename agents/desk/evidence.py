"""The clerk of evidence: the events behind what is said about the learner."""

from __future__ import annotations

from agents.desk.handling import handles
from agents.desk.room import Room
from agents.lookback import Look, look_at
from agents.protocol import GetEvents
from agents.state import PARTIAL
from agents.views import RecollectionView
from corpus.counting import counted
from memory.events import Event


class EvidenceClerk:
    """Shows events as they are read."""

    def __init__(self, room: Room) -> None:
        self._room = room

    @handles(GetEvents)
    def events(self, request: GetEvents) -> tuple[RecollectionView, ...]:
        found = (self._room.memory.event(name) for name in request.ids)
        return tuple(self._recollection(e) for e in found if e is not None)

    def _recollection(self, event: Event) -> RecollectionView:
        """An event as it is read; of a question that was closed, the answer and the verdict."""
        text, context = event.text or _told(event), ()
        question = self._room.library.question(event.question) if event.question else None
        if event.kind == "closed" and question is not None:
            events = self._room.memory.events(question=event.question, session=event.session)
            look = look_at(event, question, events, "")
            text, context = _verdict(look), (question.ask, *(f"You: {said}" for said in look.said))
        return RecollectionView(
            event.id,
            event.at,
            event.speaker,
            text,
            event.topic or str(event.payload.get("topic", "")),
            event.question,
            context=context,
        )


def _verdict(look: Look) -> str:
    """What a question ended with: a line a point, with the words it rests on."""
    lines = [f"{look.made} of {counted(len(look.points), 'point')} said"]
    for point in look.points:
        word = "said" if point.made else "partly" if point.coverage >= PARTIAL else "missing"
        quote = f" “{point.quote}”" if point.quote and word != "missing" else ""
        lines.append(f"{word}: {point.expectation.text}{quote}")
    lines += [f"not so: “{e['quote']}” {e['correction']}" for e in look.errors]
    return "\n".join(lines)


def _told(event: Event) -> str:
    """A line about an event that has no words of its own."""
    if event.kind == "goal_set":
        return f"interview on {event.payload.get('date') or 'no date'}"
    return event.kind.replace("_", " ")
