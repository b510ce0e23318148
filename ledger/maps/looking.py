"""The first rows of a table of which nothing is known, and where its headings are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Final, NamedTuple

from dealledger.events import BadInput
from dealledger.ledger.append.dialect import Dialect
from dealledger.ledger.append.encodings import NoText
from dealledger.ledger.append.event_files import opened
from dealledger.ledger.append.lines import TextLines
from dealledger.ledger.append.packed import unpacked_name
from dealledger.ledger.append.sheet import CsvRecords, Unreadable, heading
from dealledger.ledger.append.workbook import ENDINGS, Rows
from dealledger.ledger.maps.profile import ColumnProfile, columns_of, looks_like_data

MOST_ROWS: Final = 5_000
_MOST_ABOVE: Final = 20
_WIDE: Final = 0.6


class Look(NamedTuple):
    """What was seen. head: the line of the headings, if it is not the first; 0: there are none."""

    columns: list[ColumnProfile]
    rows: list[dict[str, str]]
    head: int | None


def look(name: str, dialect: Dialect) -> Look:
    """Return the columns and first rows of a table. Raises: BadInput."""
    try:
        with _records(name, dialect) as records:
            found = list(islice(records, MOST_ROWS + _MOST_ABOVE))
    except Unreadable as error:
        raise BadInput(f"{name}:{error.line}: {error.problems[0]}") from None
    except NoText as error:
        raise BadInput(f"{name}:{error.line}: {error.message}", "see --encoding") from None
    if not found:
        raise BadInput(f"{name} holds no rows")
    place = _heading_place(found, dialect)
    line, head = found[place]
    if looks_like_data(head):
        width = max(len(cells) for _, cells in found)
        names = [f"column {number}" for number in range(1, width + 1)]
        return _named(_look(names, [cells for _, cells in found[place:]], 0))
    above = line if place or line > 1 else None
    return _look(head, [cells for _, cells in found[place + 1 :]], above)


@contextmanager
def _records(name: str, dialect: Dialect) -> Iterator[Iterable[tuple[int, list[str]]]]:
    if unpacked_name(name).lower().endswith(ENDINGS):
        yield Rows(name, dialect.sheet, lambda count: None)
        return
    with opened(name) as stream:
        lines = TextLines(stream, name, dialect.encoding)
        yield CsvRecords(lines, (), dialect.separator, dialect.quote)


def _heading_place(found: list[tuple[int, list[str]]], dialect: Dialect) -> int:
    """Return which row has the headings: the given one, else the first that is about as wide."""
    if dialect.head:
        lines = [line for line, _ in found]
        if dialect.head[-1] not in lines:
            raise BadInput(f"no headings stand in line {dialect.head[-1]}")
        return lines.index(dialect.head[-1])
    widths = [sum(map(bool, cells)) for _, cells in found[:_MOST_ABOVE]]
    return next(place for place, width in enumerate(widths) if width >= _WIDE * max(widths))


def _look(head: list[str], rows: list[list[str]], line: int | None) -> Look:
    names = [heading(each) for each in head]
    cells = [
        {name: cell for name, cell in zip(names, row, strict=False) if name and cell}
        for row in rows[:MOST_ROWS]
    ]
    headings = {name: given for name, given in zip(names, head, strict=True) if name}
    return Look(columns_of(headings, cells), cells, line)


def _named(seen: Look) -> Look:
    """Give columns without headings names by what they look like."""
    new: dict[str, str] = {}
    for each in seen.columns:
        looks = {"date": each.dates, "currency": each.codes, "link": each.links,
                 "amount": each.numbers}  # fmt: skip
        name = next((name for name, count in looks.items() if each.is_mostly(count)), each.given)
        if name not in new.values():
            new[each.heading] = name
    for each in seen.columns:
        each.given = new.get(each.heading, each.given)
    rows = [{heading(new.get(name, name)): cell for name, cell in row.items()} for row in seen.rows]
    for each in seen.columns:
        each.heading = heading(each.given)
    return Look(seen.columns, rows, seen.head)
