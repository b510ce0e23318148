"""Files in and out: bombs, long cells, repeats, formulas, and what is left when writing fails."""

from __future__ import annotations

import gzip
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.standing import Stand

from dealledger.cli.main import run

COMMAND = [sys.executable, "-c", "from dealledger.cli.main import main; main()"]
HEAD = b"kind,effective_on,payer,payee,amount,note\n"
ROW = b"payment,2024-01-01,acme,beta,$5,%b\n"


@pytest.fixture(autouse=True)
def folder(stand: Stand) -> None:
    """Stand in a folder with a ledger of two parties."""
    stand.among({"acme": "=Acme", "beta": "Béta 株"}, on="2024-01-01")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("bomb.jsonl", gzip.compress(bytes(10_000_000)), "bomb.jsonl:1: this is not UTF-8: byte 2 is wrong\n"),
        ("long.jsonl", b" " * 1_000_001, "deals: long.jsonl:1: the line is longer than 1,000,000 bytes\n"),
        ("long.csv", HEAD + ROW % (b"x" * 1_000_000), "deals: long.csv:2: the line is longer than 1,000,000 bytes\n"),
        ("cell.csv", HEAD + ROW % (b"x" * 131_073), "cell.csv:2: this is not CSV: field larger than field limit (131072)\n"),
        ("open.csv", HEAD + ROW % b'"x', "open.csv:2: a quote opens in this line and is never closed\n"),
        ("entities.jsonl", b'<!DOCTYPE x [<!ENTITY a "b">]>', "entities.jsonl:1: this is not JSON: Expecting value at column 1\n"),
        ("anchors.jsonl", b"a: &a [*a, *a]", "anchors.jsonl:1: this is not JSON: Expecting value at column 1\n"),
        ("zip.csv", b"PK\x03\x04../evil", "zip.csv:1: unknown column 'PK\\x03\\x04../evil'\n"),
    ],
    ids=lambda value: value if isinstance(value, str) and "." in value[:15] else "",
)  # fmt: skip
def test_bombs_are_refused(
    capsys: pytest.CaptureFixture[str], name: str, data: bytes, said: str
) -> None:
    """Nothing is unpacked and nothing expands; lines and cells have a longest."""
    Path(name).write_bytes(data)
    before = Path("deals.db").read_bytes()

    assert 2 == run(["import", name])
    out, err = capsys.readouterr()
    assert "" == out
    assert said in err.replace(" there is no column 'kind' (add it, or say --kind)", "")
    assert before == Path("deals.db").read_bytes()


@pytest.mark.parametrize("name", ["pay.jsonl", "pay.csv"])
def test_importing_twice_is_once(capsys: pytest.CaptureFixture[str], name: str) -> None:
    """Also without ids; two equal lines of one file are two events, both times."""
    line = {"kind": "payment", "effective_on": "2024-01-01", "payer": "acme", "payee": "beta",
            "amount": "5", "currency": "USD"}  # fmt: skip
    rows = HEAD + ROW % b"" * 2
    Path(name).write_bytes(rows if name.endswith("csv") else (json.dumps(line) + "\n").encode() * 2)

    assert 0 == run(["import", name])
    assert "2 events recorded, 0 known already; the last is @4\n" == capsys.readouterr().out
    assert 0 == run(["import", name])
    assert "0 events recorded, 2 known already; the last is @4\n" == capsys.readouterr().out


def test_cells_that_a_spreadsheet_would_run(capsys: pytest.CaptureFixture[str]) -> None:
    """Texts get a ' in front, unless --raw; numbers below zero stay numbers."""
    assert 0 == run(["append", "payment", "--payer", "acme", "--payee", "beta", "--amount", "$5",
                     "--on", "2024-01-01", "--note", "+1"])  # fmt: skip
    capsys.readouterr()
    run(["parties", "-f", "csv"])
    assert "acme,'=Acme," in capsys.readouterr().out
    run(["parties", "-f", "csv", "--raw"])
    assert "acme,=Acme," in capsys.readouterr().out
    run(["flows", "-f", "csv", "--by", "party"])
    assert "acme,USD,0,5,-5" in capsys.readouterr().out


def test_a_file_is_replaced_when_all_is_written(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A failure leaves the old file and nothing beside it; a link stays one."""
    Path("real.json").write_text("old")
    Path("link.json").symlink_to("real.json")

    def full(*names: object, **folders: object) -> None:
        raise OSError(28, "No space left on device")

    before = sorted(Path().iterdir())
    with monkeypatch.context() as broken:
        broken.setattr(os, "replace", full)
        assert 2 == run(["parties", "-o", "real.json"])
    assert (
        "deals: real.json cannot be written: No space left on device\n" == capsys.readouterr().err
    )
    assert ("old", before) == (Path("real.json").read_text(), sorted(Path().iterdir()))

    assert 0 == run(["parties", "-o", "link.json"])
    assert Path("link.json").is_symlink()
    assert "acme" in Path("real.json").read_text()


@pytest.mark.parametrize("name", ["no/such.json", ".", "x" * 300 + ".json"])
@pytest.mark.parametrize(
    "command", ["parties -f json -o", "checkpoint -o", "key new -o", "export -o", "backup"]
)
def test_a_name_that_cannot_be_written_is_one_line(
    capsys: pytest.CaptureFixture[str], command: str, name: str
) -> None:
    """Where the output goes is the user's to say; what cannot be is said in our words."""
    before = sorted(Path().iterdir())

    assert 2 == run([*command.split(), name])
    out, err = capsys.readouterr()
    assert "" == out
    assert err.startswith("deals: ")
    assert 1 == len(err.splitlines())
    assert before == sorted(Path().iterdir())


@pytest.mark.slow
def test_a_terminal_that_is_no_utf_8() -> None:
    """What it cannot show becomes a question mark, and nothing fails."""
    done = subprocess.run(
        [*COMMAND, "parties"], capture_output=True, check=False,
        env={**os.environ, "PYTHONIOENCODING": "ascii", "COLUMNS": "100"},
    )  # fmt: skip

    assert (0, b"") == (done.returncode, done.stderr)
    assert b"B?ta ?" in done.stdout


def test_stdin_that_is_no_utf_8_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Read as bytes, whatever the terminal's encoding is."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b'{"kind": "\xff"}')))

    assert 2 == run(["import", "-"])
    assert "stdin:1: this is not UTF-8: byte 11 is wrong\n" == capsys.readouterr().err
