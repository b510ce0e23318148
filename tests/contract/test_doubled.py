"""Rows that stand twice under right definitions: whoever owns a database can bring that about."""

from __future__ import annotations

from contextlib import closing
from datetime import date
from pathlib import Path

import psycopg
import pytest
from support.given import ORIGIN, behind_its_back, funds, party, pays, retracts

from dealledger.ledger import Ledger
from dealledger.ledger.proof.merkle import Frontier, leaf_hash
from dealledger.ledger.storage import segments
from dealledger.ledger.storage.sqlite import sqlite

LONG = 1_010
"""More records than are compared at once."""


def made(url: str | Path, count: int = 8) -> Ledger:
    ledger = Ledger.create(url, origin=ORIGIN)
    ledger.append([party("acme"), party("beta"), party("core")])
    ledger.append([pays(f"P{number}", "7") for number in range(4, count)])
    return ledger


def sums(ledger: Ledger) -> list[object]:
    """Return what is summed from roll-ups, and what from the journal."""
    view = ledger.at(date.max)
    return [view.sums(), view.sums(by_day=True)]


def found(ledger: Ledger) -> list[str]:
    return [str(each) for each in ledger.verify().findings]


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segments, "SEGMENT", 4)
    monkeypatch.setattr(segments, "MERGED", 16)


def doubled(ledger: Ledger, statement: str) -> None:
    """Write while the catalog of PostgreSQL denies for a moment that any index is unique."""
    unique = "('event_by_date', 'event_by_kind', 'entry_by_date', 'entry_by_period_end', "
    unique += "'mention_by_party', 'reference_by_referred')"
    for value in ("false", "true"):
        with psycopg.connect(ledger.name, autocommit=True) as connection:
            connection.execute(
                f"UPDATE pg_index SET indisunique = {value} FROM pg_class c "
                "WHERE c.oid = indexrelid AND c.relnamespace = 'public'::regnamespace "
                f"AND c.relname NOT IN {unique}"
            )
        if value == "false":
            behind_its_back(ledger, statement)


@pytest.mark.parametrize("table", ["entry", "mention"])
def test_a_doubled_line_in_postgresql(postgres_url: str, table: str) -> None:
    """It changes an answer, and verify names its position."""
    with made(postgres_url) as ledger:
        before = ledger.at(date.max).sums()
        doubled(ledger, f"INSERT INTO {table} SELECT * FROM {table} WHERE position = 5")

        assert [f"@5: the table {table} differs from a rebuild"] == found(ledger)
        assert (before != ledger.at(date.max).sums()) == (table == "entry")


def test_a_doubled_record_at_the_end_of_what_is_compared_at_once(postgres_url: str) -> None:
    """The second one would lie between two ranges."""
    with made(postgres_url, LONG) as ledger:
        doubled(ledger, "INSERT INTO event SELECT * FROM event WHERE position = 1000")

        assert ["the table event has 1,010 rows, 1,009 of records"] == found(ledger)


def test_a_doubled_sum_in_postgresql(postgres_url: str, small: None) -> None:
    """Roll-ups are compared as multisets too."""
    with made(postgres_url, 30) as ledger:
        before = ledger.at(date.max).sums()
        doubled(ledger, "INSERT INTO rollup SELECT * FROM rollup WHERE level = 2 AND segment = 16")

        assert ["@16: the roll-up up to here differs from the journal"] == found(ledger)
        assert before != ledger.at(date.max).sums()


def under_another_definition(
    path: Path, table: str, change: tuple[str, str], statement: str
) -> None:
    """Write while the file says something else of a table, and put back what it said."""
    with closing(sqlite.connect(path, isolation_level=None)) as connection:
        [(kept,)] = connection.execute("SELECT sql FROM sqlite_master WHERE name = ?", (table,))
    other = kept.replace(*change)
    assert other != kept
    for definition, also in ((other, statement), (kept, "SELECT 1")):
        for each, values in (
            ("UPDATE sqlite_master SET sql = ? WHERE name = ?", (definition, table)),
            (also, ()),
        ):
            with closing(sqlite.connect(path, isolation_level=None)) as connection:
                connection.execute("PRAGMA writable_schema = ON")
                connection.execute(each, values)


