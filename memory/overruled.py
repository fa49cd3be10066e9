"""The history with the learner's own verdicts in it: what looks back reads it like this."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from memory.events import Event

COVERAGE = {"covered": 1.0, "partial": 0.5, "missing": 0.0, "contradicted": 0.0}


def own_verdict(row: Mapping[str, Any]) -> str:
    """The verdict that an outcome stands for."""
    if row.get("contradicted"):
        return "contradicted"
    coverage = float(row.get("coverage") or 0.0)
    return min(("covered", "partial", "missing"), key=lambda v: abs(COVERAGE[v] - coverage))


def overruled(events: Iterable[Event]) -> list[Event]:
    """`events`, in order, with each outcome as the learner's last word on it has it (under `overruled`
    is what the judge had said), and without the misconceptions that were withdrawn."""
    out: list[Event] = []
    last: dict[tuple[str, str], int | None] = {}
    for event in events:
        key = event.session, event.question
        if event.kind in ("asked", "closed"):
            last[key] = len(out) if event.kind == "closed" else None
        at = last.get(key)
        if event.kind == "overridden" and at is not None:
            out[at] = _with(out[at], event)
        out.append(event)
    return _without_withdrawn(out)


def _with(closed: Event, override: Event) -> Event:
    name, verdict = override.payload.get("expectation"), override.payload.get("verdict")
    rows = closed.payload.get("outcomes") or ()
    changed = [_settled(row, verdict) if row.get("expectation") == name else row for row in rows]
    return replace(closed, payload={**closed.payload, "outcomes": changed})


def _settled(row: Mapping[str, Any], verdict: str | None) -> Mapping[str, Any]:
    judged = row.get("overruled") or row
    if verdict not in COVERAGE:
        return judged
    covered, aid = COVERAGE[verdict], judged.get("aid")
    return {
        **judged,
        "coverage": covered,
        "aid": "none" if aid == "told" and covered else aid,
        "contradicted": verdict == "contradicted",
        "overruled": judged,
    }


def _without_withdrawn(events: list[Event]) -> list[Event]:
    gone = {str(e.payload["withdraws"]) for e in events if e.payload.get("withdraws")}
    if not gone:
        return events
    return [e for e in events if e.id not in gone and not e.payload.get("withdraws")]
