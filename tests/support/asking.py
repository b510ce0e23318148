"""How tests ask a ledger through the real command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

from dealledger.cli.main import run

CASES: Final = Path(__file__).parents[1] / "cases"
ALLIANCE: Final = Path(__file__).parents[2] / "cli" / "data" / "ai-alliance.jsonl"
BILLION: Final = 10**9

Ask = Callable[..., Any]


def asker(url: str, capsys: pytest.CaptureFixture[str]) -> Ask:
    """Return a function that runs a query on the ledger at *url*, and gives its JSON or text."""

    def ask(*arguments: str, form: str = "json") -> Any:
        capsys.readouterr()
        wide = ["--wide"] if form == "table" else []
        assert 0 == run(["--ledger", url, *arguments, "-f", form, *wide])
        said = capsys.readouterr().out
        return json.loads(said) if form == "json" else said

    return ask


def loaded(url: str, file: Path) -> None:
    """Make a ledger at *url* of the events in *file*."""
    assert 0 == run(["--ledger", url, "init", "--origin", "example.org/case"])
    assert 0 == run(["--ledger", url, "import", str(file)])
