"""No command imports from the current folder, whatever lies there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import click
import pytest
from support.reference import commands

from dealledger.cli.main import deals, run
from dealledger.ledger.append.reading import Order
from dealledger.ledger.append.second_process import read_apart

PROGRAM = Path(sys.executable).parent / "deals"
"""The script that an installation makes: what people run."""

HOSTILE = ("csv", "orjson", "click", "sqlite3", "json", "dealledger", "sqlalchemy", "pydantic",
           "rich", "_csv", "marshal", "subprocess", "sitecustomize", "usercustomize")  # fmt: skip
PARTY = {"kind": "party", "effective_on": "2024-01-01"}
QUESTIONS = {
    "append party": "--party c --name C --on 2024-01-01", "append": "--help", "backup": "copy.db",
    "checkpoint": "-o c", "completion": "bash", "correct": "A --set name=Aa --reason typo",
    "dependencies": "a", "diagram": "-f svg", "exposure": "a", "import": "long.jsonl",
    "concentration": "a", "diff": "--from 2024-01-01 --to 2024-02-01", "key new": "-o k",
    "explain balance": "a", "explain net": "a b", "explain stake": "a b", "explain commitment": "A",
    "history circularity": "", "history commitment": "A", "history concentration": "a",
    "history net": "a b", "history stake": "a b", "init": "", "prove": "A -o p", "relation": "a b",
    "restore": "copy.db", "retract": "B --reason none", "show": "A", "stakes": "a",
    "verify-proof": "a.tlog-proof",
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a folder with a ledger, a long file, and modules that tell when they are run."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DEALS_LEDGER", raising=False)
    lines = [{**PARTY, "id": slug.upper(), "party": slug, "name": slug} for slug in "ab"]
    Path("parties.jsonl").write_text("\n".join(map(json.dumps, lines)))
    assert 0 == run(["init"])
    assert 0 == run(["import", "parties.jsonl"])
    assert 0 == run(["prove", "A", "-o", "a.tlog-proof"])
    long = [{**line, "note": "x" * 6_000} for line in lines for _ in range(100)]
    Path("long.jsonl").write_text("\n".join(json.dumps({**PARTY, **each}) for each in long))
    assert Path("long.jsonl").stat().st_size > 1_000_000
    for name in HOSTILE:
        Path(f"{name}.py").write_text(
            f"open('ran', 'a').write('{name} '); raise SystemExit('{name} of this folder ran')"
        )
    return tmp_path


def asked() -> Iterator[list[str]]:
    """Yield a command line for every command."""
    for context in commands(deals, click.Context(deals, info_name="deals")):
        _, *words = context.command_path.split()
        if words == ["serve"]:  # it does not end by itself: see below
            continue
        options = QUESTIONS.get(" ".join(words), QUESTIONS.get(words[0], "") if words else "")
        yield [*words, *options.split()]


@pytest.mark.slow
@pytest.mark.parametrize("words", list(asked()), ids=" ".join)
def test_no_command_runs_what_lies_in_the_folder(folder: Path, words: list[str]) -> None:
    """Neither in its own process nor in one that it starts."""
    done = subprocess.run([PROGRAM, *words], capture_output=True, text=True, check=False)

    assert not Path("ran").exists(), Path("ran").read_text()
    assert "Traceback" not in done.stderr
    assert "of this folder ran" not in done.stderr


@pytest.mark.slow
def test_a_server_runs_nothing_that_lies_in_the_folder(folder: Path) -> None:
    """Neither do the processes that answer for it."""
    with subprocess.Popen(
        [PROGRAM, "serve", "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as server:
        try:
            assert server.stdout is not None
            said = server.stdout.readline()
            address = said.rsplit(" ", 1)[-1].strip()
            with urlopen(f"{address}api/parties", timeout=60) as answer:
                assert 2 == len(json.load(answer)["rows"])
        finally:
            server.kill()

    assert not Path("ran").exists(), Path("ran").read_text()


@pytest.mark.slow
@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_no_completion_runs_what_lies_in_the_folder(folder: Path, shell: str) -> None:
    """As a shell calls it for the parties of the ledger."""
    words = {"COMP_WORDS": "deals stakes ", "COMP_CWORD": "" if shell == "fish" else "2",
             "_DEALS_COMPLETE": f"{shell}_complete"}  # fmt: skip
    done = subprocess.run([PROGRAM], env={**os.environ, **words}, capture_output=True, text=True,
                          check=False)  # fmt: skip

    assert "" == done.stderr
    assert "plain,b" in done.stdout.replace("\n", ",")
    assert not Path("ran").exists()


@pytest.mark.slow
def test_a_long_file_is_read_apart_from_the_folder(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where this process itself looks there first, as `python -c` does."""
    monkeypatch.setattr(sys, "path", ["", *sys.path])

    assert 200 == len(list(read_apart(Order(("long.jsonl",)), lambda count: None)))
    assert not Path("ran").exists()
