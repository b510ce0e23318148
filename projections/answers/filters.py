"""Which events somebody wants to see: each option of `deals log` is one test of a record."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from dealledger.events import BadInput
from dealledger.events.dates import instant_microseconds, last_day, parse_instant
from dealledger.ledger import Record

Test = Callable[[Record], bool]


def recorded_since(typed: str) -> Test:
    """Return the test for what was recorded at a moment or later, or behind a position (`@120`).

    A date means its start, UTC: what was recorded on that day counts.
    """
    if re.fullmatch("@[0-9]{1,18}", typed):
        position = int(typed[1:])
        return lambda record: record.position > position
    moment = parse_instant(typed)
    if last_day(typed) is not None:
        moment = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    limit = instant_microseconds(moment)
    return lambda record: record.recorded_at >= limit


def backdated(typed: str) -> Test:
    """Return the test for what was recorded so many days (`30d`) or more after it took effect."""
    match = re.fullmatch(r"([0-9]{1,5})d?", typed)
    if not match:
        raise BadInput(f"--backdated {typed} is no number of days", "such as 30d")
    lag = timedelta(days=int(match[1]))
    return lambda record: recorded_on(record) - record.effective_on >= lag


def recorded_on(record: Record) -> date:
    """Return the day of recording, UTC."""
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=record.recorded_at)).date()


def chosen(
    *,
    party: str | None,
    deal: str | None,
    kinds: tuple[str, ...],
    since: date | None,
    until: date | None,
    text: str | None,
) -> list[Test]:
    """Return the tests that a record must pass, for the options that are given."""
    tests: list[Test] = []
    if party is not None:
        tests.append(lambda record: party in record.event.parties())
    if deal is not None:
        tests.append(lambda record: record.event.deal == deal)
    if kinds:
        tests.append(lambda record: record.event.kind in kinds)
    if since is not None:
        tests.append(lambda record: record.effective_on >= since)
    if until is not None:
        tests.append(lambda record: record.effective_on <= until)
    if text is not None:
        tests.append(lambda record: text.casefold() in record.body.decode().casefold())
    return tests


def chosen_by_record(*, recorded: str | None, lag: str | None, actor: str | None) -> list[Test]:
    """Return the tests of when and by whom something was recorded, for the options given."""
    tests: list[Test] = []
    if actor is not None:
        tests.append(lambda record: record.event.actor == actor)
    if recorded is not None:
        tests.append(recorded_since(recorded))
    if lag is not None:
        tests.append(backdated(lag))
    return tests
