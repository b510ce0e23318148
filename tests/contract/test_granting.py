"""Roles of PostgreSQL that may append or read, and nothing else; tried as such a role."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date
from typing import Any

import psycopg
import pytest
from support.given import (
    ORIGIN,
    behind_its_back,
    fresh_database,
    party,
    pays,
    retracts,
    without_newer_guards,
)

from dealledger.cli.main import run
from dealledger.events import BadInput
from dealledger.ledger import Damaged, Ledger, Unwritable
from dealledger.ledger.storage import segments

COPY = (
    "INSERT INTO event SELECT {}, kind, deal, deal_version, effective_on, announced_on, "
    "recorded_at, actor, retracts, body, leaf FROM event WHERE position = 4"
)
LINE = (
    "INSERT INTO entry SELECT {}, effective_on, announced_on, category, source, target, currency, "
    "minor, undisclosed, confidence, period_start, period_end FROM entry WHERE position = 4"
)
APPEND_ONLY = "the record is append-only"
DENIED = "permission denied"
REFUSED: list[Any] = [
    ("a position later on", COPY.format("100, 'x'"), "a position other than the next"),
    ("a position between", COPY.format("0, 'x'"), "a position other than the next"),
    ("a record without its head", COPY.format("31, 'x'"), "a record behind the head"),
    ("a line of the past", LINE.format("4, 2"), "a line of another append"),
    ("a line of the future", LINE.format("31, 1"), "a line of another append"),
    ("a mention of the past", "INSERT INTO mention VALUES (4, 'core', 'payment')",
     "a line of another append"),
    ("a reference of the past", "INSERT INTO reference VALUES (4, 'b')",
     "a line of another append"),
    ("a larger head", "UPDATE head SET size = 31", "another head than the next"),
    ("a smaller head", "UPDATE head SET size = 29", "another head than the next"),
    ("an earlier head", "UPDATE head SET recorded_at = 0", "another head than the next"),
    ("a sum of the past", ("INSERT INTO rollup SELECT level, segment, period, category, source, "
     "target, 'EUR', confidence, high, low, undisclosed FROM rollup "
     "WHERE level = 0 AND segment = 8"), "another sum of a segment"),
    ("a sum of the future", ("INSERT INTO rollup SELECT level, 99, period, category, source, "
     "target, currency, confidence, high, low, undisclosed FROM rollup "
     "WHERE level = 0 AND segment = 8"), "another sum of a segment"),
    ("a root of the future", "INSERT INTO subtree SELECT 99, root FROM subtree WHERE position = 8",
     "a root of what is not there"),
    ("another origin", "UPDATE head SET origin = 'x'", DENIED),
    ("another version", "UPDATE head SET schema_version = 1", DENIED),
    ("a second head", ("INSERT INTO head SELECT 2, origin, schema_version, size, frontier, "
     "recorded_at, layout FROM head"), DENIED),
    *((f"{what} {table}", statement.format(table), DENIED)
      for table in ("event", "entry", "mention", "reference", "rollup", "subtree")
      for what, statement in (("no update of", "UPDATE {0} SET position = 1"),
                              ("no deletion of", "DELETE FROM {0}"),
                              ("no truncation of", "TRUNCATE {0}"))
      if not (table == "rollup" and what == "no update of")),
    ("no trigger dropped", "DROP TRIGGER event_next ON event", "must be owner"),
    ("no trigger disabled", "ALTER TABLE event DISABLE TRIGGER ALL", "must be owner"),
    ("no replica", "SET session_replication_role = replica", DENIED),
]  # fmt: skip


@pytest.fixture
def ledger(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ledger]:
    """Make a ledger of thirty records, and two roles."""
    monkeypatch.setattr(segments, "SEGMENT", 4)
    monkeypatch.setattr(segments, "MERGED", 8)
    with psycopg.connect(postgres_url, autocommit=True) as other:
        for role in ("clerk", "reader"):
            other.execute(f"DROP ROLE IF EXISTS {role}")
            other.execute(f"CREATE ROLE {role} LOGIN")
    with Ledger.create(postgres_url, origin=ORIGIN) as ledger:
        ledger.append([party("acme"), party("beta"), party("core")])
        ledger.append([pays(f"p{number}") for number in range(4, 31)])
        yield ledger
    with psycopg.connect(postgres_url, autocommit=True) as other:
        for role in ("clerk", "reader"):
            other.execute(f"DROP OWNED BY {role}")
            other.execute(f"DROP ROLE {role}")


def as_role(url: str, role: str) -> str:
    return url.replace("postgresql://postgres:@", f"postgresql://{role}@")


def test_a_role_that_appends(ledger: Ledger) -> None:
    """Little and much, also the end of a segment; and what it wrote verifies."""
    ledger.grant("clerk", "append")
    with Ledger.open(as_role(ledger.name, "clerk")) as clerk:
        assert clerk.append([pays("new"), retracts("p4")])[0].is_new
        clerk.append([pays(f"m{number}") for number in range(1_100)])
        assert clerk.at(date.max).sums() == ledger.at(date.max).sums()
        assert () == clerk.verify().findings
    assert () == ledger.verify().findings
    assert 1_132 == ledger.head().size


def test_a_role_that_reads(ledger: Ledger) -> None:
    """It asks and verifies, and is refused in one line when it appends."""
    ledger.grant("reader", "read")
    with Ledger.open(as_role(ledger.name, "reader")) as reader:
        assert reader.at(date.max).sums() == ledger.at(date.max).sums()
        assert () == reader.verify().findings
        with pytest.raises(Unwritable, match="permission denied"):
            reader.append([pays("new")])
    ledger.grant("reader", "append")
    ledger.grant("reader", "read")
    with (
        Ledger.open(as_role(ledger.name, "reader")) as reader,
        pytest.raises(Unwritable, match="permission denied"),
    ):
        reader.append([pays("new")])


@pytest.fixture(scope="module")
def bounded(postgres_server: Any) -> Iterator[str]:
    """Make a ledger that a role may append to, which no test here manages to change."""
    with fresh_database(postgres_server) as url, pytest.MonkeyPatch.context() as patch:
        patch.setattr(segments, "SEGMENT", 4)
        patch.setattr(segments, "MERGED", 8)
        with psycopg.connect(url, autocommit=True) as other:
            other.execute("CREATE ROLE teller LOGIN")
        with Ledger.create(url, origin=ORIGIN) as ledger:
            ledger.append([party("acme"), party("beta"), party("core")])
            ledger.append([pays(f"p{number}") for number in range(4, 31)])
            ledger.grant("teller", "append")
        yield url
        with Ledger.open(url) as ledger:
            assert (30, ()) == (ledger.head().size, ledger.verify().findings)
        with psycopg.connect(url, autocommit=True) as other:
            other.execute("DROP OWNED BY teller")
            other.execute("DROP ROLE teller")


@pytest.mark.parametrize(
    ("statement", "said"), [pytest.param(*case[1:], id=case[0]) for case in REFUSED]
)
def test_what_a_role_that_appends_may_not(bounded: str, statement: str, said: str) -> None:
    """The database refuses it, when it is said or at the commit."""

    def say() -> None:
        with closing(psycopg.connect(as_role(bounded, "teller"))) as other:
            other.execute(statement)
            other.commit()

    with pytest.raises(psycopg.Error, match=said):
        say()


def test_an_older_ledger_is_brought_up(ledger: Ledger) -> None:
    """It is read and appended to as it is; a grant puts the guards there that bound a role.

    Verify names it: nothing in it shows whether it was made before, or stripped of its guards.
    """
    without_newer_guards(ledger)
    with Ledger.open(ledger.name) as older:
        older.append([pays("new")])
        for quick in (False, True):
            (finding,) = older.verify(quick=quick).findings
            assert str(finding).startswith("guard: older ones, which do not bound who was granted")
        assert ("wrong", "older ones: who may append can add rows to the past") in [
            (each.state, each.message) for each in older.health()
        ]
        done = older.grant("clerk", "append")
        assert any("CREATE TRIGGER event_next" in each for each in done)
        assert not any("CREATE" in each for each in older.grant("clerk", "append"))
        assert () == older.verify().findings
    with Ledger.open(as_role(ledger.name, "clerk")) as clerk:
        clerk.append([pays("newer")])


def test_the_doctor_puts_newer_guards_there(
    ledger: Ledger, capsys: pytest.CaptureFixture[str]
) -> None:
    """Also where there is no role to grant to; asked again, it does nothing."""
    without_newer_guards(ledger)
    words = ["--ledger", ledger.name, "doctor", "--format", "csv"]
    assert 1 == run(words)
    assert "put today's there: deals doctor --fix-guards" in capsys.readouterr().out
    for count in (8, 0):
        assert 0 == run([*words, "--fix-guards"])
        assert f"guards,well,new: {count}" in capsys.readouterr().out
    with Ledger.open(ledger.name) as now:
        assert () == now.verify().findings


def test_a_file_has_no_newer_guards(tmp_path: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """It has had the same ones from the beginning."""
    name = str(tmp_path / "deals.db")
    run(["--ledger", name, "init"])
    assert 0 == run(["--ledger", name, "doctor", "--fix-guards"])
    assert "new: 0" in capsys.readouterr().out


def test_what_cannot_be_granted(ledger: Ledger) -> None:
    """A role that is not there, one whom nothing bounds, and a ledger that is not as made."""
    with pytest.raises(BadInput, match="there is no role nobody"):
        ledger.grant("nobody", "read")
    with pytest.raises(BadInput, match="postgres is a superuser"):
        ledger.grant("postgres", "append")
    behind_its_back(ledger, restored=False)
    with pytest.raises(Damaged, match="not made as the code makes it"):
        ledger.grant("clerk", "append")


def test_the_doctor_names_other_rights(ledger: Ledger) -> None:
    """What a role may do beyond appending is a warning, with the way to take it back."""
    with psycopg.connect(ledger.name, autocommit=True) as other:
        other.execute("GRANT UPDATE ON entry TO clerk")
        other.execute("GRANT DELETE ON event TO PUBLIC")
        other.execute("GRANT UPDATE (origin) ON head TO clerk")
    found = [each.message for each in ledger.health() if each.check == "rights"]

    assert ["clerk may update entry", "everybody may delete event",
            "clerk may update head.origin"] == found  # fmt: skip
    ledger.grant("clerk", "append")
    found = [each.message for each in ledger.health() if each.check == "rights"]
    assert ["everybody may delete event"] == found


def test_the_command(ledger: Ledger, capsys: pytest.CaptureFixture[str]) -> None:
    """It prints what it runs, or would run; a file has no roles."""
    line = ["--ledger", ledger.name, "grant", "clerk", "--for", "append"]
    assert 0 == run([*line, "--dry-run"])
    printed = capsys.readouterr().out
    assert "GRANT UPDATE (size, frontier, recorded_at) ON public.head TO clerk;\n" in printed
    with (
        psycopg.connect(as_role(ledger.name, "clerk")) as other,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        other.execute("SELECT * FROM event")
    assert 0 == run(line)
    assert printed == capsys.readouterr().out
    with psycopg.connect(as_role(ledger.name, "clerk")) as other:
        assert other.execute("SELECT count(*) FROM event").fetchone() == (30,)


def test_a_file_has_no_roles(tmp_path: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """The rights of files are the system's."""
    name = str(tmp_path / "deals.db")
    run(["--ledger", name, "init"])
    assert 2 == run(["--ledger", name, "grant", "clerk", "--for", "read"])
    assert "a file has no roles (use the rights of files: chmod, chown)" in capsys.readouterr().err
