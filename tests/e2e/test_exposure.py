"""Exposure and look-through, through the real command line, on both engines."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import pytest
from support.asking import Ask

from dealledger.cli.main import run

HEADING = "party,amount,currency,on,source\n"


def test_exposure_of_e1(e1: Ask) -> None:
    """Without L: M 8/15, R 1, N 23/30, 139/195 of all; with funding the same."""
    found = e1("exposure", "l")
    rows = {row["party"]: row for row in found["rows"]}

    assert {"m": "8/15", "r": "1", "n": "23/30", "x": None} == {
        who: row["hit"] for who, row in rows.items()
    }
    assert ["139/195", "139/195", "0"] == [
        found[key] for key in ("revenue_score", "income_score", "error")
    ]
    assert ("2/9", True, None) == (
        rows["n"]["revenue"], rows["n"]["is_large_customer"], rows["n"]["stake"],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("party", "wanted"), [("m", (49.3, 66.3)), ("n", (0.0, 37.6)), ("r", (12.5, 19.7))]
)
def test_systems_of_e1(e1: Ask, party: str, wanted: tuple[float, float]) -> None:
    """In percent of revenue, and of all income: 49.3 and 66.3, 0 and 37.6, 12.5 and 19.7."""
    found = e1("exposure", party)

    assert wanted == tuple(
        round(float(Fraction(found[key])) * 100, 1) for key in ("revenue_score", "income_score")
    )


def test_what_is_at_stake_in_openai(ask: Ask) -> None:
    """Microsoft: 26.79 % worth 228 billion, 250 committed to it, all of its recorded revenue."""
    rows = {row["party"]: row for row in ask("exposure", "openai", "--as-of", "2026-06-30")["rows"]}
    found = rows["microsoft"]

    assert ("0.2679", "250000000000", "0", "1", "1") == (
        found["stake"], found["committed"], found["due"], found["revenue"], found["hit"],
    )  # fmt: skip
    assert None is rows["oracle"]["hit"]
    assert 28 < int(rows["oracle"]["due"].partition(".")[0]) // 10**9 < 31


def test_debtrank_takes_capacities_from_a_file(ask: Ask, tmp_path: Path) -> None:
    """A stake of 228.3 billion against a capacity of 300: 76 %; the latest line counts."""
    file = tmp_path / "capacities.csv"
    file.write_text(
        HEADING + "microsoft,1B,USD,2025-01-01,old filing\nmicrosoft,300B,USD,2026-01-01,filing\n"
        "Microsoft,5B,USD,2027-01-01,later filing\n"
    )
    found = ask("exposure", "openai", "--view", "debtrank", "--capacities", str(file),
                "--as-of", "2026-06-30")  # fmt: skip

    assert [("microsoft", "300000000000", "0.76083600")] == [
        (row["party"], row["capacity"], f"{float(row['loss']):.8f}") for row in found["rows"]
    ]
    assert [{"party": "microsoft", "amount": "300000000000", "currency": "USD",
             "on": "2026-01-01", "source": "filing"}] == found["capacities"]  # fmt: skip


def test_clearing_takes_cash_from_a_file(ask: Ask, tmp_path: Path) -> None:
    """Anthropic with nothing cannot pay; whose cash nobody says pays in full."""
    file = tmp_path / "cash.csv"
    file.write_text(HEADING + "anthropic,1,USD,2026-01-01,filing\n")
    found = ask("exposure", "anthropic", "--view", "clearing", "--due", "2027-06-30",
                "--cash", str(file), "--as-of", "2026-06-30")  # fmt: skip
    rows = {row["party"]: row for row in found["rows"]}

    assert (["anthropic"], "1", "1", None) == (
        found["defaults"], rows["anthropic"]["cash"], rows["anthropic"]["pays"],
        rows["openai"]["cash"],
    )  # fmt: skip
    assert rows["openai"]["pays"] == rows["openai"]["due"]


def test_look_through(ask: Ask, e1: Ask) -> None:
    """Nobody holds OpenAI through another today; E1 has no stakes."""
    rows = ask("stakes", "openai", "--look-through", "--as-of", "2026-06-30")["rows"]

    assert ("microsoft", "0.2679", "0", "0.2679", []) == tuple(rows[0][key] for key in (
        "holder", "direct", "indirect", "total", "through"))  # fmt: skip
    assert [] == e1("stakes", "--look-through")["rows"]


FAULTS = [
    ("", ":1: the file is empty"),
    ("amount\n", "has no column party (it needs: party, amount, currency, on, source)"),
    (HEADING + "openai,1,USD,2026-01-01,x,y\n", ":2: 6 cells under 5 headings"),
    (HEADING.replace("source", "source,amount"), ":1: the heading 'amount' stands twice"),
    (HEADING + 'openai,"0,5M",USD,2026-01-01,x\n', ":2: '0,5M' is not an amount"),
    (
        f"{HEADING}openai,1,250,2026-01-01,x\n".replace(",", ";").replace("1;250", "1,250;USD"),
        ":2: amount: '1,250' may be 1250 or 1.25",
    ),
    ("party,amount\n", "has no column currency (it needs: party, amount, currency, on, source)"),
    (
        HEADING + "openai,1,USD,2026-01-01,\n",
        ":2: source is missing (an amount needs a date and a source)",
    ),
    (HEADING + "openai,1,USD,,x\n", ":2: on is missing (an amount needs a date and a source)"),
    (HEADING + "openai,1,USD,2026-02-30,x\n", ":2: "),
    (HEADING + "openai,NaN,USD,2026-01-01,x\n", ":2: 'NaN' is not an amount"),
    (HEADING + "opnai,1,USD,2026-01-01,x\n", ":2: unknown party 'opnai' (did you mean openai?)"),
    (HEADING + "openai,1,XXY,2026-01-01,x\n", ":2: "),
    (HEADING + "openai,1,HRK,2024-01-01,x\n", ":2: HRK is not a currency since 2023-01-01"),
    (HEADING + "openai,0,USD,2026-01-01,x\n", "the capacity of openai is not above 0"),
]


@pytest.mark.parametrize(("text", "message"), FAULTS)
def test_bad_files(
    alliance: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, message: str
) -> None:
    """One line for each fault, with the file and the line; exit code 2."""
    file = tmp_path / "capacities.csv"
    file.write_text(text)

    assert 2 == run(["--ledger", alliance, "exposure", "openai", "--view", "debtrank",
                     "--capacities", str(file), "--as-of", "2026-06-30"])  # fmt: skip
    said = capsys.readouterr().err

    assert message in said
    assert 1 == said.count("\n")


def test_the_direct_view_says_what_is_not_in_it(e1: Ask) -> None:
    """Two views need what no ledger holds, and where to give it is said."""
    text = e1("exposure", "l", form="table")

    assert "(--view debtrank: what each can lose)" in text
    assert "(--view clearing: a day, and cash)" in text


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--view", "debtrank"], ("DebtRank needs what each party can lose, which no ledger holds "
         "(--capacities FILE, CSV with party, amount, currency, on, source)")),
        (["--view", "clearing", "--due", "2027-01-01"], ("clearing needs a day, and what cash each "
         "party has, which no ledger holds (--due DATE --cash FILE, CSV with party, amount, "
         "currency, on, source)")),
        (["--due", "2027-01-01"], "--due has no meaning with --view direct (--view clearing)"),
        (["--view", "debtrank", "--capacities", "none.csv"], "none.csv cannot be read: No such file or directory"),
    ],
)  # fmt: skip
def test_missing_inputs_are_said(
    alliance: str, capsys: pytest.CaptureFixture[str], words: list[str], message: str
) -> None:
    """What is missing, and how to give it."""
    assert 2 == run(["--ledger", alliance, "exposure", "openai", *words])
    assert f"deals: {message}\n" == capsys.readouterr().err


@pytest.mark.parametrize(("asked", "edge"), [
    (["--circular", "--layer", "paid,committed"], "NVIDIA → Anthropic PBC: capital paid in"),
    (["--exposure", "openai", "--layer", "committed"],
     "NVIDIA → CoreWeave: purchase promised"),
])  # fmt: skip
def test_a_picture_draws_all_that_it_points_out(
    alliance: str, capsys: pytest.CaptureFixture[str], asked: list[str], edge: str
) -> None:
    """What NVIDIA paid Anthropic closes a loop, and what it promised CoreWeave carries a hit on.

    Both are small beside the promises that fill a picture of this web.
    """
    capsys.readouterr()
    assert 0 == run(["--ledger", alliance, "diagram", "-f", "dot", "--as-of", "2026-06-30", *asked])
    found = capsys.readouterr().out
    assert 0 == run(["--ledger", alliance, "diagram", "-f", "dot", "--as-of", "2026-06-30"])

    assert f'tooltip="{edge}' in found
    assert f'tooltip="{edge}' not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("day", "edge"),
    [
        ("2024-12-31", "Microsoft → OpenAI Group PBC: capital promised\\n10000000000 USD"),
        ("2025-10-28", "NVIDIA → OpenAI Group PBC: capital, not binding\\nup to 100000000000 USD"),
    ],
)
def test_a_picture_has_what_is_large_at_its_date(
    alliance: str, capsys: pytest.CaptureFixture[str], day: str, edge: str
) -> None:
    """The largest promise of 2024, and the letter of intent that every map of that month shows."""
    capsys.readouterr()
    assert 0 == run(["--ledger", alliance, "diagram", "-f", "dot", "--as-of", day])

    assert f'tooltip="{edge}' in capsys.readouterr().out


def test_common_parties_keep_their_places(
    alliance: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """At three dates of the alliance web, compared, and as announced by then."""
    found = []
    for words in (["2024-12-31"], ["2025-10-28"], ["2026-06-30", "--diff-from", "2025-06-30"]):
        capsys.readouterr()
        assert 0 == run(["--ledger", alliance, "diagram", "-f", "dot", "--as-of", *words])
        dot = capsys.readouterr().out
        found.append({
            match[1]: match[2]
            for match in re.finditer(r'^\t(n\d+) \[.*?(pos="[^"]*")', dot, re.MULTILINE)
        })  # fmt: skip

    assert found[0]
    assert found[0] == found[1] == found[2]


def test_who_is_owed_is_hit_in_the_committed_layer(
    alliance: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Oracle, owed 300B by OpenAI and 20B in talks that count nowhere, loses all of it."""
    capsys.readouterr()
    asked = ["--exposure", "openai", "--layer", "committed", "--as-of", "2026-06-30"]
    assert 0 == run(["--ledger", alliance, "diagram", "-f", "dot", *asked])

    assert "Oracle\\n−100 % of 300.0B" in capsys.readouterr().out
