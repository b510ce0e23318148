"""The guards of a SQLite file: another program cannot change the record by mistake."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from support.given import ORIGIN, everything, party, pays, refused, retracts

from dealledger.events import Event
from dealledger.ledger import Damaged, Ledger
from dealledger.ledger.storage.sqlite import sqlite

COLUMNS = (
    "position, id, kind, deal, deal_version, effective_on, announced_on, recorded_at, actor, "
    "retracts, body, leaf"
)


def copied(**changes: str) -> str:
    """Return an INSERT of a copy of the last row as the next one, with some columns changed."""
    values = {"position": "position + 1", "id": "'new'", "deal": "NULL", "deal_version": "NULL"}
    values |= {"retracts": "NULL", **changes}
    chosen = ", ".join(values.get(name, name) for name in COLUMNS.split(", "))
    return f"INTO event SELECT {chosen} FROM event WHERE position = 6"


REFUSED: list[Any] = [
    ("UPDATE event SET actor = 'mallory' WHERE position = 2", "UPDATE"),
    ("UPDATE event SET actor = 'mallory'", "UPDATE"),
    ("UPDATE OR REPLACE event SET position = 1 WHERE position = 2", "UPDATE"),
    ("UPDATE OR IGNORE event SET actor = 'mallory'", "UPDATE"),
    ("DELETE FROM event WHERE position = 6", "DELETE"),
    ("DELETE FROM event", "DELETE"),
    (f"INSERT {copied(position='position + 2')}", "a position other than the next"),
    (f"INSERT {copied(position='0')}", "a position other than the next"),
    (f"INSERT {copied(position='NULL')}", "a position other than the next"),
    (f"INSERT OR REPLACE {copied(position='2')}", "a position other than the next"),
    (f"REPLACE {copied(position='position')}", "a position other than the next"),
    (f"INSERT OR REPLACE {copied(id='id')}", "REPLACE"),
    (f"INSERT OR REPLACE {copied(deal=chr(39) + 'd' + chr(39), deal_version='1')}", "REPLACE"),
    (f"INSERT OR REPLACE {copied(retracts='4')}", "REPLACE"),
    (f"INSERT OR IGNORE {copied(id='id')}", "REPLACE"),
    (
        f"INSERT {copied(id='id')} ON CONFLICT (id) DO UPDATE SET actor = 'mallory'",
        "REPLACE",
    ),
    (
        f"INSERT {copied(position='2')} ON CONFLICT (position) DO UPDATE SET actor = 'mallory'",
        "a position other than the next",
    ),
]


LONG = 2_500
"""More events than are decided at once: the guards of insertion are lifted for them."""


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """Make a ledger of six records: three parties, a deal of one payment, a retraction, another."""
    with Ledger.create(tmp_path / "deals.db", origin=ORIGIN) as ledger:
        ledger.append([party("acme"), party("beta"), party("core"), pays("a", deal="d")])
        ledger.append([retracts("a"), pays("b")])
        yield ledger


@pytest.mark.parametrize("recursive", ["ON", "OFF"])
@pytest.mark.parametrize(("statement", "what"), REFUSED)
def test_another_program_is_refused(
    ledger: Ledger, statement: str, what: str, recursive: str
) -> None:
    """Nothing changes, whether or not that program lets triggers fire triggers."""
    before = everything(ledger)
    other = sqlite.connect(ledger.name, isolation_level=None)
    other.execute(f"PRAGMA recursive_triggers = {recursive}")
    with pytest.raises(sqlite.IntegrityError) as caught:
        other.execute(statement)
    other.close()

    assert f"the record is append-only: {what} is refused" == str(caught.value)
    assert before == everything(ledger)


@pytest.mark.parametrize(("statement", "what"), REFUSED)
def test_our_own_connection_is_refused(ledger: Ledger, statement: str, what: str) -> None:
    """The guards hold for the ledger's own driver too."""
    before = everything(ledger)
    connection = ledger._engine.raw_connection()
    with pytest.raises(sqlite.IntegrityError, match=what):
        connection.cursor().execute(statement)
    connection.close()

    assert before == everything(ledger)


@pytest.mark.parametrize(
    "statement",
    [
        f"INSERT {copied(position=repr('seven'))}",
        f"INSERT {copied(leaf='substr(leaf, 1, 31)')}",
        f"INSERT {copied(body='zeroblob(65536)')}",
        f"INSERT {copied(body='CAST(body AS TEXT)')}",
        f"INSERT {copied(actor='NULL')}",
    ],
)
def test_columns_hold_what_they_are_for(ledger: Ledger, statement: str) -> None:
    """The table is strict and checks lengths."""
    before = everything(ledger)
    other = sqlite.connect(ledger.name, isolation_level=None)
    with pytest.raises(sqlite.IntegrityError):
        other.execute(statement)
    other.close()

    assert before == everything(ledger)


def test_connections_are_set_up_for_safety(ledger: Ledger) -> None:
    """Each commit is synced, also its folder; nothing in a file of somebody else is trusted."""
    connection = ledger._engine.raw_connection()
    wanted = {
        "synchronous": 3,
        "foreign_keys": 1,
        "recursive_triggers": 1,
        "trusted_schema": 0,
        "cell_size_check": 1,
    }
    found = {name: connection.cursor().execute(f"PRAGMA {name}").fetchone()[0] for name in wanted}
    connection.close()

    assert wanted == found


def definitions(file: Path) -> list[tuple[Any, ...]]:
    with closing(sqlite.connect(file)) as connection:
        query = "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name"
        return connection.execute(query).fetchall()


def test_a_long_append_leaves_the_guards_as_they_were(ledger: Ledger) -> None:
    """They are lifted inside of its transaction only, so another program never sees the file so."""
    file = Path(ledger.name)
    before, seen = definitions(file), []

    def source() -> Iterator[Event]:
        for number in range(LONG):
            if number in (1, LONG - 1):
                seen.append(definitions(file))
            yield pays(f"long-{number}")

    ledger.append(source())

    assert [before] * 2 == seen
    assert before == definitions(file)
    assert () == ledger.verify().findings


def test_a_long_append_that_fails_leaves_the_guards_as_they_were(ledger: Ledger) -> None:
    """A rollback brings them back."""
    file = Path(ledger.name)
    before = definitions(file)
    refused(
        ledger, [*(pays(f"long-{number}") for number in range(LONG)), pays("z", payer="nobody")]
    )

    assert before == definitions(file)


def test_an_append_repairs_no_guard(ledger: Ledger) -> None:
    """Where one is missing nothing is appended, and it stays missing, for verify to find."""
    with closing(sqlite.connect(ledger.name)) as connection:
        connection.execute("DROP TRIGGER event_no_replace")
    for count in (1, LONG):
        with pytest.raises(Damaged, match="the trigger event_no_replace is missing"):
            ledger.append(pays(f"long-{number}") for number in range(count))

    assert "guard: the trigger event_no_replace is missing" in map(str, ledger.verify().findings)
