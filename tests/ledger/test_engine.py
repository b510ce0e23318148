"""Opening files and databases: what is not a ledger is refused, and never made by the way."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from support.given import behind_its_back, everything, party

from dealledger.events import BadInput
from dealledger.ledger import (
    Damaged,
    Ledger,
    LedgerExists,
    NoLedger,
    NotALedger,
    Unreachable,
    Unwritable,
)
from dealledger.ledger.address import is_postgres
from dealledger.ledger.naming import shown_name
from dealledger.ledger.storage.sqlite import journal_mode, sqlite


def test_missing_file_is_never_made(tmp_path: Path) -> None:
    """SQLite itself would make an empty database."""
    path = tmp_path / "deals.db"
    with pytest.raises(NoLedger) as caught:
        Ledger.open(path)

    assert f"there is no ledger at {path} (make one with: deals init)" == str(caught.value)
    assert [] == list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", "the file is empty"),
        (b"SQLite", "the file is something else"),
        (b"%PDF-1.7 and more of it than the sixteen bytes", "the file is something else"),
        (b"SQLite format 3\x00" + b"x" * 5_000, "the file is something else"),
    ],
)
def test_other_files_are_no_ledger(tmp_path: Path, content: bytes, found: str) -> None:
    """Whatever lies there is left as it is."""
    path = tmp_path / "deals.db"
    path.write_bytes(content)
    with pytest.raises(NotALedger) as caught:
        Ledger.open(path)

    assert f"{path} is not a ledger: {found} (name another with --ledger)" == str(caught.value)
    assert content == path.read_bytes()
    with pytest.raises(LedgerExists):
        Ledger.create(path)
    assert content == path.read_bytes()


def test_folder_is_no_ledger(tmp_path: Path) -> None:
    """A folder is named as one."""
    with pytest.raises(NotALedger, match="it is a folder"):
        Ledger.open(tmp_path)
    with pytest.raises(LedgerExists):
        Ledger.create(tmp_path)


def test_ledger_is_not_made_in_a_missing_folder(tmp_path: Path) -> None:
    """The message is the system's, and nothing is made."""
    with pytest.raises(Unwritable, match=r"deals.db cannot be made: No such file or directory"):
        Ledger.create(tmp_path / "none" / "deals.db")

    assert [] == list(tmp_path.iterdir())


def test_name_that_no_file_can_have(tmp_path: Path) -> None:
    """A name that is too long is an error in our words."""
    with pytest.raises(Unwritable, match=r"cannot be read: File name too long"):
        Ledger.open(tmp_path / ("x" * 300))
    with pytest.raises(Unwritable, match=r"cannot be made: File name too long"):
        Ledger.create(tmp_path / ("x" * 300))


@pytest.mark.parametrize("name", ["a b.db", "a?mode=memory.db", "a#b%20.db", "ä.db", "\udcff.db"])
def test_file_may_have_any_name(tmp_path: Path, name: str) -> None:
    """Names are not taken for parts of a URL."""
    path = tmp_path / name
    with Ledger.create(path) as ledger:
        ledger.append([party("acme")])
    with Ledger.open(path) as ledger:
        assert 1 == ledger.head().size

    assert [os.fsencode(name)] == os.listdir(os.fsencode(tmp_path))


def test_failed_creation_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that could not become a ledger is taken away again."""
    monkeypatch.setattr("dealledger.ledger.storage.guards_sqlite.SQLITE", ("no SQL",))
    with pytest.raises(Damaged, match="syntax error"):
        Ledger.create(tmp_path / "deals.db")

    assert [] == list(tmp_path.iterdir())


def test_file_that_cannot_be_written_can_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Queries work on a read-only file; an append says why it does not."""
    Ledger.create(tmp_path / "deals.db").close()
    monkeypatch.setattr("os.access", lambda path, mode: False)
    with Ledger.open(tmp_path / "deals.db") as ledger:
        with pytest.raises(Unwritable, match=r"cannot be written: .*nothing was recorded"):
            ledger.append([party("acme")])
        assert 0 == ledger.head().size
        assert () == ledger.verify().findings


def test_full_disk_records_nothing(tmp_path: Path) -> None:
    """An append that does not fit is rolled back, and the next one works."""
    with Ledger.create(tmp_path / "deals.db") as ledger:
        before = everything(ledger)
        connection = ledger._engine.raw_connection()
        pages = connection.cursor().execute("PRAGMA page_count").fetchone()[0]
        connection.cursor().execute(f"PRAGMA max_page_count = {pages}")
        connection.close()
        large = [party(f"p{n}", note="x" * 8_000) for n in range(9)]
        with pytest.raises(Unwritable, match=r"database or disk is full .nothing was recorded"):
            ledger.append(large)
        assert before == everything(ledger)
    with Ledger.open(tmp_path / "deals.db") as ledger:
        assert 9 == len(ledger.append(large))


