"""The contract, kept by a PostgreSQL database."""

from __future__ import annotations

import pytest
from contract.contract import Contract


class TestPostgresql(Contract):
    @pytest.fixture
    def url(self, postgres_url: str) -> str:
        return postgres_url
