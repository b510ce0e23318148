"""A ledger's file in the hands of others: journals taken away, copies, links, changed definitions."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from crash.test_faults import content, is_found
from sqlalchemy import event as hooks
from support.given import party, pays

from dealledger.events import Event
from dealledger.ledger import Damaged, Ledger, NotALedger
from dealledger.ledger.audit import doctor as health
from dealledger.ledger.audit.mounts import network_of
from dealledger.ledger.proof.checkpoint import Checkpoint, EventsMissing
from dealledger.ledger.storage import making
from dealledger.ledger.storage.sqlite import sqlite
from dealledger.ledger.storage.tables import METADATA


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Make a ledger of a few pages and return its file."""
    path = tmp_path / "deals.db"
    with Ledger.create(path, origin="example.org/x") as ledger:
        ledger.append([party("acme"), party("beta")])
        ledger.append([pays(f"p{number}", "10") for number in range(40)])
    return path


@pytest.fixture
def logged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Path, Checkpoint]]:
    """Make a ledger whose last appends stand in the write-ahead log only; give its checkpoint."""
    monkeypatch.setattr(making, "journal_mode", lambda version: "WAL")
    path = tmp_path / "deals.db"
    with Ledger.create(path, origin="example.org/x") as ledger:
        ledger.append([party("acme"), party("beta")])
        with ledger._engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        ledger.append([pays("p", "10")])
        ledger.append([pays("q", "10")])
        yield path, ledger.checkpoint()


