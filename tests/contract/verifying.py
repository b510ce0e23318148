"""Verification: what was appended is there, and every edit behind the ledger's back is named."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from support.given import behind_its_back, event, funds, pays, promises, retracts

from dealledger.events import DealLedgerError
from dealledger.ledger import Damaged, Ledger, Unverified, Verified
from dealledger.ledger.audit.hashed import hashed_log
from dealledger.ledger.proof.merkle import Frontier, leaf_hash

GIVEN = [
    promises("C", "100", deal="d"),
    pays("P", "7", deal="d", commitment="C"),
    funds("F", "9"),
    retracts("F"),
    pays("Q", "8"),
]
"""What the ledger holds at @4 to @8."""

MORE = (
    "INSERT INTO entry (position, line, effective_on, announced_on, category, source, target, "
    "currency, minor, undisclosed) VALUES (5, 2, '2024-01-01', '2024-01-01', 'payment', 'acme', "
    "'beta', 'USD', 1, 0)"
)
ROOT = "the root of the stored records is not that of the head"

EDITS: list[Any] = [
    ("leaf", "UPDATE event SET leaf = :leaf WHERE position = 5",
     ["@5: the bytes of P are not those that were hashed"]),
    ("id", "UPDATE event SET id = 'PP' WHERE position = 5",
     ["@5: columns differ from the bytes: id"]),
    ("kind", "UPDATE event SET kind = 'funding' WHERE position = 5",
     ["@5: columns differ from the bytes: kind"]),
    ("deal", "UPDATE event SET deal = 'e' WHERE position = 5",
     ["@5: columns differ from the bytes: deal"]),
    ("deal version", "UPDATE event SET deal_version = 9 WHERE position = 5",
     ["@5: deal_version is 2 in the hashed bytes, 9 stored"]),
    ("effective_on", "UPDATE event SET effective_on = '2020-01-01' WHERE position = 5",
     ["@5: columns differ from the bytes: effective_on"]),
    ("announced_on", "UPDATE event SET announced_on = '2020-01-01' WHERE position = 5",
     ["@5: columns differ from the bytes: announced_on"]),
    ("no date", "UPDATE event SET effective_on = 'soon' WHERE position = 5",
     ["@5: columns differ from the bytes: effective_on"]),
    ("retracts", "UPDATE event SET retracts = 8 WHERE position = 7",
     ["@7: columns differ from the bytes: retracts"]),
    ("retracts nothing", "UPDATE event SET retracts = NULL WHERE position = 7",
     ["@7: columns differ from the bytes: retracts"]),
    ("retracted", "UPDATE event SET retracts = 8 WHERE position = 5",
     ["@5: columns differ from the bytes: retracts"]),
    ("amount", "UPDATE entry SET minor = 701 WHERE position = 5",
     ["@5: the table entry differs from a rebuild"]),
    ("category", "UPDATE entry SET category = 'credits' WHERE position = 5",
     ["@5: the table entry differs from a rebuild"]),
    ("entry's day", "UPDATE entry SET effective_on = 'soon' WHERE position = 5",
     ["@5: the table entry differs from a rebuild"]),
    ("reversal", "DELETE FROM entry WHERE position = 7",
     ["@7: the table entry differs from a rebuild"]),
    ("more entries", MORE,
     ["@5: the table entry differs from a rebuild"]),
    ("entry behind", "UPDATE entry SET position = 9 WHERE position = 5",
     ["@5: the table entry differs from a rebuild", "@9: the table entry goes on behind the last record"]),
    ("entry before", "UPDATE entry SET position = 0 WHERE position = 5",
     ["@5: the table entry differs from a rebuild", "@0: the table entry begins before the first record"]),
    ("mention", "UPDATE mention SET party = 'core' WHERE party = 'acme' AND position = 5",
     ["@5: the table mention differs from a rebuild"]),
    ("mention before", "INSERT INTO mention VALUES (-1, 'acme', 'party')",
     ["@-1: the table mention begins before the first record"]),
    ("reference", "DELETE FROM reference WHERE position = 5",
     ["@5: the table reference differs from a rebuild"]),
    ("reference behind", "INSERT INTO reference VALUES (99, 'C')",
     ["@99: the table reference goes on behind the last record"]),
    ("store version", "UPDATE head SET schema_version = 1",
     ["the head says store version 1, the tables are of 2"]),
    ("no store version", "UPDATE head SET schema_version = -43",
     ["the head says store version -43, the tables are of 2"]),
    ("size", "UPDATE head SET size = 9", ["the head says 9 records, 8 are stored"]),
    ("frontier", "UPDATE head SET frontier = :leaf", [ROOT]),
    ("short frontier", "UPDATE head SET frontier = :short", [ROOT]),
    ("moment of the head", "UPDATE head SET recorded_at = recorded_at + 1",
     ["the head says another moment than the last record"]),
    ("last record", "DELETE FROM event WHERE position = 8",
     # Its moment is that of the record before: all of them were appended at once.
     ["@8: the table entry goes on behind the last record",
      "@8: the table mention goes on behind the last record",
      "the head says 8 records, 7 are stored"]),
    ("middle record", "DELETE FROM event WHERE position = 6",
     ["@6: missing; the next record is @7",
      "@7: columns differ from the bytes: retracts",
      "@6: the table entry differs from a rebuild",
      "@7: the table entry differs from a rebuild",
      "@6: the table mention differs from a rebuild",
      "the head says 8 records, 7 are stored"]),
]  # fmt: skip


def found(ledger: Ledger) -> list[str]:
    return [str(finding) for finding in ledger.verify().findings]


class Verifying:
    def test_verify_counts_and_is_clean(self, ledger: Ledger) -> None:
        """A ledger that nobody touched is clean, and its root is that of its views."""
        ledger.append(GIVEN)
        seen: list[int] = []
        result = ledger.verify(seen.append)

        assert (8, (), [8]) == (result.events, result.findings, seen)
        assert ledger.head().tree.root().hex() == result.root

    @pytest.mark.parametrize(
        ("edit", "findings"),
        [
            ("UPDATE event SET leaf = :leaf WHERE position = 5",
             ["@5: the bytes of P are not those that were hashed"]),
            ("UPDATE event SET body = :leaf WHERE position = 5",
             ["@5: the bytes of P are not those that were hashed", ROOT]),
            ("DELETE FROM event WHERE position = 6",
             ["@6: missing; the next record is @7", "the head says 8 records, 7 are stored"]),
            ("UPDATE head SET frontier = :leaf", [ROOT]),
            ("UPDATE entry SET minor = 701 WHERE position = 5", []),
        ],
    )  # fmt: skip
    def test_a_quick_look_is_at_the_bytes(
        self, ledger: Ledger, edit: str, findings: list[str]
    ) -> None:
        """Stored bytes, their hashes and places, and the root; not what is derived from them."""
        ledger.append(GIVEN)
        behind_its_back(ledger, edit, leaf=b"x" * 32)

        assert findings == [str(finding) for finding in ledger.verify(quick=True).findings]

    def test_hashed_records_are_the_records(self, ledger: Ledger) -> None:
        """From the bytes alone, whatever stands in the columns beside them."""
        ledger.append(GIVEN)
        records = tuple(ledger.read())
        behind_its_back(
            ledger, "UPDATE event SET actor = 'x', deal_version = 9, recorded_at = 0, "
            "effective_on = '2020-01-01' WHERE position = 5",
        )  # fmt: skip
        found = hashed_log(ledger)

        assert records == found.records
        assert Verified(8) == found.grounds.verified
        assert ledger.head().tree.root().hex() == found.at(date(2024, 1, 1)).root

    def test_edited_bytes_are_not_read(self, ledger: Ledger) -> None:
        """They are refused with what was found, as a check that failed."""
        ledger.append(GIVEN)
        behind_its_back(ledger, "UPDATE event SET body = :leaf WHERE position = 5", leaf=b"x" * 32)

        with pytest.raises(Unverified, match="@5: the bytes of P are not those that were hashed"):
            hashed_log(ledger)

    def test_a_quick_look_is_at_the_guards(self, ledger: Ledger) -> None:
        """They cost nothing to compare."""
        behind_its_back(ledger, restored=False)

        assert any("guard" in str(each) for each in ledger.verify(quick=True).findings)

    @pytest.mark.parametrize(
        ("edit", "findings"), [pytest.param(*case[1:], id=case[0]) for case in EDITS]
    )
    def test_edit_is_found(self, ledger: Ledger, edit: str, findings: list[str]) -> None:
        """Each column of each table is covered by the hash, or compared with a rebuild."""
        ledger.append(GIVEN)
        behind_its_back(ledger, edit, leaf=b"x" * 32, short=b"x" * 31)

        assert sorted(findings) == sorted(found(ledger))

    @pytest.mark.parametrize(
        ("edit", "message"),
        [
            ("recorded_at = 9223372036854775807", "recorded_at is "),
            ("recorded_at = -9223372036854775807", "recorded_at is "),
            ("recorded_at = recorded_at + 1", "recorded_at is "),
            ("actor = 'mallory'", "actor is 'ana' in the hashed bytes, 'mallory' stored"),
            ("actor = ''", "actor is 'ana' in the hashed bytes, '' stored"),
        ],
    )
    def test_edit_of_who_and_when_is_found(self, ledger: Ledger, edit: str, message: str) -> None:
        """Who recorded an event, and when, stands in the hashed bytes."""
        ledger.append(GIVEN, actor="ana")
        behind_its_back(ledger, f"UPDATE event SET {edit} WHERE position = 5")

        assert found(ledger)[0].startswith(f"@5: {message}")

    def test_a_changed_kind_or_id_is_no_answer(self, ledger: Ledger) -> None:
        """What columns say is how records are found; the bytes say what they are."""
        ledger.append(GIVEN)
        behind_its_back(ledger, "UPDATE event SET kind = 'payment' WHERE id = 'C'",
                        "UPDATE event SET id = 'PP' WHERE id = 'P'")  # fmt: skip
        view = ledger.at(date.max)

        for ask in (
            lambda: view.events("payment"),
            lambda: ledger.find("PP"),
            lambda: [*ledger.read()],
        ):
            with pytest.raises(Damaged, match=r"by its bytes, '.*' by its columns .*deals verify"):
                ask()

    @pytest.mark.slow
    def test_every_byte_counts(self, ledger: Ledger) -> None:
        """A body with one other byte is found, whether or not it is an event still."""
        ledger.append([pays("P", "7")])
        record = ledger.find("P")
        assert record is not None
        for at in range(0, len(record.body), 9):
            body = record.body[:at] + bytes([record.body[at] ^ 1]) + record.body[at + 1 :]
            edit = "UPDATE event SET body = :body WHERE position = 4"
            behind_its_back(ledger, edit, body=body)
            assert "@4: the bytes of P are not those that were hashed" == found(ledger)[0]

    def test_edit_with_its_hash_is_found_by_the_root(self, ledger: Ledger) -> None:
        """Who also writes the new leaf has not changed the head."""
        ledger.append(GIVEN)
        record = ledger.find("P")
        assert record is not None
        body = record.body.replace(b'"amount":"7"', b'"amount":"8"')
        edit = "UPDATE event SET body = :body, leaf = :leaf WHERE position = 5"
        behind_its_back(ledger, edit, body=body, leaf=leaf_hash(body))

        assert ["@5: the table entry differs from a rebuild", ROOT] == found(ledger)

    def test_swapped_records_are_found(self, ledger: Ledger) -> None:
        """The place of a record stands in its hashed bytes."""
        ledger.append([pays("P"), pays("Q")])
        moves = [
            f"UPDATE event SET position = {new} WHERE position = {old}"
            for old, new in ((4, 0), (5, 4), (0, 5))
        ]
        behind_its_back(ledger, *moves)

        assert {
            "@4: position is 5 in the hashed bytes, 4 stored",
            "@5: position is 4 in the hashed bytes, 5 stored",
            ROOT,
        } <= set(found(ledger))

    def test_record_before_the_first_is_found(self, ledger: Ledger) -> None:
        """A record at position 0 would be in every view."""
        behind_its_back(
            ledger,
            "INSERT INTO event SELECT 0, 'x', kind, deal, deal_version, effective_on, "
            "announced_on, recorded_at, actor, retracts, body, leaf FROM event WHERE position = 1",
        )

        assert "@0: the table event begins before the first record" in found(ledger)

    def test_cut_end_with_its_head_needs_a_root_kept_elsewhere(self, ledger: Ledger) -> None:
        """A shorter ledger that is whole in itself is clean: only its root and size tell."""
        ledger.append(GIVEN)
        before = ledger.verify()
        leaves = [each.leaf for each in ledger.read(limit=7)]
        moment = next(ledger.read(after=6)).recorded_at
        behind_its_back(
            ledger,
            *(f"DELETE FROM {table} WHERE position = 8" for table in ("event", "entry", "mention")),
            "UPDATE head SET size = 7, frontier = :tree, recorded_at = :moment",
            tree=Frontier().extended(leaves).to_bytes(),
            moment=moment,
        )
        after = ledger.verify()

        assert [] == found(ledger)
        assert (8, 7) == (before.events, after.events)
        assert before.root != after.root

    def test_record_of_another_ledger_is_found(self, ledger: Ledger) -> None:
        """The origin stands in every record."""
        behind_its_back(ledger, "UPDATE head SET origin = 'example.org/other'")

        assert [
            f"@{n}: ledger is 'example.org/deals' in the hashed bytes, 'example.org/other' stored"
            for n in (1, 2, 3)
        ] == found(ledger)

    def test_damaged_head_is_an_error_that_says_so(self, ledger: Ledger) -> None:
        """Nothing is appended to a tree that is none."""
        behind_its_back(ledger, "UPDATE head SET frontier = :short", short=b"x")

        for ask in (ledger.head, lambda: ledger.append([pays("a")])):
            with pytest.raises(Damaged, match=r"the head .*run: deals verify"):
                ask()
        assert [ROOT] == found(ledger)

    @pytest.mark.parametrize("table", ["event", "entry"])
    def test_unreadable_date_is_an_error_that_says_so(self, ledger: Ledger, table: str) -> None:
        """A column that holds no date is corrupt data, not a crash."""
        ledger.append([pays("P", on="2024-01-01")])
        behind_its_back(ledger, f"UPDATE {table} SET effective_on = '2024-01' WHERE position = 4")
        view = ledger.at(GIVEN[0].effective_on)

        with pytest.raises(DealLedgerError, match="'2024-01' is not a date"):
            view.sums(by_day=True) if table == "entry" else view.events()

    def test_dropped_guards_are_found(self, ledger: Ledger) -> None:
        """A ledger whose guards are gone is named, even if nothing was changed."""
        behind_its_back(ledger, restored=False)

        guards = [each for each in found(ledger) if each.startswith("guard: the trigger event_")]
        assert 2 <= len(guards)

    def test_verify_sees_one_state(self, ledger: Ledger, url: str) -> None:
        """What is appended while a ledger is being verified is no finding."""
        if not url.startswith("postgres"):
            pytest.skip("a SQLite file that is being read is not written at the same time")
        new = event("rivalry", "r", a="acme", b="beta")

        def meanwhile(count: int) -> None:
            other.append([new])

        with Ledger.open(url) as other:
            result = ledger.verify(meanwhile)

        assert (3, ()) == (result.events, result.findings)
        assert 4 == ledger.head().size

    @pytest.mark.parametrize("place", [0, 2])
    def test_a_second_head_is_found(self, ledger: Ledger, place: int) -> None:
        """Which row says the size? Verify names it, and nothing is asked or appended until then."""
        columns = "origin, schema_version, size, frontier, recorded_at, layout"
        behind_its_back(
            ledger,
            f"INSERT INTO head (id, {columns}) SELECT {place}, {columns} FROM head WHERE id = 1",
        )
        said = r"^the table head has 2 rows instead of one \(restore a backup: deals restore\)$"

        assert ["the table head has 2 rows instead of one"] == found(ledger)
        for action in (ledger.head, ledger.health, lambda: ledger.append([pays("P")])):
            with pytest.raises(Damaged, match=said):
                action()
        assert 3 == ledger.verify().events

    def test_a_head_that_is_gone_is_found(self, ledger: Ledger) -> None:
        """Without it there is nothing to compare with: one line, also of verify."""
        behind_its_back(ledger, "DELETE FROM head")
        for action in (ledger.head, ledger.verify, lambda: ledger.append([pays("P")])):
            with pytest.raises(Damaged, match=r"^the table head has 0 rows instead of one "):
                action()
