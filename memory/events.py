"""What happened: one immutable record per thing, the truth from which everything else is folded."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

SCHEMA = 1

Kind = Literal[
    "session_started",  # payload: mode, deck, topic, questions, minutes
    "session_ended",  # payload: reason
    "asked",  # text: the wording shown; payload: reason (planner's), wording index, level
    "answered",  # text: the learner's turn; payload: turn, to (id of the tutor event answered), copied
    "judged",  # payload: Judgement as a dict (verdict per expectation with quote), answer (event id)
    "hinted",  # text: the hint shown; payload: expectation
    "probed",  # text: the follow-up shown; payload: expectation, move (pump|hint|prompt|challenge)
    "told",  # text: the point told; payload: expectation, or expectations (text: empty)
    "explained",  # text: the explanation shown; payload: expectations, sources
    "confidence",  # payload: level (1 unsure .. 3 sure)
    "closed",  # a question ended; payload: outcome per expectation, see `Outcome`
    "overridden",  # payload: expectation, verdict (None takes the override back), before
    "feedback",  # text: the learner's words; payload: about (event id), thumbs (-1, 1)
    "misconception_opened",  # text: what was said; payload: misconception, correction
    "misconception_closed",  # payload: misconception
    "conversation",  # text: one utterance of free talk; payload: thread, citations
    "fitted",  # payload: parameters (see `fsrs6.PERSONAL`; none: the defaults again), reviews, losses
    "goal_set",  # payload: date (ISO), minutes
    "recap",  # text: the recap shown; payload: its figures
    "profile_edited",  # text: the learner's correction; payload: claim
    "forgotten",  # payload: scope; what it named is gone
    "imported",  # payload: source, deck, counts
]
KINDS: frozenset[str] = frozenset(get_args(Kind))

Aid = Literal["none", "pump", "hint", "prompt", "told"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one expectation ended when its question closed; the unit of evidence about knowledge.

    `coverage` is what the learner said, 0..1; `aid` is the strongest help given *before* it was
    said ("told" means the tutor said it); `sure` is how sure the grader is, 0..1.
    """

    expectation: str
    coverage: float
    aid: Aid = "none"
    sure: float = 1.0
    contradicted: bool = False
    overruled: Outcome | None = None
    """What the judge had said, where the learner's own verdict stands instead."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened.

    `id` is time-ordered and idempotent: appending the same id twice keeps the first. `at` is in
    milliseconds since the epoch, UTC. `text` is what was said or shown, empty if nothing was; it is
    what recall searches. `payload` holds JSON values only.
    """

    id: str
    kind: Kind
    at: int
    session: str
    text: str = ""
    speaker: str = ""  # "learner", "tutor", or a person's name in imported conversation
    question: str = ""  # question id
    topic: str = ""
    payload: dict[str, Any] = field(default_factory=dict)
    model: str = ""  # the model that made the text, empty for the learner and for code
    prompt: str = ""  # version of the prompt it was made with
    schema: int = SCHEMA


def now_ms() -> int:
    """The time in milliseconds since the epoch."""
    return time.time_ns() // 1_000_000


def event_id(at: int, salt: str | None = None) -> str:
    """An id that sorts by time (`at` in ms); `salt` makes it reproducible, else it is random."""
    return f"{at:013d}-{salt or secrets.token_hex(5)}"