@pytest.fixture
def unlogged(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Path:
    """Make the same in rollback mode, as it is where no SQLite keeps a log safe."""
    monkeypatch.setattr(making, "journal_mode", lambda version: "DELETE")
    found: Path = request.getfixturevalue("file")
    return found


def hot(file: Path, copy: Path) -> None:
    """Copy a file and its journal from the middle of an append that has written pages already."""

    def source() -> Iterator[Event]:
        yield from (pays(f"q{number}", "10") for number in range(2_000))
        for suffix in ("", "-journal"):
            shutil.copy(f"{file}{suffix}", f"{copy}{suffix}")
        yield pays("last", "10")

    with Ledger.open(file) as ledger:

        @hooks.listens_for(ledger._engine, "connect")
        def spill(connection: sqlite.Connection, _record: object) -> None:
            connection.execute("PRAGMA cache_size=5")

        ledger._engine.dispose()
        ledger.append(source())


def test_a_hot_journal_brings_back_what_was(unlogged: Path, tmp_path: Path) -> None:
    """A file that was left in the middle of an append is as before, when its journal is there."""
    good, copy = content(unlogged), tmp_path / "copy.db"
    hot(unlogged, copy)

    assert unlogged.stat().st_size > copy.stat().st_size > 0
    assert not is_found(copy)
    assert good == content(copy)


def test_a_hot_journal_that_is_removed_is_found(unlogged: Path, tmp_path: Path) -> None:
    """Half an append stays in the file: said, each time that it is looked at, and not repaired."""
    copy = tmp_path / "copy.db"
    hot(unlogged, copy)
    Path(f"{copy}-journal").unlink()
    left = copy.read_bytes()

    for _ in range(2):
        assert is_found(copy)
        assert left == copy.read_bytes()


def flip_last_byte(log: Path) -> None:
    data = bytearray(log.read_bytes())
    data[-1] ^= 1
    log.write_bytes(data)


@pytest.mark.parametrize("damage", [flip_last_byte, Path.unlink], ids=["flipped", "copied alone"])
def test_a_lost_write_ahead_log_shows_against_a_checkpoint(
    logged: tuple[Path, Checkpoint], tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    """SQLite takes such a file for a shorter one that is well; the checkpoint counts the events."""
    file, checkpoint = logged
    copy = tmp_path / "copy.db"
    for suffix in ("", "-wal"):
        shutil.copy(f"{file}{suffix}", f"{copy}{suffix}")
    damage(Path(f"{copy}-wal"))

    with Ledger.open(copy) as ledger:
        assert () == ledger.verify().findings
        with pytest.raises(
            EventsMissing, match=r"^events missing: the checkpoint has 4, the ledger"
        ):
            ledger.grown_since(checkpoint)
    with Ledger.open(file) as ledger:
        assert 0 == ledger.grown_since(checkpoint)


def test_the_doctor_warns_of_a_log_that_this_sqlite_can_lose(
    logged: tuple[Path, Checkpoint], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that another SQLite put into that mode is read, and named."""
    monkeypatch.setattr(health, "keeps_log", lambda version: False)
    with Ledger.open(logged[0]) as ledger:
        found = [each for each in ledger.health() if each.check == "journal"]

    assert [("warning", "a write-ahead log, which this SQLite can corrupt")] == [
        (each.state, each.message) for each in found
    ]


def test_a_link_is_the_file_that_it_leads_to(file: Path, tmp_path: Path) -> None:
    """The log lies beside the file itself, so both names are one ledger; nothing is left."""
    folder = tmp_path / "links"
    folder.mkdir()
    link = folder / "deals.db"
    link.symlink_to(file)
    seen = []

    def source() -> Iterator[Event]:
        yield from (pays(f"q{number}", "10") for number in range(2_000))
        seen.append(sorted(path.name for each in (folder, tmp_path) for path in each.iterdir()))
        yield pays("last", "10")

    with Ledger.open(link) as ledger:
        ledger.append(source())
    with Ledger.open(file) as ledger:
        assert 42 + 2_001 == ledger.head().size
        assert () == ledger.verify().findings

    assert [["deals.db", "deals.db", "deals.db-shm", "deals.db-wal", "links"]] == seen
    assert [link] == list(folder.iterdir())


def test_the_doctor_warns_of_a_second_name(file: Path, tmp_path: Path) -> None:
    """The journal lies beside the name that is opened, so whoever opens the other misses it."""
    (tmp_path / "other.db").hardlink_to(file)
    with Ledger.open(file) as ledger:
        found = [each for each in ledger.health() if each.check == "file"]

    assert [("warning", f"{file} has 2 names (hard links)")] == [
        (each.state, each.message) for each in found
    ]


MOUNTS = r"""
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 22 0:40 / /mnt/share rw,relatime - nfs4 server:/export rw,vers=4.2
31 30 0:41 / /mnt/share/local rw - tmpfs tmpfs rw
32 22 0:42 / /mnt/two\040words rw - cifs //server/x rw
33 22 0:43 / /over rw - nfs a:/b rw
34 22 0:44 / /over rw - xfs /dev/sdb rw
no mount at all
"""


@pytest.mark.parametrize(
    ("place", "kind"),
    [
        ("/home/ana/deals.db", None),
        ("/mnt/share/deals.db", "nfs4"),
        ("/mnt/shared/deals.db", None),
        ("/mnt/share/local/deals.db", None),
        ("/mnt/two words/a/deals.db", "cifs"),
        ("/over/deals.db", None),
    ],
)
def test_a_network_is_known_by_what_is_mounted(
    tmp_path: Path, place: str, kind: str | None
) -> None:
    """The innermost place counts, and of two at one place the later one."""
    table = tmp_path / "mountinfo"
    table.write_text(MOUNTS)

    assert kind == network_of(Path(place), table)
    assert network_of(Path(place), tmp_path / "none") is None


def test_the_doctor_warns_of_a_network(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Locks may not hold there."""
    monkeypatch.setattr(health, "network_of", lambda path: "nfs4")
    with Ledger.open(file) as ledger:
        found = [each.message for each in ledger.health() if each.check == "file"]

    assert [f"{file} lies on nfs4, whose locks may not hold"] == found


def test_an_append_begins_with_the_write_lock(file: Path) -> None:
    """A transaction that reads first and then turns to writing would fail at once, or fork."""
    said: list[str] = []
    with Ledger.open(file) as ledger:

        @hooks.listens_for(ledger._engine, "connect")
        def note(connection: Any, _record: object) -> None:
            connection.set_trace_callback(said.append)

        ledger._engine.dispose()
        ledger.append([pays("q", "10")])

    assert ["BEGIN IMMEDIATE"] == [each for each in said if each.startswith(("BEGIN", "SAVEPOINT"))]
    read = next(n for n, each in enumerate(said) if each.startswith("SELECT"))
    assert said.index("BEGIN IMMEDIATE") < read


CHANGES: list[Any] = [
    ("renamed and made again", ["ALTER TABLE event RENAME TO old", "CREATE TABLE event AS SELECT * FROM old"]),
    ("shadowed by a view", ["ALTER TABLE event RENAME TO old", "CREATE VIEW event AS SELECT * FROM old"]),
    ("a column dropped", ["DROP INDEX IF EXISTS event_deal", "ALTER TABLE entry DROP COLUMN undisclosed"]),
    ("a column renamed", ["ALTER TABLE event RENAME COLUMN actor TO who"]),
    ("a table dropped", ["DROP TABLE mention"]),
    ("an index dropped", ["DROP INDEX {index}"]),
    ("a trigger added", ["CREATE TRIGGER later AFTER INSERT ON event BEGIN DELETE FROM entry; END"]),
    ("a trigger weakened", ["DROP TRIGGER event_no_delete",
                            "CREATE TRIGGER event_no_delete BEFORE DELETE ON event WHEN 0 BEGIN SELECT 1; END"]),
]  # fmt: skip


@pytest.mark.parametrize("statements", [pytest.param(case[1], id=case[0]) for case in CHANGES])
def test_changed_definitions_are_found(file: Path, statements: list[str]) -> None:
    """Tables, columns, indexes and triggers are compared with how they were made."""
    connection = sqlite.connect(file)
    [index] = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL LIMIT 1"
    ).fetchone()
    for statement in statements:
        connection.execute(statement.format(index=index))
    connection.commit()
    connection.close()

    assert is_found(file)


def test_an_edit_under_dropped_guards_is_found_when_they_are_back(file: Path) -> None:
    """The definitions are as before; the row is not, and is named."""
    connection = sqlite.connect(file)
    guards = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    kept = list(guards)
    for name, _ in kept:
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute(
        """UPDATE event SET body = CAST(replace(CAST(body AS TEXT), '"10"', '"99"') AS BLOB)
        WHERE position = 7"""
    )
    for _, made in kept:
        connection.execute(made)
    connection.commit()
    connection.close()
    with Ledger.open(file) as ledger:
        found = [str(each) for each in ledger.verify().findings]

    assert "@7: the bytes of p4 are not those that were hashed" in found
    assert all("definitions" not in each for each in found)


ENDLESS = "WITH RECURSIVE r(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM r) SELECT {columns} FROM r"


@pytest.mark.parametrize("table", METADATA.tables)
def test_a_view_in_place_of_a_table_is_no_ledger(file: Path, table: str) -> None:
    """A stranger's file cannot make us run what stands in a view: it is not read at all."""
    connection = sqlite.connect(file)
    columns = [f"x AS {row[1]}" for row in connection.execute(f"PRAGMA table_info({table})")]
    connection.execute(f"ALTER TABLE {table} RENAME TO real_{table}")
    connection.execute(f"CREATE VIEW {table} AS {ENDLESS.format(columns=', '.join(columns))}")
    connection.commit()
    connection.close()

    with pytest.raises(NotALedger, match=f"'{table}' is computed when it is read"):
        Ledger.open(file)


def test_a_view_of_a_type_in_capitals_is_no_ledger(file: Path) -> None:
    """SQLite reads what kind of thing a definition makes without regard to its case."""
    connection = sqlite.connect(file)
    connection.execute("ALTER TABLE entry RENAME TO real_entry")
    connection.execute("CREATE VIEW entry AS SELECT * FROM real_entry")
    connection.commit()
    connection.execute("PRAGMA writable_schema = ON")
    connection.execute("UPDATE sqlite_master SET type = 'VIEW' WHERE name = 'entry'")
    connection.commit()
    connection.close()

    with pytest.raises(NotALedger, match="'entry' is computed when it is read"):
        Ledger.open(file)


def test_a_computed_column_is_no_ledger(file: Path) -> None:
    """Neither is a column that is computed when it is read, nor one that is stored so."""
    for how in ("VIRTUAL", "STORED"):
        connection = sqlite.connect(file)
        connection.execute("DROP TABLE mention")
        connection.execute(
            f"CREATE TABLE mention (party, kind, position AS (zeroblob(1000000000)) {how})"
        )
        connection.commit()
        connection.close()

        with pytest.raises(NotALedger, match=r"'mention\.position' is computed"):
            Ledger.open(file)


def test_a_huge_value_is_not_read(file: Path) -> None:
    """A stranger's file cannot fill the memory with one value."""
    connection = sqlite.connect(file)
    for trigger in ("event_no_update", "event_next_position", "event_no_replace"):
        connection.execute(f"DROP TRIGGER {trigger}")
    connection.execute("UPDATE head SET layout = CAST(zeroblob(10000001) AS TEXT)")
    connection.commit()
    connection.close()
    with Ledger.open(file) as ledger, pytest.raises(Damaged, match="too big"):
        ledger.verify()


def test_pages_that_lead_in_a_circle_are_not_read(file: Path) -> None:
    """A page that two others point at is said by SQLite, before anything is read through it."""
    connection = sqlite.connect(file)
    roots = dict(connection.execute("SELECT name, rootpage FROM sqlite_master"))
    connection.close()
    data = bytearray(file.read_bytes())
    page = slice((roots["event"] - 1) * 4096, roots["event"] * 4096)
    assert b"\x05" == data[page][:1], "an inner page of a table: its last child is named at 8"
    data[page.start + 8 : page.start + 12] = roots["event"].to_bytes(4, "big")
    file.write_bytes(data)

    with Ledger.open(file) as ledger, pytest.raises(Damaged, match="damaged"):
        ledger.verify()


def test_a_circle_of_pages_ends() -> None:
    """Rows that come again, as pages that point at each other would give them, are no endless loop."""
    from dealledger.ledger.audit.verify import _chunks

    class Row(NamedTuple):
        position: int

    class Circle:
        def execute(self, _query: object, **_options: object) -> AbstractContextManager[Circle]:
            return nullcontext(self)

        def keys(self) -> set[str]:
            return {"position"}

        def __iter__(self) -> Iterator[Row]:
            return iter([Row(1), Row(2), Row(1)])

    circle: Any = Circle()
    with pytest.raises(Damaged, match=r"^the records behind @0 are out of order"):
        next(_chunks(circle, quick=False))
