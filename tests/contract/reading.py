"""Reading: records in the order of the log, by id, and back to typed events."""

from __future__ import annotations

from threading import Thread

import pytest
from support.given import (
    EXAMPLES,
    behind_its_back,
    event,
    party,
    pays,
    positions,
    promises,
    retracts,
)

from dealledger.events import parse_event, to_json
from dealledger.ledger import Damaged, Ledger
from dealledger.ledger.proof.merkle import leaf_hash

NAMED = [
    "acme",
    "anthropic",
    "beta",
    "coreweave",
    "founders",
    "microsoft",
    "openai",
    "oracle",
    "softbank",
]
"""The parties of the examples."""

OLD = (
    b'{"actor":"ana","event":{"announced_on":"2024-01-01","effective_on":"2024-01-01",'
    b'"id":"old","kind":"reaction","move_pct":"-2.80","party":"acme"},'
    b'"ledger":"example.org/deals","position":4,'
    b'"recorded_at":"2030-01-01T00:00:00.000000Z","v":1}'
)
OLD_AT = 1_893_456_000_000_000
"""A reaction as schema version 1 wrote it, and the moment that stands in it."""


class Reading:
    def test_read_goes_on_behind_a_position(self, ledger: Ledger) -> None:
        """The log is read in parts, retractions included."""
        ledger.append([pays("a"), retracts("a")])

        assert [1, 2, 3, 4, 5] == positions(ledger.read())
        assert [4, 5] == positions(ledger.read(after=3))
        assert [2, 3] == positions(ledger.read(after=1, limit=2))
        assert [] == positions(ledger.read(after=5))
        assert [] == positions(ledger.read(limit=0))

    def test_find(self, ledger: Ledger) -> None:
        """A record is found by its exact id."""
        record = ledger.find("p-beta")

        assert record is not None
        assert (2, "p-beta", None) == (record.position, record.id, record.version)
        assert None is ledger.find("p-Beta") is ledger.find("")
        assert None is ledger.retraction_of(record)

    def test_referring(self, ledger: Ledger) -> None:
        """Who refers to an event: draws, backs and ends it, and is not retracted."""
        ledger.append([promises("C"), pays("d", commitment="C"), promises("b", backs="C")])
        ledger.append([event("termination", "t", ends=["C"]), retracts("d")])

        assert ("b", "t") == ledger.referring("C")
        assert () == ledger.referring("d") == ledger.referring("nothing")

    def test_every_kind_is_stored_and_read_back(self, empty: Ledger) -> None:
        """What is read is what was appended, with who recorded it; the leaf is of the bytes."""
        known = [party(slug) for slug in NAMED]
        data = {kind: {**json, "actor": "ana"} for kind, json in EXAMPLES.items()}
        for each in data.values():
            each.pop("commitment", None)
        data["termination"]["ends"] = ["E08"]
        data["commitment"]["backs"] = "E00"
        data["retraction"] |= {"effective_on": "2024-12-31", "announced_on": "2025-03-01"}
        first = promises("E00", obligor="acme", beneficiary="beta")
        events = [parse_event(each) for each in data.values()]
        empty.append([*known, first, *events, pays("E99", None, payer="acme", payee="beta")])
        records = list(empty.read(after=len(known) + 1, limit=len(events)))

        assert list(data.values()) == [to_json(each.event) for each in records]
        assert [leaf_hash(each.body) for each in records] == [each.leaf for each in records]
        assert () == empty.verify().findings

    def test_reading_while_reading(self, ledger: Ledger) -> None:
        """Questions can be asked while the log is being read."""
        found = []
        for record in ledger.read():
            found.append(ledger.find(record.id))

        assert [1, 2, 3] == [each.position for each in found if each]

    def test_threads_share_a_ledger(self, ledger: Ledger) -> None:
        """Several threads may append to and ask one ledger."""

        def work(name: str) -> None:
            for number in range(5):
                ledger.append([pays(f"{name}{number}")])
                assert ledger.find(f"{name}{number}")

        threads = [Thread(target=work, args=(name,)) for name in "abcdefgh"]
        for each in threads:
            each.start()
        for each in threads:
            each.join()

        assert list(range(1, 44)) == positions(ledger.read())
        assert () == ledger.verify().findings

    def test_stored_version_1_is_read_as_version_2(self, ledger: Ledger) -> None:
        """A body of an older schema is upcast when it is read, and its bytes stay."""
        tree = ledger.head().tree.extended([leaf_hash(OLD)])
        behind_its_back(
            ledger,
            "INSERT INTO event (position, id, kind, effective_on, announced_on, recorded_at, "
            "actor, body, leaf) VALUES (4, 'old', 'reaction', '2024-01-01', '2024-01-01', :at, "
            "'ana', :body, :leaf)",
            "INSERT INTO mention VALUES (4, 'acme', 'reaction')",
            "UPDATE head SET size = 4, frontier = :tree, recorded_at = :at",
            body=OLD,
            leaf=leaf_hash(OLD),
            tree=tree.to_bytes(),
            at=OLD_AT,
        )
        record = ledger.find("old")

        assert record is not None
        assert (OLD, leaf_hash(OLD)) == (record.body, record.leaf)
        assert "-0.028" == to_json(record.event)["move"]
        assert () == ledger.verify().findings
        assert [5] == positions(ledger.append([pays("new")]))

    @pytest.mark.parametrize("body", [b"", b"\xff", b"[]", b"{}", b'{"event":[],"v":1}'])
    def test_bytes_that_hold_no_event_are_never_skipped(self, ledger: Ledger, body: bytes) -> None:
        """Corrupt data is an error that names its place, wherever it is read."""
        behind_its_back(ledger, "UPDATE event SET body = :body WHERE position = 2", body=body)

        with pytest.raises(Damaged, match=r"^the event at @2 cannot be read: .*run: deals verify"):
            ledger.find("p-beta")
        with pytest.raises(Damaged):
            list(ledger.read())
