"""The auditor's commands: explain, history, diff, reconcile, and what the log finds."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any, Self
from xml.etree import ElementTree as ET

import pytest
from support.given import recorded

from dealledger.cli import params
from dealledger.cli.main import run
from dealledger.ledger import Ledger, Verification
from dealledger.ledger.storage.sqlite import sqlite

LINES = """
{"id":"p-n","kind":"party","effective_on":"2024-01-01","party":"n","name":"N"}
{"id":"p-l","kind":"party","effective_on":"2024-01-01","party":"l","name":"L"}
{"id":"f1","kind":"funding","effective_on":"2024-02-01","investor":"n","investee":"l","amount":"10","currency":"USD","source_title":"A filing","confidence":"confirmed"}
{"id":"r1","kind":"payment","effective_on":"2024-03-01","payer":"l","payee":"n","amount":"4","currency":"USD","source_title":"A report","confidence":"reported"}
"""


@pytest.fixture(autouse=True)
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in a folder with a small ledger, recorded at one moment."""
    monkeypatch.chdir(tmp_path)
    recorded(LINES, "example.org/x", "2025-06-15T15:06:40")


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    capsys.readouterr()
    run([*arguments, "-f", "json", "--today", "2025-06-30"])
    return json.loads(capsys.readouterr().out)


def test_explain_gives_each_event_with_its_effect(capsys: pytest.CaptureFixture[str]) -> None:
    """Before, effect and after of each event, with its place in the record and its source."""
    found = answer(capsys, "explain", "net", "n", "l")
    keys = ("event", "before", "effect", "after", "position", "source_title", "recorded_at")

    assert [{"currency": "USD", "amount": "6"}] == found["value"]
    assert [
        ("f1", "0", "10", "10", 3, "A filing", "2025-06-15T15:06:40.000000Z"),
        ("r1", "10", "-4", "6", 4, "A report", "2025-06-15T15:06:40.000000Z"),
    ] == [tuple(row[key] for key in keys) for row in found["rows"]]


