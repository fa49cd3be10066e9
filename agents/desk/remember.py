"""The clerk of memory: recall, what Viva believes, forgetting."""

from __future__ import annotations

import logging
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

from agents.cache import FILE as CACHE
from agents.desk.handling import handles, refuse
from agents.desk.room import Room
from agents.lookback import Look, look_at
from agents.protocol import (
    CorrectClaim,
    Done,
    Forget,
    GetClaims,
    GetEvents,
    Recall,
    SearchCorpus,
)
from agents.state import PARTIAL
from agents.views import ClaimView, RecollectionView, SourceView
from memory.backup import copies_of
from memory.days import utc_offset
from memory.events import Event
from memory.forget import Scope

log = logging.getLogger("viva.ask")

OWN = ("decks", "review")
"""Folders of what the learner brought, erased with everything."""


class MemoryClerk:
    """What is remembered: looking it up, correcting it, erasing it."""

    def __init__(self, room: Room) -> None:
        self._room = room

    # ── What is believed ─────────────────────────────────────────────────────────────────────────

    @handles(GetClaims)
    def claims(self, request: GetClaims) -> tuple[ClaimView, ...]:
        words = request.query.casefold().split()
        return tuple(
            ClaimView(c.id, c.kind, c.text, c.sure, c.seen, c.last, c.events, c.closed)
            for c in self._room.memory.claims()
            if all(word in c.text.casefold() for word in words)
        )

    @handles(CorrectClaim)
    def correct(self, request: CorrectClaim) -> Done:
        if request.claim not in {c.id for c in self._room.memory.claims()}:
            raise refuse("that claim does not stand any more", "look at the list again")
        event = self._room.recorder.write(
            "profile_edited", "", request.text, speaker="learner", payload={"claim": request.claim}
        )
        return Done(event.id)

    @handles(Forget)
    def forget(self, request: Forget) -> Done:
        room, whole = self._room, request.scope in ("learner", "all")
        count = erase(room, self._scope(request), whole)
        if whole:
            for old in copies_of(room.home, room.memory.folder):
                shutil.rmtree(old, ignore_errors=True)
        if request.scope == "all":
            room.memory.forget_passages()
            for folder in OWN:
                shutil.rmtree(room.home / folder, ignore_errors=True)
            room.library.reload()
            room.indexed = False
            for listener in room.events_erased:
                listener()
        return Done(text=forgotten(count))

    def _scope(self, request: Forget) -> Scope:
        what = request.what.strip()
        match request.scope:
            case "claim":
                claim = next((c for c in self._room.memory.claims() if c.id == what), None)
                if claim is None:
                    raise refuse("that claim does not stand any more", "look at the list again")
                return Scope(events=frozenset(claim.events))
            case "question":
                if not what:
                    raise refuse("which question?", "name its id, as `viva search` shows it")
                return Scope(questions=frozenset({what}))
            case "deck":
                deck = self._room.library.deck(what)
                if deck is None:
                    raise refuse(f"there is no deck {what!r}", "see `viva decks`")
                return Scope(questions=frozenset(q.id for q in deck.questions))
            case "period":
                return _period(what)
            case _:
                return Scope(everything=True)

    # ── Looking things up ────────────────────────────────────────────────────────────────────────

    @handles(Recall)
    def recall(self, request: Recall) -> tuple[RecollectionView, ...]:
        if not request.query.strip():
            raise refuse("there is nothing to look for", "name a topic, or ask a question")
        found = self._room.memory.recall(request.query, request.limit)
        return tuple(
            RecollectionView(
                id=r.event.id,
                at=r.event.at,
                speaker=r.event.speaker,
                text=r.event.text,
                topic=r.event.topic,
                question=r.event.question,
                score=r.score,
                context=tuple(near.text for near in (*r.before, *r.after)),
            )
            for r in found
        )

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

    @handles(SearchCorpus)
    def search(self, request: SearchCorpus) -> tuple[SourceView, ...]:
        if not request.query.strip():
            raise refuse("there is nothing to search for", "name a topic or a word")
        if not self._room.indexed:
            self._room.index_corpus()
        found = self._room.memory.search(request.query, request.limit)
        return tuple(SourceView(p.source, p.where, p.text) for p in found)


def _period(what: str) -> Scope:
    """``2026-01-01..2026-02-01`` (local days, the last one included) as a scope."""
    first, _, last = what.partition("..")
    try:
        days = [date.fromisoformat(part.strip()) for part in (first, last or first)]
    except ValueError:
        raise refuse(f"{what!r} is not a period", "write it as 2026-01-01..2026-02-01") from None
    since, until = (
        int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000)
        - utc_offset() * 60_000
        for day in days
    )
    return Scope(since=since, until=until + 86_400_000)


def erase(room: Room, scope: Scope, whole: bool = False) -> int:
    """Erases events and what may hold their words elsewhere; returns how many events."""
    count = room.memory.forget(scope)
    for path in erasable(room.home, whole):
        path.unlink(missing_ok=True)
    for listener in room.events_erased:
        listener()
    return count


def forgotten(count: int) -> str:
    """What is said after `count` events were erased."""
    return f"{count} events are forgotten; nothing of them is left in memory or its backups."


def erasable(home: Path, everything: bool) -> list[Path]:
    """Files beside memory that may hold what was said: a model's replies, Today as shown, reports of
    faults, drafts."""
    kept = [*home.glob(f"{CACHE}*"), *home.glob("front-end-today*"), *home.glob("viva-fault*")]
    return [*kept, *home.glob("front-end-draft*")] if everything else kept


def _verdict(look: Look) -> str:
    """What a question ended with: a line a point, with the words it rests on."""
    lines = [f"{look.made} of {len(look.points)} points said"]
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
