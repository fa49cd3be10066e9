"""The learner's days: where they end, and how far local time is ahead of UTC."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime

DAY_MS = 86_400_000


def utc_offset() -> int:
    """Minutes by which local time is ahead of UTC."""
    return (time.localtime().tm_gmtoff or 0) // 60


def day_number(at: int, offset: int) -> int:
    """The local day of `at` (ms) as a number that grows by one a day; local time is `offset` minutes
    ahead of UTC."""
    return (at + offset * 60_000) // DAY_MS


def end_of_day(at: int, offset: int) -> int:
    """The last millisecond of the local day of `at`; what comes due until then is due that day."""
    return (day_number(at, offset) + 1) * DAY_MS - offset * 60_000 - 1


def local_day(at: int, offset: int) -> date:
    """The day of `at` (ms) where local time is `offset` minutes ahead of UTC."""
    return datetime.fromtimestamp(at / 1000 + offset * 60, UTC).date()


def day_in_words(at: int) -> str:
    """The local day of `at` (ms), as in ``Monday 3 March``."""
    day = local_day(at, utc_offset())
    return f"{day:%A} {day.day} {day:%B}"
