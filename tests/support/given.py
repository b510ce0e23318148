"""Short ways to write events, and to look at all that a ledger stores."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import select, text

from dealledger.events import Event, Json, Refused, parse_event, read_object
from dealledger.ledger import Draft, Ledger, View
from dealledger.ledger.storage import shape
from dealledger.ledger.storage.guards_postgresql import NEWER, Function
from dealledger.ledger.storage.making import guard_statements
from dealledger.ledger.storage.tables import METADATA


class SetClock:
    """A clock that tells the moment that a test has set, or the real one."""

    def __init__(self) -> None:
        self.moment: datetime | None = None

    def __call__(self) -> datetime:
        return self.moment or datetime.now(UTC)

    def set(self, moment: str) -> None:
        """Set it to a moment in UTC, such as `2024-03-01T17:00`."""
        self.moment = datetime.fromisoformat(moment).replace(tzinfo=UTC)


Look = Callable[..., View]
"""Records events and looks at the ledger, at `on`."""

EXAMPLES: Final[dict[str, dict[str, Json]]] = {
    "party": {
        "id": "E01",
        "kind": "party",
        "effective_on": "2019-01-01",
        "announced_on": "2019-01-02",
        "deal": "the-map",
        "party": "openai",
        "name": "OpenAI",
        "roles": ["lab", "outside"],
        "ticker": "NONE",
        "country": "US",
        "aliases": ["OpenAI Inc.", "Открытый ИИ"],
        "memo": True,
        "note": "two\nlines\tand a tab",
        "source_title": "About",
        "source_url": "https://openai.com/about",
        "source_published_on": "2019-03",
        "confidence": "confirmed",
        "actor": "ana",
    },
    "rivalry": {
        "id": "E02",
        "kind": "rivalry",
        "effective_on": "2023-01-01",
        "announced_on": "2023-01-01",
        "a": "openai",
        "b": "anthropic",
        "market": "models",
    },
    "funding": {
        "id": "E03",
        "kind": "funding",
        "effective_on": "2023-01-23",
        "announced_on": "2023-01-23",
        "currency": "USD",
        "investor": "microsoft",
        "investee": "openai",
        "amount": "10000000000",
        "bound": "about",
        "instrument": "equity",
        "stake": "0.345",
        "pre_money": "19000000000",
        "post_money": "29000000000.01",
        "tied": "partial",
        "tied_amount": "5000000000",
        "tied_to": "Azure",
        "commitment": "C1",
        "period_start": "2023-01-23",
        "period_end": "2024-12-31",
    },
    "issuance": {
        "id": "E04",
        "kind": "issuance",
        "effective_on": "2020-01-02",
        "announced_on": "2020-01-02",
        "issuer": "acme",
        "holder": "founders",
        "shares": 9007199254740991,
        "share_class": "common",
    },
    "transfer": {
        "id": "E05",
        "kind": "transfer",
        "effective_on": "2023-06-01",
        "announced_on": "2023-06-01",
        "currency": "KWD",
        "seller": "founders",
        "buyer": "beta",
        "issuer": "acme",
        "stake": "0.08",
        "shares": 3,
        "amount": "1.005",
        "share_class": "common",
    },
    "holding": {
        "id": "E06",
        "kind": "holding",
        "effective_on": "2025-10-28",
        "announced_on": "2025-10-28",
        "holder": "microsoft",
        "issuer": "openai",
        "stake": "0.27",
        "basis": "as-converted",
        "includes": ["founders"],
    },
    "valuation": {
        "id": "E07",
        "kind": "valuation",
        "effective_on": "2026-03-31",
        "announced_on": "2026-03-31",
        "currency": "JPY",
        "issuer": "openai",
        "amount": "852000000000",
        "basis": "post-money",
    },
    "commitment": {
        "id": "E08",
        "kind": "commitment",
        "effective_on": "2025-09-10",
        "announced_on": "2025-09-10",
        "currency": "USD",
        "obligor": "openai",
        "beneficiary": "oracle",
        "amount": "300000000000",
        "bound": "up-to",
        "per": "year",
        "condition": "if the site opens",
        "purpose": "compute",
        "start": "2027-01-01",
        "end": "2031-12-31",
        "schedule": [{"year": 2027, "amount": "60000000000"}, {"year": 2028, "amount": "0.01"}],
        "firmness": "announced",
        "bearers": [{"party": "softbank", "amount": "100000000000"}],
        "backs": "C1",
        "exclusive": True,
    },
    "payment": {
        "id": "E09",
        "kind": "payment",
        "effective_on": "2024-12-31",
        "announced_on": "2025-03-01",
        "currency": "USD",
        "payer": "microsoft",
        "payee": "coreweave",
        "amount": "1190000000",
        "bound": "at-least",
        "purpose": "compute",
        "commitment": "C1",
        "period_start": "2024-01-01",
        "period_end": "2024-12-31",
    },
    "right": {
        "id": "E10",
        "kind": "right",
        "effective_on": "2025-10-28",
        "announced_on": "2025-10-28",
        "currency": "USD",
        "grantor": "openai",
        "grantee": "microsoft",
        "right": "ip-licence",
        "until": "2032",
        "exclusive": True,
        "royalty_free": True,
        "stake": "1",
        "value": "0.5",
        "terms": "models and products",
        "firmness": "letter-of-intent",
    },
    "termination": {
        "id": "E11",
        "kind": "termination",
        "effective_on": "2026-02-19",
        "announced_on": "2026-02-19",
        "ends": ["C1"],
        "remaining": "0",
        "reason": "replaced by equity",
    },
    "reaction": {
        "id": "E12",
        "kind": "reaction",
        "effective_on": "2025-09-10",
        "announced_on": "2025-09-10",
        "party": "oracle",
        "move": "-0.028",
        "basis": "close",
    },
    "rate": {
        "id": "E13",
        "kind": "rate",
        "effective_on": "2016-11-01",
        "announced_on": "2016-11-01",
        "base": "EUR",
        "quote": "USD",
        "rate": "1.1",
    },
    "retraction": {
        "id": "E14",
        "kind": "retraction",
        "effective_on": "2025-01-01",
        "announced_on": "2025-01-01",
        "retracts": "E09",
        "reason": "booked twice",
        "replaced_by": "E99",
    },
}
"""One event of each kind with every field that it can have, in canonical order."""

ORIGIN: Final = "example.org/deals"


def event(kind: str, id: str | None = None, /, on: str = "2024-01-01", **fields: Any) -> Event:  # noqa: A002
    """Return an event of *kind* from its JSON fields."""
    named = {} if id is None else {"id": id}
    return parse_event({"kind": kind, "effective_on": on, **named, **fields})


def party(slug: str, on: str = "2019-01-01", **fields: Any) -> Event:
    """Return the registration of a party, under the id `p-<slug>`."""
    return event("party", f"p-{slug}", on=on, party=slug, name=slug.title(), **fields)


def pays(id: str | None = None, amount: str | None = "100", **fields: Any) -> Event:  # noqa: A002
    """Return a payment, of acme to beta in USD if nothing else is said."""
    money = {} if amount is None else {"amount": amount, "currency": "USD"}
    return event("payment", id, **{"payer": "acme", "payee": "beta", **money, **fields})


def promises(id: str | None = None, amount: str | None = "100", **fields: Any) -> Event:  # noqa: A002
    """Return a commitment, of acme to beta in USD if nothing else is said."""
    money = {} if amount is None else {"amount": amount, "currency": "USD"}
    return event("commitment", id, **{"obligor": "acme", "beneficiary": "beta", **money, **fields})


def funds(id: str | None = None, amount: str | None = "100", **fields: Any) -> Event:  # noqa: A002
    """Return a funding, of core into acme in USD if nothing else is said."""
    money = {} if amount is None else {"amount": amount, "currency": "USD"}
    return event("funding", id, **{"investor": "core", "investee": "acme", **money, **fields})


def retracts(target: str, id: str | None = None, **fields: Any) -> Event:  # noqa: A002
    """Return a retraction, under the id `r-<target>` if nothing else is said."""
    id = id or f"r-{target}"  # noqa: A001
    return parse_event(
        {"kind": "retraction", "id": id, "retracts": target, "reason": "x", **fields}
    )


def recorded(lines: str, origin: str, moment: str, file: str = "deals.db") -> None:
    """Make a ledger of events as JSON Lines that ada recorded at one moment, in UTC."""
    clock = SetClock()
    clock.set(moment)
    events = [parse_event(read_object(line)) for line in lines.strip().splitlines()]
    with Ledger.create(file, origin=origin, clock=clock) as ledger:
        ledger.append(events, actor="ada")


def everything(ledger: Ledger) -> dict[str, list[tuple[Any, ...]]]:
    """Return all rows of all tables: what must not change when an append is refused."""
    with ledger._reading() as connection:
        return {
            name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
            for name, table in METADATA.tables.items()
        }


def refused(ledger: Ledger, events: Iterable[Event | Draft], **options: Any) -> list[str]:
    """Append what must be refused; return the messages. Nothing may have changed."""
    before = everything(ledger)
    with pytest.raises(Refused) as caught:
        ledger.append(events, **options)
    assert before == everything(ledger)
    return [str(problem) for problem in caught.value.problems]


def positions(records: Iterable[Any]) -> list[int]:
    """Return the positions of records, or of what was appended."""
    return [each.position for each in records]


def behind_its_back(ledger: Ledger, *statements: str, restored: bool = True, **values: Any) -> None:
    """Drop the guards, change what is stored, and put them back: so can the owner of a database."""
    with ledger._engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL search_path = public"))
        guards = guard_statements(connection)
        for guard in guards:
            if "TRIGGER" in guard.split("(")[0] and guard.startswith("CREATE"):
                connection.execute(text(dropping(guard, connection.dialect.name)))
        for statement in statements:
            used = {name: value for name, value in values.items() if f":{name}" in statement}
            connection.execute(text(statement), used)
        if restored:
            gone = METADATA.tables.keys() - shape.tables(connection)
            for guard in guards:
                is_trigger = "TRIGGER" in guard.split("(")[0]
                if is_trigger and not any(f".{name} " in guard for name in gone):
                    connection.execute(text(guard))


def without_newer_guards(ledger: Ledger) -> None:
    """Leave a ledger in PostgreSQL with the guards of one that was made before."""
    with ledger._engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            for each in NEWER:
                if isinstance(each, Function):
                    connection.execute(text(f"DROP FUNCTION public.{each.name}() CASCADE"))


def dropping(guard: str, dialect: str) -> str:
    """Return the statement that drops the trigger that another one makes."""
    words = guard.split()
    name = words[words.index("TRIGGER") + 1]
    table = words[words.index("ON") + 1]
    return f"DROP TRIGGER {name}" if dialect == "sqlite" else f"DROP TRIGGER {name} ON {table}"


@contextmanager
def fresh_database(server: Any) -> Iterator[str]:
    """Make an empty database; give its URL; drop it."""
    import psycopg

    name = f"test_{uuid.uuid4().hex[:12]}"
    # Not one connection for both: a test may stop the server between them.
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        # Of template0, since to copy template1 waits until nobody is connected to it.
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    yield server.get_uri(name)
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def emptied(url: str) -> None:
    """Take away the ledger at a path or in a PostgreSQL database, whoever is connected to it."""
    if "://" not in url:
        for suffix in ("", "-journal", "-wal", "-shm"):
            Path(url + suffix).unlink(missing_ok=True)
        return
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
        connection.execute("GRANT USAGE ON SCHEMA public TO PUBLIC")
