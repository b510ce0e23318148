"""Tables by maps: real shapes come in as they are, and what has no place is counted."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealledger.cli.main import run
from dealledger.events import BadInput, Refused
from dealledger.ledger.maps.map_reading import read_map
from dealledger.ledger.maps.toml_lines import Statements

pytestmark = pytest.mark.usefixtures("empty_ledger")

CASES = Path(__file__).parents[1] / "cases" / "field"
Rows = Callable[[], list[dict[str, Any]]]

SMALL = """
[every]
effective_on = { column = "On" }

[[event]]
kind = "payment"
when = { column = "Sort", is = ["fee", "rent"] }
payer = { column = "From" }
payee = { column = "To" }
amount = { column = "Sum", unit = "$ millions" }
"""
TABLE = "On,Sort,From,To,Sum,Why\n2024-03-01,Fee,Alfa Ltd.,Beta SA,1.5,x\n"


@pytest.fixture
def recorded(capsys: pytest.CaptureFixture[str]) -> Rows:
    """Give a function that returns all recorded events but parties, in order of the record."""

    def recorded() -> list[dict[str, Any]]:
        capsys.readouterr()
        assert 0 == run(["log", "--as-of", "9999-12-31", "-f", "json"])
        rows = json.loads(capsys.readouterr().out)["rows"]
        found = [row for row in rows if row["kind"] != "party"]
        return sorted(found, key=lambda row: row["position"])

    return recorded


def imported(*options: str, table: str = TABLE, text: str = SMALL) -> int:
    """Import a table by a map, with parties that it makes known."""
    Path("x.csv").write_text(table)
    Path("x.toml").write_text(text)
    return run(["import", "x.csv", "--map", "x.toml", "--register", *options])


def test_a_list_of_fundings(capsys: pytest.CaptureFixture[str], recorded: Rows) -> None:
    """Shares add up to each round's total, to the cent; what is left out is counted by reason."""
    arguments = ["import", str(CASES / "fundings.csv"), "--map", str(CASES / "fundings.toml")]
    assert 0 == run([*arguments, "--register"])
    out, err = capsys.readouterr()
    assert "events recorded, 0 known" in out
    assert [
        f"deals: {CASES / 'fundings.csv'}: read as cp1252 (--encoding says another)",
        "deals: left out 2 of 8 rows: no investor is named 2",
        "deals: no place yet for 1 item: repayment 1",
        "deals: columns that no event takes: Sector 8, Remarks 0",
    ][:3] == err.splitlines()[:3]
    rows = recorded()
    assert [
        ("list-1", "tiger-global", "byjus", "200000000", "exact", "2020-01-09"),
        ("list-2", "susquehanna", "shuttl", "2682798.34", "about", "2020-01-13"),
        ("list-2:2", "lightspeed", "shuttl", "2682798.33", "about", "2020-01-13"),
        ("list-2:3", "saif", "shuttl", "2682798.33", "about", "2020-01-13"),
        ("list-3", "sequoia", "mamaearth", "18358860.5", "exact", "2018-07-05"),
        ("list-6", "sequoia", "pando", None, "exact", "2020-01-04"),
        ("list-7", "tiger-global", "licious", None, "exact", "2020-01-05"),
    ] == [
        (row["id"], row["investor"], row["investee"], row.get("amount"), row.get("bound", "exact"),
         row["effective_on"]) for row in rows
    ]  # fmt: skip
    assert "debt" == rows[5]["instrument"]
    names = {row["party"]: row["name"] for row in parties(capsys)}
    assert ("BYJU’S", "Sequoia India") == (names["byjus"], names["sequoia"])

    assert 0 == run([*arguments, "--register"])
    assert "0 events recorded, 7 known already" in capsys.readouterr().out


