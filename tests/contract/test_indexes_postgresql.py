"""Indexes of PostgreSQL that do not lead to the rows, under right definitions and right rows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from support.given import ORIGIN, behind_its_back, party, pays, promises

from dealledger.ledger import Ledger
from dealledger.ledger.storage import indexes_postgresql
from dealledger.ledger.storage.tables import METADATA

DAY, OTHER = "2024-01-05", "2020-01-05"


@pytest.fixture
def ledger(postgres_url: str) -> Iterator[Ledger]:
    """Make a ledger of payments on several days, P5 on 5 January and so on, at these positions."""
    with Ledger.create(postgres_url, origin=ORIGIN) as made:
        made.append([party("acme"), party("beta"), promises("C", "100", deal="d")])
        for number in range(4, 9):
            made.append([pays(f"P{number}", str(number), on=f"2024-01-{number:02}", deal="d")])
        yield made


def switched(ledger: Ledger, index: str, **flags: bool) -> None:
    """Edit what the catalog says of an index, which each session reads when it begins."""
    with psycopg.connect(ledger.name, autocommit=True) as connection:
        for flag, value in flags.items():
            connection.execute(
                f"UPDATE pg_index SET {flag} = {value} WHERE indexrelid = 'public.{index}'::regclass"
            )


def without(ledger: Ledger, index: str, *statements: str) -> None:
    """Change rows while an index is switched off, so that it does not follow."""
    switched(ledger, index, indisready=False, indislive=False)
    behind_its_back(ledger, *statements)
    switched(ledger, index, indisready=True, indislive=True)


def written_again(table: str, position: int) -> tuple[str, ...]:
    return (
        f"CREATE TEMPORARY TABLE kept AS SELECT * FROM {table} WHERE position = {position}",
        f"DELETE FROM {table} WHERE position = {position}",
        f"INSERT INTO {table} SELECT * FROM kept",
        "DROP TABLE kept",
    )


def astray(ledger: Ledger) -> list[str]:
    return [str(each).removeprefix("PostgreSQL: ") for each in ledger.verify().findings]


def by_index(ledger: Ledger, day: str) -> list[Any]:
    """Return the amounts of a day as the index by date finds them."""
    with psycopg.connect(ledger.name) as connection:
        connection.execute("SET enable_seqscan = off")
        connection.execute("SET enable_bitmapscan = off")
        query = "SELECT minor FROM entry WHERE effective_on = %s ORDER BY effective_on, position"
        return [minor for (minor,) in connection.execute(query, (day,))]


ENTRY = "the index entry_by_date does not lead to the rows of entry"


def test_an_index_that_misses_a_row(ledger: Ledger) -> None:
    """The row is as it was, but who looks by its date does not find it."""
    assert [] == astray(ledger)
    without(ledger, "entry_by_date", *written_again("entry", 5))

    assert [] == by_index(ledger, DAY)
    assert [ENTRY] == astray(ledger)


def test_an_index_that_says_another_date(ledger: Ledger) -> None:
    """It leads to each row once, and to one of them by a date that the row has not."""
    change = "UPDATE entry SET effective_on = '{}' WHERE position = 5"
    behind_its_back(ledger, change.format(OTHER))
    without(ledger, "entry_by_date", change.format(DAY))

    assert ([], [500]) == (by_index(ledger, DAY), by_index(ledger, OTHER))
    assert [ENTRY] == astray(ledger)


def test_an_index_that_exchanges_two_rows(ledger: Ledger) -> None:
    """Its keys are those of the rows, and it leads to each row once, but to the wrong one."""
    exchange = (
        f"UPDATE entry SET effective_on = '{OTHER}', position = 105 WHERE position = 5",
        f"UPDATE entry SET effective_on = '{DAY}', position = 5 WHERE position = 6",
        "UPDATE entry SET effective_on = '2024-01-06', position = 6 WHERE position = 105",
    )
    behind_its_back(ledger, *exchange)
    with psycopg.connect(ledger.name, autocommit=True) as connection:
        connection.execute("VACUUM FULL entry")
    switched(ledger, "entry_pkey", indisready=False, indislive=False)
    without(ledger, "entry_by_date", *exchange)
    switched(ledger, "entry_pkey", indisready=True, indislive=True)

    assert [600] == by_index(ledger, DAY)
    wrong = astray(ledger)
    assert ENTRY in wrong


@pytest.mark.parametrize("table", ["event", "mention"])
def test_a_key_that_leads_twice_to_one_row_of_two(ledger: Ledger, table: str) -> None:
    """As many rows as there should be, of which one is found twice, and one never."""
    without(ledger, f"{table}_pkey", *written_again(table, 5))

    assert f"the index {table}_pkey does not lead to the rows of {table}" in astray(ledger)


def test_each_index_is_what_is_read(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the plans of the database: once by itself alone, once to its rows; the tables by none."""
    plans: dict[str, list[str]] = {}

    def nodes(plan: Any) -> Iterator[Any]:
        yield plan
        for each in plan.get("Plans", ()):
            yield from nodes(each)

    with ledger._looking() as connection:
        plain = connection.exec_driver_sql

        def explained(statement: str) -> Any:
            if statement.startswith("SELECT"):
                (plan,) = plain(f"EXPLAIN (FORMAT JSON) {statement}").scalar_one()
                for each in nodes(plan["Plan"] if isinstance(plan, dict) else json.loads(plan)):
                    if "Scan" in each["Node Type"] and "Subquery" not in each["Node Type"]:
                        place = each.get("Index Name") or each["Relation Name"]
                        plans.setdefault(place, []).append(each["Node Type"])
            return plain(statement)

        monkeypatch.setattr(connection, "exec_driver_sql", explained)
        assert [] == list(indexes_postgresql.astray(connection, list(METADATA.tables)))
        names = plain("SELECT relname FROM pg_class c JOIN pg_index i ON i.indexrelid = c.oid "
                      "WHERE c.relnamespace = 'public'::regnamespace").scalars().all()  # fmt: skip

    read_by_itself = {place for place, ways in plans.items() if "Seq Scan" not in ways}
    assert set(names) == read_by_itself
    assert all(["Index Only Scan", "Index Scan"] == plans[each] for each in names)
    assert all(["Seq Scan"] == plans[each] for each in METADATA.tables)
