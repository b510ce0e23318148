"""Workbooks: opened again, numbers are numbers, exact, and nothing is a formula."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from support.asking import ALLIANCE

from dealledger.cli.main import run
from dealledger.cli.terminal.formats import Style, check_place
from dealledger.cli.terminal.spreadsheet import as_workbook
from dealledger.events import BadInput, Money
from dealledger.projections.answers.report import Column, Nested, Number, Report

VALUE = (Column("value", exact=lambda row: row),)


def sheet(rows: Sequence[Any], *, full: bool = False) -> list[tuple[Any, ...]]:
    """Return the cells of a table with one column, as a spreadsheet program finds them."""
    report = Report("T", (Column("value", exact=lambda row: row, full=full),), rows)
    book = load_workbook(io.BytesIO(as_workbook(report, Style("xlsx"))))
    return [tuple(cell.value for cell in row) for row in book["T"].iter_rows()]


def test_numbers_are_numbers() -> None:
    """Money, shares, counts and days compute."""
    assert [("value",), (12600000000,), (0.01,), (-5,)] == sheet(
        [Money("USD", 1_260_000_000_000), Money("USD", 1), Money("USD", -500)]
    )
    assert [("value",), (0.27,), (True,), (None,), (7,)] == sheet(
        [Fraction(27, 100), True, None, 7]
    )
    [_, (day,)] = sheet([date(2025, 10, 28)])
    assert date(2025, 10, 28) == day.date()
    assert [("value",), ("1066-10-14",)] == sheet([date(1066, 10, 14)])


def test_what_a_number_cannot_keep_stands_beside_it() -> None:
    """Sixteen digits and endless decimals are text as well."""
    big = Money("USD", 1_234_567_890_123_456)
    third = Fraction(1, 3)

    assert [("value", "value exact"), (12345678901234.56, "12345678901234.56")] == sheet([big])
    [head, (near, exact)] = sheet([third])
    assert ("value", "value exact") == head
    assert "1/3" == exact
    assert abs(near - 1 / 3) < 1e-15


@given(st.integers(min_value=-(2**63) + 1, max_value=2**63 - 1))
def test_no_digit_is_lost(minor: int) -> None:
    """Either the number says all of it, or the text beside it does."""
    [_, row] = sheet([Money("USD", minor)])

    said = row[1] if len(row) > 1 else None
    assert Fraction(Money("USD", minor).text()) == (
        Fraction(said) if said is not None else Fraction(str(row[0] or 0))
    )


def test_money_of_several_currencies_says_which() -> None:
    """In a column of its own."""
    assert [("value", "value currency"), (1, "USD"), (2, "EUR")] == sheet(
        [Money("USD", 100), Money("EUR", 200)], full=True
    )


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "{=1}", "https://example.org", "0123", "\tx", "'"]
)
def test_a_text_is_a_text(text: str) -> None:
    """No formula, no link, no number."""
    report = Report(text, VALUE, [text], notes=[text], extra={"x": text})
    book = load_workbook(io.BytesIO(as_workbook(report, Style("xlsx"))))

    for each in book.worksheets:
        for row in each.iter_rows():
            for cell in row:
                assert cell.data_type in ("s", "n", "inlineStr")
                assert cell.hyperlink is None
                assert cell.data_type == "s" or cell.value is None


def test_lists_and_nested_values_are_text() -> None:
    """As CSV has them."""
    assert [("value",), ("a; b",), ('{"x": 1}',), (3.5,)] == sheet(
        [("a", "b"), Nested({"x": 1}), Number(Fraction(7, 2))]
    )


def test_too_many_rows_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sheet ends at a million."""
    monkeypatch.setattr("dealledger.cli.terminal.spreadsheet.MOST_ROWS", 2)
    with pytest.raises(BadInput, match="a sheet holds 2 rows, and this has 3"):
        sheet(["a", "b", "c"])


def test_a_terminal_gets_no_workbook() -> None:
    """It is told how to write one."""
    check_place(Style("xlsx", Path("x.xlsx")), is_terminal=True)
    check_place(Style("csv"), is_terminal=True)
    with pytest.raises(BadInput, match=r"name a file: -o x\.xlsx"):
        check_place(Style("xlsx"), is_terminal=True)


QUERIES = [
    "stakes openai", "flows --by pair", "commitments openai", "rights", "parties", "log openai",
    "dependencies", "concentration", "relation microsoft openai", "circularity microsoft",
    "exposure openai", "reciprocity", "explain net microsoft openai", "history stake openai microsoft",
    "diff --from 2025-06-30", "show D016",
]  # fmt: skip


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the ledger of the alliance web."""
    path = tmp_path_factory.mktemp("xlsx") / "deals.db"
    assert 0 == run(["--ledger", str(path), "init", "--origin", "example.org/deals"])
    assert 0 == run(["--ledger", str(path), "import", str(ALLIANCE)])
    return path


@pytest.mark.parametrize("query", QUERIES)
def test_every_question_is_a_workbook(ledger: Path, tmp_path: Path, query: str) -> None:
    """With the point in both times, and the sources of what its rows name."""
    file = tmp_path / "x.xlsx"
    typed = [*query.split(), *([] if query.startswith("show") else ["--as-of", "2026-06-30"])]

    assert 0 == run(["--ledger", str(ledger), *typed, "-o", str(file)])
    book = load_workbook(file)

    assert ["About", "Sources"] == book.sheetnames[-2:]
    assert book.worksheets[0].max_row > 1
    about = {row[0].value: row[1].value for row in book["About"].iter_rows(min_row=2)}
    if not query.startswith("show"):
        assert ("2026-06-30", "337") == (about["as_of"], about["known_at"])
        assert str(about["query"]).startswith(f"deals {query.split(maxsplit=1)[0]}")


def test_sources_of_rows(ledger: Path, tmp_path: Path) -> None:
    """Each event of the table, once, with its publication."""
    file = tmp_path / "x.xlsx"
    assert 0 == run(
        ["--ledger", str(ledger), "stakes", "openai", "--as-of", "2025-10-28", "-o", str(file)]
    )
    rows = [[cell.value for cell in row] for row in load_workbook(file)["Sources"].iter_rows()]

    assert ["event", "position", "kind", "effective_on", "source_title", "source_url",
            "confidence"] == rows[0]  # fmt: skip
    ids = [row[0] for row in rows[1:]]
    assert len(set(ids)) == len(ids)
    [held] = [row for row in rows[1:] if row[0] == "D016"]
    assert "10-Q" in str(held[4])
    assert str(held[5]).startswith("https://www.sec.gov/")
