"""Whatever is typed, edited or missing: one line for each thing that is wrong, never a traceback."""

from __future__ import annotations

import errno
import io
import json
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from support import given
from support.reference import commands

from dealledger.cli.main import deals, run
from dealledger.events import DealLedgerError
from dealledger.ledger import Ledger
from dealledger.ledger.append import second_process
from dealledger.ledger.append.reading import Order
from dealledger.ledger.append.second_process import read_apart

NO_TEXT = "a\udcffb"
"""What Python makes of the bytes 61 FF 62 on a command line."""

EVENTS = [
    *(f"append party --id {slug} --party {slug} --name {slug} --on 2024-01-01" for slug in "ab"),
    "append payment --id P --payer a --payee b --amount $5 --on 2024-01-01",
    "append commitment --id C --obligor a --beneficiary b --amount $9 --on 2024-01-01",
]
CONTEXTS = [
    context
    for context in commands(deals, click.Context(deals, info_name="deals"))
    if context.command_path not in ("deals", "deals demo")
]
FIRST = {
    option.name: context.command_path
    for context in reversed(CONTEXTS)
    for option in context.command.params
    if isinstance(option, click.Option) and not option.is_flag
}
"""The first command that has an option of this name."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a small ledger."""
    file = tmp_path_factory.mktemp("made") / "deals.db"
    for line in ("init", *EVENTS):
        assert 0 == run(["--ledger", str(file), *line.split()])
    return file


@pytest.fixture(autouse=True)
def folder(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in a folder with that ledger."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DEALS_LEDGER", raising=False)
    shutil.copy(made, "deals.db")


def asked(context: click.Context) -> Iterator[list[str]]:
    """Yield command lines with bytes that are not text in each place where something may stand.

    What many commands share is asked of the first of them.
    """
    _, *words = context.command_path.split()
    arguments = [each for each in context.command.params if isinstance(each, click.Argument)]
    typed = ["P" if "id" in (each.name or "") else "a" for each in arguments]
    for place in range(len(arguments)):
        yield [*words, *typed[:place], NO_TEXT, *typed[place + 1 :]]
    for option in context.command.params:
        if isinstance(option, click.Option) and FIRST.get(option.name) == context.command_path:
            yield [*words, *typed, option.opts[0], NO_TEXT]
    required = [word for option in context.command.params
                if isinstance(option, click.Option) and option.required
                for word in (option.opts[0], "x=1")]  # fmt: skip
    if required and arguments:
        yield [*words, NO_TEXT, *required]


@pytest.mark.parametrize("context", CONTEXTS, ids=lambda each: each.command_path)
def test_bytes_that_are_no_text(context: click.Context, capsys: pytest.CaptureFixture[str]) -> None:
    """In any argument and option: a file may be named so, all else is refused by one line."""
    for line in asked(context):
        code = run(line)
        _, err = capsys.readouterr()

        assert code in (0, 1, 2), line
        assert len(err.splitlines()) <= 1, (line, err)
        assert (code == 0) or err.startswith("deals: "), (line, err)


