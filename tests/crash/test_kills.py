"""Commands that are ended by force leave all or nothing: `KILLS=1000 pytest tests/crash/test_kills.py`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent
KILLS = int(os.environ.get("KILLS") or (60 if os.environ.get("CI") else 20))


@pytest.mark.long
def test_commands_that_are_ended_leave_all_or_nothing(postgres_url: str) -> None:
    """At random moments of every command that writes; what is left is whole, and can be gone on with."""
    done = subprocess.run(
        [sys.executable, FOLDER / "kills.py", str(KILLS), "20", postgres_url],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(FOLDER.parent)},
    )
    assert (0, "") == (done.returncode, done.stderr)
    told = json.loads(done.stdout)
    sys.stdout.write(f"{told['became']} of {KILLS}; steps: {told['steps']}\n")

    assert [] == told["problems"]
    assert KILLS == sum(told["became"].values())
    assert 5 <= min(told["steps"].values())
    assert {"nothing", "everything"} <= set(told["became"]) or KILLS < 30
