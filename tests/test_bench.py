"""The benchmark runs: a small one of each kind, so that it cannot rot. Nothing here looks at times."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench.__main__ import MEASUREMENTS, main

SMALL = ["--events", "300", "--larger", "600", "--runs", "1"]


@pytest.mark.long
@pytest.mark.parametrize("name", MEASUREMENTS)
def test_each_measurement_runs(tmp_path: Path, name: str) -> None:
    """It gives rows with a ratio, or says what is missing here; page and JSON hold them."""
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- measured -->\nOLD TABLE\n<!-- end -->\nafter\n")

    assert main([*SMALL, "--only", name, "--output", str(tmp_path / "page")]) in (0, 1)
    rows = json.loads((tmp_path / "page.json").read_text())["rows"]
    assert rows
    for row in rows:
        assert row["what"]
        assert row.get("why") or row["low"] <= row["value"] <= row["high"]
    said = page.read_text()
    assert said.startswith("before\n<!-- measured -->\n| ")
    assert said.endswith("\n<!-- end -->\nafter\n")
    assert "OLD TABLE" not in said
