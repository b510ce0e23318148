"""What people type into fields: numbers that mean one thing, and units where they belong."""

from __future__ import annotations

import json
import shlex
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from support.standing import Stand

from dealledger.cli.main import run

PROMISE = "append commitment --obligor alfa --beneficiary beta --on 2021-01-01"
COMMA = "(a comma groups thousands only, as in 1,250,000; decimals: 0.75)"


@pytest.fixture(autouse=True)
def folder(stand: Stand) -> None:
    """Stand in a folder with a ledger of three parties and two commitments."""
    stand.among(
        ("alfa", "beta", "gamma"),
        [*PROMISE.split(), "--id", "C1", "--amount", "$100M"],
        [*PROMISE.split(), "--id", "C2"],
        ["append", "funding", "--investor", "alfa", "--investee", "beta", "--id", "F1",
         "--amount", "$2M", "--post-money", "10M", "--on", "2021-01-01"],
        on="2020-01-01",
    )  # fmt: skip


def shown(capsys: pytest.CaptureFixture[str], event_id: str) -> dict[str, Any]:
    capsys.readouterr()
    assert 0 == run(["show", event_id, "-f", "json"])
    event: dict[str, Any] = json.loads(capsys.readouterr().out)["event"]
    return event


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("append rate --base GBP --quote USD --rate 0,925", f"rate: '0,925' is not a plain number {COMMA}"),
        ("append rate --base GBP --quote USD --rate '0.925 GBP'", "rate: '0.925 GBP' is not a plain number (such as 1.10)"),
        ("append rate --base GBP --quote USD --rate '$1.1'", "rate: '$1.1' is not a plain number (such as 1.10)"),
        ("append rate --base GBP --quote USD --rate 1.1M", "rate: '1.1M' is not a plain number (such as 1.10)"),
        ("append rate --base GBP --quote USD --rate 110%", "rate: '110%' is not a plain number (such as 1.10)"),
        ("append funding --investor alfa --investee beta --amount '$1' --stake 5M", "stake: '5M' is not a share (such as 27% or 0.27)"),
        ("append funding --investor alfa --investee beta --amount '$1' --stake 0,27", f"stake: '0,27' is not a share {COMMA}"),
        ("append funding --investor alfa --investee beta --amount '$1' --stake '$5'", "stake: '$5' is not a share (such as 27% or 0.27)"),
        ("append funding --investor alfa --investee beta --amount '$5M' --post-money 'EUR 5M'", "two currencies in one event: EUR and USD"),
        ("append funding --investor alfa --investee beta --amount '$5M' --pre-money 1250,000", f"pre_money: '1250,000' is not an amount {COMMA}"),
        ("append reaction --party alfa --move '$5'", "move: '$5' is not a share (such as 27% or 0.27)"),
        ("append issuance --issuer alfa --holder beta --shares '$10'", "shares: '$10' is not a whole number"),
        ("append issuance --issuer alfa --holder beta --shares 10,00", f"shares: '10,00' is not a whole number {COMMA}"),
        ("append issuance --issuer alfa --holder beta --shares 5%", "shares: '5%' is not a whole number"),
        ("append termination --ends C1 --remaining 'JPY 10M'", "remaining: C1 is in USD, not in JPY"),
        ("append termination --ends C2 --remaining 'JPY 10M'", "remaining: C2 is without a currency, not in JPY"),
        ("append termination --ends C1 --remaining 0,5M", f"remaining: '0,5M' is not an amount {COMMA}"),
        ("append termination --ends C1 --remaining 10%", "remaining: '10%' is not an amount (such as 13B, $13B, 1.4T, 500M or EUR 2.5M)"),
        (f"{PROMISE} --amount '$9M' --bearers 'alfa=$5M,gamma=EUR 4M'", "bearers: two currencies in one event: EUR and USD"),
        (f"{PROMISE} --amount '$9M' --bearers 'gamma=EUR 4M'", "two currencies in one event: EUR and USD"),
        (f"{PROMISE} --amount '$9M' --bearers 'alfa=0,5M,gamma=1M'", f"bearers: '0,5M' is not an amount {COMMA}"),
        (f"{PROMISE} --amount '$9M' --bearers 'alfa;gamma=1M'", "bearers: 'alfa' is not party=amount (such as softbank=30B,mgx=10B)"),
        (f"{PROMISE} --amount '$9M' --schedule '2,027=1M'", "schedule: '2' is not year=amount (such as 2027=60B,2028=60B)"),
        (f"{PROMISE} --amount '$9M' --schedule '2027=1,25M'", f"schedule: '1,25M' is not an amount {COMMA}"),
        ("correct F1 --reason x --set amount=1250,000", f"amount: '1250,000' is not an amount {COMMA}"),
        ("correct F1 --reason x --set stake=5M", "stake: '5M' is not a share (such as 27% or 0.27)"),
        ("correct F1 --reason x --set 'amount=EUR 3M'", "two currencies in one event: EUR, and USD of post_money (--set currency=EUR, if all are in EUR)"),
        ("correct F1 --reason x --set memo=maybe", "memo: 'maybe' is neither true nor false"),
        ("correct F1 --reason x --set amount=1M --set amount=2M", "--set amount stands twice (a field has one value)"),
    ],
)  # fmt: skip
def test_what_does_not_belong_is_refused(
    capsys: pytest.CaptureFixture[str], command: str, said: str
) -> None:
    """A comma for a decimal point, a unit of something else; nothing is recorded."""
    words = shlex.split(command)
    if words[0] == "append" and "--on" not in words:
        words += ["--on", "2022-01-01"]
    before = Path("deals.db").read_bytes()
    assert 2 == run(words)
    assert f"deals: {said}" in capsys.readouterr().err
    assert before == Path("deals.db").read_bytes()


