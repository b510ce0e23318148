"""Stakes through the real command line, on cases whose answers were worked out by hand."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from support.asking import CASES, Ask, asker, loaded

from dealledger.cli.main import run

FOLDER = CASES / "stakes"
ANSWERS = [
    ("group-line-transfer", "acme", "group 3/5 member 3/10 zed 1/10"),
    ("group-line-round", "acme", "member 13/25 group 12/25"),
    ("nested-groups", "iss", "aa 3/10 bb 1/5 cc 1/10"),
    ("mixed-currency-round", "iss", "aa 1"),
    ("counted-in-shares", "iss", "aa 1"),
]


@pytest.fixture
def tell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Ask:
    """Give a function that records a case and asks it, as of the end of 2024."""

    def record(name: str, *arguments: str, form: str = "json") -> object:
        url = str(tmp_path / "told.db")
        if not Path(url).exists():
            loaded(url, FOLDER / f"{name}.jsonl")
        return asker(url, capsys)(*arguments, "--as-of", "2024-12-31", form=form)

    return record


@pytest.mark.parametrize(("name", "issuer", "expected"), ANSWERS)
def test_the_table_and_what_explains_it(tell: Ask, name: str, issuer: str, expected: str) -> None:
    """Every stake that counts, and `explain` and `history` end at it."""
    words = expected.split()
    rows = tell(name, "stakes", issuer)["rows"]

    found = {row["holder"]: row["stake"] for row in rows if row["stake"] and row["counted"]}
    assert {
        holder: Fraction(part) for holder, part in zip(words[::2], words[1::2], strict=True)
    } == {holder: Fraction(part) for holder, part in found.items()}
    for row in rows:
        end = [found[row["holder"]]] if row["holder"] in found else []
        steps = tell(name, "history", "stake", issuer, row["holder"])["rows"]
        value = tell(name, "explain", "stake", issuer, row["holder"])["value"]
        assert end == [each for each in value if each != "0"]
        assert end == [step["value"] for step in steps[-1:] if step["value"] != "0"]


def test_a_round_without_a_rate_says_so(tell: Ask, tmp_path: Path) -> None:
    """Under the table and in JSON; with the rate of its day, both have a tenth."""
    name = "mixed-currency-round"
    said = tell(name, "stakes", form="table")

    assert "the round of f1, f2: there is no rate from JPY to USD on or before 2021-01-01" in said
    assert [row["stake"] for row in tell(name, "stakes")["rows"]] == ["1", None, None]
    rate = ["append", "rate", "--base", "USD", "--quote", "JPY", "--rate", "150"]
    assert 0 == run(["--ledger", str(tmp_path / "told.db"), *rate, "--on", "2020-12-31"])
    assert [row["stake"] for row in tell(name, "stakes")["rows"]] == ["0.8", "0.1", "0.1"]
    assert [] == tell(name, "stakes")["warnings"]
    [used] = tell(name, "stakes")["rates"]
    assert ("USD", "JPY", "150", "2020-12-31") == tuple(
        used[key] for key in ("base", "quote", "rate", "on")
    )


def test_what_has_no_shares_is_shown_beside(tell: Ask) -> None:
    """What a source states of it is not part of the whole."""
    name = "counted-in-shares"
    rows = {row["holder"]: row for row in tell(name, "stakes")["rows"]}

    assert ("0.1", False, None) == (
        rows["cc"]["stake"], rows["cc"]["counted"], rows["cc"]["value"],
    )  # fmt: skip
    assert "cc: stated, but it has no shares: this is not part of the 100 %" in tell(
        name, "stakes", form="table"
    )
    assert "nothing" in tell(name, "explain", "stake", "iss", "bb", form="table")


def test_shares_and_their_classes(tell: Ask, tmp_path: Path) -> None:
    """A column of tables where there are any; a list in JSON, JSON in a cell of CSV."""
    name = "counted-in-shares"
    tell(name, "stakes")
    issue = ["append", "issuance", "--issuer", "iss", "--holder", "aa", "--on", "2024-01-01"]
    url = ["--ledger", str(tmp_path / "told.db")]
    assert 0 == run([*url, *issue, "--shares", "50", "--share-class", "B"])
    assert 0 == run([*url, *issue])

    rows = {row["holder"]: row for row in tell(name, "stakes")["rows"]}
    said = tell(name, "stakes", form="table")
    assert [{"share_class": "B", "shares": "50"}, {"share_class": None, "shares": "100"}] == (
        rows["aa"]["classes"]
    )
    assert None is rows["bb"]["classes"]
    assert "150 (50 B, 100 unnamed)" in said
    assert "1 issuance of shares does not say how many; stakes are at most so large" in said
    assert '"[{""share_class"": ""B"", ""shares"": ""50""}' in tell(name, "stakes", form="csv")


def test_holdings_in_a_circle(tell: Ask) -> None:
    """90 %, and no 474 %."""
    found = tell("cross-holdings", "stakes", "--look-through")

    totals = {(row["issuer"], row["holder"]): Fraction(row["total"]) for row in found["rows"]}
    assert Fraction(9, 10) == totals["aa", "bb"] == totals["bb", "aa"]
    assert 1 == totals["aa", "cc"] + totals["aa", "dd"]
    assert [["aa", "bb"]] == found["circles"]
