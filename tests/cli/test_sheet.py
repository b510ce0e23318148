"""CSV as spreadsheets and people leave it: read as it is meant, or refused with its line."""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealledger.cli.main import run
from dealledger.ledger.append.lines import TextLines
from dealledger.ledger.append.sheet import CsvRecords, Sheet, Unreadable

pytestmark = pytest.mark.usefixtures("empty_ledger")

HEAD = "kind,effective_on,payer,payee,amount,currency"
ROW = "payment,2024-03-01,alfa,beta,500,EUR"

Said = Callable[..., tuple[int, str]]


@pytest.fixture
def imported(capsys: pytest.CaptureFixture[str]) -> Said:
    """Give a function that imports files with --register: its exit code and what it says."""

    def imported(*names: str) -> tuple[int, str]:
        code = run(["import", "--register", *names])
        out, err = capsys.readouterr()
        return code, err if code else out

    return imported


@pytest.fixture
def payments(capsys: pytest.CaptureFixture[str]) -> Callable[[], list[dict[str, Any]]]:
    """Give a function that returns the recorded payments."""

    def payments() -> list[dict[str, Any]]:
        assert 0 == run(["log", "--kind", "payment", "-f", "json"])
        rows: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["rows"]
        return rows

    return payments


LIKE_THE_FIRST = {
    "commas": f"{HEAD}\n{ROW}\n",
    "semicolons": f"{HEAD}\n{ROW}\n".replace(",", ";"),
    "tabs": f"{HEAD}\n{ROW}\n".replace(",", "\t"),
    "bars": f"{HEAD}\n{ROW}\n".replace(",", "|"),
    "sep=,": f"sep=,\n{HEAD}\n{ROW}\n",
    "sep=;": f"sep=;\r\n{HEAD}\r\n{ROW}\r\n".replace(",", ";"),
    "quoted sep=": f'"SEP=;"\n{HEAD}\n{ROW}\n'.replace(",", ";"),
    "sep= of its own": f"sep=^\n{HEAD}\n{ROW}\n".replace(",", "^"),
    "a mark, then sep=": f"\ufeffsep=;\n{HEAD}\n{ROW}\n".replace(",", ";"),
    "blank line at the end": f"{HEAD}\n{ROW}\n\n",
    "blank lines of Windows": f"\r\n{HEAD}\r\n\r\n{ROW}\r\n\r\n\r\n",
    "blank line inside": f"{HEAD}\n\n{ROW}\n",
    "line of blanks": f"{HEAD}\n   \n{ROW}\n\t\n",
    "rows of commas": f"{HEAD}\n{ROW}\n,,,,,\n,,,,,\n",
    "shorter and longer rows of commas": f",,\n{HEAD}\n{ROW}\n,,\n,,,,,,,,\n",
    "rows of blank cells": f'{HEAD}\n{ROW}\n , ,"",\t, ,\n',
    "columns at the right": f"{HEAD},,\n{ROW},,\n",
    "columns at the right of rows": f"{HEAD}\n{ROW},,\n",
    "columns at the right of headings": f"{HEAD},,\n{ROW}\n",
    "column inside": f"{HEAD}\n{ROW}\n".replace("payer", ",payer").replace("alfa", ",alfa"),
    "capitals": f"{HEAD.title()}\n{ROW}\n",
    "all capitals": f"{HEAD.upper()}\n{ROW}\n",
    "kind in capitals": f"{HEAD}\nPayment{ROW[7:]}\n",
    "choice in capitals": f"{HEAD},bound\n{ROW},Exact\n",
    "words": f"{HEAD}\n{ROW}\n".replace("effective_on", " Effective on "),
    "hyphens": f"{HEAD}\n{ROW}\n".replace("effective_on", "effective-on"),
    "quotes": f'"{HEAD}"\n"{ROW}"\n'.replace(",", '","'),
    "blanks before quotes": f"{HEAD}\n{ROW}\n".replace("beta", ' "beta"'),
    "no line break at the end": f"{HEAD}\n{ROW}",
}


