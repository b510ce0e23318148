"""What tests of the command line share: a folder with a small ledger."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.standing import Stand


@pytest.fixture
def stand(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Stand:
    """Give what makes or copies a small ledger, such as `stand.among(("a", "b"), on="2024-01-01")`."""
    return Stand(tmp_path, monkeypatch, capsys, tmp_path_factory)
