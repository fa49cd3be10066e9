"""The clerk of memory: recall, what Viva believes, forgetting."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime
from pathlib import Path

from agents.cache import FILE as CACHE
from agents.desk.handling import handles, refuse
from agents.desk.room import Room
from agents.protocol import (
    CorrectClaim,
    Done,
    Forget,
    GetClaims,
    Recall,
    SearchCorpus,
)
from agents.views import ClaimView, RecollectionView, SourceView
from corpus.counting import counted
from memory.backup import copies_of
from memory.days import utc_offset
from memory.forget import Scope

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
        if request.scope == "question" and not count and not room.library.question(request.what):
            named = f"nothing is remembered of a question {request.what!r}"
            raise refuse(named, "so there is nothing to forget")
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
                kind=r.event.kind,
                context=tuple(near.text for near in (*r.before, *r.after)),
            )
            for r in found
        )

    @handles(SearchCorpus)
    def search(self, request: SearchCorpus) -> tuple[SourceView, ...]:
        if not request.query.strip():
            raise refuse("there is nothing to search for", "name a topic or a word")
        if not self._room.indexed:
            self._room.index_corpus()
        found = self._room.memory.search(request.query, request.limit)
        return tuple(SourceView(p.source, p.where, p.text, p.passage.question) for p in found)


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
    events = counted(count, "event is", "events are")
    return f"{events} forgotten; nothing of what was said is left in memory or its backups."


def erasable(home: Path, everything: bool) -> list[Path]:
    """Files beside memory that may hold what was said: a model's replies, Today as shown, reports of
    faults, drafts."""
    kept = [*home.glob(f"{CACHE}*"), *home.glob("front-end-today*"), *home.glob("viva-fault*")]
    return [*kept, *home.glob("front-end-draft*")] if everything else kept
