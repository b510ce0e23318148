"""Rights: what is in force, and for how long. Design, section 6; quantities, Q12."""

from __future__ import annotations

from datetime import date

from oracle.reading import LIVE, Json, Reading, effective, text_day


def status(reading: Reading, event: Json) -> tuple[str, date | None]:
    """Return whether a right is in force, ended or apart, and when it ended.

    In force from its day until before the last day of `until`, or until it is terminated.
    """
    last = text_day(event.get("until")) if event.get("until") else None
    ends = [effective(each) for each in reading.ended(event["id"])]
    if last is not None:
        ends.append(last)
    ended_on = min(ends, default=None)
    if ended_on is not None and ended_on <= reading.point.as_of:
        return "ended", ended_on
    return ("in force" if event.get("firmness", "definitive") in LIVE else "apart"), None


def rights(reading: Reading) -> dict[str, tuple[str, date | None]]:
    return {event["id"]: status(reading, event) for event in reading.of("right")}


def days_left(reading: Reading, event: Json) -> int | None:
    last = text_day(event.get("until")) if event.get("until") else None
    return None if last is None else (last - reading.point.as_of).days
