"""Concentration and dependencies, through the real command line, on both engines."""

from __future__ import annotations

from fractions import Fraction

import pytest
from support.asking import BILLION, Ask

from dealledger.cli.main import run


def test_concentration_of_e1(e1: Ask) -> None:
    """L's suppliers 3580, 2.79 and .037; N's customers 3765; L's funders 3800, 3400 at least."""
    rows = {(row["party"], row["direction"]): row for row in e1("concentration")["rows"]}

    suppliers, customers, funders = (
        rows[key] for key in (("l", "suppliers"), ("n", "customers"), ("l", "funders"))
    )
    assert [3580, 3765, 3800] == [
        round(Fraction(row["hhi"])) for row in (suppliers, customers, funders)
    ]
    assert (Fraction(81, 29), Fraction(1, 27)) == (
        Fraction(suppliers["effective"]), Fraction(suppliers["normalised"]),
    )  # fmt: skip
    assert ("3400", "0.2") == (funders["hhi_least"], funders["unattributed"])
    assert {"party": "m", "amount": "8000000000", "share": "4/9"} == suppliers["shares"][0]


def test_rivals_of_e1(e1: Ask) -> None:
    """30 % of L's funding is from M; L buys of the rivals M and R; L and M are partners."""
    [lab] = e1("concentration", "L", "--by", "rivals")["rows"]
    [pair] = e1("concentration", "--by", "partners")["rows"]

    assert ("0.3", ["m"], 2, ["m", "r"]) == tuple(
        lab[key] for key in ("share", "funders", "fan_out", "bridged")
    )
    assert ("l", "m", ["models"], ["rival-ml"]) == tuple(
        pair[key] for key in ("a", "b", "markets", "events")
    )
    assert [("stake", "m", "l", ["f2"]), ("paid", "m", "l", ["f2", "r7"]),
            ("paid", "l", "m", ["r2"])] == [
        (link["kind"], link["from"], link["to"], link["events"]) for link in pair["links"]
    ]  # fmt: skip


def test_owners_of_e1(e1: Ask) -> None:
    """M has 15 and R 6 of the cloud market; nobody is known to hold anything."""
    rows = e1("concentration", "--by", "owners")["rows"]

    assert ["cloud", "models"] == [row["market"] for row in rows]
    assert Fraction(10_000 * (15**2 + 6**2), 21**2) == Fraction(rows[0]["hhi"])
    assert (rows[0]["hhi"], "0", 2) == tuple(
        rows[0][key] for key in ("mhhi", "delta", "undisclosed_holders")
    )


def test_ties_of_e1(e1: Ask) -> None:
    """13 of 20 is 65 %; N's 10 are tied in full and 4 of them spent, M's 3 are spent."""
    found = e1("dependencies", "l")
    [lab] = found["issuers"]

    assert ("0.65", "0.65", "7000000000", 1) == tuple(
        lab[key] for key in ("share", "share_most", "fulfilled", "unsaid")
    )
    assert [("f1", 4, 10, "n", 4), ("f2", 3, 3, "m", 3)] == [
        (row["event"], row["code"], int(row["tied"]) // BILLION, row["tied_to"],
         int(row["fulfilled"]) // BILLION)
        for row in found["rows"]
    ]  # fmt: skip
    assert 3 == len(e1("dependencies", "l", "--all")["rows"])


def test_tables_of_e1(e1: Ask) -> None:
    """What a person reads says the bounds and the assumptions."""
    spread = e1("concentration", "l", form="table")
    tied = e1("dependencies", form="table")

    assert "≥ 3400" in spread
    assert "groups and the outside world are many parties" in spread
    assert "l: 65.00 % of 20.0B of funding is tied; 7.00B of that" in tied
    assert "not said, and counted as untied: 1 of 3 fundings" in tied


def test_the_clock_of_the_licence_of_microsoft(ask: Ask) -> None:
    """Until 2032: 2,621 days or 7.18 years; exclusive until AGI has no day, only a condition."""
    rows = ask("dependencies", "microsoft", "--by", "rights", "--as-of", "2025-10-28")["rows"]
    by_id = {row["id"]: row for row in rows}
    licence, exclusive = by_id["D020"], by_id["D021"]

    assert ("2032", "year", "2032-12-31", 2621) == tuple(
        licence[key] for key in ("until", "precision", "last_day", "days_left")
    )
    assert Fraction("7.18") == round(Fraction(licence["years_left"]), 2)
    assert (None, None, None) == tuple(
        exclusive[key] for key in ("precision", "last_day", "years_left")
    )
    assert exclusive["or_earlier_if"].startswith("AGI is declared")


def test_what_openai_is_locked_into(ask: Ask) -> None:
    """Oracle's 300 of 572.4 billion until 2031; Microsoft's 250 have no end."""
    rows = ask("dependencies", "openai", "--by", "lock-in", "--as-of", "2025-10-28")["rows"]
    by_supplier = {row["supplier"]: row for row in rows}

    assert ("572400000000", "311900000000", "D072") == tuple(
        by_supplier[None][key] for key in ("open", "dated", "largest")
    )
    assert ("250000000000", "0", None) == tuple(
        by_supplier["microsoft"][key] for key in ("open", "dated", "wal")
    )
    assert [None, None] == [by_supplier[name]["open"] for name in ("amd", "google")]


def test_a_tie_of_unknown_size_is_an_interval(ask: Ask) -> None:
    """Google's 300 million of 2023 oblige to an unknown part; AWS is technology that is required."""
    found = ask("dependencies", "anthropic", "--as-of", "2025-10-28")
    [tie] = found["rows"]
    [issuer] = found["issuers"]

    assert ("D104", 3, "0", "300000000", "google") == tuple(
        tie[key] for key in ("event", "code", "tied", "tied_most", "tied_to")
    )
    assert 0 == Fraction(issuer["share"]) < Fraction(issuer["share_most"]) < Fraction(1, 50)
    assert Fraction("0.99") < Fraction(issuer["dependency"]) < 1


def test_whose_models_amazon_resells(ask: Ask) -> None:
    """Anthropic's since 2023, and OpenAI's since February 2026: two labs that count as one each."""
    labs = [
        next(row for row in ask("concentration", "amazon", "--as-of", day)["rows"]
             if row["direction"] == "labs")
        for day in ("2025-10-28", "2026-06-30")
    ]  # fmt: skip

    assert [(1, "10000"), (2, "5000")] == [(row["parties"], row["hhi"]) for row in labs]
    assert {"anthropic", "openai"} == {part["party"] for part in labs[1]["shares"]}


@pytest.mark.parametrize(
    "arguments",
    [
        ("concentration", "--by", "partners", "--layer", "committed"),
        ("dependencies", "--by", "rights", "--in", "USD"),
        ("dependencies", "--by", "lock-in", "--all"),
        ("concentration", "nobody"),
    ],
)
def test_options_that_would_change_nothing_are_refused(
    alliance: str, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
) -> None:
    """One line that says so, and exit code 2."""
    capsys.readouterr()

    assert 2 == run(["--ledger", alliance, *arguments])
    assert 1 == len(capsys.readouterr().err.splitlines())
