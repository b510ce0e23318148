"""The same page over a live ledger: it says when the record has grown, and shows it."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser

DEALS = str(Path(sys.prefix) / "bin" / "deals")


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """Serve a ledger of two parties, and give its address and file."""
    file = tmp_path / "deals.db"
    deals = [DEALS, "--ledger", str(file)]
    subprocess.run([*deals, "init"], check=True, capture_output=True)
    append = [*deals, "append", "payment", "--payer", "ana", "--payee", "bob", "--register"]
    subprocess.run([*append, "--amount", "1M USD", "--on", "2025-01-02"], check=True)
    with subprocess.Popen([*deals, "serve", "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as server:  # fmt: skip
        assert server.stdout
        found = next(filter(None, (re.search(r"http://\S+", line) for line in server.stdout)))
        yield found[0].rstrip("/."), file
        server.terminate()


def test_a_page_that_is_served_tells_of_new_events(chromium: Any, served: tuple[str, Path]) -> None:
    """Its document comes by itself; what is appended while it is open is offered, and then shown."""
    address, file = served
    trouble: list[str] = []
    page = chromium.new_page()
    page.on("console", lambda message: trouble.append(message.text))
    page.on("pageerror", lambda error: trouble.append(error.message))
    page.goto(address)
    page.wait_for_selector("html[data-ready=yes]")
    page.wait_for_selector(".edges tbody tr")
    before = page.locator(".edges tbody tr").count()
    append = [DEALS, "--ledger", str(file), "append", "payment", "--payer", "bob", "--payee", "ana"]
    subprocess.run([*append, "--amount", "2M USD", "--on", "2025-02-03"], check=True)
    page.wait_for_selector("#grown:visible")
    page.click("#grown button")
    page.wait_for_selector(f".edges .count:has-text('{before + 1} row')")
    page.close()

    assert [] == trouble
