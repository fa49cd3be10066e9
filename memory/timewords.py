"""When a question means: "last week", "in March", "on 8 May 2023", "three days ago", "the first time".

Only what is plainly a time is read; the rest of the question is left as it is. Days and weeks are
the learner's own (local time); a week starts on Monday.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Literal

_MONTHS = (
    "january february march april may june july august september october november december".split()
)
_DAYS: Sequence[str] = "monday tuesday wednesday thursday friday saturday sunday".split()
_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
_NUMBERS = {
    word: number
    for number, word in enumerate(
        "one two three four five six seven eight nine ten eleven twelve".split(), start=1
    )
} | {"a": 1, "an": 1, "a couple of": 2, "a few": 3}
_MONTH = "|".join(f"{name[:3]}(?:{name[3:]})?" if len(name) > 3 else name for name in _MONTHS)
_DAY = "|".join(_DAYS)
_NUMBER = r"\d{1,3}|" + "|".join(sorted(_NUMBERS, key=len, reverse=True))
_UNIT = "day|week|month|year|hour|minute"

Order = Literal["first", "last"]


@dataclass(frozen=True, slots=True)
class When:
    """`spans` are [start, end) in ms; `order` prefers the earliest or the latest; `rest` is the
    question without the words that were understood."""

    spans: tuple[tuple[int, int], ...]
    order: Order | None
    rest: str


@dataclass(frozen=True, slots=True)
class _Now:
    day: date
    zone: tzinfo | None

    def ms(self, day: date) -> int:
        try:
            return int(datetime(day.year, day.month, day.day, tzinfo=self.zone).timestamp() * 1000)
        except (ValueError, OverflowError, OSError):
            return 0


_Span = tuple[date, date]
_Reader = Callable[[re.Match[str], date], _Span]


def when(query: str, at: int, zone: tzinfo | None = None) -> When:
    """Read the times in `query`, asked at `at` (ms since the epoch), in `zone` (default: local)."""
    now = _Now(datetime.fromtimestamp(at / 1000, zone).date(), zone)
    rest, spans = query, list[tuple[int, int]]()
    for pattern, reader in _PATTERNS:
        found = pattern.search(rest)
        if found is None:
            continue
        span = _read(reader, found, now.day)
        if span is None:
            continue
        spans.append(_open_ended(rest[: found.start()], now, span))
        rest = f"{_trim(rest[: found.start()])} {rest[found.end() :]}"
    order, rest = _order(rest)
    return When(tuple(spans), order, " ".join(rest.split()) or query)


def _read(reader: _Reader, found: re.Match[str], today: date) -> _Span | None:
    try:
        return reader(found, today)
    except (ValueError, OverflowError):
        return None


def _open_ended(before: str, now: _Now, span: _Span) -> tuple[int, int]:
    """The span, or what lies before or after it, by the word in front."""
    start, end = now.ms(span[0]), now.ms(span[1])
    if re.search(r"\b(before|until|till|prior to)\s*$", before, re.I):
        return 0, start
    if re.search(r"\bafter\s*$", before, re.I):
        return end, now.ms(now.day + timedelta(days=1))
    if re.search(r"\bsince\s*$", before, re.I):
        return start, now.ms(now.day + timedelta(days=1))
    return start, end


def _trim(before: str) -> str:
    words = r"(?:in|on|at|during|of|from|since|before|after|until|till|the|around|about)"
    return re.sub(rf"(?:\b{words}\s*)+$", "", before, flags=re.I)


def _order(query: str) -> tuple[Order | None, str]:
    first = r"\b(?:(?:for\s+)?the\s+)?(?:very\s+)?first\s+time\b|\binitially\b|\boriginally\b"
    last = r"\b(?:the\s+)?(?:last|latest)\s+time\b|\bmost\s+recent(?:ly)?\b|\blately\b|\brecently\b"
    for order, pattern in (("first", first), ("last", last)):
        left, count = re.subn(pattern, " ", query, flags=re.I)
        if count:
            return order, left  # type: ignore[return-value]
    return None, query


def _number(word: str) -> int:
    return _NUMBERS.get(word.lower()) or int(word)


def _month(word: str) -> int:
    return next(n for n, name in enumerate(_MONTHS, 1) if name.startswith(word.lower()[:3]))


def _month_span(year: int, month: int, months: int = 1) -> _Span:
    last = year * 12 + month - 1 + months
    return date(year, month, 1), date(last // 12, last % 12 + 1, 1)


def _one(day: date) -> _Span:
    return day, day + timedelta(days=1)


def _latest_month(today: date, month: int) -> int:
    """The year of the latest such month that has begun."""
    return today.year if month <= today.month else today.year - 1


def _iso(found: re.Match[str], _: date) -> _Span:
    return _one(date(int(found[1]), int(found[2]), int(found[3])))


def _day_month(found: re.Match[str], today: date) -> _Span:
    return _dated(int(found["d"]), _month(found["m"]), found["y"], today)


def _dated(day: int, month: int, year: str | None, today: date) -> _Span:
    if year:
        return _one(date(int(year), month, day))
    this = date(today.year, month, day)
    return _one(this if this <= today else date(today.year - 1, month, day))


def _in_month(found: re.Match[str], today: date) -> _Span:
    month = _month(found["m"])
    year = int(found["y"]) if found["y"] else _latest_month(today, month)
    return _month_span(year, month)


def _in_year(found: re.Match[str], _: date) -> _Span:
    return date(int(found[1]), 1, 1), date(int(found[1]) + 1, 1, 1)


def _ago(found: re.Match[str], today: date) -> _Span:
    """The day, week or month so long ago, a little blurred: people round."""
    count, unit = _number(found["n"]), found["u"].lower()
    if unit in ("hour", "minute"):
        return today - timedelta(days=1), today + timedelta(days=1)
    days = {"day": 1, "week": 7, "month": 30, "year": 365}[unit] * count
    blur = {"day": 0, "week": 4, "month": 16, "year": 183}[unit]
    centre = today - timedelta(days=days)
    return centre - timedelta(days=blur), centre + timedelta(days=blur + 1)


def _past(found: re.Match[str], today: date) -> _Span:
    unit = found["u"].lower()
    days = {"day": 1, "week": 7, "month": 30, "year": 365}.get(unit, 1) * _number(found["n"])
    return today - timedelta(days=days), today + timedelta(days=1)


def _relative(found: re.Match[str], today: date) -> _Span:
    which, unit = found["w"].lower(), found["u"].lower()
    back = 1 if which in ("last", "previous", "past") else 0
    if unit == "week":
        monday = today - timedelta(days=today.weekday() + 7 * back)
        return monday, monday + timedelta(days=7)
    if unit == "weekend":
        saturday = today - timedelta(days=(today.weekday() - 5) % 7)
        if back and today.weekday() >= 5:
            saturday -= timedelta(days=7)
        return saturday, saturday + timedelta(days=2)
    if unit == "month":
        months = today.year * 12 + today.month - 1 - back
        return _month_span(months // 12, months % 12 + 1)
    if unit == "year":
        return date(today.year - back, 1, 1), date(today.year - back + 1, 1, 1)
    start = _SEASONS[unit]
    year = today.year - (date(today.year, start, 1) > today)
    over = _month_span(year, start, 3)
    return _month_span(year - 1, start, 3) if back and over[1] > today else over


def _weekday(found: re.Match[str], today: date) -> _Span:
    wanted = _DAYS.index(found["d"].lower())
    back = (today.weekday() - wanted) % 7
    return _one(today - timedelta(days=back or 7 * bool(found["w"])))


def _named(found: re.Match[str], today: date) -> _Span:
    word = re.sub(r"\s+", " ", found[0].lower())
    back = {"today": 0, "this morning": 0, "tonight": 0, "day before yesterday": 2}.get(word, 1)
    return _one(today - timedelta(days=back))


def _patterns() -> Iterator[tuple[re.Pattern[str], _Reader]]:
    year = r"(?P<y>(?:19|20)\d\d)"
    for pattern, reader in (
        (r"\b(\d{4})-(\d\d?)-(\d\d?)\b", _iso),
        (rf"\b(?P<d>\d\d?)(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<m>{_MONTH})\b\.?,?(?:\s+{year})?", _day_month),
        (rf"\b(?P<m>{_MONTH})\b\.?\s+(?P<d>\d\d?)(?:st|nd|rd|th)?\b,?(?:\s+{year})?", _day_month),
        (rf"\b(?P<m>{_MONTH})\b\.?,?\s+(?:of\s+)?{year}\b", _in_month),
        (rf"(?<=\bin )(?P<m>{_MONTH})\b(?P<y>)", _in_month),
        (rf"(?<=\blast )(?P<m>{_MONTH})\b(?P<y>)", _in_month),
        (rf"(?<=\bsince )(?P<m>{_MONTH})\b(?P<y>)", _in_month),
        (r"(?<=\bin )((?:19|20)\d\d)\b", _in_year),
        (rf"\b(?P<n>{_NUMBER})\s+(?P<u>{_UNIT})s?\s+ago\b", _ago),
        (rf"\b(?:last|past|previous)\s+(?P<n>{_NUMBER})\s+(?P<u>{_UNIT})s?\b", _past),
        (r"\b(?P<w>last|this|previous|past)\s+"
         rf"(?P<u>weekend|week|month|year|{'|'.join(_SEASONS)})\b", _relative),
        (rf"\b(?P<w>last\s+|this\s+)?(?P<d>{_DAY})\b", _weekday),
        (r"\b(?:today|this\s+morning|tonight|day\s+before\s+yesterday|yesterday|last\s+night)\b", _named),
    ):  # fmt: skip
        yield re.compile(pattern, re.I), reader


_PATTERNS = tuple(_patterns())
