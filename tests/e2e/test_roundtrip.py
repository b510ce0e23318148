"""Where the revenue of a party comes from, through the real command line, on both engines."""

from __future__ import annotations

import pytest
from support.asking import BILLION, Ask

from dealledger.cli.main import run


def test_round_trip_of_e1(e1: Ask) -> None:
    """N: [2, 10], 6.8 pro rata, 10 FIFO, 2 LIBR of 18; M: [0, 6], 1.92, 0."""
    n = {
        row["what"]: row for row in e1("circularity", "n")["rows"] if row["section"] == "round-trip"
    }
    m = {row["what"]: row["amount"] for row in e1("circularity", "m")["rows"]}

    assert {"least": 20, "most": 100, "pro_rata": 68, "fifo": 100, "libr": 20, "lifo": 30} == {
        what: int(row["amount"]) * 10 // BILLION for what, row in n.items()
    }
    assert ("1/9", "5/9", "17/45") == tuple(
        n[each]["share"] for each in ("least", "most", "pro_rata")
    )
    assert ("0", "6000000000", "1920000000", "0") == tuple(
        m[each] for each in ("least", "most", "pro_rata", "fifo")
    )


def test_organic_revenue_of_e1(e1: Ask) -> None:
    """N 18: 18.9, 15.1, 37.8, 12.0 and 16.2 percent, of which 1 is unobserved."""
    found = e1("circularity", "n")
    parts = {row["what"]: row["amount"] for row in found["rows"] if row["section"] == "sources"}

    assert {
        "organic": "3400000000", "outside_capital": "2720000000", "own_circular": "6800000000",
        "others_circular": "2160000000", "capital": "2160000000", "payers_own": "2920000000",
    } == parts  # fmt: skip
    assert (18, 1, 19, 50, True) == (
        int(found["revenue"]) // BILLION, int(found["unobserved_payers"]) // BILLION,
        int(found["unobserved_spending"]) // BILLION, int(found["insiders_spending"]) // BILLION,
        found["exact"],
    )  # fmt: skip


def test_the_table_says_what_it_assumes(e1: Ask) -> None:
    """An interval, rules inside of it, five parts, and no restatement."""
    text = e1("circularity", "n", "--shuffle", form="table")

    for line in (
        "at least, of the recorded cash            2.00B   11.11 %",
        "pro rata                                  6.80B   37.78 %",
        "customers outside: organic                3.40B   18.89 %",
        "   of m                                   2.16B   12.00 %",
        "a receipt of its payers that is not recorded lowers the least, to 0 if it may be all",
        "an analyst's measure of where cash came from, no restatement of revenue",
        "random orders of the same payments",
        "layer: paid; amounts in USD",
    ):
        assert line in text


def test_shuffles_are_repeatable(e1: Ask) -> None:
    """The seed is said, and draws the same again."""
    first, again, other = (
        e1("circularity", "n", "--shuffle", "--seed", seed)["shuffled"] for seed in "773"
    )

    assert first == again
    assert (7, 3, 200) == (first["seed"], other["seed"], first["draws"])


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--shuffle"], "--shuffle compares the round trip of a party (name one)"),
        (
            ["openai", "--seed", "3"],
            "--seed says what --shuffle draws from (give both, or neither)",
        ),
    ],
)
def test_options_that_would_change_nothing_are_refused(
    alliance: str, capsys: pytest.CaptureFixture[str], words: list[str], message: str
) -> None:
    """One line each, exit code 2."""
    assert 2 == run(["--ledger", alliance, "circularity", *words])
    assert f"deals: {message}\n" == capsys.readouterr().err


def test_a_party_without_revenue(ask: Ask) -> None:
    """Nothing to divide, said in words."""
    assert [] == ask("circularity", "nvidia")["rows"]
    assert "no revenue of nvidia is recorded" in ask("circularity", "nvidia", form="table")


def test_a_window_says_what_it_leaves_out(e1: Ask) -> None:
    """N's funding was earlier: nothing of it is followed, though it is still capital that came."""
    text = e1("circularity", "n", "--since", "2025-03-01", form="table")

    assert "at most, of the recorded cash                 0    0.00 %" in text
    assert "its own capital, come round               6.80B   37.78 %" in text
    assert "only funding since 2025-03-01 is followed home; whose money it is goes back" in text


def test_shares_for_customers(ask: Ask) -> None:
    """CoreWeave gave OpenAI shares of 350 million; AMD warrants, whose values nobody says."""
    coreweave = ask("circularity", "coreweave", "--as-of", "2026-06-30")
    amd = ask("circularity", "amd", "--as-of", "2026-06-30")["consideration"]
    text = ask("circularity", "coreweave", "--as-of", "2026-06-30", form="table")

    assert ("350000000", ["openai"], ["D089"]) == tuple(
        coreweave["consideration"][key] for key in ("amount", "customers", "events")
    )
    assert int(coreweave["revenue"]) - 350_000_000 == int(coreweave["consideration"]["net_revenue"])
    assert (2, None) == (amd["undisclosed_amounts"], amd["net_revenue"])
    assert "net of 350.0M of shares for its customers (openai; D089) the revenue is" in text
