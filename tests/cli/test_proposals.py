"""`deals map`: a proposal that is a map, whatever the table, and reads usual ones as they are meant."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealledger.cli.main import run
from dealledger.ledger.append.dialect import Dialect
from dealledger.ledger.maps.looking import look
from dealledger.ledger.maps.map_reading import map_of
from dealledger.ledger.maps.proposing import propose

pytestmark = pytest.mark.usefixtures("empty_ledger")

CASES = Path(__file__).parents[1] / "cases" / "field"


def proposed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Return the map that is proposed."""
    assert 0 == run(["map", *arguments])
    return capsys.readouterr().out


def test_a_list_of_fundings(capsys: pytest.CaptureFixture[str]) -> None:
    """Each line with its reason; what the map makes of the rows stands at the end."""
    text = proposed(capsys, str(CASES / "fundings.csv"))

    for line in [
        'date = "%d/%m/%Y"  # 7 of 8 cells of Date are that',
        'grouping = "lakh"  # such as 20,00,000',
        'undisclosed = ["undisclosed", "n/a"]  # an amount that is not known: the fact stands without one',
        'id = "{Sr No}"  # no cell stands twice, so the file can be corrected and imported again',
        'investor = { column = "InvestorsName", split = [",", " and "] }  # several investors in a cell are several events',
        'amount = { column = "AmountInUSD", currency = "USD", each = "evenly" }  # divided among those that share it',
        "# not used: Sector (E-Tech, Transport, E-commerce)",
        "# 8 rows become 8 events; 1 are left out, 1 would be refused",
        "# refused: effective_on: '05/072018' is not a date (the map has %d/%m/%Y)",
    ]:  # fmt: skip
        assert line in text.splitlines()


def test_a_table_without_headings(capsys: pytest.CaptureFixture[str]) -> None:
    """Its columns get names to be changed; the total on each row is found, and the map is read."""
    rows = (CASES / "investments.csv").read_text().replace("1000,", "2008,")
    Path("x.csv").write_text(rows)
    text = proposed(capsys, "x.csv")
    assert 'headings = ["column 1", "date", "amount", "currency", "column 5", "column 6"]' in text
    assert 'each = "evenly", of = ["column 1", "date", "amount"]' in text
    Path("x.toml").write_text(text)

    assert 0 == run(["import", "x.csv", "--map", "x.toml", "--register"])
    assert 0 == run(["flows", "--by", "kind", "-f", "json", "--as-of", "2020"])


def test_a_workbook_with_a_title(capsys: pytest.CaptureFixture[str]) -> None:
    """The line of the headings is said, the unit is that of the heading, terms are used."""
    book = openpyxl.Workbook()
    assert book.active is not None
    lines: list[list[Any]] = [
        ["Rounds of our portfolio"], [],
        ["Closed", "Company", "Lead investor", "Raised (EUR m)", "Post-money", "Stage"],
        ["Mar 2024", "Acme", "Oak", 1.5, 10, "Seed"],
        ["Jun 2024", "Beta", "Oak", 2, 12, "Convertible loan"],
        ["Jul 2024", "Gamma", "Elm", 3, 14, "A"],
    ]  # fmt: skip
    for line in lines:
        book.active.append(line)
    book.save("x.xlsx")

    assert 0 == run(["map", "x.xlsx", "-o", "x.toml"])
    assert "deals import x.xlsx --map x.toml --register --dry-run" in capsys.readouterr().err
    text = Path("x.toml").read_text()
    for part in ["head = 3", 'date = "%b %Y"', 'unit = "millions", currency = "EUR"',
                 '"Convertible loan" = "debt"', "3 rows become 3 events"]:  # fmt: skip
        assert part in text
    assert 0 == run(["import", "x.xlsx", "--map", "x.toml", "--register"])
    run(["log", "--kind", "funding", "-f", "json", "--as-of", "2025"])
    rows = json.loads(capsys.readouterr().out.partition("\n")[2])["rows"]
    assert {"1500000", "2000000", "3000000"} == {row["amount"] for row in rows}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "x.csv:1: the file is empty"),
        (b",,\n", "x.csv holds no rows"),
        (b'a,b\n"x\n', "x.csv:2: a quote opens in this line and is never closed"),
        ("a,b\n株式会社日立製作所の株式会社".encode("shift-jis"), "x.csv:2: this is not UTF-8: byte 1 is wrong (see --encoding)"),
    ],
)  # fmt: skip
def test_what_cannot_be_looked_at(
    capsys: pytest.CaptureFixture[str], data: bytes, said: str
) -> None:
    """One line, as for an import."""
    Path("x.csv").write_bytes(data)

    assert 2 == run(["map", "x.csv"])
    assert f"deals: {said}\n" == capsys.readouterr().err


words = st.sampled_from(
    ["Date", "Investor", "Company", "Amount (USD m)", "Payer", "Payee", "Stake", "Holder", "ID",
     "note", "Deal", 'a"b', "x{y}", "\x7f", "日付", "Type", "kind", "Currency", "Post-money"]
)  # fmt: skip
cells = st.sampled_from(
    ["2024-03-01", "05/03/2019", "1,5", "1,250.50", "20,00,000", "n/a", "-", "Oak, Elm and Ash",
     "Oak", "USD", "https://example.org", "27%", '"', "\\", "{x}", "2006.0", "payment", "\x1b[31m"]
)  # fmt: skip


@given(
    st.lists(words, min_size=1, max_size=6, unique_by=str.casefold),
    st.lists(st.lists(cells, min_size=6, max_size=6), max_size=6),
)
def test_each_proposal_is_a_map(
    tmp_path_factory: pytest.TempPathFactory, head: list[str], rows: list[list[str]]
) -> None:
    """Whatever the headings and cells are: it is read without a mistake, and names no other column."""
    out = io.StringIO()
    csv.writer(out).writerows([head, *(row[: len(head)] for row in rows)])
    file = tmp_path_factory.mktemp("table") / "x.csv"
    file.write_text(out.getvalue())
    seen = look(str(file), Dialect(separator=","))

    found = map_of(propose("x.csv", seen, Dialect()), "x")
    assert found.columns.keys() <= {each.heading for each in seen.columns}
