"""Backup, restore and doctor: the record survives, and what is wrong is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from dealledger.cli.main import run
from dealledger.ledger import Ledger
from dealledger.ledger.storage.sqlite import sqlite

LINES = """
{"id":"p-n","kind":"party","effective_on":"2024-01-01","party":"n","name":"N"}
{"id":"p-l","kind":"party","effective_on":"2024-01-01","party":"l","name":"L"}
{"id":"f1","kind":"funding","effective_on":"2024-02-01","deal":"d","investor":"n","investee":"l","amount":"10","currency":"USD"}
{"id":"x1","kind":"retraction","retracts":"f1","reason":"typo","replaced_by":"f2"}
{"id":"f2","kind":"funding","effective_on":"2024-02-01","deal":"d","investor":"n","investee":"l","amount":"12","currency":"USD"}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in an empty folder with a file of events."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DEALS_LEDGER", raising=False)
    Path("events.jsonl").write_text(LINES.strip())


def made(url: str) -> None:
    assert 0 == run(["--ledger", url, "init", "--origin", "example.org/x"])
    assert 0 == run(["--ledger", url, "import", "events.jsonl"])


def stored(name: str) -> list[tuple[object, ...]]:
    with Ledger.open(name) as ledger:
        rows = [(r.position, r.recorded_at, r.actor, r.version, r.body) for r in ledger.read()]
        return [*rows, (ledger.head().tree.root(), ledger.head().origin)]


def test_a_backup_is_the_same_record(ledger_url: str) -> None:
    """From either engine: positions, moments, actors, bytes, root; and it verifies."""
    made(ledger_url)

    assert 0 == run(["--ledger", ledger_url, "backup", "copy.db"])
    assert stored(ledger_url) == stored("copy.db")
    assert 0 == run(["--ledger", "copy.db", "verify"])


def test_a_restored_ledger_is_the_same_record_and_goes_on(ledger_url: str) -> None:
    """Into either engine; corrections still work on it."""
    made("first.db")
    assert 0 == run(["--ledger", ledger_url, "restore", "first.db"])

    assert stored("first.db") == stored(ledger_url)
    assert 0 == run(["--ledger", ledger_url, "verify"])
    assert 0 == run(["--ledger", ledger_url, "retract", "f2", "--reason", "again"])
    assert 0 == run(["--ledger", ledger_url, "verify"])


def test_nothing_is_overwritten(capsys: pytest.CaptureFixture[str]) -> None:
    """Neither a file by a backup nor a ledger by a restore; and nothing is left behind."""
    made("deals.db")
    Path("copy.db").write_text("mine")
    capsys.readouterr()

    assert 2 == run(["backup", "copy.db"])
    assert 2 == run(["restore", "deals.db"])
    assert (
        "deals: copy.db exists already; nothing was changed (choose another name)\n"
        "deals: deals.db exists already; nothing was changed (choose another name)\n"
    ) == capsys.readouterr().err
    assert ["copy.db", "deals.db", "events.jsonl"] == sorted(each.name for each in Path().iterdir())


def test_a_damaged_ledger_gives_no_backup(capsys: pytest.CaptureFixture[str]) -> None:
    """A record that is not what was hashed is said, and no file appears."""
    made("deals.db")
    with sqlite.connect("deals.db") as connection:
        connection.execute("DROP TRIGGER event_no_update")
        connection.execute(
            "UPDATE event SET body = cast(replace(body, '12', '13') AS BLOB) WHERE position = 5"
        )
    connection.close()
    capsys.readouterr()

    assert 2 == run(["backup", "copy.db"])
    assert "deals: a record is not what was hashed (run: deals verify)\n" == capsys.readouterr().err
    assert not Path("copy.db").exists()


def test_the_doctor_says_which_ledger_and_that_all_is_well(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The nearest file, by option, or by environment: and why."""
    made("deals.db")
    capsys.readouterr()

    assert 0 == run(["doctor", "-f", "csv"])
    assert "deals.db, the nearest here or above" in capsys.readouterr().out
    assert 0 == run(["--ledger", "deals.db", "doctor"])
    assert "deals.db, by --ledger" in capsys.readouterr().out


def test_the_doctor_and_verify_find_a_changed_guard(capsys: pytest.CaptureFixture[str]) -> None:
    """A trigger that is gone, one that is weaker, and one that is not ours."""
    made("deals.db")
    with sqlite.connect("deals.db") as connection:
        connection.execute("DROP TRIGGER event_no_delete")
        connection.execute("DROP TRIGGER event_no_update")
        connection.execute(
            "CREATE TRIGGER event_no_update BEFORE UPDATE ON event WHEN 0 BEGIN SELECT 1; END"
        )
    connection.close()
    capsys.readouterr()

    assert 1 == run(["doctor", "-f", "csv"])
    out = capsys.readouterr().out
    assert "guards,wrong,the trigger event_no_delete is missing" in out
    assert "guards,wrong,the trigger event_no_update was changed" in out
    assert 1 == run(["verify"])
    assert "deals: guard: the trigger event_no_delete is missing\n" in capsys.readouterr().err


def test_the_doctor_finds_a_guard_that_was_switched_off(postgres_url: str) -> None:
    """On PostgreSQL an owner can disable a trigger."""
    import psycopg

    made(postgres_url)
    with psycopg.connect(postgres_url) as connection:
        connection.execute("ALTER TABLE event DISABLE TRIGGER event_no_change")

    with Ledger.open(postgres_url) as ledger:
        wrong = [each.message for each in ledger.health() if each.state == "wrong"]

    assert ["the trigger event_no_change of event was changed"] == wrong


def test_the_doctor_says_what_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a ledger: exit code 1, and how to make one."""
    assert 1 == run(["doctor", "-f", "csv"])
    assert "ledger,wrong,there is no deals.db here or above," in capsys.readouterr().out
