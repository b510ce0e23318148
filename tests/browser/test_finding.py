"""A browser is found where it is said, and its absence is one line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bench.browser import find_browser

NONE_THERE = {"PATH": "/nowhere", "DEALS_BROWSER": "", "DEALS_BROWSER_REQUIRED": ""}


def program(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


def test_the_order_of_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The named one, then one on the path, then the unpacked one with its libraries."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.delenv("DEALS_BROWSER", raising=False)
    assert find_browser(tmp_path) is None

    unpacked = program(tmp_path / "chromium")
    found = find_browser(tmp_path)
    assert found is not None
    assert unpacked == found.program
    assert found.needs["LD_LIBRARY_PATH"].startswith(str(tmp_path / "lib"))

    on_path = program(tmp_path / "bin" / "chromium-browser")
    assert (on_path, {}) == find_browser(tmp_path)

    named = program(tmp_path / "mine")
    monkeypatch.setenv("DEALS_BROWSER", str(named))
    assert (named, {}) == find_browser(tmp_path)

    monkeypatch.setenv("DEALS_BROWSER", str(tmp_path / "gone"))
    with pytest.raises(FileNotFoundError, match="DEALS_BROWSER names no file"):
        find_browser(tmp_path)


@pytest.mark.parametrize(("required", "outcome"), [("", "1 skipped"), ("1", "1 error")])
def test_without_a_browser(tmp_path: Path, required: str, outcome: str) -> None:
    """Tests are skipped, and say how to get one; where it is required they fail."""
    folder = Path(__file__).parent
    (tmp_path / "conftest.py").write_text(
        (folder / "conftest.py").read_text()
        + "\nfrom pathlib import Path\n"
        + f"find_browser.__defaults__ = (Path({str(tmp_path)!r}),)\n"
    )
    (tmp_path / "test_it.py").write_text("def test_it(chromium): ...\n")
    command = [sys.executable, "-m", "pytest", "-rs", "-p", "no:cacheprovider", "test_it.py"]
    environment = {
        **os.environ,
        **NONE_THERE,
        "DEALS_BROWSER_REQUIRED": required,
        "PYTHONPATH": os.pathsep.join(map(str, folder.parents[:2])),
    }
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )

    assert outcome in done.stdout
    assert "no browser: make browser" in done.stdout


@pytest.mark.browser
def test_the_browser_draws(chromium: Any) -> None:
    """What was found is a Chromium that lays out text."""
    page = chromium.new_page()
    page.set_content("<p id=it>deals</p>")

    assert page.locator("#it").bounding_box()["height"] > 0
    page.close()
