"""Reciprocity, relations and histories of the web, through the real command line."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import pytest
from support.asking import BILLION, Ask

from dealledger.cli.main import run


def test_reciprocity_of_e1(e1: Ask) -> None:
    """r(M,L) = 1 and r(N,L) = 4/7; 24 of 66 is 4/11; the binary rho is -1/99."""
    found = e1("reciprocity")
    pairs = {(row["a"], row["b"]): row for row in found["rows"]}
    web = found["web"]

    assert {("l", "m"): "1", ("l", "n"): "4/7"} == {
        pair: row["reciprocity"] for pair, row in pairs.items()
    }
    assert [6, 4] == [int(pairs["l", other]["b_capital"]) // BILLION for other in "mn"]
    assert 2 == int(pairs["l", "m"]["barter"]) // BILLION
    assert ("4/11", "-1/99", 9, 4) == (web["share"], web["binary"], web["links"], web["mutual"])
    assert 24 == int(web["matched"]) // BILLION


def test_chance_is_named_only_where_many_deal(e1: Ask, ask: Ask) -> None:
    """Five parties are too few to compare; 37 match less money than their sizes alone would."""
    every = ("--layer", "paid,committed,announced", "--as-of", "2026-06-30")
    text = ask("reciprocity", *every, form="table")

    assert "rho" not in e1("reciprocity", form="table")
    assert "alone it would be 16.88 %: rho -0.016; of links without their amounts rho is" in text


def test_relation_of_e1(e1: Ask) -> None:
    """Between N and L: 10 of funding, 4 of purchases, which is 4 of capital for purchases."""
    facts = {
        (row["section"], row["what"]): row["value"] for row in e1("relation", "n", "l")["rows"]
    }

    assert "4/7" == facts["exchange", "reciprocity"]
    assert [10, 4, 4] == [
        int(facts[key]["amount"]) // BILLION
        for key in (("cash", "funded"), ("cash", "paid as revenue"),
                    ("exchange", "capital for purchases"))
    ]  # fmt: skip


def test_the_burden_by_bearer(ask: Ask) -> None:
    """SoftBank bears 30 of the 40 billion that it promised OpenAI: 1.6 effective bearers."""
    found = ask("commitments", "softbank", "--by", "bearer", "--as-of", "2025-04-30")
    [burden] = [each for each in found["burdens"] if each["id"] == "D049"]

    assert ("0.75", "1.6", "0", None) == (
        burden["own_ratio"], burden["effective_bearers"], burden["unassigned"], burden["years"],
    )  # fmt: skip
    assert [("softbank", "30000000000"), ("softbank-co-investors", "10000000000")] == [
        (each["bearer"], each["amount"]) for each in burden["bearers"]
    ]


def test_history_of_circularity(e1: Ask) -> None:
    """It ends at 40 and 37.24 of 66, as circularity says; nothing goes round until something can."""
    rows = e1("history", "circularity")["rows"]
    last = rows[-1]

    assert [("2025-01-10", "0"), ("2025-04-01", "12000000000")] == [
        (row["on"], row["ceiling"]) for row in (rows[0], rows[4])
    ]
    assert (66, 40, Fraction(4506, 121)) == (
        int(last["total"]) // BILLION, int(last["ceiling"]) // BILLION,
        Fraction(last["bff"]) / BILLION,
    )  # fmt: skip
    assert ("20/33", "23/6", []) == (last["index"], last["multiple"], last["reactions"])


def test_history_of_a_round_trip(e1: Ask) -> None:
    """N: it ends between 1/9 and 5/9, 17/45 pro rata; before r3 it has no revenue."""
    rows = e1("history", "circularity", "n")["rows"]
    last = rows[-1]

    assert ["2025-05-01", "2025-06-01", "2025-08-01"] == [row["on"] for row in rows]
    assert ("18000000000", "1/9", "17/45", "5/9", "17/90") == (
        last["revenue"], last["least"], last["pro_rata"], last["most"], last["organic"],
    )  # fmt: skip


def test_history_of_concentration(e1: Ask) -> None:
    """L's suppliers one after the other: 10,000, then 8 and 4, then 8, 4 and 6."""
    rows = e1("history", "concentration", "l")["rows"]

    assert [
        ("2025-04-01", 1, "10000"),
        ("2025-06-01", 2, "50000/9"),
        ("2025-07-01", 3, "290000/81"),
    ] == [(row["on"], row["parties"], row["hhi"]) for row in rows]


def test_prices_stand_beside_the_web(ask: Ask) -> None:
    """Each reaction is on its day, with nothing said about why."""
    rows = ask("history", "circularity", "--since", "2025-09-01", "--as-of", "2025-10-31")["rows"]
    [day] = [row for row in rows if row["on"] == "2025-09-10"]

    assert (None, [], [{"event": "D207", "party": "oracle", "move": "0.36", "basis": "close"}]) == (
        day["total"], day["events"], day["reactions"],
    )  # fmt: skip


def test_a_history_is_drawn(
    alliance: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A line with a step for each day, a triangle for each price move, a tick for each year."""
    picture = tmp_path / "c.svg"
    assert 0 == run(["--ledger", alliance, "history", "circularity", "--svg", str(picture),
                     "--as-of", "2026-06-30"])  # fmt: skip
    text = picture.read_text()

    assert (1, 23) == (text.count('class="line"'), text.count('class="move"'))
    assert "<title>2025-09-10: Oracle +36 %</title>" in text
    assert ">2026</text>" in text
    assert re.search(r"[0-9]+ of [0-9]+ amounts are not exact", text)


def test_a_history_with_bars(e1: Ask) -> None:
    """The longest bar stands at the highest share."""
    lines = e1("history", "circularity", "--chart", form="table").splitlines()
    bars = {line.split()[0]: line.count("█") for line in lines if line.startswith("2025")}

    assert ("2025-08-01", 24) == max(bars.items(), key=lambda bar: bar[1])


def test_what_is_no_layer_is_refused(alliance: str, capsys: pytest.CaptureFixture[str]) -> None:
    """By name, with the layers that there are."""
    assert 2 == run(["--ledger", alliance, "reciprocity", "--layer", "paid,promised"])
    assert (
        "deals: Invalid value for '--layer': 'promised' is not a layer: paid, committed, announced "
        "(see: deals reciprocity --help)\n" == capsys.readouterr().err
    )
