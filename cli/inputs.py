"""Amounts that no ledger holds, from a file: capacities and cash, dated and with a source."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final

from dealledger.cli.evidence import read_bytes
from dealledger.events import BadInput, Money, Problem, Refused
from dealledger.events.currency import parse_currency
from dealledger.events.dates import parse_day
from dealledger.events.money import minor_units, parse_typed
from dealledger.ledger import View
from dealledger.projections.parties import find_party
from dealledger.projections.rates import Converter

COLUMNS: Final = ("party", "amount", "currency", "on", "source")
LARGEST_BYTES: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Given:
    """One line of such a file."""

    party: str
    money: Money
    on: date
    source: str


def read_amounts(file: Path, view: View) -> tuple[Given, ...]:
    """Return the latest amount of each party on or before the as-of date of *view*.

    The file is CSV with a heading: party, amount, currency, on, source.
    Raises: BadInput, if it cannot be read or has other columns; Refused, with every bad line.
    """
    try:
        text = read_bytes(file, LARGEST_BYTES).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput(f"{file} is not UTF-8", "save it as UTF-8") from None
    reader = csv.DictReader(io.StringIO(text, newline=""))
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        raise BadInput(f"{file} has no column {missing[0]}", f"it needs: {', '.join(COLUMNS)}")
    found: dict[str, Given] = {}
    problems = []
    for line in reader:
        try:
            given = _given(line, view)
        except BadInput as error:
            problems.append(Problem(error.message, error.hint, f"{file}:{reader.line_num}"))
            continue
        known = found.get(given.party)
        if given.on <= view.as_of and (known is None or given.on >= known.on):
            found[given.party] = given
    if problems:
        raise Refused(tuple(problems))
    return tuple(found[party] for party in sorted(found))


def in_currency(given: tuple[Given, ...], view: View, currency: str) -> dict[str, int]:
    """Return the amounts by party in minor units of *currency*. Raises: MissingRate."""
    convert = Converter(view, currency)
    return {each.party: convert(each.money, each.on).minor for each in given}


def _given(line: dict[str, str | None], view: View) -> Given:
    said = {name: (line.get(name) or "").strip() for name in COLUMNS}
    for name in ("party", "amount", "on", "source"):
        if not said[name]:
            raise BadInput(f"{name} is missing", "an amount needs a date and a source")
    number, code = parse_typed(said["amount"])
    currency = parse_currency(said["currency"] or code or "")
    return Given(
        find_party(view, said["party"]),
        Money(currency, minor_units(Decimal(number), currency)),
        parse_day(said["on"]),
        said["source"],
    )
