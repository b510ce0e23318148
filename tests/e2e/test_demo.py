"""What the demo ends with can be pasted into the shell as it is."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from dealledger.cli.commands.demo import next_commands
from dealledger.cli.main import run

DEALS = Path(sys.executable).parent / "deals"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder, with a blank in its name, that holds the demo in a folder with another one."""
    return tmp_path_factory.mktemp("a place")


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="the lines are for a POSIX shell")
def test_every_line_runs_as_it_is(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """From the folder in which the demo was run, with no `deals` on the path."""
    monkeypatch.chdir(place)
    monkeypatch.setenv("PATH", os.defpath)
    monkeypatch.delenv("DEALS_LEDGER", raising=False)
    capsys.readouterr()
    assert 0 == run(["demo", "my demo"])
    lines = capsys.readouterr().out.partition("\nTry next:\n")[2].splitlines()

    assert len(lines) > 5
    assert all(line.startswith(f"  {DEALS} --ledger 'my demo/deals.db' ") for line in lines)
    for line in lines:
        done = subprocess.run(line, shell=True, capture_output=True, text=True, check=False)
        assert (0, "") == (done.returncode, done.stderr), line
    assert {"change.svg", "five.svg"} <= {each.name for each in Path("my demo").iterdir()}


def test_the_program_is_named_as_the_shell_finds_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """`deals`, if that is this one; else its path, from here if it is below."""
    folder = Path("demo")
    monkeypatch.setenv("PATH", str(DEALS.parent))
    assert next_commands(folder)[0].startswith("  deals --ledger demo/deals.db stakes openai")

    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.chdir(DEALS.parent.parent)
    assert next_commands(folder)[0].startswith("  bin/deals --ledger demo/deals.db")
