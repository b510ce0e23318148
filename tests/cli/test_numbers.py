"""How answers say numbers: short without hiding anything, or exact when asked."""

from __future__ import annotations

import json
import re
from pathlib import Path

import click
import pytest
from support.reference import commands

from dealledger.cli.main import deals, run

CASE = Path(__file__).parents[1] / "cases" / "e1.jsonl"


@pytest.fixture
def e1(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in a folder with E1."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DEALS_LEDGER", raising=False)
    assert 0 == run(["init"])
    assert 0 == run(["import", str(CASE)])


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Return the table that a query prints."""
    capsys.readouterr()
    assert 0 == run([*arguments, "--as-of", "2025-12-31", "--wide"])
    return capsys.readouterr().out


def test_exact_amounts_in_rows_and_notes(e1: None, capsys: pytest.CaptureFixture[str]) -> None:
    """Thousands apart, and ratios where decimals never end; nothing is short any more."""
    text = said(capsys, "circularity", "--exact")

    assert "8,000,000,000       8,000,000,000     100 %    8,000,000,000" in text
    assert "608000000000/121    76/121" in text
    assert "of 66,000,000,000 in all: 24,000,000,000 (4/11) between pairs" in text
    assert not re.search(r"[0-9][KMBT]\b", text)


def test_exact_amounts_in_words(e1: None, capsys: pytest.CaptureFixture[str]) -> None:
    """In the details of a relation too; JSON is the same with and without."""
    assert 0 == run(
        ["append", "commitment", "--obligor", "l", "--beneficiary", "m", "--amount", "$1.5B",
         "--on", "2025-06-01"]
    )  # fmt: skip

    assert "open of 1,500,000,000" in said(capsys, "relation", "l", "m", "--exact")
    one, other = (
        json.loads(said(capsys, "relation", "l", "m", "-f", "json", *more))["rows"]
        for more in ([], ["--exact"])
    )
    assert one == other


def test_exact_is_said_only_where_it_is_asked(e1: None, capsys: pytest.CaptureFixture[str]) -> None:
    """The next answer of the same process is short again."""
    said(capsys, "circularity", "--exact")

    assert "of 66.0B in all: 24.0B (36.36 %) between pairs" in said(capsys, "circularity")


def test_every_query_can_answer_exactly() -> None:
    """--exact stands wherever the options of a table do."""
    for context in commands(deals, click.Context(deals, info_name="deals")):
        names = {option for each in context.command.params for option in each.opts}
        assert ("--exact" in names) == ("--raw" in names), context.command_path


def test_sums_of_three_digits_add_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """1.25B beside 1.25B is 2.50B, and a thousandth of a dinar is not nothing."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DEALS_LEDGER", raising=False)
    assert 0 == run(["init"])
    for amount in ("$1.25B", "$1.25B", "BHD 0.003"):
        assert 0 == run(
            ["append", "payment", "--payer", "acme", "--payee", "beta", "--amount", amount,
             "--on", "2025-01-01", "--register"]
        )  # fmt: skip
    text = said(capsys, "flows")

    assert re.search(r"beta +USD +2\.50B +0 +2\.50B", text)
    assert re.search(r"beta +BHD +0\.003 +0 +0\.003", text)
    assert "1.25B USD" in said(capsys, "log")


def test_nearly_nothing_is_not_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A table that is over by a little says so, and by how little."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DEALS_LEDGER", raising=False)
    assert 0 == run(["init"])
    for holder, stake in (("acme", "0.6"), ("beta", "0.400001")):
        assert 0 == run(
            ["append", "holding", "--holder", holder, "--issuer", "gamma", "--stake", stake,
             "--on", "2025-01-01", "--register"]
        )  # fmt: skip

    assert "gamma: OVER-ALLOCATED by < 0.01 %" in said(capsys, "stakes")
