"""Dates in every form that people write, and moments of the record."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from dealledger.events import BadInput
from dealledger.events.dates import (
    instant_microseconds,
    instant_text,
    is_over,
    parse_as_of,
    parse_day,
    parse_instant,
    parse_partial_day,
    parse_until,
)

TODAY = date(2026, 3, 4)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2025-10-28", "2025-10-28"),
        ("2025-10", "2025-10-31"),
        ("2025-02", "2025-02-28"),
        ("2024-02", "2024-02-29"),
        ("2025-Q1", "2025-03-31"),
        ("2025-Q4", "2025-12-31"),
        ("2025", "2025-12-31"),
        ("9999", "9999-12-31"),
        ("0001", "0001-12-31"),
        ("today", "2026-03-04"),
    ],
)
def test_as_of_is_the_end_of_what_is_named(typed: str, day: str) -> None:
    """A day, or the last day of a month, quarter or year, or today as it was passed in."""
    assert date.fromisoformat(day) == parse_as_of(typed, TODAY)


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        *(
            (typed, f"'{typed}' is not a date (such as 2025-10-28, 2025-10, 2025-Q3, 2025 or today)")
            for typed in (
                "", " ", "Today", "now", "2025-10-28 ", "2025-1-2", "20251028", "2025-W01", "25",
                "10000-01-01", "2025-10-28T00:00", "2025-Q5", "2025-Q0", "2025-q1", "٢٠٢٥", "+2025",
                "２０２５", "2025-10-", "28.10.2025", "10/28/2025", "yesterday",
            )
        ),
        ("2023-02-29", "there is no day 2023-02-29"),
        ("2025-04-31", "there is no day 2025-04-31"),
        ("2025-13-01", "there is no day 2025-13-01"),
        ("0000-01-01", "there is no day 0000-01-01"),
        ("2025-13", "there is no month 2025-13"),
        ("2025-00", "there is no month 2025-00"),
        ("0000", "there is no month 0000-12"),
        ("0000-Q2", "there is no month 0000-06"),
    ],
)  # fmt: skip
def test_bad_as_of_is_refused(typed: str, message: str) -> None:
    """Another form is refused with examples, a day that does not exist by its name."""
    with pytest.raises(BadInput) as caught:
        parse_as_of(typed, TODAY)

    assert message == str(caught.value)


@pytest.mark.parametrize(
    "value",
    ["2025-10", "2025", "today", "", None, 20251028, datetime(2025, 1, 1), "2025-10-28\n", True],
)
def test_dates_of_events_are_days(value: Any) -> None:
    """An event took effect on a day."""
    with pytest.raises(BadInput, match=r"is not a date \(YYYY-MM-DD\)$"):
        parse_day(value)


@pytest.mark.parametrize("value", ["2025-03-01", "2025-03", "2025"])
def test_publication_may_be_partly_known(value: str) -> None:
    """A source says the day, the month or the year; it is kept as it says."""
    assert value == parse_partial_day(value)


@pytest.mark.parametrize("value", ["2025-Q1", "", "soon", None, 2025])
def test_bad_publication_is_refused(value: Any) -> None:
    """Nothing else is a date of publication."""
    with pytest.raises(BadInput, match="is not a date"):
        parse_partial_day(value)


@pytest.mark.parametrize(
    "value", ["2032", "2032-06", "2032-06-30", "2032-Q2", "until AGI is declared", "2032 or AGI"]
)
def test_until_is_a_date_or_a_condition(value: str) -> None:
    """What lasts until something is kept as the contract says."""
    assert value == parse_until(value)


@pytest.mark.parametrize("value", ["2032-13", "2023-02-29", "0000", "", " ", "a\x00b", None, 2032])
def test_bad_until_is_refused(value: Any) -> None:
    """What looks like a date must exist."""
    with pytest.raises(BadInput):
        parse_until(value)


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("2025-11-01", datetime(2025, 11, 1, 23, 59, 59, 999_999, UTC)),
        ("2025-02", datetime(2025, 2, 28, 23, 59, 59, 999_999, UTC)),
        ("2025", datetime(2025, 12, 31, 23, 59, 59, 999_999, UTC)),
        ("9999-12-31", datetime(9999, 12, 31, 23, 59, 59, 999_999, UTC)),
        ("2025-11-01T09:30Z", datetime(2025, 11, 1, 9, 30, tzinfo=UTC)),
        ("2025-11-01T09:30:01Z", datetime(2025, 11, 1, 9, 30, 1, tzinfo=UTC)),
        ("2025-11-01T09:30:01.5Z", datetime(2025, 11, 1, 9, 30, 1, 500_000, UTC)),
        ("2025-11-01T09:30:01.000001Z", datetime(2025, 11, 1, 9, 30, 1, 1, UTC)),
    ],
)
def test_moment_is_read(typed: str, moment: datetime) -> None:
    """A date means its last microsecond, in UTC."""
    assert moment == parse_instant(typed)


@pytest.mark.parametrize(
    ("typed", "what"),
    [
        *(
            (typed, "is not a moment")
            for typed in (
                "", "now", "2025-11-01T09:30", "2025-11-01T09:30:00+01:00", "2025-11-01 09:30Z",
                "2025-11-01T9:30Z", "2025-11-01T09Z", "2025-11-01T09:30:00.1234567Z", "@5",
                "2025-11-01t09:30Z", "2025-11-01T09:30:00z",
            )
        ),
        ("2025-11-01T23:59:60Z", "there is no moment"),
        ("2025-11-01T25:00Z", "there is no moment"),
        ("2023-02-29T00:00Z", "there is no moment"),
        ("2023-02-29", "there is no moment"),
        ("2023-13", "there is no moment"),
    ],
)  # fmt: skip
def test_bad_moment_is_refused(typed: str, what: str) -> None:
    """A form without Z, and a leap second, are refused; nothing is guessed."""
    with pytest.raises(BadInput, match=what):
        parse_instant(typed)


def test_moments_are_written_with_microseconds() -> None:
    """One text per moment, of one length."""
    moment = datetime(2025, 1, 2, 3, 4, 5, 6, UTC)

    assert "2025-01-02T03:04:05.000006Z" == instant_text(instant_microseconds(moment))
    assert "1970-01-01T00:00:00.000000Z" == instant_text(0)
    assert "1969-12-31T23:59:59.999999Z" == instant_text(-1)


def test_what_lasts_until_a_day_is_over_as_of_that_day() -> None:
    """An as-of is the end of its day."""
    end = date(2025, 12, 31)

    assert [False, True, True] == [
        is_over(end, date.fromisoformat(day)) for day in ("2025-12-30", "2025-12-31", "2026-01-01")
    ]
    assert not is_over(None, date.max)
