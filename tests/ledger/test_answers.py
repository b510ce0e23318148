"""A View asks the database each thing once, and keeps no more than fits."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, event
from support.asking import ALLIANCE
from support.given import ORIGIN, behind_its_back, pays

from dealledger.cli.main import run
from dealledger.events import parse_event, read_object
from dealledger.ledger import Ledger
from dealledger.ledger.storage.answers import KeptAnswers


@contextmanager
def counted() -> Iterator[Counter[tuple[str, str]]]:
    """Count the statements that are sent, with their values; beginning a transaction is none."""
    sent: Counter[tuple[str, str]] = Counter()

    def count(
        _connection: object, _cursor: object, statement: str, values: object, *_: object
    ) -> None:
        if not statement.startswith("BEGIN"):
            sent[statement, repr(values)] += 1

    event.listen(Engine, "before_cursor_execute", count)
    try:
        yield sent
    finally:
        event.remove(Engine, "before_cursor_execute", count)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("alliance") / "deals.db"
    with Ledger.create(file, origin=ORIGIN) as ledger:
        lines = ALLIANCE.read_bytes().splitlines()
        ledger.append(parse_event(read_object(line)) for line in lines)
    return file


@pytest.mark.parametrize(
    ("command", "most"),
    [
        ("relation microsoft openai", 16),
        ("reconcile", 15),
        ("diagram --rivals -f dot", 22),
        ("exposure openai", 10),
        ("commitments openai", 9),
        ("stakes openai", 6),
        ("flows", 6),
    ],
)
def test_no_statement_is_sent_twice(file: Path, command: str, most: int) -> None:
    """However many projections of an answer ask for the same; that is so many statements."""
    with counted() as sent:
        assert run(["--ledger", str(file), *command.split()]) in (0, 1)

    assert [] == [statement for statement, times in sent.items() if times > 1]
    assert 4 < len(sent) <= most


def test_views_of_one_record_share_their_answers(file: Path, tmp_path: Path) -> None:
    """Also those of another date, when they come back."""
    with Ledger.open(shutil.copy(file, tmp_path)) as ledger:
        view = ledger.at(date(2025, 10, 28))
        wanted = view.events("party"), view.sums(), view.root, view.at(date(2024, 1, 1)).events()
        behind_its_back(ledger, "DELETE FROM entry")
        asked = view.at(date(2024, 1, 1)).at(date(2025, 10, 28))

        assert wanted == (
            asked.events("party"), asked.sums(), asked.root, asked.at(date(2024, 1, 1)).events(),
        )  # fmt: skip


def test_what_others_append_is_seen_by_the_next_view(tmp_path: Path) -> None:
    """A View never changes, and the next one asks anew."""
    with Ledger.create(tmp_path / "deals.db", origin=ORIGIN) as ledger:
        ledger.append([pays("a")], register=True)
        before = ledger.at(date(2024, 1, 1))
        assert 1 == len(before.events("payment"))
        ledger.append([pays("b")])

        assert [1, 2] == [
            len(view.events("payment")) for view in (before, ledger.at(date(2024, 1, 1)))
        ]


def test_what_a_caller_changes_is_its_own(file: Path) -> None:
    """An answer that can be changed is given as a copy."""
    with Ledger.open(file) as ledger:
        view = ledger.at(date(2026, 1, 1))
        view.positions(["D001"]).clear()

        assert view.positions(["D001"])


def test_the_longest_unused_answers_are_forgotten() -> None:
    """In all no more rows than were said; what is larger than all of it is not kept."""
    answers, asked = KeptAnswers(10), []

    def rows(name: str, count: int) -> int:
        def ask() -> range:
            asked.append(name)
            return range(count)

        return len(answers.to(name, ask))

    assert [3, 3, 3] == [rows("a", 3), rows("b", 3), rows("a", 3)]
    assert [3, 3, 3] == [rows("c", 3), rows("a", 3), rows("b", 3)]
    assert [10, 10, 3] == [rows("huge", 10), rows("huge", 10), rows("b", 3)]
    assert ["a", "b", "c", "b", "huge", "huge"] == asked
