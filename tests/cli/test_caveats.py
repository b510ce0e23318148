"""What a table must say of itself: of which cash, of how much revenue, of no market at all."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dealledger.cli.main import run

Told = Callable[[str], None]
Ask = Callable[[str], Any]


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Told:
    """Record events, each typed as `KIND --field value ...`, one a line."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DEALS_LEDGER", raising=False)
    assert 0 == run(["init"])

    def record(lines: str) -> None:
        for line in lines.strip().splitlines():
            given = line.split()
            on = [] if "--on" in given else ["--on", "2025-01-01"]
            assert 0 == run(["append", *given, *on, "--register"])

    return record


@pytest.fixture
def ask(told: Told, capsys: pytest.CaptureFixture[str]) -> Ask:
    """Ask what was recorded, at the end of 2025: JSON as such, tables with all columns."""

    def answer(line: str) -> Any:
        capsys.readouterr()
        words = [*line.split(), "--as-of", "2025-12-31"]
        code = run(words if "json" in words else [*words, "--wide"])
        text = capsys.readouterr().out
        assert (1 if line.startswith("reconcile") else 0) == code
        return json.loads(text) if "json" in words else text

    return answer


def test_one_more_receipt_lowers_the_least(told: Told, ask: Ask) -> None:
    """So it is said to be of the recorded cash, in the row and in a line."""
    told("""
        funding --investor seller --investee buyer --amount $10M
        payment --payer buyer --payee seller --amount $8M --on 2025-02-01
    """)
    before = ask("circularity seller")
    told("payment --payer customers --payee buyer --amount $7M --on 2025-01-15")
    after = ask("circularity seller")

    assert "at least, of the recorded cash            8.00M   100.00 %" in before
    assert "at least, of the recorded cash            1.00M    12.50 %" in after
    assert "a receipt of its payers that is not recorded lowers the least" in before


def test_shares_of_revenue_are_of_recorded_revenue(told: Told, ask: Ask) -> None:
    """With how much that is, for people and for programs; promises keep their bound."""
    told("""
        payment --payer buyer --payee seller --amount $14M
        commitment --obligor buyer --beneficiary seller --amount $50M --bound up-to
    """)
    text = ask("exposure buyer")
    (row,) = ask("exposure buyer -f json")["rows"]

    assert "Recorded revenue   Of that paid by it" in text
    assert "≤ 50.0M" in text
    assert "14.0M             100.00 %" in text
    assert "without buyer others lose 100.00 % of their recorded revenue: 14.0M of 14.0M" in text
    assert ("14000000", "1", "up-to") == (
        row["recorded_revenue"], row["revenue"], row["committed_bound"],
    )  # fmt: skip


def test_analyses_of_promises_say_what_is_no_exact_number(told: Told, ask: Ask) -> None:
    """Where promises are counted, and only there."""
    told("""
        payment --payer buyer --payee seller --amount $14M
        commitment --obligor buyer --beneficiary seller --amount $50M --bound up-to
        commitment --obligor buyer --beneficiary other --amount $30M --bound at-least
        commitment --obligor buyer --beneficiary third --amount $20M
    """)
    said = "of the promises in it: 50.0M up to, 30.0M at least"

    assert said in ask("concentration buyer --layer paid,committed")
    assert said in ask("dependencies buyer --by lock-in")
    assert "promises in it" not in ask("concentration buyer")


@pytest.mark.parametrize(
    ("purpose", "recorded"), [("chips", True), ("compute", False), ("chip design", True)]
)
def test_money_for_something_else_is_no_market(
    purpose: str, recorded: bool, told: Told, ask: Ask
) -> None:  # fmt: skip
    """Then the market has no numbers, and a line names it."""
    told("rivalry --a acme --b beta --market chips")
    assert 0 == run(["append", "payment", "--payer", "z", "--payee", "acme", "--amount", "$4M",
                     "--purpose", purpose, "--on", "2025-01-01", "--register"])  # fmt: skip
    (row,) = ask("concentration --by owners -f json")["rows"]
    said = "no revenue recorded in chips: what these were paid was for other things"

    assert recorded == row["recorded"]
    assert ("10000" if recorded else None) == row["hhi"]
    assert recorded == (said not in ask("concentration --by owners"))


def test_what_is_overdrawn_is_readable(told: Told, ask: Ask) -> None:
    """By how much, and what was cancelled before."""
    told("""
        commitment --id C --obligor acme --beneficiary beta --amount $10M
        termination --ends C --remaining 4M --on 2025-02-01
        payment --payer acme --payee beta --amount $5M --commitment C --on 2025-03-01
    """)

    assert (
        "drawn 1,000,000 USD more than was promised; 6,000,000 of the promise was cancelled"
        in ask("reconcile")
    )
