"""The contract, kept by a SQLite file."""

from __future__ import annotations

from pathlib import Path

import pytest
from contract.contract import Contract


class TestSqlite(Contract):
    @pytest.fixture
    def url(self, tmp_path: Path) -> str:
        return str(tmp_path / "deals.db")
