"""What was recorded, by whom, what replaced it, and what changed by that: log, show and diff."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dealledger.cli.main import run

Ask = Callable[[str], str]
DAY = datetime.now(UTC).date().isoformat()


@pytest.fixture
def ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Ask:
    """Ask a ledger where a promise of 1B, drawn by 50M, and a right were recorded by ann."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DEALS_LEDGER", raising=False)
    assert 0 == run(["init"])
    for line in (
        "commitment --id W05 --obligor acme --beneficiary beta --amount $1B --source-title Paper",
        "payment --id P --payer acme --payee beta --amount $50M --commitment W05",
        "right --id R --grantor acme --grantee beta --right warrant --until 2030",
    ):
        given = ["append", *line.split(), "--on", "2026-01-01", "--actor", "ann", "--register"]
        assert 0 == run(given)

    def answer(line: str) -> str:
        capsys.readouterr()
        assert 0 == run(line.split())
        return capsys.readouterr().out

    return answer


def correct(ask: Ask, line: str) -> None:
    """Correct an event."""
    ask(f"correct {line} --reason closer")


def test_a_correction_is_one_change(ask: Ask) -> None:
    """Named as what it was and what it is, with the fields that it set anew."""
    correct(ask, "W05 --set amount=2B")
    text = ask("diff --from @5 --as-of 2026-06-30")
    (row,) = json.loads(ask("diff --from @5 --as-of 2026-06-30 -f json"))["rows"]

    assert re.search(
        r"W05 became W05.2 \(acme to beta\): amount 1\.00B to 2\.00B +changed +950\.0M USD +1\.95B USD",
        text,
    )
    assert "From @5 to now" in text
    assert ("changed", "W05") == (row["change"], row["replaces"])
    assert [{"field": "amount", "before": "1000000000", "after": "2000000000"}] == row["corrected"]


def test_backwards_it_is_one_change_too(ask: Ask) -> None:
    """From a later moment of the record to an earlier one; and over two corrections."""
    correct(ask, "W05 --set amount=2B")
    correct(ask, "W05.2 --set amount=3B")

    assert "W05.2.2 became W05 (acme to beta): amount 3.00B to 1.00B" in ask(
        "diff --from @9 --to @5 --as-of 2026-06-30 --wide"
    )


def test_a_corrected_right_is_a_change_without_a_number(ask: Ask) -> None:
    """Another end is said; another note is none."""
    correct(ask, "R --set until=2032")
    correct(ask, "W05 --set note=seen")
    text = ask("diff --from @5 --as-of 2026-06-30 --wide")

    assert "R became R.2 (acme to beta): until 2030 to 2032" in text
    assert "W05" not in text.replace("deals", "")


def test_moments_of_the_record_are_points(ask: Ask) -> None:
    """A day, a time, and both with a date in the world; like --known-at."""
    yesterday = (datetime.now(UTC).date() - timedelta(days=1)).isoformat()
    for point in (f"@{yesterday}", f"@{yesterday}T09:30:00Z", f"2026-06-30@{yesterday}"):
        assert "known at @0" in ask(f"diff --from {point} --to 2026-06-30 --as-of 2026-06-30")
    assert "known at @5" in ask(f"diff --from @{DAY} --as-of 2026-06-30")


def test_a_point_that_is_no_moment_is_refused(ask: Ask, capsys: pytest.CaptureFixture[str]) -> None:
    """With what it may be."""
    assert 2 == run(["diff", "--from", "@yesterday"])
    assert "deals: 'yesterday' is not a moment" in capsys.readouterr().err


def test_the_log_says_when_and_by_whom(ask: Ask) -> None:
    """Where it is asked for, and where what is chosen depends on it."""
    plain = ask("log")
    assert "Recorded" not in plain
    for option in ("--record", "--all", "--actor ann", "--recorded-since @1", "--backdated 1d"):
        text = ask(f"log {option} --as-of 2999")
        assert re.search(rf"{DAY}T\d\d:\d\d:\d\dZ +\d+ +ann", text), option


def test_the_log_of_one_actor(ask: Ask) -> None:
    """The whole name."""
    ask("append rivalry --a acme --b beta --on 2026-01-02 --actor bob --id V")

    assert ["V"] == [row["id"] for row in json.loads(ask("log --actor bob -f json"))["rows"]]
    assert [] == json.loads(ask("log --actor an -f json"))["rows"]


def test_a_replacement_names_what_it_replaces(ask: Ask) -> None:
    """And why; what was replaced says it too."""
    correct(ask, "W05 --set amount=2B")
    new, old = (json.loads(ask(f"show {name} -f json")) for name in ("W05.2", "W05"))

    assert ("W05", "closer") == (new["replaces"], new["replaces_because"])
    assert (None, None) == (old["replaces"], old["replaces_because"])
    assert ("closer", "W05.2") == (old["retracted_because"], old["replaced_by"])
    assert re.search(r"replaces +W05\nreplaces_because +closer", ask("show W05.2"))


def test_flows_say_what_is_not_in_them(ask: Ask) -> None:
    """Stakes that holders sold each other, and credits, with the command that shows them."""
    ask("append transfer --seller beta --buyer acme --issuer gamma --stake 5% --amount $20M "
        "--on 2026-02-01 --register")  # fmt: skip
    ask("append transfer --seller beta --buyer acme --issuer gamma --on 2026-02-02")
    text = ask("flows --as-of 2026-06-30 --wide")

    assert (
        "not in it: what holders paid each other for stakes, 20.0M USD and 1 undisclosed "
        "(see: deals log --kind transfer)"
    ) in text
    assert "(see: deals log acme --kind transfer)" in ask("flows acme --as-of 2026-06-30 --wide")
    assert "not in it" not in ask("flows gamma --as-of 2026-06-30")
    found = json.loads(ask("flows --as-of 2026-06-30 -f json"))["elsewhere"]
    assert {
        "transfer": {
            "amounts": [{"currency": "USD", "amount": "20000000"}],
            "undisclosed_amounts": 1,
        }
    } == found