def test_numbers_with_commas_that_group_thousands(capsys: pytest.CaptureFixture[str]) -> None:
    """In every field of a number, also in lists, where a comma separates, too."""
    on = ["--on", "2022-01-01", "--id", "x"]
    for kind, options, expected in (
        ("rate", "--base GBP --quote JPY --rate 1,250.5", {"rate": "1250.5"}),
        ("issuance", "--issuer alfa --holder beta --shares 8,000,000", {"shares": 8_000_000}),
        ("termination", "--ends C1 --remaining $1,250,000", {"remaining": "1250000"}),
    ):
        assert 0 == run(["append", kind, *options.split(), *on, "--id", kind])
        assert expected.items() <= shown(capsys, kind).items()
    for number, parts in enumerate(
        (
            "alfa=$1,250,000,gamma=2M",
            "alfa=1,250,000;gamma=$2,000,000;",
            " alfa = $1.25M , gamma = 2M",
        )
    ):
        event_id = f"parts{number}"
        assert 0 == run([*PROMISE.split(), "--id", event_id, "--amount", "9M", "--bearers", parts,
                         "--schedule", "2027=1,000,000,2028=8M"])  # fmt: skip
        event = shown(capsys, event_id)
        assert [
            {"party": "alfa", "amount": "1250000"},
            {"party": "gamma", "amount": "2000000"},
        ] == event["bearers"]
        assert [{"year": 2027, "amount": "1000000"}, {"year": 2028, "amount": "8000000"}] == (
            event["schedule"]
        )
        assert "USD" == event["currency"]


def test_what_remains_is_checked_in_files_too(capsys: pytest.CaptureFixture[str]) -> None:
    """Also for a commitment that stands in the same file; and in a correction."""
    head = "kind,id,effective_on,obligor,beneficiary,amount,ends,remaining\n"
    promise = "commitment,C3,2021-01-01,alfa,beta,EUR 9M,,\n"
    Path("cut.csv").write_text(f"{head}{promise}termination,T3,2022-01-01,,,,C3,USD 1M\n")
    assert 2 == run(["import", "cut.csv"])
    assert "cut.csv:3: remaining: C3 is in EUR, not in USD\n" == capsys.readouterr().err
    Path("cut.csv").write_text(f"{head}{promise}termination,T3,2022-01-01,,,,C3,EUR 1M\n")
    assert 0 == run(["import", "cut.csv"])
    capsys.readouterr()

    assert 2 == run(["correct", "T3", "--reason", "x", "--set", "remaining=GBP 2M"])
    assert "deals: remaining: C3 is in EUR, not in GBP\n" == capsys.readouterr().err
    assert 0 == run(["correct", "T3", "--reason", "x", "--set", "remaining=EUR 2M"])


def test_a_correction_reads_as_an_append_does(capsys: pytest.CaptureFixture[str]) -> None:
    """Flags, lists, shares, amounts with their currency, and the currency of all amounts."""
    sets = ["memo=yes", "amount=EUR 3M", "currency=EUR", "stake=25 %", "post_money=12,000,000",
            "--confidence=reported", "note=a, b"]  # fmt: skip
    assert 0 == run(["correct", "F1", "--reason", "x", *(f"--set={each}" for each in sets)])
    event = shown(capsys, "F1.2")
    assert {
        "memo": True, "amount": "3000000", "currency": "EUR", "stake": "0.25",
        "post_money": "12000000", "confidence": "reported", "note": "a, b",
    }.items() <= event.items()  # fmt: skip
    assert 0 == run(["correct", "F1.2", "--reason", "x", "--id", "F1.x", "--set", "on=today", "--set",
                     "announced-on=2021-01-02"])  # fmt: skip
    on = shown(capsys, "F1.x")
    assert (date.today().isoformat(), "2021-01-02") == (on["effective_on"], on["announced_on"])
    assert 0 == run(
        [
            "correct",
            "F1.x",
            "--id",
            "F1.2.2",
            "--reason",
            "x",
            "--set",
            "memo=false",
            "--set",
            "stake=",
        ]
    )
    assert {"memo", "stake"}.isdisjoint(shown(capsys, "F1.2.2"))


def test_aliases_are_split_at_semicolons_only(capsys: pytest.CaptureFixture[str]) -> None:
    """A name may hold a comma; roles, which cannot, are split at both."""
    Path("names.csv").write_text(
        "kind,party,name,aliases,roles,effective_on\n"
        'party,zelkova,Zelkova,"Oak, Ltd.","lab, cloud",2020-01-01\n'
        'party,nordic,Nordic,"Nordic Trust, Inc.; NT Holdings;",lab;cloud,2020-01-01\n'
    )
    assert 0 == run(["import", "names.csv"])
    assert 0 == run(["append", "party", "--party", "n2", "--name", "N2", "--on", "2020-01-01",
                     "--aliases", "N, Two;Two", "--roles", "lab,cloud"])  # fmt: skip
    capsys.readouterr()
    assert 0 == run(["parties", "-f", "json"])
    rows = {row["party"]: row for row in json.loads(capsys.readouterr().out)["rows"]}

    assert 0 == run(["parties"])
    table = capsys.readouterr().out
    assert "Nordic Trust, Inc.; NT Holdings" in table
    assert "lab, cloud" in table
    assert ["Oak, Ltd."] == rows["zelkova"]["aliases"]
    assert ["Nordic Trust, Inc.", "NT Holdings"] == rows["nordic"]["aliases"]
    assert ["N, Two", "Two"] == rows["n2"]["aliases"]
    assert [["lab", "cloud"]] * 3 == [rows[name]["roles"] for name in ("zelkova", "nordic", "n2")]
