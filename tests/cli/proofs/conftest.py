"""Each test here stands in a folder with a small ledger and two keys."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.given import recorded
from support.proving import KEY, LINES, MOMENT, ORIGIN, OTHER, Deals


@pytest.fixture(autouse=True)
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in a folder with a small ledger, recorded at one moment by one person."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DEALS_LEDGER", raising=False)
    Path("events.jsonl").write_text(LINES.strip())
    recorded(LINES, ORIGIN, MOMENT)
    for name, key in (("ledger.key", KEY), ("other.key", OTHER)):
        Path(name).write_text(key.secret_text() + "\n")
        Path(name).chmod(0o600)


@pytest.fixture
def deals(capsys: pytest.CaptureFixture[str]) -> Deals:
    """Give a function that runs a command line."""
    return Deals(capsys)
