"""The guards of a PostgreSQL database: they hold for its superuser too, who must drop them first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from support.given import ORIGIN, everything, party, pays

from dealledger.ledger import Ledger

COPY = (
    "INSERT INTO event SELECT position, id, kind, deal, deal_version, effective_on, announced_on, "
    "recorded_at, 'mallory', retracts, body, leaf FROM event WHERE position = 2"
)
REFUSED: list[Any] = [
    ("UPDATE event SET actor = 'mallory' WHERE position = 2", "UPDATE"),
    ("UPDATE event SET actor = 'mallory'", "UPDATE"),
    ("DELETE FROM event WHERE position = 4", "DELETE"),
    ("DELETE FROM event", "DELETE"),
    ("TRUNCATE event", "TRUNCATE"),
    ("TRUNCATE event, entry, mention, reference, head CASCADE", "TRUNCATE"),
    (f"{COPY} ON CONFLICT (position) DO UPDATE SET actor = 'mallory'", "UPDATE"),
    (f"{COPY} ON CONFLICT (id) DO UPDATE SET actor = 'mallory'", "UPDATE"),
    (
        "MERGE INTO event USING head ON position = 2 WHEN MATCHED THEN DELETE",
        "DELETE",
    ),
]


@pytest.fixture
def ledger(postgres_url: str) -> Iterator[Ledger]:
    """Make a ledger of four records."""
    with Ledger.create(postgres_url, origin=ORIGIN) as ledger:
        ledger.append([party("acme"), party("beta"), party("core"), pays("a", deal="d")])
        yield ledger


@pytest.mark.parametrize("role", ["origin", "replica"])
@pytest.mark.parametrize(("statement", "what"), REFUSED)
def test_superuser_is_refused(ledger: Ledger, statement: str, what: str, role: str) -> None:
    """Nothing changes, also in a session that switches ordinary triggers off."""
    before = everything(ledger)
    with psycopg.connect(ledger.name, autocommit=True) as other:
        other.execute(f"SET session_replication_role = {role}")
        with pytest.raises(psycopg.errors.RaiseException) as caught:
            other.execute(statement)

    assert f"the record is append-only: {what} is refused" in str(caught.value)
    assert before == everything(ledger)


@pytest.mark.parametrize("statement", [each[0] for each in REFUSED])
def test_ordinary_user_is_denied(ledger: Ledger, statement: str) -> None:
    """Who may only append cannot even try."""
    before = everything(ledger)
    with psycopg.connect(ledger.name, autocommit=True) as other:
        other.execute("DROP ROLE IF EXISTS clerk")
        other.execute("CREATE ROLE clerk")
        other.execute("GRANT SELECT, INSERT ON event TO clerk")
        other.execute("SET ROLE clerk")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            other.execute(statement)
        other.execute("RESET ROLE")
        other.execute("DROP OWNED BY clerk")
        other.execute("DROP ROLE clerk")

    assert before == everything(ledger)


def test_places_are_unique(ledger: Ledger) -> None:
    """A position, an id and a version of a deal stand once."""
    with psycopg.connect(ledger.name, autocommit=True) as other:
        for change in ("2, 'new'", "9, 'p-beta'"):
            statement = COPY.replace("SELECT position, id", f"SELECT {change}")
            with pytest.raises(psycopg.errors.UniqueViolation):
                other.execute(statement)
