"""Flows: cash that moved, by party, pair, kind and year. Design, section 6; quantities, section 0.

Cash is funding, unless in credits, and payments. An amount with a period counts in full on its
effective date; accrued, it is read by its period alone. Between the two, nobody can say more than
that a part of it has moved, so the net of a pair has bounds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from oracle.reading import CASH, Json, Reading, amount_of, day_of, days, effective, memo


class Move(NamedTuple):
    """An amount, what of it has moved, and what of it surely and at most has."""

    kind: str
    source: str
    target: str
    currency: str
    moved: Fraction
    least: Fraction
    most: Fraction
    by_year: dict[int, Fraction]


def cash(event: Json) -> bool:
    return event["kind"] in CASH and event.get("instrument") != "credits" and not memo(event)


def sides(event: Json) -> tuple[str, str]:
    if event["kind"] == "funding":
        return event["investor"], event["investee"]
    return event["payer"], event["payee"]


def moves(reading: Reading, into: str | None = None, *, accrue: bool = False) -> Iterator[Move]:
    """Yield every disclosed amount of which something has moved, or may have.

    Raises: NoRate, if one of them cannot be converted.
    """
    as_of = reading.point.as_of
    for event in filter(cash, reading.known):
        amount, day = amount_of(event), effective(event)
        start, end = day_of(event, "period_start"), day_of(event, "period_end")
        straddles = start is not None and end is not None and start <= as_of < end
        counts = start <= as_of if accrue and start else day <= as_of
        if amount is None or not (counts or straddles):
            continue
        whole, currency = reading.converted(amount, event["currency"], day, into)
        by_year = {day.year: whole} if counts else {}
        if accrue and start and end:
            by_year = parts_by_year(whole, start, end, as_of)
        moved = sum(by_year.values(), Fraction())
        least, most = (Fraction(), whole) if straddles else (moved, moved)
        yield Move(event["kind"], *sides(event), currency, moved, least, most, by_year)


def parts_by_year(whole: Fraction, start: date, end: date, as_of: date) -> dict[int, Fraction]:
    """Return what of an amount falls in each year, straight by days, until the end of *as_of*."""
    last = min(end, as_of)
    return {
        year: whole
        * days(max(start, date(year, 1, 1)), min(last, date(year, 12, 31)))
        / days(start, end)
        for year in range(start.year, last.year + 1)
    }


def by_party(found: list[Move]) -> dict[tuple[str, str], dict[str, Fraction]]:
    """Return inflow, outflow and net of each party in each currency."""
    rows: dict[tuple[str, str], dict[str, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
    for move in filter(lambda move: move.moved, found):
        rows[move.target, move.currency]["inflow"] += move.moved
        rows[move.source, move.currency]["outflow"] += move.moved
        rows[move.target, move.currency]["net"] += move.moved
        rows[move.source, move.currency]["net"] -= move.moved
    return rows


def by_pair(found: list[Move]) -> dict[tuple[str, str, str], dict[str, Fraction]]:
    """Return what went between two parties, a < b, in each direction and as what."""
    rows: dict[tuple[str, str, str], dict[str, Fraction]] = defaultdict(
        lambda: defaultdict(Fraction)
    )
    for move in found:
        a, b = sorted((move.source, move.target))
        forward = move.source == a
        row = rows[a, b, move.currency]
        way = "a_to_b" if forward else "b_to_a"
        row[way] += move.moved
        row[f"{way}_{move.kind}"] += move.moved
        row["net"] += move.moved if forward else -move.moved
        row["net_min"] += move.least if forward else -move.most
        row["net_max"] += move.most if forward else -move.least
    return rows


def by_kind(found: list[Move]) -> dict[tuple[str, str], dict[str, Fraction]]:
    rows: dict[tuple[str, str], dict[str, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
    for move in filter(lambda move: move.moved, found):
        rows[move.kind, move.currency]["amount"] += move.moved
    return rows


def by_year(found: list[Move]) -> dict[tuple[int, str], dict[str, Fraction]]:
    rows: dict[tuple[int, str], dict[str, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
    for move in found:
        for year, amount in move.by_year.items():
            rows[year, move.currency][move.kind] += amount
            rows[year, move.currency]["amount"] += amount
    return rows


def undisclosed(reading: Reading) -> int:
    """Return how many amounts of cash are in effect and not disclosed."""
    return sum(cash(event) and amount_of(event) is None for event in reading.events)
