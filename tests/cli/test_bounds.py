"""What is up to, at least or about so much says so in tables, totals, parts and JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dealledger.cli.main import run

Ask = Callable[[str], Any]
PROMISES = (
    ("exact", "$100B", "P1", "gamma"),
    ("up-to", "$22.4B", "P2", "gamma"),
    ("at-least", "$20B", "P3", "gamma"),
    ("up-to", "$15B", "P4", "delta"),
)


@pytest.fixture
def ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Ask:
    """Ask a ledger where beta promised gamma and delta amounts of all kinds."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DEALS_LEDGER", raising=False)
    assert 0 == run(["init"])
    for bound, amount, name, beneficiary in PROMISES:
        obligor = "beta" if beneficiary == "gamma" else "acme"
        assert 0 == run(
            ["append", "commitment", "--id", name, "--obligor", obligor, "--beneficiary", beneficiary,
             "--amount", amount, "--bound", bound, "--start", "2025-01-01", "--end", "2026-12-31",
             "--on", "2025-01-01", "--register"]
        )  # fmt: skip

    def answer(line: str) -> Any:
        capsys.readouterr()
        assert 0 == run([*line.split(), "--as-of", "2025-12-31"])
        text = capsys.readouterr().out
        return json.loads(text) if "json" in line else text

    return answer


def draw(*fields: str, commitment: str = "P1", payee: str = "gamma", payer: str = "beta") -> None:
    """Pay on a commitment."""
    assert 0 == run(
        ["append", "payment", "--payer", payer, "--payee", payee, "--commitment", commitment,
         "--on", "2025-06-30", *fields]
    )  # fmt: skip


def test_a_total_says_what_of_it_is_no_exact_number(ask: Ask) -> None:
    """By its kind; all of one kind: the total itself."""
    text = ask("commitments")

    assert "committed: open 157.4B USD, of it 37.4B up to, 20.0B at least" in text
    assert "delta is owed, committed: open up to 15.0B USD" in ask("commitments delta")
    found = ask("commitments -f json")["totals"]
    assert [{"up-to": "37400000000", "at-least": "20000000000"}] == [x["bounds"] for x in found]


def test_what_is_open_has_its_bound(ask: Ask) -> None:
    """In the table with a sign, in JSON by name."""
    text = ask("commitments")

    assert "≤ 22.4B   ≤ 22.4B" in text
    assert "≥ 20.0B   ≥ 20.0B" in text
    bounds = {row["id"]: row["open_bound"] for row in ask("commitments -f json")["rows"]}
    assert {"P1": "exact", "P2": "up-to", "P3": "at-least", "P4": "up-to"} == bounds


@pytest.mark.parametrize(
    ("by", "said"),
    [
        ("year", "2026   committed   USD        142.4B   100.00 %   22.4B up to, 20.0B at least"),
        ("band", "year 1   committed   USD        142.4B   100.00 %   22.4B up to, 20.0B at least"),
        (
            "bearer",
            "beta     committed   USD        142.4B   100.00 %   22.4B up to, 20.0B at least",
        ),
    ],
)
def test_parts_say_it_too(by: str, said: str, ask: Ask) -> None:
    """By year, by band and by bearer; the JSON has exact amounts."""
    assert said in ask(f"commitments beta --by {by}")
    (row,) = ask(f"commitments beta --by {by} -f json")["rows"]
    assert {"up-to": "22400000000", "at-least": "20000000000"} == row["bounds"]


def test_an_undisclosed_draw_leaves_at_most_so_much(ask: Ask) -> None:
    """The table says undisclosed, the total up to, a line why; relation and history as well."""
    draw()
    text = ask("commitments gamma --wide")

    assert "100.0B   undisclosed   ≤ 100.0B" in text
    assert "open 142.4B USD, of it 122.4B up to, 20.0B at least" in text
    assert "draws of undisclosed amounts: at most so much is open of P1" in text
    assert "≤ 100.0B USD   open of 100.0B, 1 drawn of undisclosed amount" in ask(
        "relation beta gamma"
    )
    assert "adds up to ≤ 100.0B USD" in ask("explain commitment P1")


def test_a_draw_of_about_so_much_leaves_about_so_much(ask: Ask) -> None:
    """What is drawn has the bound of its draws, and what is open the other way round."""
    draw("--amount", "$40B", "--bound", "at-least")

    assert "100.0B   ≥ 40.0B   ≤ 60.0B" in ask("commitments gamma --wide")
    draw("--amount", "$10B", "--bound", "about", "--id", "second")
    assert "100.0B   ~ 50.0B   ~ 50.0B" in ask("commitments gamma --wide")
    rows = ask("history commitment P1 -f json")["rows"]
    assert ["exact", "up-to", "about"] == [row["bound"] for row in rows]
    assert "≤ 60.0B" in ask("history commitment P1")


def test_exact_promises_are_left_as_they_are(ask: Ask) -> None:
    """No sign, no column, no words."""
    draw("--amount", "$10B")
    rows = ask("explain commitment P1 -f json")["rows"]

    assert ["exact", "exact"] == [row["bound"] for row in rows]
    assert "adds up to 90.0B USD" in ask("explain commitment P1")
    assert "100.0B   10.0B     90.0B" in ask("commitments gamma --wide")
