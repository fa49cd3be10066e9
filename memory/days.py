"""The learner's days: where they end, and how far local time is ahead of UTC."""

from __future__ import annotations

import time
from datetime import UTC, datetime

DAY_MS = 86_400_000


def utc_offset() -> int:
    """Minutes by which local time is ahead of UTC."""
    return (time.localtime().tm_gmtoff or 0) // 60


def end_of_day(at: int, offset: int) -> int:
    """The last millisecond of the local day of `at`; what comes due until then is due that day."""
    day = (at + offset * 60_000) // DAY_MS
    return (day + 1) * DAY_MS - offset * 60_000 - 1


def day_in_words(at: int) -> str:
    """The local day of `at` (ms), as in ``Monday 3 March``."""
    moment = datetime.fromtimestamp(at / 1000 + utc_offset() * 60, UTC)
    return f"{moment:%A} {moment.day} {moment:%B}"
