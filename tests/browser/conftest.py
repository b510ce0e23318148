"""A real browser for the tests of the page: one for all tests of a worker, a clean context for each."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bench.browser import MISSING, QUIET, find_browser, is_required
from dealledger.ledger import Ledger

Look = Callable[..., Any]
LAST = date(2026, 6, 30)


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


@pytest.fixture(scope="session")
def demo_page(demo: Ledger, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the page of the demo with its story, as a file."""
    from dealledger.cli.sealing import sealed
    from dealledger.web.page import PageAsked, page_document
    from dealledger.web.site import site

    story = (Path(__file__).parents[2] / "cli/data/ai-alliance.md").read_text(encoding="utf-8")
    file = tmp_path_factory.mktemp("page") / "alliances.html"
    file.write_bytes(site(page_document(demo, PageAsked(LAST, story=story), sealed(demo))))
    return file


@pytest.fixture
def look(chromium: Any, demo_page: Path) -> Iterator[Look]:
    """Give a function that opens a page, the demo's by default, at a fragment.

    After the test nothing may have been said on the console (a breach of the policy is said
    there), thrown, or asked of any network.
    """
    trouble: list[str] = []
    contexts = []

    def opened(fragment: str = "", file: Path | None = None, **settings: Any) -> Any:
        size = settings.pop("size", (1440, 900))
        context = chromium.new_context(
            viewport={"width": size[0], "height": size[1]}, accept_downloads=True, **settings
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("console", lambda message: trouble.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: trouble.append(f"error: {error.message}"))
        page.on("dialog", lambda dialog: trouble.append(f"dialog: {dialog.message}"))
        page.on("request", lambda request: trouble.extend(_outside(request.url)))
        page.goto((file or demo_page).as_uri() + fragment)
        page.wait_for_selector("html[data-ready=yes]")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert [] == trouble


def _outside(url: str) -> list[str]:
    kept = url.startswith(("file:", "data:", "blob:"))
    return [] if kept else [f"request: {url}"]
