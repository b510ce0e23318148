"""Each test here stands in a folder with a small ledger and two keys."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.proving import KEY, LINES, ORIGIN, OTHER, Deals

from dealledger.cli.main import run
from dealledger.ledger import ledger as store


@pytest.fixture(autouse=True)
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in a folder with a small ledger, recorded at one moment by one person."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DEALS_LEDGER", raising=False)
    monkeypatch.setattr(store, "_now", lambda: 1_750_000_000_000_000)
    monkeypatch.setattr(store, "_user", lambda: "ada")
    Path("events.jsonl").write_text(LINES.strip())
    assert 0 == run(["init", "--origin", ORIGIN])
    assert 0 == run(["import", "events.jsonl"])
    for name, key in (("ledger.key", KEY), ("other.key", OTHER)):
        Path(name).write_text(key.secret_text() + "\n")
        Path(name).chmod(0o600)


@pytest.fixture
def deals(capsys: pytest.CaptureFixture[str]) -> Deals:
    """Give a function that runs a command line."""
    return Deals(capsys)
