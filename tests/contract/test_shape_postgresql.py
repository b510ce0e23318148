"""Definitions in a PostgreSQL database: each change is found, or changes no answer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import psycopg
import pytest
from support.given import ORIGIN, funds, party, pays, promises, retracts

from dealledger.ledger import Damaged, Ledger, NotALedger

LOOK = "SELECT * FROM real_entry"
GUTTED = """CREATE OR REPLACE FUNCTION deal_ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF false THEN RAISE EXCEPTION 'the record is append-only: % is refused', TG_OP; END IF;
        RETURN NULL;
    END $$"""
WEAKENED = (
    "DROP TRIGGER event_no_change ON event",
    (
        "CREATE TRIGGER event_no_change BEFORE DELETE OR UPDATE ON event "
        "FOR EACH ROW WHEN (false) EXECUTE FUNCTION deal_ledger_refuse()"
    ),
    "ALTER TABLE event ENABLE ALWAYS TRIGGER event_no_change",
)
FOREIGN = (
    "CREATE FUNCTION later() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    "CREATE TRIGGER later BEFORE INSERT ON entry FOR EACH ROW EXECUTE FUNCTION later()",
)
VIEW = (
    "ALTER TABLE entry RENAME TO real_entry",
    (
        "CREATE VIEW entry AS SELECT position, line, effective_on, announced_on, category, source, "
        "target, currency, CASE WHEN current_query() ILIKE '%sum(%' THEN minor * 3 ELSE minor END "
        "AS minor, undisclosed, confidence, period_start, period_end FROM real_entry"
    ),
)
ENDLESS = (
    "ALTER TABLE entry RENAME TO real_entry",
    "CREATE VIEW entry AS SELECT e.* FROM real_entry e, generate_series(1, 1000000000000)",
)
FOUND: list[Any] = [
    ("a key dropped", "ALTER TABLE entry DROP CONSTRAINT entry_pkey"),
    ("a key that may wait", "ALTER TABLE entry DROP CONSTRAINT entry_pkey",
     "ALTER TABLE entry ADD PRIMARY KEY (position, line) DEFERRABLE"),
    ("a unique dropped", "ALTER TABLE event DROP CONSTRAINT event_id_key"),
    ("a unique index dropped", "DROP INDEX event_by_retracted"),
    ("an index that is not unique", "DROP INDEX event_by_retracted",
     "CREATE INDEX event_by_retracted ON event (retracts) WHERE retracts IS NOT NULL"),
    ("an index of fewer rows", "DROP INDEX entry_by_date",
     "CREATE INDEX entry_by_date ON entry (effective_on, position) WHERE minor > 0"),
    ("an index of others", "CREATE INDEX mine ON entry (minor)"),
    ("an index of a function", "DROP INDEX entry_by_date",
     "CREATE INDEX entry_by_date ON entry (lower(effective_on), position)"),
    ("uniqueness off in the catalog",
     "UPDATE pg_index SET indisunique = false WHERE indexrelid = 'event_id_key'::regclass"),
    ("an index not valid",
     "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'entry_by_date'::regclass"),
    ("a check dropped", "ALTER TABLE event DROP CONSTRAINT event_check"),
    ("a check not validated", "ALTER TABLE event DROP CONSTRAINT event_check",
     ("ALTER TABLE event ADD CONSTRAINT event_check "
     "CHECK (length(body) <= 65535 AND length(leaf) = 32) NOT VALID")),
    ("a check of others", "ALTER TABLE event ADD CHECK (position > 0)"),
    ("a foreign key", "ALTER TABLE entry ADD FOREIGN KEY (position) REFERENCES event"),
    ("a column that may be null", "ALTER TABLE entry ALTER COLUMN minor DROP NOT NULL"),
    ("another type", "ALTER TABLE entry ALTER COLUMN minor TYPE numeric"),
    ("a shorter type", "ALTER TABLE entry ALTER COLUMN category TYPE varchar(20)"),
    ("another collation",
     'ALTER TABLE event ALTER COLUMN effective_on TYPE text COLLATE "C"'),
    ("a generated column", "ALTER TABLE entry DROP COLUMN undisclosed",
     "ALTER TABLE entry ADD undisclosed integer NOT NULL GENERATED ALWAYS AS (1) STORED"),
    ("a default", "ALTER TABLE entry ALTER COLUMN minor SET DEFAULT 7"),
    ("an identity", "ALTER TABLE subtree ALTER COLUMN position ADD GENERATED ALWAYS AS IDENTITY"),
    ("a column more", "ALTER TABLE mention ADD more text"),
    ("a column renamed", "ALTER TABLE event RENAME actor TO who"),
    ("a column dropped", "ALTER TABLE entry DROP COLUMN confidence"),
    ("a table that a crash empties", "ALTER TABLE rollup SET UNLOGGED"),
    ("row security", "ALTER TABLE entry ENABLE ROW LEVEL SECURITY"),
    ("row security forced", "ALTER TABLE entry FORCE ROW LEVEL SECURITY"),
    ("a policy", "CREATE POLICY small ON entry USING (minor < 100)"),
    ("a rule", "CREATE RULE none AS ON INSERT TO mention DO INSTEAD NOTHING"),
    ("a child", "CREATE TABLE more () INHERITS (entry)"),
    ("a parent", "CREATE TABLE above (position bigint NOT NULL)",
     "ALTER TABLE subtree INHERIT above"),
    ("a guard dropped", "DROP TRIGGER event_no_change ON event"),
    ("a guard disabled", "ALTER TABLE event DISABLE TRIGGER event_no_change"),
    ("a guard not always", "ALTER TABLE event ENABLE TRIGGER event_no_truncate"),
    ("a guard that is never met", *WEAKENED),
    ("a guard gutted", GUTTED),
    ("a guard of another user",
     "ALTER FUNCTION deal_ledger_head() SECURITY DEFINER"),
    ("a guard that looks elsewhere", "ALTER FUNCTION deal_ledger_line() SET search_path = public"),
    ("a foreign trigger", *FOREIGN),
    ("a trigger that hides", *FOREIGN,
     "UPDATE pg_trigger SET tgisinternal = true WHERE tgname = 'later'"),
    ("a table dropped", "DROP TABLE mention"),
    ("a roll-up dropped", "DROP TABLE rollup"),
]  # fmt: skip
COMPUTED: list[Any] = [
    ("a view that knows who asks", *VIEW),
    ("an endless view", *ENDLESS),
    ("a materialized view", "ALTER TABLE entry RENAME TO real_entry",
     f"CREATE MATERIALIZED VIEW entry AS {LOOK}"),
]  # fmt: skip
HARMLESS: list[Any] = [
    ("a schema named like the role", "CREATE SCHEMA postgres",
     "CREATE TABLE postgres.entry AS SELECT * FROM public.entry WHERE false",
     "CREATE TABLE postgres.event AS SELECT * FROM public.event WHERE false"),
    ("the search path of the database", "CREATE SCHEMA other",
     "CREATE TABLE other.entry AS SELECT * FROM public.entry WHERE false",
     ("DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = other, public', "
     "current_database()); END $$")),
    ("the search path of the role", "CREATE SCHEMA other",
     "CREATE TABLE other.entry AS SELECT * FROM public.entry WHERE false",
     "ALTER ROLE CURRENT_USER SET search_path = other, public"),
    ("the search path of the role in this database", "CREATE SCHEMA other",
     "CREATE TABLE other.event AS SELECT * FROM public.event WHERE false",
     ("DO $$ BEGIN EXECUTE format('ALTER ROLE CURRENT_USER IN DATABASE %I SET search_path = "
     "other, public', current_database()); END $$")),
    ("a role that writes as a copy does, without guards",
     "ALTER ROLE CURRENT_USER SET session_replication_role = replica"),
    ("a role that reads other dates and numbers",
     "ALTER ROLE CURRENT_USER SET datestyle = 'German'",
     "ALTER ROLE CURRENT_USER SET bytea_output = 'escape'",
     "ALTER ROLE CURRENT_USER SET transform_null_equals = on",
     "ALTER ROLE CURRENT_USER SET extra_float_digits = -10"),
    ("an aggregate that shadows", ("CREATE FUNCTION zero(s numeric, v bigint) RETURNS numeric "
     "LANGUAGE sql AS 'SELECT 0::numeric'"),
     "CREATE AGGREGATE public.sum(bigint) (sfunc = public.zero, stype = numeric, initcond = '0')",
     ("DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = public, pg_catalog', "
     "current_database()); END $$")),
    ("an operator that shadows",
     "CREATE FUNCTION never(a text, b text) RETURNS boolean LANGUAGE sql AS 'SELECT false'",
     "CREATE OPERATOR public.<= (leftarg = text, rightarg = text, function = public.never)",
     ("DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = public, pg_catalog', "
     "current_database()); END $$")),
    ("a function that shadows",
     ("CREATE FUNCTION public.substr(a text, b integer, c integer) RETURNS text "
     "LANGUAGE sql AS $$ SELECT '1999' $$"),
     ("DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = public, pg_catalog', "
     "current_database()); END $$")),
    ("a table of others", "CREATE TABLE public.notes (text text)"),
]  # fmt: skip


@pytest.fixture
def url(postgres_url: str) -> Iterator[str]:
    """Make a ledger of some cash, and return where it is."""
    with Ledger.create(postgres_url, origin=ORIGIN) as ledger:
        ledger.append([party("acme"), party("beta"), party("core"), promises("C", "100")])
        ledger.append([pays("P", "7", commitment="C"), funds("F", "9"), pays("Q", "8")])
        ledger.append([retracts("F")])
    yield postgres_url
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        name = connection.info.dbname
        connection.execute(f"ALTER DATABASE {name} RESET ALL")
        connection.execute("ALTER ROLE CURRENT_USER RESET ALL")
        connection.execute(f"ALTER ROLE CURRENT_USER IN DATABASE {name} RESET ALL")
        for schema in ("postgres", "other"):
            connection.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE")


def change(url: str, *statements: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET allow_system_table_mods = on")
        for statement in statements:
            connection.execute(statement)


def answers(ledger: Ledger) -> list[Any]:
    view = ledger.at(date(2024, 6, 1))
    return [
        view.sums(),
        view.sums(by_year=True),
        view.sureness(),
        view.events(),
        view.lines(),
        view.root,
    ]


@pytest.mark.parametrize("statements", [pytest.param(case[1:], id=case[0]) for case in FOUND])
def test_a_changed_definition_is_found(url: str, statements: tuple[str, ...]) -> None:
    """Verify and the doctor name it, and no question is answered until it is as before."""
    change(url, *statements)
    with Ledger.open(url) as ledger:
        found = [str(each) for each in ledger.verify().findings]
        looked = ledger.health() if len(found) < 5 else ()
        with pytest.raises(Damaged, match="is not made as a ledger is"):
            ledger.at(date.max)
        with pytest.raises(Damaged, match="is not made as a ledger is"):
            ledger.append([pays("new")])

    assert any(each.startswith(("definition: ", "guard: ")) for each in found)
    assert not looked or any(each.check == "guards" and each.state == "wrong" for each in looked)


@pytest.mark.parametrize("statements", [pytest.param(case[1:], id=case[0]) for case in COMPUTED])
def test_what_runs_when_it_is_read_is_not_read(url: str, statements: tuple[str, ...]) -> None:
    """It may never end: such a database is not a ledger."""
    change(url, *statements)
    with pytest.raises(NotALedger, match="'entry' is computed when it is read"):
        Ledger.open(url)


@pytest.mark.parametrize("statements", [pytest.param(case[1:], id=case[0]) for case in HARMLESS])
def test_names_are_looked_for_in_our_schema_only(url: str, statements: tuple[str, ...]) -> None:
    """What has the same name elsewhere, and whatever a session looks for first, changes nothing."""
    with Ledger.open(url) as ledger:
        before = answers(ledger)
    change(url, *statements)
    with Ledger.open(url) as ledger:
        assert before == answers(ledger)
        assert () == ledger.verify().findings
        ledger.append([pays("new")])
        assert () == ledger.verify().findings


def test_a_trigger_at_login_changes_no_answer(url: str) -> None:
    """What it sets for a session is set again before the first statement of ours."""
    with psycopg.connect(url) as connection:
        if connection.info.server_version < 170_000:
            pytest.skip(f"triggers at login came with PostgreSQL 17, this is "
                        f"{connection.info.server_version // 10_000}")  # fmt: skip
    with Ledger.open(url) as ledger:
        before = answers(ledger)
    change(
        url,
        "CREATE SCHEMA other",
        "CREATE TABLE other.entry AS SELECT * FROM public.entry WHERE false",
        "CREATE FUNCTION other.at_login() RETURNS event_trigger LANGUAGE plpgsql AS "
        "$$ BEGIN PERFORM set_config('search_path', 'other, public', false); END $$",
        "CREATE EVENT TRIGGER at_login ON login EXECUTE FUNCTION other.at_login()",
        "ALTER EVENT TRIGGER at_login ENABLE ALWAYS",
    )
    try:
        with psycopg.connect(url) as connection:
            assert ("other, public",) == connection.execute("SHOW search_path").fetchone()
        with Ledger.open(url) as ledger:
            assert before == answers(ledger)
            assert () == ledger.verify().findings
    finally:
        change(url, "DROP EVENT TRIGGER at_login")


def test_a_url_chooses_the_schema(postgres_url: str) -> None:
    """Nothing else does: neither the role nor the database."""
    change(postgres_url, 'CREATE SCHEMA IF NOT EXISTS "Deals"')
    elsewhere = f"{postgres_url}&options=-csearch_path%3DDeals"
    try:
        with Ledger.create(elsewhere, origin=ORIGIN) as ledger:
            ledger.append([party("acme"), party("beta"), pays("P", "7")])
            assert () == ledger.verify().findings
            assert 3 == ledger.head().size
        with pytest.raises(NotALedger):
            Ledger.open(postgres_url)
    finally:
        change(postgres_url, 'DROP SCHEMA "Deals" CASCADE')