@pytest.mark.parametrize("form", LIKE_THE_FIRST)
def test_one_table_in_many_forms(
    imported: Said, payments: Callable[[], list[dict[str, Any]]], form: str
) -> None:
    """Each form is the same row, and the same event: importing the plain form again adds nothing."""
    Path("form.csv").write_text(LIKE_THE_FIRST[form], newline="")
    Path("plain.csv").write_text(LIKE_THE_FIRST["commas"])
    assert (0, "3 events recorded, 0 known already; the last is @3\n") == imported("form.csv")
    (row,) = payments()
    said = [row[name] for name in ("payer", "payee", "amount", "currency", "effective_on")]
    assert ["alfa", "beta", "500", "EUR", "2024-03-01"] == said

    assert (0, "0 events recorded, 1 known already; the last is @3\n") == imported("plain.csv")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{HEAD},amount\n{ROW},900\n", ":1: the heading 'amount' stands twice: in columns 5 and 7 (take one of them out)"),
        (f"\n\n{HEAD},Amount\n{ROW},900\n", ":3: the heading 'amount' stands twice: in columns 5 and 7 (take one of them out)"),
        (f"{HEAD},AMOUNT ,\n{ROW},,\n", ":1: the heading 'amount' stands twice: in columns 5 and 7 (take one of them out)"),
        (f"{HEAD},Amuont\n{ROW},1\n", ":1: unknown column 'Amuont' (did you mean amount?)"),
        (f"{HEAD},\n{ROW},900\n", ":2: 7 cells under 6 headings (a cell with ',' needs quotes around it)"),
        (f"{HEAD}\n\n{ROW},x\n", ":3: 7 cells under 6 headings (a cell with ',' needs quotes around it)"),
        (f"{HEAD}\n{ROW[:-4]}\n", ":2: 5 cells under 6 headings"),
        (f"kind,,{HEAD[5:]}\npayment,x{ROW[7:]}\n", ":2: the cell 'x' has no heading"),
        (f'{HEAD},note\n{ROW},"open\n{ROW},x\n{ROW},y\n', ":2: a quote opens in this line and is never closed"),
        (f'{HEAD},note\n{ROW},x\n{ROW},"open\n{ROW},"a note"\n', ":3: a quote opens in this line and is not closed (at the next quote, in line 4, the cell goes on)"),
        (f'{HEAD},note\n{ROW},"two\nlines"\n{ROW},"open\n' + f"{ROW},x\n" * 9999, ":4: a quote opens in this line and is not closed within 131,072 characters"),
        (f'{HEAD},note\n{ROW},"a ""b\nc"""\n{ROW},"""open\n', ":4: a quote opens in this line and is never closed"),
        (f'{HEAD},note\n{ROW},"a"b\n', ":2: this is not CSV: ',' expected after '\"'"),
        (f"{HEAD}\r{ROW}\r", ":1: this is not CSV: its lines end in CR alone (save it with line ends of Windows or Unix)"),
        ("", ":1: the file is empty"),
        ("\n , ,\n\n", ":1: there is no column 'kind' (add it, or say --kind)"),
        ("sep=;\n", ":1: there is no column 'kind' (add it, or say --kind)"),
        (f"{HEAD}\n,,,,,\n", ": the file has a header and no rows"),
        (f"{HEAD}\n{ROW}\n,2024-03-01,alfa,beta,1,EUR\n", ":3: unknown kind ''"),
        (f"{HEAD}\n{ROW}\n".replace(",", ";").replace("500", "1,250"), ":2: amount: '1,250' may be 1250 or 1.25 (write that)"),
        (f"{HEAD}\n{ROW}\n".replace(",", ";").replace("500", "EUR 1,250M"), ":2: amount: '1,250' may be 1250 or 1.25 (write that)"),
        (f"{HEAD}\n{ROW}\n".replace(",", ";").replace("500", "1.250"), ":2: amount: '1.250' may be 1250 or 1.25 (write that)"),
        (f"{HEAD}\n{ROW}\n".replace(",", ";").replace("500", "€ 120.000"), ":2: amount: '120.000' may be 120000 or 120 (write that)"),
        (f"{HEAD}\n{ROW}\n".replace(",", ";").replace("500", "120.001 USD"), ":2: amount: '120.001' may be 120001 or 120.001 (write that)"),
    ],
    ids=range(24),
)  # fmt: skip
def test_what_cannot_be_meant_is_refused(imported: Said, text: str, said: str) -> None:
    """With the line where it is wrong, in one line."""
    Path("bad.csv").write_text(text, newline="")

    assert (2, f"bad.csv{said}\n") == imported("bad.csv")


def test_a_comma_of_thousands_beside_semicolons(
    imported: Said, payments: Callable[[], list[dict[str, Any]]]
) -> None:
    """Two of them are no decimal point; nor is one beside a point; words may have any."""
    text = f"{HEAD};note\n" + ";".join(ROW.split(",")) + ";1,250 or 1.250 of them\n"
    for amount in ("1,250,000", "1,250.50", "1.250M", "1.25", "0.500", "1.250 KWD"):
        good = text.replace(",", ";", 5).replace("500", amount)
        Path("good.csv").write_text(good.replace("EUR", "") if "KWD" in amount else good)
        assert 0 == imported("good.csv")[0]

    assert {"1250000", "1250.5", "1.25", "0.5"} == {row["amount"] for row in payments()}