def test_cut_file_is_damaged(tmp_path: Path) -> None:
    """A truncated file is an error, not a shorter ledger."""
    path = tmp_path / "deals.db"
    with Ledger.create(path) as ledger:
        ledger.append([party(f"p{n}", note="x" * 4_000) for n in range(50)])
    path.write_bytes(path.read_bytes()[:60_000])
    with pytest.raises(Damaged, match="restore a backup"), Ledger.open(path) as ledger:
        ledger.verify()


def test_flipped_byte_in_the_file_is_found(tmp_path: Path) -> None:
    """The database itself does not notice a byte that was changed; verification does."""
    path = tmp_path / "deals.db"
    with Ledger.create(path) as ledger:
        ledger.append([party("acme", note="the quick brown fox")])
    path.write_bytes(path.read_bytes().replace(b"quick brown", b"quick brawn"))
    connection = sqlite.connect(path)
    assert "ok" == connection.execute("PRAGMA integrity_check").fetchone()[0]
    connection.close()
    with Ledger.open(path) as ledger:
        findings = [str(finding) for finding in ledger.verify().findings]

    assert "@1: the bytes of p-acme are not those that were hashed" == findings[0]


def test_restored_copy_is_a_ledger_of_its_own_time(tmp_path: Path) -> None:
    """A closed file can be copied, and goes on from where it was."""
    path, copy = tmp_path / "deals.db", tmp_path / "copy.db"
    with Ledger.create(path) as ledger:
        ledger.append([party("acme")])
    copy.write_bytes(path.read_bytes())
    with Ledger.open(copy) as ledger:
        assert 2 == ledger.append([party("beta")])[0].position
        assert () == ledger.verify().findings


@pytest.mark.parametrize("name", ["mysql://x/y", "sqlite:///deals.db", "http://example.org"])
def test_other_urls_are_refused(name: str) -> None:
    """A ledger is a path, or a PostgreSQL database."""
    with pytest.raises(BadInput, match=r"is not a ledger \(a path, or postgresql://...\)$"):
        Ledger.open(name)


@pytest.mark.parametrize("name", ["postgresql://host:port/x", "postgres://a:b:c:d/x"])
def test_bad_postgresql_urls_are_refused(name: str) -> None:
    """A URL that is none is refused before anything is asked."""
    with pytest.raises(BadInput, match="this is not a PostgreSQL URL"):
        Ledger.open(name)


def test_unreachable_server(tmp_path: Path) -> None:
    """A server that does not answer is named, its password is not."""
    url = f"postgresql://ana:secret@/deals?host={tmp_path}"
    with pytest.raises(Unreachable) as caught:
        Ledger.open(url)

    assert "does not answer: " in str(caught.value)
    assert "is the server up, the URL right?" in str(caught.value)
    assert "secret" not in str(caught.value)


def test_missing_database(postgres_url: str) -> None:
    """A database that does not exist is not made."""
    with pytest.raises(Unreachable, match='database "nosuch" does not exist'):
        Ledger.open(re.sub("/test_[0-9a-f]+", "/nosuch", postgres_url))


def test_names_of_databases() -> None:
    """URLs of PostgreSQL are known by their beginning, and shown without a password."""
    names = ("postgres://a/b", "postgresql://a/b", "postgresql+psycopg://a/b", "deals.db", "")

    assert [True, True, True, False, False] == [is_postgres(name) for name in names]
    assert "postgresql://a:***@b/c" == shown_name("postgresql://a:secret@b/c")
    assert "the PostgreSQL URL" == shown_name("postgresql://a:secret@b:x/c")
    assert "my deals.db" == shown_name("my deals.db")


@pytest.mark.parametrize(
    ("version", "mode"),
    [
        ((3, 40, 1), "DELETE"),
        ((3, 44, 5), "DELETE"),
        ((3, 44, 6), "WAL"),
        ((3, 45, 0), "DELETE"),
        ((3, 50, 6), "DELETE"),
        ((3, 50, 7), "WAL"),
        ((3, 51, 2), "DELETE"),
        ((3, 51, 3), "WAL"),
        ((3, 52, 0), "WAL"),
        ((4, 0, 0), "WAL"),
    ],
)
def test_write_ahead_log_only_where_it_is_safe(version: tuple[int, int, int], mode: str) -> None:
    """Older SQLite can lose pages of it."""
    assert mode == journal_mode(version)


def test_ledger_in_write_ahead_mode(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other journal mode holds the same ledger."""
    monkeypatch.setattr("dealledger.ledger.storage.making.journal_mode", lambda version: "WAL")
    with Ledger.create(tmp_path / "deals.db") as ledger:
        ledger.append([party("acme")])
        for record in ledger.read():
            assert 2 == ledger.append([party("beta")])[0].position
            assert 1 == record.position
        behind_its_back(ledger)
        assert 2 == ledger.verify().events
