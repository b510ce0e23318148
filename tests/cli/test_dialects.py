"""Tables in other dialects, packed, or in workbooks: given or found, and said."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealledger.cli.main import run
from dealledger.ledger.append.dialect import decimal_sign, with_point
from dealledger.ledger.append.lines import TextLines

pytestmark = pytest.mark.usefixtures("empty_ledger")

HEAD = "kind,effective_on,payer,payee,amount,currency"
ROW = "payment,2024-03-01,alfa,beta,500,EUR"
COMMA = "deals: x.csv: read 0,5 as a half (--decimal says otherwise)\n"

Rows = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def recorded(capsys: pytest.CaptureFixture[str]) -> Rows:
    """Give a function that returns the recorded payments, by their place in the file."""

    def recorded() -> list[dict[str, Any]]:
        capsys.readouterr()
        assert 0 == run(["log", "--kind", "payment", "-f", "json"])
        return sorted(json.loads(capsys.readouterr().out)["rows"], key=lambda row: row["position"])

    return recorded


def semicolons(*amounts: str) -> str:
    """Return a table as it is written where a comma stands before decimals."""
    rows = [ROW.replace(",", ";").replace("500", amount) for amount in amounts]
    return "\n".join([HEAD.replace(",", ";"), *rows]) + "\n"


@pytest.mark.parametrize(
    ("amounts", "read"),
    [
        (["0,5", "1,250"], ["0.5", "1.25"]),
        (["1.234.567", "1.250"], ["1234567", "1250"]),
        (["1.234,56M", "7"], ["1234560000", "7"]),
        (["1 234,5", "1'234,25"], ["1234.5", "1234.25"]),
    ],
)
def test_a_decimal_comma_is_found_and_said(
    capsys: pytest.CaptureFixture[str], recorded: Rows, amounts: list[str], read: list[str]
) -> None:
    """One cell that can be nothing else tells how all are meant."""
    Path("x.csv").write_text(semicolons(*amounts))

    assert 0 == run(["import", "--register", "x.csv"])
    assert COMMA == capsys.readouterr().err
    assert read == [row["amount"] for row in recorded()]


@pytest.mark.parametrize("amounts", [["1,250"], ["1.250"], ["1.5", "1,250"], ["0,5", "1.5"]])
def test_what_does_not_say_is_refused(
    capsys: pytest.CaptureFixture[str], amounts: list[str]
) -> None:
    """And nothing is guessed where two cells disagree; the option decides it."""
    Path("x.csv").write_text(semicolons(*amounts))

    assert 2 == run(["import", "--register", "x.csv"])
    assert "x.csv:" in capsys.readouterr().err
    good = [amount for amount in amounts if "," in amount]
    Path("x.csv").write_text(semicolons(*good or amounts))
    assert 0 == run(["import", "--register", "--decimal", "," if good else ".", "x.csv"])
    assert "" == capsys.readouterr().err


def test_what_is_given(recorded: Rows) -> None:
    """Any separator, any mark around cells, lines above the headings, headings in two lines."""
    text = "Deals of 2024\n\n'by us'^^\n'kind'^'effective'^'payer'^'payee'^'amount'^'currency'\n^'on'\n"
    row = "'payment'^'2024-03-01'^'alfa'^'be^ta'^'500'^'EUR'\n".replace("be^ta", "beta")
    Path("x.csv").write_text(text.replace("^'on'\n", "'x'^'on'\n") + row)
    options = ["--separator", "^", "--quote", "'", "--register"]

    assert 2 == run(["import", *options, "x.csv"])
    Path("x.csv").write_text(text.replace("^'on'\n", "").replace("effective", "effective on") + row)
    assert 0 == run(["import", *options, "x.csv"])
    assert 0 == run(["import", *options, "--head", "4", "x.csv"])
    assert ["500"] == [row["amount"] for row in recorded()]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--separator", "ab"], "'ab' separates no cells (one of ; , | tab, or another sign)"),
        (["--quote", "ab"], "'ab' is not a quotation mark (one sign, or none)"),
        (["--decimal", ";"], "';' is not a decimal sign (a comma or a point)"),
        (["--encoding", "utf-9"], "there is no encoding 'utf-9' (such as utf-8, utf-16, cp1252, iso-8859-15 or shift_jis)"),
        (["--head", "0"], "'0' is not a line of headings (such as 3, or 2,3)"),
        (["--encoding", "shift_jis"], "x.csv:3: this is not shift_jis: byte 1 is wrong"),
    ],
)  # fmt: skip
def test_options_that_mean_nothing(
    capsys: pytest.CaptureFixture[str], options: list[str], said: str
) -> None:
    """One line each, with what would do."""
    Path("x.csv").write_bytes(f"{HEAD}\n{ROW}\n".encode() + b"\x80\n")

    assert 2 == run(["import", *options, "x.csv"])
    assert said in capsys.readouterr().err


def test_a_given_encoding(recorded: Rows) -> None:
    """It is read as what is said, whatever it looks like."""
    Path("x.csv").write_bytes(f"{HEAD},note\n{ROW},日立\n".encode("shift_jis"))

    assert 0 == run(["import", "--register", "--encoding", "shift_jis", "x.csv"])
    assert "日立" == recorded()[0]["note"]


@pytest.mark.parametrize("name", ["x.csv.gz", "x.jsonl.GZ"])
def test_packed_files(capsys: pytest.CaptureFixture[str], name: str) -> None:
    """What ends in .gz is unpacked as it is read; what is cut off is said, and nothing recorded."""
    line = dict(zip(HEAD.split(","), ROW.split(","), strict=True))
    text = f"{HEAD}\n{ROW}\n" if "csv" in name else json.dumps(line) + "\n"
    packed = gzip.compress(text.encode())
    Path(name).write_bytes(packed[:-4])
    assert 2 == run(["import", "--register", name])
    assert f"deals: {name} is not a whole gzip file (pack it again)\n" == capsys.readouterr().err
    Path(name).write_bytes(packed)

    assert 0 == run(["import", "--register", name])
    assert "3 events recorded" in capsys.readouterr().out


@pytest.mark.long
def test_a_packed_bomb(capsys: pytest.CaptureFixture[str]) -> None:
    """It is given up when it has unpacked to far more than its size."""
    Path("x.jsonl.gz").write_bytes(gzip.compress(b"\n" * 150_000_000, compresslevel=1))

    assert 2 == run(["import", "x.jsonl.gz"])
    assert "x.jsonl.gz unpacks to more than 200 times its size" in capsys.readouterr().err


def workbook(*rows: list[Any], name: str = "x.xlsx") -> None:
    """Write a workbook with a sheet of notes before that of the deals, which is open."""
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.title = "Notes"
    sheet = book.create_sheet("Deals")
    for row in rows:
        sheet.append(row)
    book.active = 1
    book.save(name)


def test_a_workbook(capsys: pytest.CaptureFixture[str], recorded: Rows) -> None:
    """Numbers with the digits that a spreadsheet shows, dates as dates, a title above the headings."""
    head = ["Kind", "Effective on", "Payer", "Payee", "Amount", "Currency", "Memo"]
    row: list[Any] = ["payment", datetime(2024, 3, 1), "alfa", "beta"]
    workbook(
        ["Deals of 2024"], [], [*head, None],
        [*row, 500, "EUR", None], [None], [*row, 0.1 + 0.2, "EUR", True], [*row, 1e12, "EUR", False],
    )  # fmt: skip

    assert 0 == run(["import", "--register", "x.xlsx"])
    said = "deals: x.xlsx: read the sheet 'Deals', not 'Notes' (--sheet)\n"
    assert said == capsys.readouterr().err
    assert [("500", False), ("0.3", True), ("1000000000000", False)] == [
        (each["amount"], each.get("memo") or False) for each in recorded()
    ]
    assert {"2024-03-01"} == {each["effective_on"] for each in recorded()}


def test_a_bad_row_of_a_workbook_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    """With its number, as a spreadsheet shows it."""
    workbook(HEAD.split(","), [], ["payment", date(2024, 3, 1), "alfa", "beta", "5,0", "EUR"])

    assert 2 == run(["import", "--register", "x.xlsx", "--sheet", "Deals", "--decimal", "."])
    assert capsys.readouterr().err.startswith("x.xlsx:3: amount: '5,0' is not an amount")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["x.xlsx", "--sheet", "Deels"], "x.xlsx has no sheet 'Deels' (did you mean Deals?)"),
        (["x.xlsx"], "x.xlsx: the formula in E2 has no stored value (open and save the file in a spreadsheet program)"),
        (["no.xlsx"], "no.xlsx cannot be read: No such file or directory"),
        (["text.xlsx"], "text.xlsx is not a workbook (save it as .xlsx, or as CSV)"),
        (["zip.xlsx"], "zip.xlsx is not a workbook (save it as .xlsx, or as CSV)"),
    ],
)  # fmt: skip
def test_workbooks_that_cannot_be_read(
    capsys: pytest.CaptureFixture[str], options: list[str], said: str
) -> None:
    """A formula without a value is no blank cell."""
    workbook(HEAD.split(","), ["payment", date(2024, 3, 1), "alfa", "beta", "=2*3", "EUR"])
    Path("text.xlsx").write_text("kind\n")
    Path("zip.xlsx").write_bytes(b"PK\x05\x06" + bytes(18))

    assert 2 == run(["import", "--register", *options])
    assert f"deals: {said}\n" == capsys.readouterr().err.rpartition("(--sheet)\n")[2]


def test_many_errors_are_capped(capsys: pytest.CaptureFixture[str]) -> None:
    """The first are named, and the last line sums up what is wrong; --all-errors names all."""
    rows = [ROW.replace("500", "-1" if number % 3 else "x") for number in range(300)]
    Path("x.csv").write_text("\n".join([HEAD, *rows]) + "\n")

    assert 2 == run(["import", "--register", "x.csv"])
    lines = capsys.readouterr().err.splitlines()
    assert 101 == len(lines)
    assert (
        "deals: 300 problems in all: amount: … is not an amount 300 (--all-errors names them)"
        == lines[-1]
    )
    assert 2 == run(["import", "--register", "--all-errors", "x.csv"])
    assert 300 == len(capsys.readouterr().err.splitlines())


def test_a_dry_run_shows_and_counts(capsys: pytest.CaptureFixture[str]) -> None:
    """The first events as they would be recorded, then how many of which kind; nothing is."""
    Path("x.csv").write_text("\n".join([HEAD, ROW, ROW.replace("500", "1.5")]) + "\n")

    assert 0 == run(["import", "--register", "--dry-run", "x.csv"])
    out, err = capsys.readouterr()
    assert "2024-03-01  payment  payer: alfa  payee: beta  amount: 500 EUR  [c-" in out
    assert "4 new events (party 2, payment 2), 0 known already" in out
    assert "dry run: nothing was recorded\n" == err
    assert 0 == run(["import", "--register", "x.csv"])
    assert "4 events recorded" in capsys.readouterr().out


def test_a_total_on_each_row_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    """Where the investors of a round all have one amount; not where they mostly differ."""
    head = "kind,effective_on,investor,investee,amount,currency"
    rows = [f"funding,2024-03-0{day},{who},beta,{day}M,USD" for day in (1, 2) for who in "abc"]
    Path("x.csv").write_text("\n".join([head, *rows]) + "\n")
    said = (
        "2 rounds have the same amount on the row of each investor; if that is the round's total, "
        "it counts more than once: 9.00M USD instead of 3.00M"
    )
    assert 0 == run(["import", "--register", "x.csv"])
    assert said in capsys.readouterr().err
    rows = [each.replace(",1M", f",{number}M") for number, each in enumerate(rows, 5)]
    Path("x.csv").write_text("\n".join([head, *rows]) + "\n")

    assert 0 == run(["import", "--register", "x.csv"])
    assert "" == capsys.readouterr().err


@given(st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=40))
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32-be", "shift_jis"])
def test_lines_are_the_same_in_every_encoding(encoding: str, text: str) -> None:
    """Numbered, with their ends, whatever a line break is written as."""
    text = text.encode(encoding, "ignore").decode(encoding).removeprefix("\ufeff")
    lines = TextLines(io.BytesIO(text.encode(encoding)), "x", encoding)
    wanted = [part for part in text.split("\n") if True]
    wanted = [f"{part}\n" for part in wanted[:-1]] + ([wanted[-1]] if wanted[-1] else [])

    assert list(enumerate(wanted, 1)) == list(lines)


@given(st.integers(0, 10**12), st.integers(0, 99))
def test_a_decimal_comma_is_the_mirror_of_a_point(whole: int, cents: int) -> None:
    """Whatever the number, it is read back, and it tells its sign unless it could be both."""
    plain = f"{whole:,}.{cents:02}"
    comma = plain.translate(str.maketrans(",.", ".,"))

    assert plain == with_point(comma)
    assert (",", ".") == (decimal_sign([comma]), decimal_sign([plain]))


def test_headings_in_two_lines(recorded: Rows) -> None:
    """A merged cell above is of all below it: its text stands in the first of them only."""
    rows: list[list[Any]] = [
        ["Deals"],
        [None, "effective", None, None, None, None, "source"],
        ["kind", "on", "payer", "payee", "amount", "currency", "title", "url"],
        ["payment", date(2024, 3, 1), "alfa", "beta", 500, "EUR", "t", "https://example.org"],
    ]
    workbook(*rows)
    assert 2 == run(["import", "--register", "x.xlsx", "--head", "2,3"])
    rows[2][2:6] = [None] * 4
    rows[1][2:6] = ["payer", "payee", "amount", "currency"]
    workbook(*rows)

    assert 0 == run(["import", "--register", "x.xlsx", "--head", "2,3"])
