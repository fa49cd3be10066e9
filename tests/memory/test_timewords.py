"""What is read as a time in a question, asked on Wednesday 14 June 2023."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from memory.timewords import when

NOW = int(datetime(2023, 6, 14, 15, tzinfo=UTC).timestamp() * 1000)


def read(query: str) -> list[tuple[str, str]]:
    def day(ms: int) -> str:
        return datetime.fromtimestamp(ms / 1000, UTC).date().isoformat()

    return [(day(start), day(end)) for start, end in when(query, NOW, UTC).spans]


@pytest.mark.parametrize(
    ("query", "start", "end"),
    [
        ("what did I say yesterday?", "2023-06-13", "2023-06-14"),
        ("today", "2023-06-14", "2023-06-15"),
        ("the day before yesterday", "2023-06-12", "2023-06-13"),
        ("last week", "2023-06-05", "2023-06-12"),
        ("this week", "2023-06-12", "2023-06-19"),
        ("last weekend", "2023-06-10", "2023-06-12"),
        ("last month", "2023-05-01", "2023-06-01"),
        ("last year", "2022-01-01", "2023-01-01"),
        ("last winter", "2022-12-01", "2023-03-01"),
        ("last summer", "2022-06-01", "2022-09-01"),
        ("in March", "2023-03-01", "2023-04-01"),
        ("in December", "2022-12-01", "2023-01-01"),
        ("in March 2021", "2021-03-01", "2021-04-01"),
        ("during May, 2022", "2022-05-01", "2022-06-01"),
        ("on 8 May 2023", "2023-05-08", "2023-05-09"),
        ("on the 8th of May", "2023-05-08", "2023-05-09"),
        ("on August 3rd", "2022-08-03", "2022-08-04"),
        ("on May 8, 2023", "2023-05-08", "2023-05-09"),
        ("on 2023-05-08", "2023-05-08", "2023-05-09"),
        ("in 2022", "2022-01-01", "2023-01-01"),
        ("three days ago", "2023-06-11", "2023-06-12"),
        ("two weeks ago", "2023-05-27", "2023-06-05"),
        ("in the last 3 days", "2023-06-11", "2023-06-15"),
        ("on Tuesday", "2023-06-13", "2023-06-14"),
        ("last Wednesday", "2023-06-07", "2023-06-08"),
        ("before March 2023", "1970-01-01", "2023-03-01"),
        ("since 1 June 2023", "2023-06-01", "2023-06-15"),
        ("after 1 June 2023", "2023-06-02", "2023-06-15"),
    ],
)
def test_times_are_read(query: str, start: str, end: str) -> None:
    assert read(query) == [(start, end)]


@pytest.mark.parametrize(
    "query",
    [
        "may I ask about caches?",
        "the march of progress",
        "what is the second law?",
        "on 99 May",
        "a marathon of 42 kilometres",
        "version 2023.5",
    ],
)
def test_what_is_no_time_is_left_alone(query: str) -> None:
    found = when(query, NOW, UTC)
    assert (found.spans, found.order) == ((), None)
    assert found.rest == query


def test_the_rest_of_the_question_remains() -> None:
    assert when("What did I say about KV caches last week?", NOW, UTC).rest == (
        "What did I say about KV caches ?"
    )
    assert when("yesterday", NOW, UTC).rest == "yesterday"


def test_first_and_last_times() -> None:
    assert when("the first time I met attention", NOW, UTC).order == "first"
    assert when("the last time we spoke of LoRA", NOW, UTC).order == "last"
    assert when("what did I say most recently", NOW, UTC).order == "last"


def test_local_days() -> None:
    from datetime import timedelta, timezone

    zone = timezone(timedelta(hours=9))
    (span,) = when("today", NOW, zone).spans
    assert datetime.fromtimestamp(span[0] / 1000, zone).date() == date(2023, 6, 15)