def parties(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """Return the parties of the ledger."""
    assert 0 == run(["parties", "-f", "json", "--as-of", "9999-12-31"])
    rows: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["rows"]
    return rows


@pytest.mark.parametrize("packed", [False, True])
def test_investments_with_the_total_on_each_row(
    capsys: pytest.CaptureFixture[str], recorded: Rows, packed: bool
) -> None:
    """Each round counts once; a year is its last day, and that is said."""
    table = CASES / "investments.csv"
    if packed:
        table = Path("investments.csv.gz")
        table.write_bytes(gzip.compress((CASES / "investments.csv").read_bytes()))
    assert 0 == run(["import", str(table), "--map", str(CASES / "investments.toml"), "--register"])
    err = capsys.readouterr().err
    assert "left out 1 of 7 rows: no year 1" in err
    assert "dates known to the month or the year only, taken as its last day: 6" in err
    rows = recorded()
    prosper = [Fraction(row["amount"]) for row in rows if row["investee"] == "prosper"]
    assert Fraction("12500000.01") == sum(prosper)
    assert [Fraction("4166666.67")] * 3 == prosper
    assert {"2005-12-31", "2006-12-31", "2007-12-31"} == {row["effective_on"] for row in rows}
    assert {"EUR": "debt", "USD": "equity", None: "equity"} == {
        row.get("currency"): row["instrument"] for row in rows
    }


def test_each_of_several_tables_is_counted(capsys: pytest.CaptureFixture[str]) -> None:
    """What is left out of the first is not forgotten when the second is read ahead."""
    text = (CASES / "investments.csv").read_text()
    Path("a.csv").write_text(text)
    Path("b.csv").write_text(text.replace("Prosper", "Other"))
    names = ["a.csv", "b.csv", "--map", str(CASES / "investments.toml")]

    assert 0 == run(["import", *names, "--register"])
    assert "left out 2 of 14 rows: no year 2" in capsys.readouterr().err


def test_a_total_from_stdin_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It would be needed twice."""
    assert 2 == run(["import", "-", "--map", str(CASES / "investments.toml")])
    said = "deals: a total that several rows share needs the table twice, and stdin comes once"
    assert f"{said} (name a file)\n" == capsys.readouterr().err


def test_the_rows_of_one_total_must_agree(capsys: pytest.CaptureFixture[str]) -> None:
    """Else it is no total of them."""
    text = (CASES / "investments.toml").read_text().replace(', "amount"]', "]")
    table = (
        (CASES / "investments.csv").read_text().replace("12500000.01,USD,b,Bench", "1,USD,b,Bench")
    )

    assert 2 == imported(table=table, text=text)
    said = "x.csv:3: amount: the rows of one total say 1 and another amount (name one more column in of (x.toml:18))"
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("each", "amounts"),
    [("evenly", ["0.34", "0.33", "0.33"]), ("once", ["1", None, None]), ("whole", ["1", "1", "1"])],
)
def test_what_each_of_several_has(recorded: Rows, each: str, amounts: list[str | None]) -> None:
    """As the map says."""
    text = SMALL.replace('{ column = "From" }', '{ column = "From", split = "+" }')
    text = text.replace('unit = "$ millions"', f'currency = "USD", each = "{each}"')

    assert 0 == imported(
        table=TABLE.replace("Alfa Ltd.", "a + b+ c + A").replace("1.5", "1"),
        text=text.replace('split = "+"', 'split = "+", words = { A = "a" }'),
    )
    assert amounts == [row.get("amount") for row in recorded()]


def test_units_constants_and_columns_without_a_place(
    capsys: pytest.CaptureFixture[str], recorded: Rows
) -> None:
    """Rows that no rule takes are counted, and so are columns that none uses."""
    table = (
        TABLE + "2024-03-02,Gift,Alfa Ltd.,Beta SA,2,\n2024-03-03,RENT,Beta SA,Alfa Ltd.,2.5M,y\n"
    )
    assert 0 == imported(table=table)
    err = capsys.readouterr().err
    assert "deals: left out 1 of 3 rows: no [[event]] of the map takes it 1\n" in err
    assert "deals: columns that no event takes: Why 2\n" in err
    assert [("alfa-ltd", "1500000", "USD"), ("beta-sa", "2500000", "USD")] == [
        (row["payer"], row["amount"], row["currency"]) for row in recorded()
    ]


def test_names_that_are_no_party(capsys: pytest.CaptureFixture[str]) -> None:
    """Are proposed: by what is close, else by the slug that they would get; known ones are found."""
    run(["append", "party", "--party", "beta", "--name", "Beta SA", "--on", "2020-01-01"])
    capsys.readouterr()
    table = TABLE + TABLE.splitlines()[1].replace("Beta SA", "Bеta").replace("x", "") + "\n"
    Path("x.csv").write_text(table.replace("Bеta", "Beta S"))
    Path("x.toml").write_text(SMALL)

    assert 2 == run(["import", "x.csv", "--map", "x.toml"])
    assert [
        "deals: columns that no event takes: Why 1",
        (
            "deals: names that are no party yet, with a slug for each: 'Alfa Ltd.': alfa-ltd "
            "(--register makes them known, [names] in a map says who they are)"
        ),
        "x.csv:2: payer: unknown party 'Alfa Ltd.' (--register makes it known as alfa-ltd)",
        "x.csv:3: payer: unknown party 'Alfa Ltd.' (--register makes it known as alfa-ltd)",
    ] == capsys.readouterr().err.splitlines()
    Path("x.toml").write_text(f'{SMALL}\n[names]\n"ALFA LTD." = "beta"\n"Beta S" = "beta"\n')
    assert 2 == run(["import", "x.csv", "--map", "x.toml"])
    assert "x.csv:2: payer and payee are both beta" in capsys.readouterr().err


def test_a_workbook_by_a_map(recorded: Rows) -> None:
    """As CSV, but for the head, the sheet and types of cells."""
    book = openpyxl.Workbook()
    assert book.active is not None
    lines: list[list[Any]] = [
        ["Our deals"],
        ["On", "Sort", "From", "To", "Sum"],
        ["2024-03", "fee", "a", "b", 0.1],
    ]
    for line in lines:
        book.active.append(line)
    book.save("x.xlsx")
    Path("x.toml").write_text(f'[file]\nhead = 2\nsheet = "Sheet"\n{SMALL}')

    assert 0 == run(["import", "x.xlsx", "--map", "x.toml", "--register"])
    assert [("100000", "2024-03-31")] == [(r["amount"], r["effective_on"]) for r in recorded()]


@pytest.mark.slow
def test_a_long_table_is_read_apart(capsys: pytest.CaptureFixture[str]) -> None:
    """By another process, with the same end."""
    row = TABLE.splitlines()[1]
    rows = [row.replace("1.5", str(number)) for number in range(1, 22_001)]
    table = "\n".join([TABLE.splitlines()[0], *rows, row.replace("Fee", "Gift")])
    assert 0 == imported(table=table + "\n" * 200_000)
    out, err = capsys.readouterr()

    assert "22,002 events recorded" in out
    assert "left out 1 of 22,001 rows" in err
    assert "Why 22,001" in err
    assert 2 == imported(table=table + "\n" * 200_000, text=SMALL.replace("From", "Frm"))
    assert "x.toml:8: there is no column 'frm' in x.csv" in capsys.readouterr().err


def test_the_map_of_the_docs_is_one() -> None:
    """As a reader would copy it."""
    page = (CASES.parents[2] / "docs" / "importing.md").read_text()
    Path("x.toml").write_text(page.partition("```toml\n")[2].partition("```")[0])

    assert ["funding", "repayment"] == [rule.kind for rule in read_map(Path("x.toml")).rules]


MISTAKES = {
    "[[event]]\nkind = 'funding'\nstake = = 1": "x.toml:3: this is not TOML: invalid value (at line 3, column 9)",
    "a = 1\n": "x.toml:1: a map has no 'a' here (one of file, values, names, skip, every, event)",
    "[file]\nseperator = ';'\n": "x.toml:2: a map has no 'seperator' here (did you mean separator?)",
    "[file]\n\n# c\nencoding = 'utf-9'\n": "x.toml:4: there is no encoding 'utf-9'",
    "[values]\ndate = ['%d/%m/%Y', 'dd.mm']\n": "x.toml:2: 'dd.mm' is not a form of a date (such as %d/%m/%Y, %b %Y or %Y)",
    "[values]\nreplace = [\n { text = 'x' },\n { patern = 'x' } ]\n": "x.toml:2: a replacement has a text or a pattern",
    "[values]\nreplace = [{ pattern = '(' }]\n": "x.toml:2: '(' is not a pattern: missing ), unterminated subpattern",
    "[names]\n'X Y' = 'X Y'\n": "x.toml:2: 'X Y' is not a slug (such as openai)",
    "[[skip]]\nreason = 'x'\n": "x.toml:1: what is left out needs when and a reason",
    "[[event]]\nkind = 'fundng'\n": "x.toml:2: unknown kind 'fundng' (did you mean funding?)",
    "[[event]]\nkind = 'funding'\npayer = 'x'\n": "x.toml:3: a funding has no field 'payer'",
    "[[event]]\nkind = 'funding'\n\n[event.amount]\ncolumn = 'Sum'\nunit = 'dozens'\n": "x.toml:6: 'dozens' is not a unit (such as millions, or $ millions)",
    "[[event]]\nkind = 'funding'\ninvestor = { column = 'From', split = ',' }\namount = { column = 'Sum' }\n": "x.toml:4: investor may be several: say of what each has of amount",
    "[[event]]\nkind = 'funding'\nnote = { column = 'From', split = ',' }\n": "x.toml:3: note is one value, not several",
    "[[event]]\nkind = 'funding'\nnote = 1.5\n": "x.toml:3: note is not a text",
    "[[event]]\nkind = 'funding'\nwhen = { column = 'On' }\n": "x.toml:3: a condition is a column and one test",
    "[[event]]\nkind = 'funding'\namount = { column = 'Sum', currency = 'ABC' }\n": "x.toml:3: 'ABC' is not an ISO 4217 currency",
    "[[event]]\nkind = 'funding'\namount = { column = 'Sum', each = 'half' }\n": "x.toml:3: 'half' divides no total (evenly, once, whole)",
    "[every]\npayer = 'x'\n[[event]]\nkind = 'funding'\n": "x.toml:2: no [[event]] here has a field 'payer'",
    "[[event]]\nkind = 'payment'\n\n\npayer = { column = 'Frm' }\n": "x.toml:5: there is no column 'frm' in x.csv (did you mean from?)",
    "# nothing\n": "x.toml:1: the map has no [[event]] (it says what a row becomes)",
}  # fmt: skip


@pytest.mark.parametrize("text", MISTAKES, ids=range(len(MISTAKES)))
def test_mistakes_of_a_map_name_its_line(capsys: pytest.CaptureFixture[str], text: str) -> None:
    """Whatever the row."""
    assert 2 == imported(text=text)
    said = MISTAKES[text].replace(" (at line 3, column 9)", "")
    assert any(line.removeprefix("deals: ").startswith(said)
               for line in capsys.readouterr().err.splitlines()), said  # fmt: skip


keys = st.text(st.sampled_from("ab"), min_size=1, max_size=2)
values = st.recursive(
    st.integers(0, 9) | st.text(st.sampled_from('x"\n[]='), max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=2),
    max_leaves=4,
)


def toml(value: Any) -> str:
    """Return a value as TOML writes it, lists over several lines."""
    if isinstance(value, list):
        return "[\n" + ",\n".join(map(toml, value)) + "\n]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {toml(each)}" for key, each in value.items()) + " }"
    return json.dumps(value)


@given(st.lists(st.tuples(st.booleans(), st.dictionaries(keys, values, max_size=3)), max_size=4))
def test_each_statement_has_its_line(tables: list[tuple[bool, dict[str, Any]]]) -> None:
    """However many lines the statements before it take."""
    lines = ["# top"]
    places: dict[tuple[str | int, ...], int] = {}
    for number, (blank, table) in enumerate(tables):
        lines += [""] * blank + ["[[t]]"]
        places["t", number] = "\n".join(lines).count("\n") + 1
        for key, value in table.items():
            lines.append(f"{key} = {toml(value)}")
            places["t", number, key] = "\n".join(lines[:-1]).count("\n") + 2
    said = Statements("\n".join(lines), "x")

    assert [table for _, table in tables] == said.data.get("t", [])
    assert places == {path: said.line(path) for path in places}


@given(st.text(max_size=60))
def test_whatever_is_no_map_is_refused(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    """With a place in it, and no other error."""
    file = tmp_path_factory.mktemp("map") / "x.toml"
    file.write_bytes(text.encode())

    with pytest.raises((BadInput, Refused)):
        read_map(file)


def test_a_corrected_file_is_imported_again(
    capsys: pytest.CaptureFixture[str], recorded: Rows
) -> None:
    """What changed is refused, or said and corrected; again it is known; a new row is new."""
    text = SMALL + 'id = "row-{Sum}-{Why}"\n'
    text = text.replace('id = "row-{Sum}-{Why}"', 'id = "row-{Why}"')
    rows = [TABLE.splitlines()[1].replace(",x", f",{why}") for why in "abc"]
    head = TABLE.splitlines()[0]
    assert 0 == imported(table="\n".join([head, *rows]), text=text)
    changed = "\n".join(
        [head, rows[0], rows[1].replace("1.5", "2.5"), *rows[2:], rows[2].replace(",c", ",d")]
    )
    capsys.readouterr()
    assert 2 <= imported(table=changed, text=text)
    assert "row-b is recorded at @" in capsys.readouterr().err

    assert 0 == imported("--correct", "the list was corrected", table=changed, text=text)
    out, err = capsys.readouterr()
    assert "3 events recorded, 2 known already" in out
    assert "deals: row-b becomes row-b.2: amount 1500000 -> 2500000\n" in err
    amounts = {row["id"]: row["amount"] for row in recorded()}
    assert {
        "row-a": "1500000",
        "row-b.2": "2500000",
        "row-c": "1500000",
        "row-d": "1500000",
    } == amounts
    assert 0 == imported("--correct", "again", table=changed, text=text)
    out, err = capsys.readouterr()
    assert "0 events recorded, 3 known already" in out
    assert "as corrected before: 1" in err
    assert 0 == imported("--correct", "back", table="\n".join([head, *rows]), text=text)
    assert "row-b.2 becomes row-b.3: amount 2500000 -> 1500000" in capsys.readouterr().err
