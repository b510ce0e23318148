"""docs/architecture.md shows the house as it is, and docs/compatibility.md what tests keep."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from support.rooms import PICTURE, arrows, drawn, rooms, wanted

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "architecture.md").read_text()
PROMISES = (ROOT / "docs" / "compatibility.md").read_text()


def test_the_picture_shows_what_imports_what() -> None:
    """Each room and each arrow, no more and no less."""
    differ = wanted() ^ drawn(PICTURE.read_text())

    assert not differ, f"run make docs: docs/rooms.svg differs by {sorted(differ)}"


def test_arrows_of_the_picture_point_down() -> None:
    """What is drawn is what test_tidy demands, and events are below all."""
    order = ["events", "ledger", "projections", "web", "cli"]

    assert "ledger/storage->ledger/proof" in wanted()
    for room, other in arrows():
        assert order.index(other.split("/")[0]) <= order.index(room.split("/")[0])


@pytest.mark.parametrize("named", sorted(set(re.findall(r"`((?:\w+/)+\w+\.py)`", PAGE))))
def test_every_file_that_is_named_exists(named: str) -> None:
    """The two walks and the ten answers lead somewhere."""
    assert (ROOT / named).is_file(), f"say in docs/architecture.md where {named} is now"


@pytest.mark.parametrize("named", sorted(set(re.findall(r"`(tests/[\w/]+\.py)`", PROMISES))))
def test_every_test_that_keeps_a_promise_exists(named: str) -> None:
    """docs/compatibility.md promises nothing that no test keeps."""
    assert (ROOT / named).is_file(), f"say in docs/compatibility.md what keeps the promise: {named}"


def test_every_promise_is_kept_by_a_test() -> None:
    """Each row of its tables names one."""
    rows = re.findall(r"^\| \*\*.*\|$", PROMISES, re.MULTILINE)

    assert 10 == len(rows)
    for row in rows:
        assert "`tests/" in row.rsplit(" | ", 1)[1], f"name the test that keeps it: {row}"


@pytest.mark.parametrize("room", rooms())
def test_every_room_is_named(room: str) -> None:
    """The sketch at the beginning has each folder, and the folder says what it is for."""
    sketch = PAGE.split("```")[1]

    assert f"{room.rpartition('/')[2]}/" in sketch, f"add {room}/ to docs/architecture.md"
    assert rooms()[room], f"say in the first line of {room}/__init__.py what the room is for"


def test_there_are_ten_questions() -> None:
    """Each with one file for an answer."""
    rows = re.findall(r"^\| Where .*\? \| `[\w/]+\.py` \|$", PAGE, re.MULTILINE)

    assert 10 == len(rows) == PAGE.count("| Where ")