def test_a_line_between_two_positions(tmp_path: Path) -> None:
    """No whole number, written while the table was not strict: it lies between two ranges."""
    path = tmp_path / "deals.db"
    with made(path, LONG) as ledger:
        before = sums(ledger)
    names = "line, effective_on, announced_on, category, source, target, currency, minor"
    with closing(sqlite.connect(path)) as connection:
        columns = [name[1] for name in connection.execute("PRAGMA table_info(entry)")]
    assert set(names.split(", ")) < set(columns)
    values = ", ".join("1000.5" if name == "position" else name for name in columns)
    row = f"INSERT INTO entry SELECT {values} FROM entry WHERE position = 1000"
    under_another_definition(path, "entry", (",\n STRICT", ""), row)

    with Ledger.open(path) as ledger:
        assert found(ledger)
        assert before != sums(ledger)


@pytest.mark.parametrize(
    ("table", "key", "longer", "changed", "where", "said"),
    [
        (
            "entry",
            "position, line",
            "position, line, effective_on",
            ("effective_on", "'2024-01-02'"),
            "position = 5",
            "@5: the table entry differs from a rebuild",
        ),
        (
            "rollup",
            "level, segment, period, category, source, target, currency, confidence",
            "level, segment, period, category, source, target, currency, confidence, high",
            ("high", "high + 1"),
            "level = 2 AND segment = 16",
            "@16: the roll-up up to here differs from the journal",
        ),
    ],
)
def test_a_doubled_row_in_sqlite(
    tmp_path: Path,
    small: None,
    table: str,
    key: str,
    longer: str,
    changed: tuple[str, str],
    where: str,
    said: str,
) -> None:
    """Written while the definition in the file had a longer key, which is put back afterwards."""
    path = tmp_path / "deals.db"
    with made(path, 30) as ledger:
        before = sums(ledger)
    with closing(sqlite.connect(path, isolation_level=None)) as connection:
        names = [name[1] for name in connection.execute(f"PRAGMA table_info({table})")]
    values = ", ".join(changed[1] if name == changed[0] else name for name in names)
    row = f"INSERT INTO {table} SELECT {values} FROM {table} WHERE {where}"
    under_another_definition(path, table, (f"({key})", f"({longer})"), row)

    with Ledger.open(path) as ledger:
        assert said in found(ledger)
        assert before != sums(ledger)


def test_what_no_append_writes_is_found_under_a_right_root(postgres_url: str) -> None:
    """A record that repeats an id, hashed and rooted anew, is not a record of ours."""
    with made(postgres_url) as ledger:
        first = ledger.find("P4")
        assert first is not None
        body = first.body.replace(b'"position":4', b'"position":8')
        tree = Frontier().extended([*(each.leaf for each in ledger.read()), leaf_hash(body)])
        with psycopg.connect(postgres_url) as connection:
            body_hex, leaf, roots = (
                f"'\\x{each.hex()}'::bytea" for each in (body, leaf_hash(body), tree.to_bytes())
            )
            connection.rollback()
        doubled(
            ledger,
            "WITH made AS (INSERT INTO event SELECT 8, id, kind, deal, deal_version, effective_on, "
            f"announced_on, recorded_at, actor, retracts, {body_hex}, {leaf} FROM event "
            "WHERE position = 4), lines AS (INSERT INTO entry SELECT 8, line, effective_on, "
            "announced_on, category, source, target, currency, minor, undisclosed, confidence, "
            "period_start, period_end FROM entry WHERE position = 4), parties AS (INSERT INTO "
            "mention SELECT 8, party, kind FROM mention WHERE position = 4) "
            f"UPDATE head SET size = 8, frontier = {roots}, recorded_at = "
            f"{first.recorded_at}",
        )

        assert "@8: the id P4 stands at @4 already" in found(ledger)


def test_a_retraction_far_from_its_target(ledger_url: str) -> None:
    """What it reverses is read again, and is what was hashed."""
    with made(ledger_url, LONG) as ledger:
        ledger.append([funds("F", "9"), retracts("P4"), retracts("F")])
        assert () == ledger.verify().findings
        behind_its_back(ledger, "UPDATE entry SET minor = minor - 1 WHERE position = 1011")

        assert ["@1011: the table entry differs from a rebuild"] == found(ledger)
