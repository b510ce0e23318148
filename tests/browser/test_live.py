"""The page that a server gives: it asks for its document, and is told when the record has grown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.served import serving

from dealledger.events import parse_event
from dealledger.ledger import Ledger

pytestmark = pytest.mark.slow

PAID = {"kind": "payment", "payer": "aa", "payee": "bb", "currency": "USD", "amount": "5000000",
        "effective_on": "2024-02-01"}  # fmt: skip


def test_the_page_of_a_server_says_when_the_record_has_grown(chromium: Any, tmp_path: Path) -> None:
    """Read again, it shows what is new; its policy is kept all the while."""
    file = str(tmp_path / "deals.db")
    parties = [
        {"kind": "party", "party": slug, "name": slug.upper(), "effective_on": "2024-01-01"}
        for slug in ("aa", "bb")
    ]
    trouble: list[str] = []
    with Ledger.create(file, origin="example.org/live") as ledger, serving(file) as (port, _):
        ledger.append(map(parse_event, (*parties, PAID)))
        page = chromium.new_page()
        page.on("console", lambda message: trouble.append(message.text))
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.goto(f"http://127.0.0.1:{port}/#view=log")
        page.wait_for_selector("html[data-ready=yes]", timeout=60_000)
        assert "3 events of example.org/live" in page.inner_text("#foot")

        ledger.append([parse_event({**PAID, "amount": "7000000"})])
        page.click("#grown", timeout=30_000)
        page.wait_for_selector("text=4 events of example.org/live", timeout=60_000)
        page.close()
    assert [] == trouble
