"""Every column of every table and every file beside a ledger is edited: found, or no answer changes."""

from __future__ import annotations

import random
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, Integer, LargeBinary, Table, select
from sqlalchemy.exc import DataError, IntegrityError
from support.given import ORIGIN, behind_its_back, event, funds, party, pays, promises, retracts

from dealledger.events import DealLedgerError
from dealledger.ledger import Ledger
from dealledger.ledger.audit.deriving import stored
from dealledger.ledger.storage import segments
from dealledger.ledger.storage.tables import METADATA


def edits(table: Table, column: Column[Any]) -> list[str]:
    """Return the values that a column is given: another one, and none where that can be."""
    name = column.name
    if isinstance(column.type, LargeBinary):
        other = [f"substr({name}, 1, length({name}) - 1)", "event.leaf"]
        other = [each for each in other if "event" not in each or table.name == "event"]
    elif isinstance(column.type, Integer):
        other = [f"coalesce({name}, 0) + 1", f"-1 - coalesce({name}, 0)", "9000000000000000000"]
        if column.type.__class__ is Integer:
            other.pop()
    else:
        other = [f"coalesce({name}, '') || 'x'", "'2024-01-02'", "''"]
    return [*other, *(["NULL"] if column.nullable else [])]


CASES: list[Any] = [
    pytest.param(table, column, value, id=f"{table.name}.{column.name} = {value}")
    for table in METADATA.tables.values()
    for column in table.columns
    for value in edits(table, column)
]


@pytest.fixture
def ledger(ledger_url: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Make a ledger of some of with segments that are merged."""
    monkeypatch.setattr(segments, "SEGMENT", 4)
    monkeypatch.setattr(segments, "MERGED", 8)
    with Ledger.create(ledger_url, origin=ORIGIN) as made:
        made.append([party("acme"), party("beta"), party("core"), promises("C", "100", deal="d")])
        made.append(
            [
                pays("P", "7", deal="d", commitment="C", confidence="reported",
                     period_start="2024-01-01", period_end="2024-12-31"),
                funds("F", "9"),
                pays("N", None),
                event("rivalry", "R", a="acme", b="beta"),
            ]
        )  # fmt: skip
        made.append([retracts("F"), pays("Q", "8"), funds("G", "9", stake="0.1")])
        yield made


def answers(ledger: Ledger) -> list[str]:
    """Return what is asked of every table and index, or how that fails."""
    view = ledger.at(date(2024, 6, 30))
    asks = (
        view.sums, lambda: view.sums(by_year=True), lambda: view.sums(by_day=True), view.sureness,
        view.events, lambda: view.events(party="acme"), lambda: view.events(drawing=True),
        lambda: view.events("payment"), view.lines, lambda: view.root,
        lambda: ledger.at(date.max, 6).root, ledger.head, lambda: list(ledger.read()),
        lambda: ledger.referring("C"), lambda: ledger.at(date(2024, 6, 30), 6).sums(),
    )  # fmt: skip
    said = []
    for ask in asks:
        try:
            said.append(repr(ask()))
        except DealLedgerError as error:
            said.append(str(error))
    return said


def rows_of(ledger: Ledger) -> list[list[tuple[Any, ...]]]:
    """Return all rows of all tables as they are stored."""
    with ledger._looking() as connection:
        return [
            sorted((tuple(row) for row in connection.execute(stored(table))), key=repr)
            for table in METADATA.tables.values()
        ]


def is_found(ledger: Ledger) -> bool:
    try:
        return bool(ledger.verify().findings)
    except DealLedgerError:
        return True


@pytest.mark.parametrize(("table", "column", "value"), CASES)
def test_an_edit_of_a_column(ledger: Ledger, table: Table, column: Column[Any], value: str) -> None:
    """Verify finds each of them, whether or not an answer shows it; or the database refuses it."""
    keys = list(table.primary_key.columns)
    with ledger._looking() as connection:
        row = random.Random(column.name).choice(connection.execute(select(*keys)).all())
    where = " AND ".join(f"{key.name} = :{key.name}" for key in keys)
    edit = f"UPDATE {table.name} SET {column.name} = {value} WHERE {where}"
    before, named = (
        rows_of(ledger),
        {key.name: value for key, value in zip(keys, row, strict=True)},
    )
    with suppress(IntegrityError, DataError):
        behind_its_back(ledger, edit, **named)

    assert is_found(ledger) == (before != rows_of(ledger))


BESIDE = ("-journal", "-wal", "-shm")


@pytest.mark.parametrize("suffix", BESIDE)
@pytest.mark.parametrize("seed", range(4))
def test_a_file_beside_the_ledger(
    tmp_path: Path, suffix: str, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is put there, or changed, changes no answer, or is found or said."""
    path = tmp_path / "deals.db"
    with Ledger.create(path, origin=ORIGIN) as made:
        made.append([party("acme"), party("beta"), *(pays(f"p{n}", "10") for n in range(30))])
        before = answers(made)
    choice = random.Random(seed)
    beside = Path(f"{path}{suffix}")
    data = bytearray(beside.read_bytes()) if beside.exists() else bytearray(choice.randbytes(8_192))
    if seed % 2 and len(data) > 100:
        data[choice.randrange(len(data))] ^= 1 << choice.randrange(8)
    else:
        page = path.read_bytes()[:4_096]
        data += page
    beside.write_bytes(data)
    try:
        with Ledger.open(path) as other:
            assert is_found(other) or before == answers(other)
    except DealLedgerError:
        pass