def test_line_breaks_in_a_cell(
    imported: Said, payments: Callable[[], list[dict[str, Any]]]
) -> None:
    """A note may have lines, which end in Windows otherwise and mean the same."""
    Path("note.csv").write_text(f'{HEAD},note\r\n{ROW},"one\r\ntwo"\r\n{ROW},x\r\n', newline="")
    assert 0 == imported("note.csv")[0]
    assert {"one\ntwo", "x"} == {row["note"] for row in payments()}
    Path("note.csv").write_text(f'{HEAD},note\n{ROW},"one\ntwo"\n')

    assert "0 events recorded, 1 known" in imported("note.csv")[1]


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252"])
def test_encodings_of_one_byte_are_read_and_said(
    capsys: pytest.CaptureFixture[str], encoding: str
) -> None:
    """As cp1252, of which the other is a part; the first line that is not UTF-8 may come late."""
    note = "“é”" if encoding == "cp1252" else "é"
    Path("my file.csv").write_bytes(f"{HEAD},note\n{ROW},x\n{ROW},{note}\n".encode(encoding))

    assert 0 == run(["import", "--register", "my file.csv"])
    said = "deals: my file.csv: read as cp1252 (--encoding says another)\n"
    assert said == capsys.readouterr().err
    run(["log", "--kind", "payment", "-f", "json"])
    assert {"x", note} == {row["note"] for row in json.loads(capsys.readouterr().out)["rows"]}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("株式会社日立製作所の株式会社日立製作所の株式会社日立製作所".encode("shift-jis"), ":2: this is not UTF-8: byte 38 is wrong (name its encoding: --encoding, such as shift_jis)"),
        (f"é\n{ROW},".encode() + "é".encode("latin-1"), ":3: this is not UTF-8: byte 38 is wrong; it seems to be ISO-8859-1 (save it as UTF-8: iconv -f ISO-8859-1 -t UTF-8 bad.csv > utf8-bad.csv)"),
        ("é".encode("latin-1") + f"\n{ROW},".encode() + b"\x81", ":3: this is not cp1252: byte 38 is wrong (name its encoding: --encoding, such as shift_jis)"),
    ],
)  # fmt: skip
def test_what_is_in_no_known_encoding_is_refused(imported: Said, data: bytes, said: str) -> None:
    """Also what is in two of them; never a wrong character."""
    Path("bad.csv").write_bytes(f"{HEAD},note\n{ROW},".encode() + data + b"\n")

    code, err = imported("bad.csv")
    assert (2, f"bad.csv{said}") == (code, err.splitlines()[-1])


