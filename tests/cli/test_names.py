"""Names that could pass for others: recorded as given, warned of, and found by the doctor."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dealledger.cli.main import run

FAKE = "\u041epenAI"
SAID = "deals: warning: the name '\u041epenAI' of fake mixes Cyrillic and Latin letters ({})\n"


@pytest.fixture(autouse=True)
def folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Stand in a folder with an empty ledger."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DEALS_LEDGER", raising=False)
    assert 0 == run(["init", "--origin", "example.org/x"])
    capsys.readouterr()


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
