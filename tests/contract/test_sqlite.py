"""The contract, kept by a SQLite file."""

from __future__ import annotations

from pathlib import Path

import pytest
from contract.contract import Contract


@pytest.fixture(scope="module")
def shared_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(tmp_path_factory.mktemp("shared") / "deals.db")


class TestSqlite(Contract):
    @pytest.fixture
    def url(self, tmp_path: Path) -> str:
        return str(tmp_path / "deals.db")
