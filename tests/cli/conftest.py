"""What tests of the command line share: a folder with a small ledger."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.standing import Stand

from dealledger.cli.main import run


@pytest.fixture
def stand(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Stand:
    """Give what makes or copies a small ledger, such as `stand.among(("a", "b"), on="2024-01-01")`."""
    return Stand(tmp_path, monkeypatch, capsys, tmp_path_factory)


@pytest.fixture
def empty_ledger(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Stand in a folder with an empty ledger."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DEALS_LEDGER", raising=False)
    assert 0 == run(["init", "--origin", "example.org/x"])
    capsys.readouterr()