def test_history_charts_in_the_terminal_and_as_a_picture(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Bars in proportion; the picture is an SVG with a point for each event."""
    capsys.readouterr()
    assert 0 == run(["history", "net", "n", "l", "--chart", "--today", "2025-06-30"])
    assert 0 == run(["history", "net", "n", "l", "--svg", "net.svg", "--today", "2025-06-30"])
    root = ET.fromstring(Path("net.svg").read_text())
    titles = [each.text for each in root.iter("{http://www.w3.org/2000/svg}title")]

    assert "█" * 24 in capsys.readouterr().out
    assert ["2024-02-01: 10", "2024-03-01: 6"] == titles


def test_a_chart_has_only_values_that_days_ended_with(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Paid and paid back on one day: one point, one bar, and the row between has none."""
    for name, payer, payee in (("in", "n", "l"), ("out", "l", "n")):
        assert 0 == run(["append", "payment", "--id", name, "--payer", payer, "--payee", payee,
                         "--amount", "$900", "--bound", "up-to", "--on", "2024-05-01"])  # fmt: skip
    capsys.readouterr()
    assert 0 == run(["history", "net", "n", "l", "--chart", "--today", "2025-06-30"])
    rows = [row for row in capsys.readouterr().out.splitlines() if row.startswith("2024-05-01")]
    assert 0 == run(["history", "net", "n", "l", "--svg", "net.svg", "--today", "2025-06-30"])
    root = ET.fromstring(Path("net.svg").read_text())
    titles = [each.text for each in root.iter("{http://www.w3.org/2000/svg}title")]

    assert [False, True] == ["█" in row for row in rows]
    assert ["2024-02-01: 10", "2024-03-01: 6", "2024-05-01: ~ 6"] == titles


def test_diff_names_what_corrections_changed(capsys: pytest.CaptureFixture[str]) -> None:
    """Two positions at one date: the corrected net, and the events that did it."""
    run(["correct", "f1", "--set", "amount=12", "--reason", "typo"])
    found = answer(capsys, "diff", "--from", "@4", "--to", "@6")

    assert (4, 6) == (found["from"]["known_at"], found["to"]["known_at"])
    assert [("l to n USD", "changed", ["f1", "f1.2"])] == [
        (row["name"], row["change"], row["events"]) for row in found["rows"]
    ]


def test_reconcile_fails_where_something_does_not_fit() -> None:
    """Exit code 0 on facts that fit, 1 with a finding."""
    assert 0 == run(["reconcile"])
    run(
        [
            "append",
            "payment",
            "--payer",
            "l",
            "--payee",
            "n",
            "--amount",
            "$1",
            "--on",
            "2024-04-01",
        ]
    )
    assert 1 == run(["reconcile"])


@pytest.mark.parametrize(
    ("option", "expected"),
    [
        (["--recorded-since", "@3"], ["r1"]),
        (["--recorded-since", "2025-06-15"], ["p-n", "p-l", "f1", "r1"]),
        (["--recorded-since", "2025-06-16"], []),
        (["--backdated", "500d"], ["p-n", "p-l", "f1"]),
        (["--backdated", "1000"], []),
    ],
)
def test_the_log_finds_what_was_recorded_late(
    capsys: pytest.CaptureFixture[str], option: list[str], expected: list[str]
) -> None:
    """By the moment of recording, by position, and by the lag behind the effective date."""
    found = answer(capsys, "log", *option)

    assert expected == [row["id"] for row in found["rows"]]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["history", "stake", "l", "zz"], "deals: unknown party 'zz' (see: deals parties)"),
        (
            ["explain", "commitment", "C9"],
            "deals: unknown event 'C9' (see: deals log)",
        ),
        (
            ["log", "--backdated", "soon"],
            "deals: --backdated soon is not a number of days (such as 30d)",
        ),
        (
            ["diff", "--from", "@9", "--to", "@1"],
            "deals: there is no position @9 (the ledger ends at @4)",
        ),
        (
            ["history", "net", "n", "n", "--svg", "x.svg"],
            "deals: Net cash from n to n: nothing to draw",
        ),
    ],
)
def test_bad_questions_get_one_line(
    capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    """What was wrong, where, and what to do; nothing on stdout."""
    capsys.readouterr()

    assert 2 == run(arguments)
    assert ("", said + "\n") == capsys.readouterr()


def test_a_report_can_be_computed_again(capsys: pytest.CaptureFixture[str]) -> None:
    """However much was recorded since; and a changed figure is named."""
    assert 0 == run(["flows", "--by", "pair", "--as-of", "2024-02", "-o", "report.json"])
    run(
        [
            "append",
            "payment",
            "--payer",
            "l",
            "--payee",
            "n",
            "--amount",
            "$1",
            "--on",
            "2024-02-02",
        ]
    )
    capsys.readouterr()

    assert 0 == run(["verify", "--report", "report.json"])
    assert "report.json is what the record says as of 2024-02-29, known at @4\n" in (
        capsys.readouterr().out
    )
    report = Path("report.json")
    report.write_text(report.read_text().replace('"-10"', '"-11"'))
    assert 1 == run(["verify", "--report", "report.json"])
    assert "deals: report.json: row 1 differs\n" in capsys.readouterr().err


@pytest.mark.parametrize("query", [
    "diff --from 2024-02-10 --to today",
    "diff --from @3 --to 2024-03-31",
    "diff --from 2024-02-10 --to 2024-03-31@3",
    "log --until today",
    "reciprocity --since=today",
])  # fmt: skip
def test_a_report_means_the_same_on_every_later_day(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    """What was today, and each of two points, is asked for again as it was."""

    class Earlier(date):
        @classmethod
        def today(cls) -> Self:
            return cls(2024, 4, 1)

    with monkeypatch.context() as then:
        then.setattr(params, "date", Earlier)
        assert 0 == run([*query.split(), "-o", "report.json"])
    run(["append", "payment", "--payer", "l", "--payee", "n", "--amount", "$1",
         "--on", "2024-03-02"])  # fmt: skip
    capsys.readouterr()

    assert 0 == run(["verify", "--report", "report.json"]), capsys.readouterr().err


def test_a_quick_look_is_not_called_well(capsys: pytest.CaptureFixture[str]) -> None:
    """It says what it did not look at, and does not vouch for a report."""
    run(["flows", "-f", "json", "-o", "report.json"])
    capsys.readouterr()

    assert 0 == run(["verify", "--quick"])
    out = capsys.readouterr().out
    assert "the bytes are those that were hashed" in out
    assert "not looked at: what they say, columns, journal, indexes, sums" in out
    assert "as appended" not in out
    assert 2 == run(["verify", "--quick", "--report", "report.json"])
    assert "--quick does not look at what answers come from" in capsys.readouterr().err


def test_a_report_is_computed_from_the_bytes_that_were_verified(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not from tables, which somebody may change when they have been looked at."""
    run(["flows", "-f", "json", "-o", "report.json"])
    verify = Ledger.verify

    def then_changed(ledger: Ledger, *arguments: Any, **options: Any) -> Verification:
        found = verify(ledger, *arguments, **options)
        with closing(sqlite.connect("deals.db")) as connection:
            connection.execute("UPDATE entry SET minor = minor * 2")
            connection.commit()
        return found

    with monkeypatch.context() as then:
        then.setattr(Ledger, "verify", then_changed)
        assert 0 == run(["verify", "--report", "report.json"]), capsys.readouterr().err
    assert 1 == run(["verify", "--report", "report.json"])
    out, err = capsys.readouterr()
    assert "the table entry differs from a rebuild" in err
    assert 1 == out.count("report.json is what the record says")


@pytest.mark.parametrize("rows", [None, "abc", 5, {"a": 1}])
def test_what_is_no_report_is_said_to_be_none(
    capsys: pytest.CaptureFixture[str], rows: object
) -> None:
    """One line, whatever stands in place of the rows."""
    report = {"query": ["flows"], "as_of": "2025-01-01", "known_at": 4, "root": "", "rows": rows}
    Path("report.json").write_text(json.dumps(report))
    capsys.readouterr()

    assert 2 == run(["verify", "--report", "report.json"])
    assert capsys.readouterr().err.startswith("deals: report.json is not a report (")


@pytest.mark.parametrize(
    "query",
    [
        ["append", "rate", "--base", "EUR", "--quote", "USD", "--rate", "2", "--on", "2024-01-01"],
        ["history", "net", "n", "l", "--svg", "evil.svg"],
        ["history", "net", "n", "l", "--svg=evil.svg"],
        ["log", "--follow"],
        ["nonsense"],
        [],
    ],
)
def test_a_report_asks_nothing_but_questions(
    capsys: pytest.CaptureFixture[str], query: list[str]
) -> None:
    """A report of a stranger can neither append nor write files."""
    report = {"query": query, "as_of": "2025-01-01", "known_at": 4, "root": "", "rows": []}
    Path("report.json").write_text(json.dumps(report))
    capsys.readouterr()

    assert 2 == run(["verify", "--report", "report.json"])
    assert ["deals.db", "report.json"] == sorted(map(str, Path().iterdir()))
    assert (
        "deals: this report was not written by a query (only answers can be asked for again)\n"
    ) == capsys.readouterr().err
    assert 4 == answer(capsys, "log", "--all")["known_at"]


@pytest.mark.slow
def test_the_log_follows_what_is_recorded() -> None:
    """A line for each event that is recorded after the start."""
    command = [sys.executable, "-c", "from dealledger.cli.main import main; main()"]
    with subprocess.Popen(
        [*command, "log", "--follow"], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        while "known at @4" not in process.stdout.readline():
            time.sleep(0.01)
        run(["append", "rate", "--base", "EUR", "--quote", "USD", "--rate", "1.1",
             "--on", "2024-05-01", "--id", "eur"])  # fmt: skip
        line = process.stdout.readline()
        process.terminate()

    assert "@5 2024-05-01 eur rate: EUR → USD, 1.1\n" == line
