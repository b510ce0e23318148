"""The contract, kept by a PostgreSQL database."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from contract.contract import Contract
from support.given import fresh_database


@pytest.fixture(scope="module")
def shared_url(postgres_server: Any) -> Iterator[str]:
    with fresh_database(postgres_server) as url:
        yield url


class TestPostgresql(Contract):
    @pytest.fixture
    def url(self, postgres_url: str) -> str:
        return postgres_url