@pytest.mark.parametrize(
    "words",
    [
        ["show", NO_TEXT],
        ["prove", NO_TEXT],
        ["retract", NO_TEXT, "--reason", "x"],
        ["correct", NO_TEXT, "--set", "amount=$1", "--reason", "x"],
        ["key", "new", "--name", NO_TEXT, "-o", "k"],
        ["init", "--origin", NO_TEXT, "--help"][:3],
    ],
)
def test_what_is_no_text_is_named(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """With its bytes spelled out."""
    assert 2 == run(words)
    assert "a\\udcffb" in capsys.readouterr().err or words[0] == "init"


def test_files_may_be_named_by_any_bytes(capsys: pytest.CaptureFixture[str]) -> None:
    """As the system lets people name them; JSON spells them out."""
    for line in (
        ["export", "-o", f"{NO_TEXT}.jsonl"],
        ["import", f"{NO_TEXT}.jsonl"],
        ["parties", "-o", f"{NO_TEXT}.json"],
        ["verify", "--report", f"{NO_TEXT}.json"],
        ["backup", f"{NO_TEXT}.db"],
        ["--ledger", f"{NO_TEXT}.db", "parties"],
        ["checkpoint", "-o", NO_TEXT],
        ["verify", "--checkpoint", NO_TEXT],
    ):
        assert 0 == run(line), line
    assert f"{NO_TEXT}.json" in json.loads(Path(f"{NO_TEXT}.json").read_text())["query"]


@pytest.mark.parametrize(
    ("table", "column", "value", "where"),
    [
        ("entry", "currency", "ZZZ", "position = 3"),
        ("entry", "category", "gift", "position = 3"),
        ("entry", "source", "", "position = 3"),
        ("event", "kind", "pigeon", "position = 4"),
        ("event", "effective_on", "2024-99-99", "position = 4"),
        ("event", "recorded_at", 2**62, "position = 4"),
        ("mention", "party", "nobody", "position = 3 AND party = 'b'"),
    ],
)
def test_an_edited_column_is_damage(
    table: str, column: str, value: Any, where: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever a question makes of it, it is no traceback; `verify` finds it."""
    with Ledger.open("deals.db") as ledger:
        given.behind_its_back(
            ledger,
            f"UPDATE {table} SET {column} = :value WHERE {where}",
            value=value,
        )
    for line in ("flows", "flows -f json", "flows -f csv --by pair", "log", "commitments", "stakes a",
                 "reconcile", "explain balance a", "diagram -f dot", "export", "show P",
                 "history commitment C", "circularity", "relation a b", "parties"):  # fmt: skip
        code = run(line.split())
        _, err = capsys.readouterr()
        assert code in (0, 1, 2), line
        assert not err or (err.startswith("deals: ") and len(err.splitlines()) == 1), (line, err)

    assert 1 == run(["verify"])


def test_what_an_edit_brings_about_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    """By its finding, and where to see all of them."""
    with Ledger.open("deals.db") as ledger:
        given.behind_its_back(ledger, "UPDATE entry SET currency = 'ZZZ'")

    assert 2 == run(["flows"])
    err = capsys.readouterr().err
    assert "deals.db is damaged: @3: " in err
    assert err.endswith("(see all of it with: deals verify)\n")


def test_a_mistake_of_ours_is_not_called_damage(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a ledger that verifies: such an error is to be reported, and is shown in full."""

    def wrong(*args: object) -> None:
        raise KeyError("ours")

    monkeypatch.setattr("dealledger.projections.answers.diagram.picture", wrong)
    with pytest.raises(KeyError, match="ours"):
        run(["diagram", "-f", "dot"])


class _Failing(io.BytesIO):
    """A file whose disk fails after some lines."""

    def readline(self, size: int | None = -1, /) -> bytes:
        if self.tell() > 1_000:
            raise OSError(errno.EIO, "Input/output error")
        return super().readline(size)


@pytest.mark.parametrize("name", ["x.jsonl", "-"])
def test_a_disk_that_fails_while_a_file_is_read(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The file is named, and nothing is recorded."""
    row = {"kind": "party", "effective_on": "2024-01-01"}
    data = "".join(json.dumps({**row, "party": f"p{n}", "name": "x"}) + "\n" for n in range(99))
    stream = _Failing(data.encode())
    before = Path("deals.db").read_bytes()
    original = Path.open
    with monkeypatch.context() as failing:
        failing.setattr(sys, "stdin", io.TextIOWrapper(stream))
        failing.setattr(
            Path, "open", lambda self, mode: stream if self.name == name else original(self, mode)
        )
        assert 2 == run(["import", name])

    shown = "stdin" if name == "-" else name
    assert f"deals: {shown} cannot be read: Input/output error\n" == capsys.readouterr().err
    assert before == Path("deals.db").read_bytes()


@pytest.mark.slow
def test_a_reader_apart_that_lacks_memory_says_nothing_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Who started it says that it stopped."""
    Path("x.jsonl").write_text("{}\n")
    code = Path("lacking.py")
    code.write_text(
        "import resource, sys\n"
        "from dealledger.ledger.append import event_files as files\n"
        "def lacking(*args, **extra): raise MemoryError\n"
        "files.Reader.jsonl = lacking\n"
    )
    monkeypatch.setattr(
        second_process,
        "_started",
        lambda path: (
            f"exec(open({str(code)!r}).read())\n"
            "from dealledger.ledger.append.second_process import main; main()"
        ),
    )

    other = subprocess.run(
        [sys.executable, "-c", second_process._started(sys.path), "x.jsonl"],
        capture_output=True, check=False,
    )  # fmt: skip

    assert b"" == other.stderr
    with pytest.raises(DealLedgerError, match="reading stopped half-way"):
        list(read_apart(Order(("x.jsonl",)), lambda count: None))


@pytest.mark.slow
@pytest.mark.parametrize("mb", [40, 50, 60, 70, 120, 200])
@pytest.mark.parametrize("words", ["flows", "import long.jsonl"])
def test_too_little_memory_is_one_line(words: str, mb: int) -> None:
    """Whether it is enough or not: no traceback, and the ledger is well."""
    row = {"kind": "party", "effective_on": "2024-01-01", "note": "x" * 5_000}
    with Path("long.jsonl").open("w") as file:
        file.writelines(
            json.dumps({**row, "party": f"p{number}", "name": "x"}) + "\n" for number in range(400)
        )
    limit = mb * 2**20
    done = subprocess.run(
        [sys.executable, "-c", "from dealledger.cli.main import main; main()", *words.split()],
        capture_output=True, text=True, check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)),
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
    )  # fmt: skip

    assert "Traceback" not in done.stderr, done.stderr
    assert done.returncode in (0, 2), done.stderr
    with Ledger.open("deals.db") as ledger:
        assert () == ledger.verify().findings
