"""Two analysts merge their ledgers: no party and no deal counts twice, and what is new says whence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from dealledger.cli.main import run

DAY = {"effective_on": "2024-03-01"}
OURS = [
    {"kind": "party", "id": "pa", "party": "acme", "name": "Acme Inc.", "effective_on": "2020-01-01"},
    {"kind": "party", "id": "po", "party": "oak", "name": "Oak Fund", "effective_on": "2020-01-01"},
    {"kind": "commitment", "id": "c1", "obligor": "oak", "beneficiary": "acme", "amount": "500", "currency": "USD", **DAY},
    {"kind": "funding", "id": "f1", "investor": "oak", "investee": "acme", "amount": "100", "currency": "USD", **DAY},
    {"kind": "payment", "id": "p1", "payer": "acme", "payee": "oak", "amount": "7", "currency": "USD", **DAY},
]  # fmt: skip
THEIRS = [
    {"kind": "party", "id": "x1", "party": "acme-inc", "name": "ACME INC.", "effective_on": "2019-01-01"},
    {"kind": "party", "id": "x2", "party": "oak", "name": "Oak", "effective_on": "2019-01-01"},
    {"kind": "party", "id": "x3", "party": "elm", "name": "Elm", "effective_on": "2019-01-01"},
    {"kind": "commitment", "id": "k", "obligor": "oak", "beneficiary": "acme-inc", "amount": "500", "currency": "USD", "note": "their words", **DAY},
    {"kind": "funding", "id": "f1", "investor": "elm", "investee": "acme-inc", "amount": "30", "currency": "USD", "note": "by hand", **DAY},
    {"kind": "funding", "id": "f2", "investor": "oak", "investee": "acme-inc", "amount": "100", "currency": "USD", "source_url": "https://example.org/x", **DAY},
    {"kind": "payment", "id": "p2", "payer": "acme-inc", "payee": "oak", "amount": "9", "currency": "USD", "effective_on": "2025-01-01"},
    {"kind": "funding", "id": "f3", "investor": "oak", "investee": "acme-inc", "amount": "50", "currency": "USD", "commitment": "k", "effective_on": "2025-05-01"},
]  # fmt: skip


def ledger(name: str, rows: list[dict[str, Any]]) -> None:
    """Make a ledger."""
    assert 0 == run(["--ledger", f"{name}.db", "init", "--origin", f"example.org/{name}"])
    Path(f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert 0 == run(["--ledger", f"{name}.db", "import", f"{name}.jsonl"])


@pytest.fixture(autouse=True)
def two(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Stand in a folder with two ledgers, of which ours is meant."""
    monkeypatch.chdir(tmp_path)
    ledger("ours", OURS)
    ledger("theirs", THEIRS)
    monkeypatch.setenv("DEALS_LEDGER", str(tmp_path / "ours.db"))
    capsys.readouterr()


def events(capsys: pytest.CaptureFixture[str]) -> dict[str, dict[str, Any]]:
    """Return the recorded events by id."""
    capsys.readouterr()
    assert 0 == run(["log", "--as-of", "9999-12-31", "-f", "json"])
    return {row["id"]: row for row in json.loads(capsys.readouterr().out)["rows"]}


def test_two_ledgers_become_one(capsys: pytest.CaptureFixture[str]) -> None:
    """Facts of both are told once, references follow, an id that is taken gets another one."""
    assert 0 == run(["merge", "theirs.db"])
    err = capsys.readouterr().err
    assert "deals: 2 of 3 parties and 2 events of theirs are told here already\n" in err
    assert "deals: acme-inc there is acme here\n" in err
    found = events(capsys)
    assert {"pa", "po", "c1", "f1", "p1", "x3", "f1.m2", "p2", "f3"} == found.keys()
    assert ("elm", "acme", "30") == tuple(
        found["f1.m2"][each] for each in ("investor", "investee", "amount")
    )
    assert found["f1.m2"]["note"].startswith(
        "by hand\nmerged from example.org/theirs: f1 at @5, recorded 2"
    )
    assert "c1" == found["f3"]["commitment"]
    assert 0 == run(["verify"])

    assert 0 == run(["merge", "theirs.db"])
    assert found.keys() == events(capsys).keys()


def test_a_dry_run_writes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """It shows what would come in."""
    assert 0 == run(["merge", "theirs.db", "--dry-run"])
    assert "4 new events (funding 2, party 1, payment 1)" in capsys.readouterr().out
    assert 5 == len(events(capsys))


def test_what_is_likely_told_is_for_a_person(capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is written before; then both are kept, or theirs is left."""
    row = {**OURS[3], "id": "f9", "amount": "102", "effective_on": "2024-03-09"}
    Path("more.jsonl").write_text(json.dumps(row) + "\n")
    assert 0 == run(["--ledger", "theirs.db", "import", "more.jsonl", "--register"])
    capsys.readouterr()
    assert 2 == run(["merge", "theirs.db"])
    said = "deals: f9 there is likely f1 here: amounts within 5 %, 8 days apart (--likely leave: ours is enough; --likely keep: they are two)"
    assert said in capsys.readouterr().err
    assert 5 == len(events(capsys))

    assert 0 == run(["merge", "theirs.db", "--likely", "leave"])
    assert "f9" not in events(capsys)
    assert 0 == run(["merge", "theirs.db", "--likely", "keep"])
    assert "f9" in events(capsys)


def test_one_slug_of_two_parties(capsys: pytest.CaptureFixture[str]) -> None:
    """A person says whether they are one."""
    rows = [{**THEIRS[1], "name": "Oakland Steel"}, THEIRS[0], *THEIRS[3:4]]
    ledger("others", rows)
    capsys.readouterr()
    assert 2 == run(["merge", "others.db"])
    said = "deals: oak is 'Oakland Steel' there and 'Oak Fund' here (say which in a file: --parties FILE with the columns theirs,ours)\n"
    assert said == capsys.readouterr().err
    Path("who.csv").write_text("theirs,ours\noak,oakland-steel\n")

    assert 0 == run(["merge", "others.db", "--parties", "who.csv"])
    found = events(capsys)
    assert ("oakland-steel", "acme") == (found["k"]["obligor"], found["k"]["beneficiary"])
    assert "oakland-steel" == found["x2"]["party"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,b\n", "deals: who.csv:1: the columns are not theirs,ours"),
        ("theirs,ours\noak\n", "deals: who.csv:2: this is not one party of theirs and one of ours"),
        ("theirs,ours\nash,oak\n", "deals: 'ash' is not a party of the other ledger"),
    ],
)
def test_a_wrong_list_of_parties(capsys: pytest.CaptureFixture[str], text: str, said: str) -> None:
    """One line, with its place."""
    Path("who.csv").write_text(text)

    assert 2 == run(["merge", "theirs.db", "--parties", "who.csv"])
    assert f"{said}\n" == capsys.readouterr().err
