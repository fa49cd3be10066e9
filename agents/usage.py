"""What the models were used for: one row per call in a local SQLite file. No text of anybody's.

`day` figures follow local time; prices come from `agents.prices` and are 0 for unknown models.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any

from agents.figures import UseRow
from agents.views import UsageView
from memory.events import Event, now_ms

FILE = "model-usage.sqlite"
LEFT_OUT = ("late", "spent")
"""Outcomes of a request that the built-in tutor answered because the turn had no time left for the
model, or no call."""


@dataclass(frozen=True, slots=True)
class Use:
    """One request to a model. `outcome` is ``ok``, ``repaired``, ``cache``, one of `LEFT_OUT` or a kind
    of failure; `seconds` is the time the learner waited for it."""

    at: int
    session: str
    agent: str
    task: str
    model: str
    prompt: str
    outcome: str = "ok"
    calls: int = 1
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cached_tokens: int = 0
    seconds: float = 0.0
    price: float = 0.0


@dataclass(frozen=True, slots=True)
class Total:
    """Sums over rows of `Use`. `replies` are usable ones, `hits` those from the cache, `skipped` those
    left out, `failures` the rest; `seconds` is the mean time of a usable reply from the model."""

    name: str
    replies: int = 0
    failures: int = 0
    hits: int = 0
    tokens: int = 0
    price: float = 0.0
    seconds: float = 0.0
    skipped: int = 0


_COLUMNS = tuple(f.name for f in fields(Use))
_KINDS = {"str": "TEXT", "int": "INTEGER", "float": "REAL"}
_TABLE = ", ".join(f"{f.name} {_KINDS[str(f.type)]}" for f in fields(Use))
_SUMS = (
    "SUM(outcome IN ('ok', 'repaired')), "
    "SUM(outcome NOT IN ('ok', 'repaired', 'cache', 'late', 'spent')), SUM(outcome = 'cache'), "
    "SUM(prompt_tokens + completion_tokens), SUM(price), "
    "AVG(CASE WHEN outcome IN ('ok', 'repaired') THEN seconds END), "
    "SUM(outcome IN ('late', 'spent'))"
)


class UsageLog:
    """The rows of a data folder. Trouble with the file loses figures, never a session."""

    def __init__(self, home: Path, clock: Callable[[], int] = now_ms) -> None:
        self.clock = clock
        self._lock = threading.Lock()
        self._base: sqlite3.Connection | None = None
        with contextlib.suppress(sqlite3.Error):
            self._base = sqlite3.connect(home / FILE, check_same_thread=False, timeout=1.0)
            with self._base:
                self._base.execute(f"CREATE TABLE IF NOT EXISTS uses ({_TABLE})")
                self._base.execute("CREATE INDEX IF NOT EXISTS uses_at ON uses (at)")

    def add(self, use: Use) -> None:
        marks = ", ".join("?" for _ in _COLUMNS)
        row = asdict(use)
        self._run(f"INSERT INTO uses VALUES ({marks})", [row[name] for name in _COLUMNS])

    def session(self, session: str) -> Total:
        """All use in one session."""
        rows = self._totals("?1", "session = ?1", [session])
        return rows[0] if rows else Total(session)

    def agents(self, since: int = 0, session: str = "") -> list[Total]:
        """Use since a time (ms) per agent, of all sessions or one."""
        where = "at >= ?1 AND (?2 = '' OR session = ?2)"
        return self._totals("agent", where, [since, session])

    def sessions(self, most: int) -> list[Total]:
        """Use per session, the latest `most`, the newest first."""
        rows = self._run(
            "SELECT session FROM uses GROUP BY session ORDER BY MAX(at) DESC LIMIT ?", [most]
        )
        return [self.session(str(name)) for (name,) in rows]

    def begun(self, session: str) -> int:
        """When a session first used a model, 0 if it never did."""
        rows = self._run("SELECT MIN(at) FROM uses WHERE session = ?", [session])
        return int(rows[0][0] or 0) if rows else 0

    def models(self, since: int = 0, session: str = "") -> list[Total]:
        """Use since a time (ms) per model, of all sessions or one."""
        where = "at >= ?1 AND (?2 = '' OR session = ?2)"
        return self._totals("model", where, [since, session])

    def prompts(self, since: int = 0) -> list[Total]:
        """Use since a time (ms) per prompt version."""
        return self._totals("prompt", "at >= ?1", [since])

    def today(self) -> tuple[int, float]:
        """Tokens and US dollars spent since midnight, local time."""
        now = datetime.fromtimestamp(self.clock() / 1000)
        start = now.replace(hour=0, minute=0, second=0, microsecond=0)
        rows = self._run(
            "SELECT SUM(prompt_tokens + completion_tokens), SUM(price) FROM uses WHERE at >= ?",
            [int(start.timestamp() * 1000)],
        )
        tokens, price = rows[0] if rows else (0, 0.0)
        return int(tokens or 0), float(price or 0.0)

    def close(self) -> None:
        if self._base is not None:
            with self._lock, contextlib.suppress(sqlite3.Error):
                self._base.close()
            self._base = None

    def _totals(self, by: str, where: str, values: list[Any]) -> list[Total]:
        rows = self._run(
            f"SELECT {by}, {_SUMS} FROM uses WHERE {where} GROUP BY {by} ORDER BY {by}", values
        )
        return [
            Total(
                str(name),
                ok or 0,
                bad or 0,
                hits or 0,
                tokens or 0,
                price or 0.0,
                mean or 0.0,
                out or 0,
            )
            for name, ok, bad, hits, tokens, price, mean, out in rows
        ]

    def _run(self, statement: str, values: list[Any]) -> list[Any]:
        if self._base is None:
            return []
        with self._lock, contextlib.suppress(sqlite3.Error), self._base:
            return self._base.execute(statement, values).fetchall()
        return []


@dataclass(frozen=True, slots=True)
class Budget:
    """What may be spent in a day; 0 is no limit. `price` in US dollars."""

    tokens: int = 0
    price: float = 0.0

    def spent(self, log: UsageLog) -> str:
        """Why no more may be spent today, empty while there is some left."""
        if not self.tokens and not self.price:
            return ""
        tokens, price = log.today()
        if self.tokens and tokens >= self.tokens:
            return f"today's budget of {self.tokens} tokens is used up"
        if self.price and price >= self.price:
            return f"today's budget of ${self.price:.2f} is used up"
        return ""


def thumbs(events: Iterable[Event]) -> dict[tuple[str, str], tuple[int, int]]:
    """The learner's thumbs up and down per (prompt version, model) of the turn they are about; the
    built-in tutor's turns have no prompt."""
    made: dict[str, tuple[str, str]] = {}
    last: dict[str, int] = {}
    for event in events:
        if event.prompt or event.model:
            made[event.id] = event.prompt, event.model
        if event.kind == "feedback":
            last[str(event.payload.get("about", ""))] = int(event.payload.get("thumbs", 0))
    counts: dict[tuple[str, str], tuple[int, int]] = {}
    for about, thumb in last.items():
        if about in made and thumb:
            up, down = counts.get(made[about], (0, 0))
            counts[made[about]] = (up + (thumb > 0), down + (thumb < 0))
    return counts


def session_use(
    home: Path, session: str, degraded: str = ""
) -> tuple[UsageView, tuple[UseRow, ...]]:
    """What one session used in all and per agent; nothing where `session` is empty."""
    if not session:
        return UsageView(degraded=degraded), ()
    log = UsageLog(home)
    try:
        total, agents = log.session(session), log.agents(session=session)
        names = [row.name for row in log.models(session=session)]
    finally:
        log.close()
    return view_of(total, names, degraded), tuple(UseRow(**asdict(row)) for row in agents)


def view_of(total: Total, models: Iterable[str], degraded: str = "") -> UsageView:
    """Figures of one session as a screen shows them."""
    return UsageView(
        model=", ".join(dict.fromkeys(models)),
        tokens=total.tokens,
        price=round(total.price, 6),
        seconds=round(total.seconds, 3),
        degraded=degraded,
        cached=total.hits,
    )
