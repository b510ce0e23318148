"""A real browser for the tests of the page: one for all tests of a worker, a clean context for each."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from browser.finding import MISSING, QUIET, find_browser, is_required


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Start the browser; without one skip in one line, or fail where it is required."""
    found = find_browser()
    if found is None:
        if is_required():
            pytest.fail(MISSING, pytrace=False)
        pytest.skip(MISSING)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found.program,
            args=list(QUIET),
            env={**os.environ, **found.needs},
        )
        yield browser
        browser.close()
