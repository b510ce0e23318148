"""Events that nobody named: their default ids in tables, and `@3` where an id is asked for."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from dealledger.cli.main import run
from dealledger.projections.answers.ids import shortened

ID = "0197a2b4-1c3d-7e5f-8a6b-0123456789ab"


@pytest.fixture(autouse=True)
def folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Stand in a folder where somebody paid 10M without giving the payment an id."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DEALS_LEDGER", raising=False)
    assert 0 == run(["init"])
    assert 0 == run(
        ["append", "commitment", "--obligor", "acme", "--beneficiary", "beta", "--amount", "$10M",
         "--on", "2025-01-01", "--register"]
    )  # fmt: skip
    capsys.readouterr()


def said(capsys: pytest.CaptureFixture[str], line: str) -> str:
    """Return what a command prints."""
    capsys.readouterr()
    assert 0 == run(line.split())
    return capsys.readouterr().out


def test_tables_show_where_it_stands(capsys: pytest.CaptureFixture[str]) -> None:
    """@3 in the table; the whole id with --wide and in JSON."""
    whole = json.loads(said(capsys, "commitments -f json"))["rows"][0]["id"]

    assert re.fullmatch(r"[0-9a-f-]{36}", whole)
    assert re.search(r"^@3 +acme +beta", said(capsys, "commitments"), re.MULTILINE)
    assert "| @3 | acme |" in said(capsys, "commitments -f md")
    assert re.search(rf"^{whole} +acme", said(capsys, "commitments --wide"), re.MULTILINE)


def test_a_position_names_an_event(capsys: pytest.CaptureFixture[str]) -> None:
    """Wherever an id is asked for: to look, to explain, to correct."""
    whole = json.loads(said(capsys, "commitments -f json"))["rows"][0]["id"]

    assert whole == json.loads(said(capsys, "show @3 -f json"))["event"]["id"]
    assert "10.0M" in said(capsys, "explain commitment @3")
    said(capsys, "correct @3 --set amount=20M --reason closer")
    assert re.search(r"^@5 +acme +beta", said(capsys, "commitments"), re.MULTILINE)


def test_a_position_behind_the_end_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """With where the record ends."""
    for typed in ("@99", "@0"):
        assert 2 == run(["show", typed])
        assert f"deals: there is no event {typed} (the record ends at @3)\n" == (
            capsys.readouterr().err
        )


@pytest.mark.parametrize(
    ("text", "short"),
    [
        (f"{ID}, {ID}.2", "@7, @8"),
        (f"({ID})", "(@7)"),
        (f"{ID}.", "@7."),
        (f"https://example.org/{ID}", f"https://example.org/{ID}"),
        (f"{ID}-x", f"{ID}-x"),
        (f"{ID}.3", f"{ID}.3"),
        ("no id", "no id"),
    ],
)
def test_only_whole_ids_of_known_events_are_shortened(text: str, short: str) -> None:
    """Not inside of an address or a longer word, and not what the ledger does not hold."""
    known = {ID: 7, f"{ID}.2": 8}

    assert [short] == shortened(
        [text], lambda ids: {each: known[each] for each in ids if each in known}
    )
