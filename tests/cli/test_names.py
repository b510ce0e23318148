"""Names that could pass for others: recorded as given, warned of, and found by the doctor."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dealledger.cli.main import run

pytestmark = pytest.mark.usefixtures("empty_ledger")

FAKE = "\u041epenAI"
SAID = "deals: warning: the name '\u041epenAI' of fake mixes Cyrillic and Latin letters ({})\n"


def line(event_id: str, name: str, *aliases: str) -> str:
    data = {"id": event_id, "kind": "party", "effective_on": "2024-01-01", "party": "fake"}
    return json.dumps({**data, "name": name, "aliases": aliases}) + "\n"


def test_an_append_warns(capsys: pytest.CaptureFixture[str]) -> None:
    """One line on stderr, exit code 0; the same again is no new name."""
    command = ["append", "party", "--party", "fake", "--name", FAKE, "--on", "2024-01-01",
               "--id", "f"]  # fmt: skip
    assert 0 == run(command)
    assert ("recorded f at @1\n", SAID.format("f")) == capsys.readouterr()
    assert 0 == run(command)
    assert "" == capsys.readouterr().err


def test_an_import_warns(capsys: pytest.CaptureFixture[str]) -> None:
    """Each name has one line, also an alias, with all that is doubtful; whole scripts are well."""
    Path("names.jsonl").write_text(line("a", "OpenAI", "日立 Hitachi", "Открытый ИИ")
                                   + line("b", FAKE) + line("c", "Fake", "Fаk\u200be"))  # fmt: skip
    assert 0 == run(["import", "names.jsonl"])
    err = capsys.readouterr().err

    assert (
        SAID.format("b")
        + (
            "deals: warning: the alias 'Fаk\\u200be' of fake mixes Cyrillic and Latin letters and has "
            "the invisible character U+200B (c)\n"
        )
        == err
    )


def test_a_correction_warns(capsys: pytest.CaptureFixture[str]) -> None:
    """The new name is looked at, the old one no more."""
    Path("names.jsonl").write_text(line("a", "OpenAI"))
    assert 0 == run(["import", "names.jsonl"])
    capsys.readouterr()
    assert 0 == run(["correct", "a", "--set", f"name={FAKE}", "--reason", "typo"])

    assert SAID.format("a.2") == capsys.readouterr().err


def test_the_doctor_warns(capsys: pytest.CaptureFixture[str]) -> None:
    """A warning, which fails nothing; a name that was corrected is well."""
    Path("names.jsonl").write_text(line("a", FAKE))
    assert 0 == run(["import", "names.jsonl"])
    assert 0 == run(["doctor", "-f", "csv"])
    warned = "names,warning,the name '\u041epenAI' of fake mixes Cyrillic and Latin letters"
    assert f"{warned},see: deals show a\n" in capsys.readouterr().out
    assert 0 == run(["correct", "a", "--set", "name=OpenAI", "--reason", "typo"])
    assert 0 == run(["doctor", "-f", "csv"])

    assert "names,well,none mixes scripts or has invisible characters" in capsys.readouterr().out


def test_a_line_break_of_unicode_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """In a name of an event, and in the name of who records; the line is named."""
    Path("names.jsonl").write_text(line("a", "a\u2028b"))

    assert 2 == run(["import", "names.jsonl"])
    assert "names.jsonl:1: line break U+2028 in 'a\\u2028b'\n" == capsys.readouterr().err
    Path("names.jsonl").write_text(line("a", "ab"))
    assert 2 == run(["import", "names.jsonl", "--actor", "a\u2029b"])
    assert "deals: line break U+2029 in 'a\\u2029b'\n" == capsys.readouterr().err


N = '{"kind": "party", "id": "%s", "party": "%s", "name": "%s", "effective_on": "%s", "aliases": [%s]}\n'
PEOPLE = (
    N % ("p1", "oak", "Oak Bank", "2020-01-01", "")
    + N % ("p2", "zeta", "Zeta", "2020-01-01", '"oak", "Oak, Ltd."')
    + N % ("p3", "meta", "Facebook", "2020-01-01", "")
    + N % ("p4", "meta", "Meta Platforms", "2022-01-01", "")
)
PAY = ["append", "payment", "--amount", "$5", "--on", "2024-01-01", "--id", "y"]


def payment(capsys: pytest.CaptureFixture[str], event_id: str = "y") -> tuple[str, str]:
    capsys.readouterr()
    assert 0 == run(["show", event_id, "-f", "json"])
    event = json.loads(capsys.readouterr().out)["event"]
    return event["payer"], event["payee"]


def test_an_append_takes_names(capsys: pytest.CaptureFixture[str]) -> None:
    """As of its date; a slug is its own party, and a word of several is refused."""
    Path("names.jsonl").write_text(PEOPLE)
    assert 0 == run(["import", "names.jsonl"])
    assert 0 == run([*PAY, "--payer", "Facebook", "--payee", "Oak, Ltd.", "--dry-run"])
    assert 0 == run([*PAY, "--payer", "oak", "--payee", "oak, LTD."])
    assert ("oak", "zeta") == payment(capsys)
    assert 2 == run([*PAY, "--payer", "Oak", "--payee", "zeta", "--id", "n"])
    assert "deals: payer: 'Oak' may mean oak or zeta (say which one by its slug)\n" == (
        capsys.readouterr().err
    )
    assert 2 == run([*PAY, "--payer", "Oak Bnk", "--payee", "zeta", "--id", "n"])
    assert "deals: payer: unknown party 'Oak Bnk' (did you mean oak bank or oak?)\n" == (
        capsys.readouterr().err
    )
    assert 2 == run([*PAY, "--payer", "Quércus S.A.", "--payee", "zeta", "--register"])
    assert capsys.readouterr().err == (
        "deals: payer: unknown party 'Quércus S.A.' "
        "(a new one needs a slug, such as quercus-s-a, and --register)\n"
    )

    assert 0 == run(["correct", "y", "--set", "payer=meta platforms", "--reason", "x"])
    assert ("meta", "zeta") == payment(capsys, "y.2")


def test_lists_of_parties_take_names(capsys: pytest.CaptureFixture[str]) -> None:
    """Who bears, and who lies inside of a group."""
    Path("names.jsonl").write_text(PEOPLE)
    assert 0 == run(["import", "names.jsonl"])
    assert 0 == run(["append", "commitment", "--obligor", "oak", "--beneficiary", "Meta Platforms",
                     "--amount", "$9", "--bearers", "Oak, Ltd.=4; Oak Bank=5", "--on", "2024-01-01",
                     "--id", "c"])  # fmt: skip
    assert 0 == run(["append", "holding", "--holder", "oak", "--issuer", "Facebook", "--stake",
                     "5%", "--includes", "Oak, Ltd.;", "--on", "2024-01-01", "--id", "h"])  # fmt: skip
    capsys.readouterr()
    assert 0 == run(["show", "c", "-f", "json"])
    event = json.loads(capsys.readouterr().out)["event"]

    assert 0 == run(["show", "h", "-f", "json"])
    assert ["zeta"] == json.loads(capsys.readouterr().out)["event"]["includes"]
    assert "meta" == event["beneficiary"]
    assert ["zeta", "oak"] == [each["party"] for each in event["bearers"]]


def test_a_csv_takes_names_and_jsonl_slugs(capsys: pytest.CaptureFixture[str]) -> None:
    """Also names that the rows above gave; JSONL is what is recorded, so it holds slugs."""
    Path("names.jsonl").write_text(PEOPLE)
    Path("pay.csv").write_text(
        "kind,id,effective_on,party,name,aliases,payer,payee,amount\n"
        'party,p9,2023-01-01,elm,Elm,"Ulmus, Inc.",,,\n'
        'payment,y,2024-01-01,,,,"Ulmus, Inc.",Oak Bank,$5\n'
        "payment,z,2024-01-01,,,,Oak,Oak Bnk,$5\n"
    )
    assert 2 == run(["import", "names.jsonl", "pay.csv"])
    assert "pay.csv:4: payer: 'Oak' may mean oak or zeta (say which one by its slug)" in (
        capsys.readouterr().err
    )
    Path("pay.csv").write_text(Path("pay.csv").read_text().replace("Oak,Oak Bnk", "elm,Facebook"))
    assert 0 == run(["import", "names.jsonl", "pay.csv"])
    assert ("elm", "oak") == payment(capsys)
    assert ("elm", "meta") == payment(capsys, "z")
    Path("pay.jsonl").write_text(
        '{"kind": "payment", "effective_on": "2024-01-01", "payer": "Elm", "payee": "oak"}'
    )

    assert 2 == run(["import", "pay.jsonl"])
    assert "pay.jsonl:1: payer: 'Elm' is not a slug" in capsys.readouterr().err


def test_questions_go_by_the_date(capsys: pytest.CaptureFixture[str]) -> None:
    """The name that a party has at the as-of date goes before those that others had."""
    Path("names.jsonl").write_text(
        N % ("p1", "old", "Acme", "2020-01-01", "") + N % ("p2", "old", "Bond", "2022-01-01", "")
        + N % ("p3", "new", "Bond", "2020-01-01", "") + N % ("p4", "new", "Acme", "2022-01-01", "")
        + N % ("p5", "third", "Third", "2020-01-01", "")
    )  # fmt: skip
    assert 0 == run(["import", "names.jsonl"])
    assert 0 == run([*PAY, "--payer", "third", "--payee", "old", "--on", "2021-01-01"])
    capsys.readouterr()
    for as_of, name in (("2021", "Acme"), ("2022", "Bond")):
        assert 0 == run(["flows", name, "--as-of", as_of, "-f", "json"])
        rows = json.loads(capsys.readouterr().out)["rows"]
        assert ["5"] == [row["net"] for row in rows if row["party"] == "old"]

    assert 0 == run(["doctor", "-f", "csv"])
    assert "names,well" in capsys.readouterr().out


def test_names_that_hide_others_are_warned_of(capsys: pytest.CaptureFixture[str]) -> None:
    """By the command that records them, also by an import or --register, and by the doctor."""
    Path("names.jsonl").write_text(PEOPLE)
    hides = "'oak' is a name of zeta, and means oak, whose slug it is"
    assert 0 == run(["import", "names.jsonl"])
    assert f"deals: warning: {hides} (p2)\n" == capsys.readouterr().err
    command = ["append", "party", "--party", "elm", "--name", "Zeta", "--on", "2024-01-01"]
    for more in (["--dry-run"], ["--id", "p9"]):
        assert 0 == run([*command, *more])
        said = "'Zeta' is a name of elm, and means zeta, whose slug it is"
        assert f"deals: warning: {said}" in capsys.readouterr().err
    assert 0 == run([*PAY, "--payer", "facebook", "--payee", "elm", "--register"])
    assert ("meta", "elm") == payment(capsys)
    assert 0 == run([*PAY, "--payer", "ota", "--payee", "zetta", "--register", "--id", "y3"])
    said = "the new party zetta is close to zeta: is it another one?"
    assert f"deals: warning: {said}\n" == capsys.readouterr().err

    assert 0 == run(["doctor", "-f", "json"])
    found = json.loads(capsys.readouterr().out)["rows"]
    assert {hides, "'Zeta' is a name of elm, and means zeta, whose slug it is"} == {
        row["message"] for row in found if row["check"] == "names"
    }


def test_a_slug_is_its_own_also_for_the_public_of_before(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Who may know of a party by then is no matter of whom a word means."""
    Path("names.jsonl").write_text(
        N % ("p2", "zeta", "Zeta", "2020-01-01", '"oak"')
        + N % ("p1", "oak", "Oak", "2024-01-01", "")
    )
    assert 0 == run(["import", "names.jsonl"])
    assert 0 == run([*PAY, "--payer", "zeta", "--payee", "new", "--register", "--announced-on",
                     "2023-01-01"])  # fmt: skip
    capsys.readouterr()
    for typed, rows in (("oak", []), ("new", ["new"]), ("zeta", ["zeta"])):
        assert 0 == run(["flows", typed, "--announced-by", "2023-06-01", "-f", "json"])
        found = json.loads(capsys.readouterr().out)["rows"]
        assert rows == [row["party"] for row in found if row["party"] == typed]
        assert rows or not found
