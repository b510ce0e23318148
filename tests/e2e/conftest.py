"""The two ledgers that are asked from the outside: E1 on both engines, and the AI alliance web."""

from __future__ import annotations

import pytest
from support.asking import ALLIANCE, CASES, Ask, asker, loaded


@pytest.fixture
def e1(ledger_url: str, capsys: pytest.CaptureFixture[str]) -> Ask:
    """Ask the worked ledger E1, at the end of its year."""
    loaded(ledger_url, CASES / "e1.jsonl")
    ask = asker(ledger_url, capsys)
    return lambda *arguments, **form: ask(*arguments, "--as-of", "2025-12-31", **form)


@pytest.fixture(scope="session")
def alliance(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Load the AI alliance ledger once."""
    url = str(tmp_path_factory.mktemp("alliance") / "deals.db")
    loaded(url, ALLIANCE)
    return url


@pytest.fixture
def ask(alliance: str, capsys: pytest.CaptureFixture[str]) -> Ask:
    """Ask the AI alliance ledger."""
    return asker(alliance, capsys)
