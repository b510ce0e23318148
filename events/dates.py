"""Dates as people write them, and when something is over.

An as-of is the end of its day, inclusive; so what lasts until a day is over as of that day. The
clock is never read here: today is passed in.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Final

from dealledger.events.errors import BadInput
from dealledger.events.text import parse_text, shown

_DAY: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_MONTH: Final = re.compile(r"([0-9]{4})-([0-9]{2})")
_QUARTER: Final = re.compile(r"([0-9]{4})-Q([1-4])")
_YEAR: Final = re.compile(r"([0-9]{4})")
_INSTANT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?Z"
)


def parse_day(value: object) -> date:
    """Return the date that *value* names as YYYY-MM-DD.

    Raises: BadInput, for another form and for a day that does not exist.
    """
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise BadInput(f"{shown(value)} is not a date", "YYYY-MM-DD")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise BadInput(f"there is no day {value}") from None


def last_day(text: str) -> date | None:
    """Return the last day of a day, month, quarter or year, or None for another form.

    >>> last_day("2025-Q3"), last_day("2024-02"), last_day("until AGI")
    (datetime.date(2025, 9, 30), datetime.date(2024, 2, 29), None)
    """
    if _DAY.fullmatch(text):
        return parse_day(text)
    if match := _QUARTER.fullmatch(text):
        return _month_end(int(match[1]), 3 * int(match[2]))
    if match := _MONTH.fullmatch(text):
        return _month_end(int(match[1]), int(match[2]))
    if match := _YEAR.fullmatch(text):
        return _month_end(int(match[1]), 12)
    return None


def parse_as_of(text: str, today: date) -> date:
    """Return the day that an as-of names: a date, the end of a month, quarter or year, or today."""
    if text == "today":
        return today
    day = last_day(text)
    if day is None:
        raise BadInput(
            f"{shown(text)} is not a date", "such as 2025-10-28, 2025-10, 2025-Q3, 2025 or today"
        )
    return day


def parse_instant(text: str) -> datetime:
    """Return the last microsecond that a moment of recording includes, in UTC.

    A date means the end of that day. Raises: BadInput, for a form without Z or a leap second.
    """
    try:
        if _INSTANT.fullmatch(text):
            return datetime.fromisoformat(text)
        day = last_day(text)
        if day is not None:
            return datetime(day.year, day.month, day.day, 23, 59, 59, 999_999, tzinfo=UTC)
    except ValueError:
        raise BadInput(f"there is no moment {shown(text)}") from None
    raise BadInput(
        f"{shown(text)} is not a moment", "such as 2025-11-01, 2025-11-01T09:30:00Z or @120"
    )


def parse_partial_day(value: object) -> str:
    """Return *value* if it is a date, a month or a year that exists."""
    if isinstance(value, str) and not _QUARTER.fullmatch(value) and last_day(value) is not None:
        return value
    raise BadInput(f"{shown(value)} is not a date", "YYYY-MM-DD, YYYY-MM or YYYY")


def parse_until(value: object) -> str:
    """Return *value* if it says until when: a date, a month, a year, or a condition in words."""
    text = parse_text(value)
    last_day(text)  # What looks like a date must exist.
    return text


def is_over(end: date | None, as_of: date) -> bool:
    """Tell whether what lasts until *end* is over at the end of the day *as_of*."""
    return end is not None and end <= as_of


def day_after(day: date) -> date:
    """Return the next day; the calendar ends with the year 9999, and so does every term."""
    return day + timedelta(days=1) if day < date.max else day


def anniversary(day: date, years: int) -> date:
    """Return the same day so many years later; of 29 February, where there is none, the 28th.

    What would lie before or behind the calendar is its first or last day.
    """
    year = day.year + years
    if not date.min.year <= year <= date.max.year:
        return date.min if year < date.min.year else date.max
    return date(year, day.month, min(day.day, monthrange(year, day.month)[1]))


def trailing_year(day: date) -> date:
    """Return the first day of the twelve months that end with *day*.

    >>> trailing_year(date(2025, 12, 31)), trailing_year(date(2024, 2, 29))
    (datetime.date(2025, 1, 1), datetime.date(2023, 3, 1))
    """
    before = anniversary(day, -1)
    return before if day.year == date.min.year else day_after(before)


def next_years(day: date, years: int) -> list[date]:
    """Return the last days of each of the next years after *day*, from anniversary to anniversary.

    >>> next_years(date(2024, 2, 29), 2), next_years(date(2027, 12, 31), 1)
    ([datetime.date(2025, 2, 28), datetime.date(2026, 2, 28)], [datetime.date(2028, 12, 31)])
    """
    return [anniversary(day, number) for number in range(1, years + 1)]


def years_of(first: date, last: date) -> Fraction:
    """Return how many years a term has, both days inclusive.

    Whole years run from anniversary to anniversary; the rest is a part of the year it lies in.
    Zero, if the term is over before it begins.

    >>> years_of(date(2024, 2, 15), date(2025, 2, 14)), years_of(date(2025, 1, 1), date(2025, 1, 1))
    (Fraction(1, 1), Fraction(1, 365))
    """
    return _years(first, last.toordinal() + 1)


def years_left(day: date, end: date) -> Fraction:
    """Return the years from the end of *day* to the end of *end*, by the same rule.

    >>> years_left(date(2025, 10, 28), date(2032, 12, 31))
    Fraction(2619, 365)
    """
    return _years(day, end.toordinal())


def _years(first: date, stop: int) -> Fraction:
    """Return the years from a day to the day number *stop*, which is not part of them."""
    if stop <= first.toordinal():
        return Fraction()
    whole = date.fromordinal(min(stop, date.max.toordinal())).year - first.year + 1
    while _anniversary_number(first, whole) > stop:
        whole -= 1
    begun = _anniversary_number(first, whole)
    length = _anniversary_number(first, whole + 1) - begun
    return whole + Fraction(stop - begun, length)


_CYCLE: Final = 400, 146_097
"""The Gregorian calendar repeats itself after so many years, which are so many days."""


def _anniversary_number(day: date, years: int) -> int:
    """Return the number of the day so many years later, also behind the end of the calendar."""
    over = day.year + years > date.max.year
    cycle, days = _CYCLE
    return anniversary(day, years - cycle * over).toordinal() + days * over


def precision(text: str) -> str | None:
    """Return how exactly *text* names a day: day, month, quarter or year; None for other words.

    >>> precision("2032"), precision("2025-Q3"), precision("until AGI")
    ('year', 'quarter', None)
    """
    if last_day(text) is None:
        return None
    forms = {"year": _YEAR, "quarter": _QUARTER, "month": _MONTH, "day": _DAY}
    return next(name for name, form in forms.items() if form.fullmatch(text))


def instant_text(microseconds: int) -> str:
    """Return microseconds since 1970 as the UTC timestamp that stands in records."""
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ") if moment.year > 999 else moment.isoformat()


def instant_microseconds(moment: datetime) -> int:
    """Return a moment as whole microseconds since 1970, UTC."""
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def _month_end(year: int, month: int) -> date:
    if not 1 <= year <= 9999 or not 1 <= month <= 12:
        raise BadInput(f"there is no month {year:04}-{month:02}")
    return date(year, month, monthrange(year, month)[1])
