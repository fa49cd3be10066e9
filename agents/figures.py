"""What models cost and are worth, as screens and commands are shown it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class UseRow:
    """Use of one model, agent, session or prompt version. `seconds` is the mean of a usable reply;
    `up` and `down` are the learner's thumbs."""

    name: str
    replies: int = 0
    failures: int = 0
    hits: int = 0  # replies from the cache
    tokens: int = 0
    price: float = 0.0
    seconds: float = 0.0
    skipped: int = 0  # left to the built-in tutor: the turn had no time or call left
    up: int = 0
    down: int = 0


@dataclass(frozen=True, slots=True)
class UseView:
    """What models were used for, today and in all."""

    tokens_today: int = 0
    price_today: float = 0.0
    models: tuple[UseRow, ...] = ()
    prompts: tuple[UseRow, ...] = ()
    agents: tuple[UseRow, ...] = ()
    sessions: tuple[UseRow, ...] = ()  # the latest, newest first; named by when they began


@dataclass(frozen=True, slots=True)
class SideView:
    """One side of a comparison: what the scorecard found. Shares are 0..1 over points of answers."""

    name: str
    agreement: float
    false_credit: float
    failures: int
    seconds: float  # per answer
    tokens: int
    price: float  # US dollars for the whole scorecard


@dataclass(frozen=True, slots=True)
class ThumbsView:
    """The learner's thumbs (up, down) for one prompt version on both sides of a comparison."""

    prompt: str
    first: tuple[int, int] = (0, 0)
    second: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class ComparisonView:
    """Two models, or two prompt versions, over the same answers.

    `difference` is the agreement of `second` minus that of `first` on the `points` both judged, with
    its 95 % interval; `p` is McNemar's exact test of it. `thumbs_p` is Fisher's exact test of all
    thumbs together, 1 where there are none.
    """

    first: SideView
    second: SideView
    points: int
    difference: float
    low: float
    high: float
    p: float
    thumbs: tuple[ThumbsView, ...] = ()
    thumbs_p: float = 1.0
