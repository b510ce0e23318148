"""The page in a real browser: from a file to the first paint, to the picture, and a slider's step.

Times are the browser's own, of the demo's page; its script says when the picture stands.
"""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any, Final

from bench.browser import MISSING, QUIET, find_browser
from bench.place import Place
from bench.rows import Goal, Result, Row, Skipped

WHAT: Final = "the demo's page in a browser"
_PAINTED: Final = """JSON.stringify([
  performance.getEntriesByName("first-contentful-paint")[0]?.startTime,
  performance.getEntriesByName("picture")[0].startTime,
])"""
_STEPPED: Final = """(async () => {
  const slider = document.getElementById("asof");
  const steps = [];
  for (let step = 0; step < 60; step++) {
    slider.value = +slider.min + ((slider.max - slider.min) * step) / 59;
    const begin = performance.now();
    slider.dispatchEvent(new Event("input"));
    const script = performance.now() - begin;
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0)));
    steps.push([script, performance.now() - begin]);
  }
  return steps;
})()"""


def measure(place: Place) -> Iterator[Result]:
    """Yield the rows 13."""
    page = place.folder / "page.html"
    words = ("--ledger", place.demo, "site", "-o", page, "--as-of", "2026-06-30")
    built = [place.timed(*words) for _ in range(place.runs)]
    yield _row("`deals site`, to the demo's page", built, Goal(3, unit=" s"))
    yield _row("its file", [page.stat().st_size / 1000], Goal(400, unit=" KB"))
    yield _row("its script, gzipped", [_script_bytes() / 1000], Goal(40, unit=" KB"))
    found = find_browser()
    if found is None:
        yield Skipped("13", WHAT, MISSING)
        return
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found.program, args=list(QUIET), env={**os.environ, **found.needs}
        )
        yield from _looked(browser, page, max(place.runs, 3))
        browser.close()


def _looked(browser: Any, page: Path, runs: int) -> Iterator[Result]:
    paints, pictures, steps = [], [], []
    for _ in range(runs + 1):
        tab = browser.new_page(viewport={"width": 1440, "height": 900})
        tab.goto(page.as_uri())
        tab.wait_for_selector("html[data-ready]")
        tab.wait_for_timeout(300)  # the browser books a paint a moment after it
        paint, picture = json.loads(tab.evaluate(_PAINTED))
        paints.append(paint)
        pictures.append(picture)
        steps = tab.evaluate(_STEPPED)
        tab.close()
    # The first page also starts the browser's own machinery.
    yield _row("first paint, from a file", paints[1:], Goal(150, unit=" ms"))
    yield _row("the picture stands", pictures[1:], Goal(300, unit=" ms"))
    yield _row("a step of the slider: script", [each[0] for each in steps], Goal(16, unit=" ms"))
    yield _row("a step of the slider: painted", [each[1] for each in steps], Goal(50, unit=" ms"))


def _script_bytes() -> int:
    from dealledger.web.bundle import script

    return len(gzip.compress(script().encode(), 9))


def _row(what: str, values: list[float], goal: Goal) -> Row:
    value = median(values)
    ours = f"{value:,.1f}{goal.unit}"
    return Row("13", what, ours, "–", value, min(values), max(values), goal)
