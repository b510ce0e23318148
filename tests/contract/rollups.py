"""Roll-ups: the same sums as the journal itself, at every point of the two times."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from support.given import behind_its_back, event, pays, retracts, without_newer_guards

from dealledger.events import Event
from dealledger.ledger import Damaged, Ledger, View
from dealledger.ledger.proof.merkle import Frontier
from dealledger.ledger.storage import segments
from dealledger.ledger.storage.sql_view import SqlView
from dealledger.ledger.storage.tables import ROLLUP

FIRST = date(2023, 11, 28)
CURRENCIES = ("USD", "EUR", None)
CONFIDENCES = ("confirmed", "reported", None)


def _some(choice: random.Random, number: int) -> Event:
    one, other = choice.sample(("acme", "beta", "core"), 2)
    currency = choice.choice(CURRENCIES)
    fields = {"amount": str(choice.randrange(1, 10**15)), "currency": currency} if currency else {}
    confidence = choice.choice(CONFIDENCES)
    fields |= {"confidence": confidence} if confidence else {}
    on = (FIRST + timedelta(days=choice.randrange(0, 500))).isoformat()
    if choice.random() < 0.5:
        return event("payment", f"e{number}", on=on, payer=one, payee=other, **fields)
    return event("funding", f"e{number}", on=on, investor=one, investee=other, **fields)


def _history(seed: int, length: int) -> Iterator[list[Event]]:
    """Yield batches of random cash, some of them retracted later."""
    choice, number = random.Random(seed), 0
    while number < length:
        batch = [_some(choice, number + each) for each in range(choice.randrange(1, 9))]
        gone = [number + index for index in range(len(batch)) if choice.random() < 0.2]
        yield batch
        yield [retracts(f"e{each}") for each in gone]
        number += len(batch)


def _from_journal(view: View) -> View:
    assert isinstance(view, SqlView)
    return replace(view, _rolled=False)


class Rollups:
    """What a store promises about its roll-ups, with segments of 4 positions, merged by 16."""

    @pytest.fixture
    def rolled(self, ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> Ledger:
        """Make a ledger of some 150 records of cash, of which 9 segments are merged."""
        monkeypatch.setattr(segments, "SEGMENT", 4)
        monkeypatch.setattr(segments, "MERGED", 16)
        for batch in _history(7, 120):
            ledger.append(batch)
        return ledger

    @pytest.mark.slow
    def test_sums_are_those_of_the_journal(self, rolled: Ledger) -> None:
        """At 300 random points, also by year or confidence, of everybody and of one party."""
        choice, size = random.Random(3), rolled.head().size
        asked = 0
        for _ in range(300):
            day = FIRST + timedelta(days=choice.randrange(-5, 520))
            view = rolled.at(choice.choice((day, date(2024, 12, 31), date(2024, 2, 29), date.max)),
                             choice.randrange(0, size + 1))  # fmt: skip
            plain, party = _from_journal(view), choice.choice(("acme", None))
            years = choice.random() < 0.5

            assert plain.sums(party=party, by_year=years) == view.sums(party=party, by_year=years)
            assert plain.sureness() == view.sureness()
            asked += bool(plain.sums())
        assert asked > 200

    def test_they_are_read(self, rolled: Ledger) -> None:
        """An answer does come from them: it changes when they are changed."""
        view = rolled.at(date.max)
        behind_its_back(rolled, "DELETE FROM rollup")

        assert _from_journal(view).sums() != view.sums()

    def test_each_whole_segment_has_one(self, rolled: Ledger) -> None:
        """Of 4 positions by month, of 16 by month and by year; no more and no fewer."""
        size = rolled.head().size
        with rolled._reading() as connection:
            ends = {
                level: set(
                    connection.execute(select(ROLLUP.c.segment).where(ROLLUP.c.level == level))
                    .scalars()
                )
                for level in range(6)
            }  # fmt: skip

        assert set(range(4, size + 1, 4)) == ends[0] == ends[3]
        assert set(range(16, size + 1, 16)) == ends[1] == ends[2] == ends[4] == ends[5]
        assert () == rolled.verify().findings

    @pytest.mark.parametrize(
        ("statement", "found"),
        [
            ("UPDATE rollup SET low = low + 1 WHERE level = 0 AND segment = 8", 8),
            ("DELETE FROM rollup WHERE level = 1 AND segment = 16", 16),
            ("DELETE FROM rollup WHERE level = 2 AND segment = 32", 32),
            ("UPDATE rollup SET segment = 9 WHERE level = 0 AND segment = 8", 9),
            ("UPDATE rollup SET level = 7 WHERE level = 2 AND segment = 16", 16),
            ("DELETE FROM subtree WHERE position = 20", 20),
            ("UPDATE subtree SET position = 21 WHERE position = 24", 21),
        ],
    )
    def test_verify_names_a_changed_one(self, rolled: Ledger, statement: str, found: int) -> None:
        """By the position up to which it should be the sum or the root."""
        behind_its_back(rolled, statement)
        findings = [str(each) for each in rolled.verify().findings]
        kept = {
            "rollup": "the roll-up up to here differs from the journal",
            "subtree": "the subtree up to here differs from the leaves",
        }
        [said] = [said for table, said in kept.items() if table in statement]

        assert f"@{found}: {said}" in findings

    def test_the_root_of_the_past(self, rolled: Ledger) -> None:
        """At every position, the root over the leaves themselves."""
        leaves = [record.leaf for record in rolled.read()]

        assert [Frontier().extended(leaves[:size]).root().hex() for size in range(len(leaves))] == [
            rolled.at(date.max, size).root for size in range(len(leaves))
        ]

    def test_a_missing_subtree_is_an_error_that_says_so(self, rolled: Ledger) -> None:
        """A root is never computed from a part of the record."""
        behind_its_back(rolled, "DELETE FROM subtree WHERE position = 8")

        with pytest.raises(Damaged, match=r"a subtree of the record is missing .*deals verify"):
            _ = rolled.at(date.max, 10).root

    def test_a_copy_has_its_own(self, rolled: Ledger, tmp_path: Path) -> None:
        """A backup is summed as quickly as the original."""
        with Ledger.create(tmp_path / "copy.db", source=rolled) as copy:
            assert () == copy.verify().findings
            assert rolled.at(date(2024, 6, 15)).sums() == copy.at(date(2024, 6, 15)).sums()

    def test_a_ledger_from_before_roll_ups_goes_on_without(self, rolled: Ledger, url: str) -> None:
        """It is asked, appended to and verified as it is."""
        wanted, root = rolled.at(date.max).sums(), rolled.at(date.max, 50).root
        behind_its_back(
            rolled, "DROP TABLE rollup", "DROP TABLE subtree", "UPDATE head SET schema_version = 1"
        )
        without_newer_guards(rolled)
        with Ledger.open(url) as older:
            assert wanted == older.at(date.max).sums()
            assert root == older.at(date.max, 50).root
            older.append([pays(f"more-{each}") for each in range(5)])

            assert [] == [each for each in older.verify().findings if each.position]
            older.renew_guards()
            assert not [each for each in older.verify().findings if "guard" in each.message]

    def test_a_dry_run_and_a_refused_append_leave_none(self, rolled: Ledger) -> None:
        """They are written with the events, or not at all."""
        with rolled._reading() as connection:
            before = connection.execute(select(func.count()).select_from(ROLLUP)).scalar()
        rolled.append([pays(f"dry-{each}") for each in range(9)], dry_run=True)
        with rolled._reading() as connection:
            assert before == connection.execute(select(func.count()).select_from(ROLLUP)).scalar()