@pytest.mark.parametrize(
    ("mark", "encoding", "said"),
    [
        (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
        (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
        (b"", "utf-16-le", "UTF-16LE"),
        (b"", "utf-16-be", "UTF-16BE"),
        (codecs.BOM_UTF32_LE, "utf-32-le", "UTF-32"),
        (codecs.BOM_UTF32_BE, "utf-32-be", "UTF-32"),
    ],
)
def test_encodings_of_more_bytes_are_read_and_said(
    capsys: pytest.CaptureFixture[str], mark: bytes, encoding: str, said: str
) -> None:
    """Also without the mark that Windows writes."""
    text = f"{HEAD},note\r\n{ROW},Č株\r\n"
    Path("wide.csv").write_bytes(mark + text.encode(encoding))

    assert 0 == run(["import", "--register", "wide.csv"])
    err = capsys.readouterr().err
    assert f"deals: wide.csv: read as {said} (--encoding says another)\n" == err
    Path("plain.csv").write_text(text)
    assert 0 == run(["import", "plain.csv"])
    assert "0 events recorded, 1 known already" in capsys.readouterr().out


def test_equal_rows_of_two_files_are_one_event(imported: Said) -> None:
    """As if the files were imported one by one: also where they have ids, and beside JSONL."""
    line = {"kind": "payment", "id": "p", "effective_on": "2024-03-01", "payer": "alfa",
            "payee": "beta", "amount": "7", "currency": "EUR"}  # fmt: skip
    Path("jan.csv").write_text(f"{HEAD}\n{ROW}\n{ROW}\n")
    Path("feb.csv").write_text(f"{HEAD}\n{ROW}\n{ROW.replace('500', '5')}\n{ROW}\n{ROW}\n")
    for name in ("one.jsonl", "two.jsonl"):
        Path(name).write_text(json.dumps(line) + "\n" + json.dumps({**line, "id": None}) + "\n")
    (Path("three.jsonl")).write_text(json.dumps({**line, "amount": "8"}))
    files = ["jan.csv", "feb.csv", "one.jsonl", "two.jsonl"]

    assert (2, "three.jsonl:1: the id p stands twice in this batch\n") == imported(
        *files, "three.jsonl"
    )
    assert (0, "8 events recorded, 4 known already; the last is @8\n") == imported(*files)
    assert (0, "0 events recorded, 10 known already; the last is @8\n") == imported(*files)


@pytest.mark.slow
def test_long_files_are_taken_one_by_one_too(imported: Said) -> None:
    """Those that another process reads; what the first file says is known to the second."""
    line = '{"kind": "payment", "effective_on": "2024-03-01", "payer": "alfa", "payee": "beta", "amount": "%d", "currency": "EUR"}\n'
    for name in ("one.jsonl", "two.jsonl"):
        Path(name).write_text("".join(line % number for number in range(1, 5_001)))

    assert "5,002 events recorded, 5,000 known already" in imported("one.jsonl", "two.jsonl")[1]


def test_a_file_named_twice_is_one_file(imported: Said) -> None:
    """However its name is spelled."""
    Path("sub").mkdir()
    Path("a.csv").write_text(f"{HEAD}\n{ROW}\n{ROW}\n")
    Path("b.csv").symlink_to("a.csv")
    Path("c.csv").hardlink_to("a.csv")
    names = ["a.csv", "./a.csv", "sub/../a.csv", "b.csv", "c.csv", str(Path("a.csv").resolve())]

    assert (0, "4 events recorded, 0 known already; the last is @4\n") == imported(*names)


def test_a_file_of_tabs_by_its_ending(imported: Said) -> None:
    """Also beside JSONL, which it is not."""
    Path("a.TSV").write_text(LIKE_THE_FIRST["tabs"])
    Path("b.jsonl").write_text("\n")

    assert "b.jsonl: the file holds no events\n" == imported("a.TSV", "b.jsonl")[1]
    assert 0 == imported("a.TSV")[0]


cells = st.lists(
    st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), max_size=6),
             min_size=1, max_size=4),
    min_size=1, max_size=4,
)  # fmt: skip


@given(cells, st.sampled_from(",;\t|"), st.sampled_from(["\n", "\r\n"]))
def test_what_csv_writes_is_read(rows: list[list[str]], separator: str, end: str) -> None:
    """Whatever the cells hold: each row has its cells, and the line where it begins."""
    names = [f"h{number}" for number in range(4)]
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerow(names)
    expected, line = [], 2
    for row in rows:
        writer.writerow(row + [""] * (4 - len(row)))
        plain = {name: cell.strip() for name, cell in zip(names, row, strict=False)}
        if any(plain.values()):
            expected.append((line, {name: cell for name, cell in plain.items() if cell}))
        line += 1 + sum(cell.count("\n") for cell in row)
    records = CsvRecords(TextLines(io.BytesIO(out.getvalue().encode()), "x"), names)
    sheet = Sheet(records, names)

    assert separator == records.separator
    assert expected == [(row.line, row.cells) for row in sheet]


@given(st.text(st.sampled_from('ab,;"\n\r \t='), max_size=40))
def test_whatever_is_written_is_read_or_refused(text: str) -> None:
    """No other error, and the line of a refusal is in the file."""
    lines: list[int] = []
    try:
        records = CsvRecords(TextLines(io.BytesIO(text.encode()), "x"), ("a", "b"))
        sheet = Sheet(records, ("a", "b"))
        lines += (row.line for row in sheet)
    except Unreadable as error:
        lines.append(error.line)

    assert all(1 <= line <= text.count("\n") + 1 for line in lines)


@pytest.mark.parametrize("page", ["README.md", "docs/events.md"])
def test_the_examples_of_the_docs_are_imported(imported: Said, page: str) -> None:
    """As a reader would copy them."""
    text = (Path(__file__).parents[2] / page).read_text()
    example = text.partition("```csv\n")[2].partition("```")[0]
    Path("example.csv").write_text(example)

    events = example.count("\n") - 1
    parties = len(set(re.findall("openai|thrive|microsoft|coreweave", example)))

    assert f"{events + parties} events recorded" in imported("example.csv")[1]
