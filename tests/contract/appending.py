"""Appending: all or nothing, safe to repeat, and against the version that a caller expects."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
import sqlalchemy
from support.given import (
    SetClock,
    event,
    everything,
    party,
    pays,
    positions,
    promises,
    refused,
    retracts,
)

from dealledger.events import BadInput, Conflict, Problem
from dealledger.ledger import Busy, Draft, Expected, Ledger, MaybeRecorded
from dealledger.ledger.clock import user_name
from dealledger.ledger.storage import engine

NEW_DEAL = "deal d is at version 0, expected {} (read it again: deals log --deal d)"
THREE = "deal d is at version 3, expected {} (read it again: deals log --deal d)"


class Appending:
    def test_append_gives_positions_and_versions(self, ledger: Ledger) -> None:
        """Positions count the ledger, versions count the deal; both begin at 1."""
        done = ledger.append([pays("a", deal="d"), pays("b"), pays("c", deal="d")])

        assert [("a", 4, 1), ("b", 5, None), ("c", 6, 2)] == [
            (each.id, each.position, each.version) for each in done
        ]
        assert all(each.is_new for each in done)

    def test_ids_that_nobody_gave_are_ordered_uuids(self, ledger: Ledger) -> None:
        """A UUIDv7 sorts by its time."""
        ids = [ledger.append([pays()])[0].id for _ in range(3)]

        assert sorted(ids) == ids
        assert all(re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-.*", each) for each in ids)

    def test_actor_is_the_events_own_or_the_callers(self, ledger: Ledger) -> None:
        """The event's own actor goes before that of the call, and that before the user."""
        ledger.append([pays("a", actor="ana"), pays("b")], actor="bob")
        ledger.append([pays("c")])

        assert ["ana", "bob", user_name()] == [each.actor for each in ledger.read(after=3)]

    @pytest.mark.parametrize("actor", [" ", "a\nb", "x" * 201])
    def test_bad_actor_is_refused(self, ledger: Ledger, actor: str) -> None:
        """The name of who records is text that can be printed."""
        with pytest.raises(BadInput):
            ledger.append([pays("a")], actor=actor)

        assert 3 == ledger.head().size

    def test_dry_run_records_nothing(self, ledger: Ledger) -> None:
        """A dry run says what would happen, and what would be refused."""
        before = everything(ledger)

        assert [4, 5] == positions(ledger.append([pays("a"), pays("b")], dry_run=True))
        assert before == everything(ledger)
        assert 1 == len(refused(ledger, [pays("a", payer="nobody")], dry_run=True))

    def test_failing_source_records_nothing(self, ledger: Ledger) -> None:
        """An error of the caller's own iterator rolls everything back and comes through."""
        before = everything(ledger)

        def source() -> Any:
            yield pays("a")
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            ledger.append(source())

        assert before == everything(ledger)

    def test_unreadable_drafts_are_refused_with_all_others(self, ledger: Ledger) -> None:
        """Every bad line is named with its place; what one would have defined is no problem."""
        drafts = [
            Draft(None, "f:1", (Problem("no JSON"),), frozenset({"C"})),
            Draft(pays("a", commitment="C"), "f:2"),
            Draft(pays("b", payer="acne"), "f:3"),
        ]

        assert [
            "f:1: no JSON",
            "f:3: unknown party 'acne' (did you mean acme?)",
        ] == refused(ledger, drafts)

    def test_too_large_record_is_refused(self, ledger: Ledger) -> None:
        """A record has at most 65,535 bytes, so that its length fits a log entry."""
        long = "\U0001f600" * 8_000
        large = promises("a", note=long, condition=long, source_title=long)
        (found,) = refused(ledger, [Draft(large, "f:1"), Draft(pays("b", commitment="a"), "f:2")])

        assert re.fullmatch(
            r"f:1: a record of 96,\d{3} bytes is too large \(at most 65,535\)", found
        )

    def test_register_makes_unknown_parties_known(self, ledger: Ledger) -> None:
        """A party that is registered by the way takes the date and a name from its slug."""
        done = ledger.append([pays("a", payer="new-co", on="2023-05-05")], register=True)
        record = ledger.find("party-new-co")

        assert [("party-new-co", 4), ("a", 5)] == [(each.id, each.position) for each in done]
        assert record is not None
        assert ("New Co", date(2023, 5, 5)) == (
            getattr(record.event, "name", ""),
            record.effective_on,
        )

    def test_register_again_after_a_retraction(self, ledger: Ledger) -> None:
        """A party whose registration was retracted can be registered once more."""
        ledger.append([pays("a", payer="new-co")], register=True)
        ledger.append([retracts("a"), retracts("party-new-co")])
        done = ledger.append([pays("b", payer="new-co")], register=True)

        assert [8, 9] == positions(done)
        assert () == ledger.verify().findings

    def test_register_two_long_slugs_that_begin_alike(self, ledger: Ledger) -> None:
        """The id of a registration never collides with that of another."""
        one, two = "x" * 62 + "1", "x" * 62 + "2"
        done = ledger.append([pays("a", payer=one, payee=two)], register=True)

        assert 3 == len({each.id for each in done})

    def test_register_works_with_an_expected_version(self, ledger: Ledger) -> None:
        """Parties that are registered by the way are no events of the deal."""
        events = [pays("a", payer="new-co", deal="d")]

        assert [4, 5] == positions(ledger.append(events, register=True, expected_version=0))

    @pytest.mark.slow
    def test_many_chunks_are_one_append(self, ledger: Ledger) -> None:
        """References reach over chunks of a long batch, and so do refusals."""
        long = [promises("C"), *(pays(f"e{n}") for n in range(2_100)), pays("z", commitment="C")]
        again = [*(pays(f"f{n}") for n in range(1_500)), pays("e7", "7"), pays("f3")]

        assert 2_105 == ledger.append(long)[-1].position
        assert [
            "e7 is recorded at @12 with another amount (to change it: deals correct e7)",
            "the id f3 stands twice in this batch",
        ] == refused(ledger, again)

    @pytest.mark.slow
    def test_busy_ledger_is_said_to_be_busy(
        self, url: str, empty: Ledger, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A writer waits a bounded time for another one; then nothing is recorded."""
        monkeypatch.setattr(engine, "BUSY_TIMEOUT_S", 0.2)

        def slow() -> Any:
            yield from (party(f"p{n}") for n in range(1_001))  # more is read under the lock
            with Ledger.open(url) as other, pytest.raises(Busy, match="another writer holds it"):
                other.append([party("beta")])
            yield party("acme")

        assert 1_002 == empty.append(slow())[-1].position

    def test_an_append_that_is_interrupted_at_its_commit(self, ledger: Ledger) -> None:
        """It does not say that nothing was recorded; before the commit, that is so."""

        def interrupt(*args: Any) -> None:
            raise KeyboardInterrupt

        def interrupted() -> Any:
            interrupt()
            yield pays("a")

        before = everything(ledger)
        with pytest.raises(KeyboardInterrupt):
            ledger.append(interrupted())
        assert before == everything(ledger)
        sqlalchemy.event.listen(ledger._engine, "commit", interrupt)
        with pytest.raises(MaybeRecorded, match=r"was interrupted at the commit: .* --id a: "):
            ledger.append([pays("a")])
        sqlalchemy.event.remove(ledger._engine, "commit", interrupt)
        ledger.append([pays("a")])

        assert ["a"] == [record.id for record in ledger.read(after=3)]


class Idempotency:
    def test_repeated_event_returns_its_first_position(self, ledger: Ledger) -> None:
        """The same id with the same content is a no-op, also when the deal has moved on."""
        ledger.append([pays("a", deal="d"), pays("b", deal="d")])
        before = everything(ledger)
        (again,) = ledger.append([pays("a", deal="d")], expected_version=0)

        assert ("a", 4, 1, False) == (again.id, again.position, again.version, again.is_new)
        assert before == everything(ledger)

    @pytest.mark.parametrize(
        "other",
        [
            pays("a", "100.00"),
            pays("a", announced_on="2024-01-01", memo=False, bound="exact"),
            pays("a", actor="somebody else"),
        ],
    )
    def test_same_content_in_other_words_is_the_same(self, ledger: Ledger, other: Any) -> None:
        """Content is compared by meaning; who repeats it does not matter."""
        ledger.append([pays("a")])

        assert [False] == [each.is_new for each in ledger.append([other])]

    def test_other_content_is_a_conflict(self, ledger: Ledger) -> None:
        """A conflict names every field that differs."""
        ledger.append([pays("a")])
        before = everything(ledger)
        with pytest.raises(Conflict) as caught:
            ledger.append([pays("a", "101", note="new", on="2024-02-01")])

        assert (
            "a is recorded at @4 with another amount, announced_on, effective_on, note "
            "(to change it: deals correct a)"
        ) == str(caught.value)
        assert before == everything(ledger)

    def test_conflict_of_a_retraction_offers_no_correction(self, ledger: Ledger) -> None:
        """A retraction cannot be corrected."""
        ledger.append([pays("a"), retracts("a")])

        assert ["r-a is recorded at @5 with another reason"] == refused(
            ledger, [retracts("a", reason="other")]
        )

    def test_repeated_retraction_is_a_no_op(self, ledger: Ledger) -> None:
        """A retraction takes the dates of its target before it is compared."""
        ledger.append([pays("a"), retracts("a")])

        assert [(5, False)] == [
            (each.position, each.is_new) for each in ledger.append([retracts("a")])
        ]

    def test_retracted_event_still_holds_its_id(self, ledger: Ledger) -> None:
        """An id is never free again: a repeat is a no-op, other content a conflict."""
        ledger.append([pays("a"), retracts("a")])

        assert [(4, False)] == [(e.position, e.is_new) for e in ledger.append([pays("a")])]
        assert 1 == len(refused(ledger, [pays("a", "7")]))

    def test_batch_with_other_content_is_refused_whole(self, ledger: Ledger) -> None:
        """[e1] then [e1, e2 changed, e3]: a conflict, and nothing of it."""
        ledger.append([pays("e1"), pays("e2")])

        assert ["e2 is recorded at @5 with another amount (to change it: deals correct e2)"] == (
            refused(ledger, [pays("e1"), pays("e2", "7"), pays("e3")])
        )

    @pytest.mark.parametrize("amount", ["100", "7"])
    def test_one_id_twice_in_a_batch_is_refused(self, ledger: Ledger, amount: str) -> None:
        """[e2, e2] is a mistake, even with the same content."""
        assert ["the id e2 stands twice in this batch"] == refused(
            ledger, [pays("e2"), pays("e2", amount)]
        )

    def test_known_and_new_events_mix(self, ledger: Ledger) -> None:
        """The known ones are returned as they are, the new ones appended; [e2, e3] too."""
        ledger.append([pays("e1", deal="d")])
        done = ledger.append([pays("e2", deal="d"), pays("e1", deal="d"), pays("e3", deal="d")])

        assert [(5, 2, True), (4, 1, False), (6, 3, True)] == [
            (each.position, each.version, each.is_new) for each in done
        ]

    def test_empty_batch_does_nothing(self, ledger: Ledger) -> None:
        """Nothing in, nothing recorded, whatever is expected."""
        before = everything(ledger)

        assert () == ledger.append([]) == ledger.append([], expected_version=7)
        assert before == everything(ledger)


class ExpectedVersions:
    @pytest.mark.parametrize(
        ("recorded", "expected", "message"),
        [
            (0, Expected.ANY, ""),
            (3, Expected.ANY, ""),
            (0, Expected.NO_STREAM, ""),
            (3, Expected.NO_STREAM, THREE.format("a new deal")),
            (0, Expected.STREAM_EXISTS, NEW_DEAL.format("at least one event")),
            (3, Expected.STREAM_EXISTS, ""),
            (0, 0, ""),
            (3, 3, ""),
            (3, 0, THREE.format("version 0")),
            (3, 2, THREE.format("version 2")),
            (0, 1, NEW_DEAL.format("version 1")),
            (3, 4, THREE.format("version 4")),
            (0, -1, NEW_DEAL.format("version -1")),
            (3, 2**70, THREE.format(f"version {2**70}")),
        ],
    )
    def test_matrix(
        self, ledger: Ledger, recorded: int, expected: int | Expected, message: str
    ) -> None:
        """A deal that is new, or has three events, against everything that can be expected."""
        ledger.append(pays(f"e{n}", deal="d") for n in range(recorded))
        new = [pays("x", deal="d"), pays("y", deal="d")]
        if message:
            before = everything(ledger)
            with pytest.raises(Conflict) as caught:
                ledger.append(new, expected_version=expected)
            assert message == str(caught.value)
            assert before == everything(ledger)
        else:
            done = ledger.append(new, expected_version=expected)
            assert [recorded + 1, recorded + 2] == [each.version for each in done]

    @pytest.mark.parametrize(
        "events",
        [
            [pays("x", deal="d"), pays("y", deal="e")],
            [pays("x", deal="d"), pays("y")],
            [pays("x")],
            [party("new")],
        ],
    )
    def test_expectation_needs_one_deal(self, ledger: Ledger, events: Any) -> None:
        """An expectation that could not be checked is never silently passed over."""
        assert ["an expected version needs events of one deal (give them one deal)"] == refused(
            ledger, events, expected_version=0
        )

    def test_expectation_counts_retractions_of_the_deal_only_if_they_name_it(
        self, ledger: Ledger
    ) -> None:
        """A deal's version is the number of events that carry it."""
        ledger.append([pays("a", deal="d"), retracts("a")])

        assert [2] == [e.version for e in ledger.append([pays("b", deal="d")], expected_version=1)]

    def test_other_problems_make_it_a_refusal(self, ledger: Ledger) -> None:
        """A conflict can be retried; so what is also wrong otherwise is none."""
        found = refused(
            ledger, [pays("x", deal="d"), pays("y", deal="d", payer="no")], expected_version=4
        )

        assert ["unknown party 'no' (--register makes it known; or: deals append party)"] == found[
            :1
        ]
        assert 2 == len(found)


class Clocks:
    def test_recorded_at_never_decreases(self, empty: Ledger, clock: SetClock) -> None:
        """A clock that goes back is not believed."""
        for moment, slug in (
            ("2024-01-02", "acme"),
            ("2023-01-01", "beta"),
            ("2024-01-03T00:00:00.000001", "core"),
        ):
            clock.set(moment)
            empty.append([party(slug)])

        day = 86_400_000_000
        first = empty.find("p-acme")
        assert first is not None
        assert [0, 0, day + 1] == [each.recorded_at - first.recorded_at for each in empty.read()]

    def test_a_batch_has_one_moment(self, ledger: Ledger) -> None:
        """All events of one append are recorded at once."""
        ledger.append([event("rivalry", a="acme", b="beta"), pays("a"), pays("b")])

        assert 1 == len({each.recorded_at for each in ledger.read(after=3)})
