"""Amounts that no ledger holds, from a file: capacities and cash, dated and with a source."""

from __future__ import annotations

import codecs
import io
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from dealledger.events import BadInput, Money, Problem, Refused
from dealledger.events.currency import check_current, parse_currency
from dealledger.events.dates import parse_day
from dealledger.events.money import minor_units, parse_typed
from dealledger.events.typed import check_comma
from dealledger.ledger.append.encodings import NoText, convert, wide
from dealledger.ledger.append.lines import TextLines
from dealledger.ledger.append.sheet import CsvRecords, Row, Sheet, Unreadable
from dealledger.ledger.named_files import read_bytes
from dealledger.projections.parties import find_party
from dealledger.projections.rates import Converter

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from dealledger.ledger import View

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
    data = read_bytes(file, LARGEST_BYTES).removeprefix(codecs.BOM_UTF8)
    if seems := wide(data.partition(b"\n")[0]):
        raise BadInput(f"{file} is {seems[:6]}", convert(seems, str(file)))
    lines = TextLines(io.BytesIO(data), str(file), "utf-8")
    try:
        records = CsvRecords(lines, COLUMNS)
        sheet = Sheet(records, COLUMNS, separator=records.separator)
        return _latest(sheet, file, view)
    except NoText as error:
        hint = convert(error.seems, str(file))
        raise BadInput(f"{file}:{error.line}: {error.message}", hint) from None
    except Unreadable as error:
        raise Refused([each.at(f"{file}:{error.line}") for each in error.problems]) from None


def _latest(sheet: Sheet, file: Path, view: View) -> tuple[Given, ...]:
    missing = [name for name in COLUMNS if name not in sheet.headings]
    if missing:
        raise BadInput(f"{file} has no column {missing[0]}", f"it needs: {', '.join(COLUMNS)}")
    found: dict[str, Given] = {}
    problems = []
    for row in sheet:
        try:
            given = _given(row, sheet.separator, view)
        except BadInput as error:
            problems.append(Problem(error.message, error.hint, f"{file}:{row.line}"))
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


def _given(row: Row, separator: str, view: View) -> Given:
    if row.problem is not None:
        raise BadInput(row.problem.message, row.problem.hint)
    if separator == ";":
        check_comma("amount", row.cells.get("amount", ""))
    said = {name: row.cells.get(name, "") for name in COLUMNS}
    for name in ("party", "amount", "on", "source"):
        if not said[name]:
            raise BadInput(f"{name} is missing", "an amount needs a date and a source")
    number, code = parse_typed(said["amount"])
    currency, on = parse_currency(said["currency"] or code or ""), parse_day(said["on"])
    check_current(currency, on)
    return Given(
        find_party(view, said["party"]),
        Money(currency, minor_units(Decimal(number), currency)),
        on,
        said["source"],
    )
