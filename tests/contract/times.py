"""The two times: what was so at a date, as known at a moment of the record."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from contract.viewing import total
from support.given import SetClock, event, pays

from dealledger.events import BadInput
from dealledger.ledger import Ledger


class Times:
    def test_dates_are_inclusive(self, ledger: Ledger) -> None:
        """What takes effect on a day is so at its end, and not on the day before."""
        ledger.append([pays("a", "7", on="2024-05-05")])

        assert [0, 7] == [total(ledger, day) for day in ("2024-05-04", "2024-05-05")]
        assert ["a"] == [each.id for each in ledger.at(date(2024, 5, 5)).events("payment")]
        assert () == ledger.at(date(2024, 5, 4)).events("payment")

    def test_salary(self, ledger: Ledger, clock: SetClock) -> None:
        """Fowler's salary: what it was, and what we believed that it was."""
        clock.set("2024-01-01T09:00")
        ledger.append([pays("first", "6000", on="2024-01-01")])
        clock.set("2024-03-15T09:00")
        ledger.append([pays("rise", "500", on="2024-02-15")])
        moments = {month: f"2024-{month}-25T12:00:00Z" for month in ("01", "02", "03")}

        cases = {("01", "01"): 6000, ("02", "02"): 6000, ("03", "02"): 6500, ("03", "03"): 6500}
        for (known, actual), amount in cases.items():
            assert amount == total(ledger, f"2024-{actual}-25", moments[known])

    def test_late_trades(self, ledger: Ledger, clock: SetClock) -> None:
        """A trade that is recorded late belongs to its day, and not to what was known before."""
        clock.set("2024-03-01T17:00")
        ledger.append([pays(f"t{n}", "1", on="2024-03-01") for n in range(3)])
        clock.set("2024-03-01T19:10")
        ledger.append([pays("late", "1", on="2024-03-01")])

        assert 4 == total(ledger, "2024-03-01")
        assert 3 == total(ledger, "2024-03-01", "2024-03-01T17:00:00Z")
        assert 3 == total(ledger, "2024-03-01", "2024-03-01T19:09:59.999999Z")
        assert 4 == total(ledger, "2024-03-01", "2024-03-01T19:10:00Z")
        assert 4 == total(ledger, "2024-03-01", "2024-03-01")

    def test_dates_may_lie_anywhere(self, ledger: Ledger, clock: SetClock) -> None:
        """Before the deal's first event, long ago, or after the recording: kept as given."""
        clock.set("2024-03-01T17:00")
        days = ("2024-01-01", "1999-12-31", "2024-03-02", "9999-12-31")
        ledger.append([pays(f"t{n}", "1", deal="d", on=day) for n, day in enumerate(days)])

        assert list(days) == [str(each.event.effective_on) for each in ledger.read(after=3)]
        assert [1, 2, 3, 4] == [total(ledger, day) for day in sorted(days)]

    def test_snapshot_is_not_keyed_by_position_alone(self, ledger: Ledger, clock: SetClock) -> None:
        """A retroactive event changes the past as now known, never as it was known."""
        clock.set("2024-01-01T00:00")
        ledger.append([pays("ten", "10", on="2024-01-01")])
        clock.set("2024-02-01T00:00")
        ledger.append([pays("twenty", "10", on="2024-02-01")])
        snapshot = ledger.at(date(2024, 1, 20))
        assert 1_000 == snapshot.sums()[0].minor
        clock.set("2024-03-01T00:00")
        ledger.append([pays("from", "5", on="2024-01-15"), pays("to", "5", on="2024-02-01")])

        assert 15 == total(ledger, "2024-01-20")
        assert 10 == total(ledger, "2024-01-20", "2024-02-02")
        assert 1_000 == snapshot.sums()[0].minor

    @pytest.mark.parametrize(
        ("known_at", "position"),
        [
            (None, 6), (0, 0), (5, 5), ("@0", 0), ("@5", 5), ("@6", 6), ("@006", 6),
            ("2023-12-31", 3), ("2024-01-01", 4), ("2024-02", 5), ("2024-Q1", 6), ("2024", 6),
            ("2022", 0), ("2024-02-02T03:04:05.000006Z", 5), ("2024-02-02T03:04:05.000005Z", 4),
            ("2024-02-02T03:04Z", 4), (datetime(2024, 2, 2, 3, 4, 5, 6, UTC), 5),
            (datetime(2024, 2, 2, 4, 4, 5, 5, timezone(timedelta(hours=1))), 4),
            (datetime.max.replace(tzinfo=UTC), 6), (datetime.min.replace(tzinfo=UTC), 0),
        ],
    )  # fmt: skip
    def test_moments(self, empty: Ledger, clock: SetClock, known_at: Any, position: int) -> None:
        """A moment is a position or a time, inclusive; a date means the end of that day."""
        parties = [event("party", party=slug, name=slug) for slug in ("acme", "beta", "core")]
        clock.set("2023-01-01T00:00")
        empty.append(parties)
        for moment in ("2024-01-01T23:59:59.999999", "2024-02-02T03:04:05.000006", "2024-03-01"):
            clock.set(moment)
            empty.append([pays()])

        assert position == empty.at(date(2024, 1, 1), known_at).known_at

    @pytest.mark.parametrize(
        ("known_at", "message"),
        [
            (4, "there is no position @4 (the ledger ends at @3)"),
            (-1, "there is no position @-1 (the ledger ends at @3)"),
            ("@4", "there is no position @4 (the ledger ends at @3)"),
            (10**30, f"there is no position @{10**30} (the ledger ends at @3)"),
            (
                datetime(2024, 1, 1),
                "a moment of the record needs a time zone (UTC: 2025-11-01T09:30:00Z)",
            ),
            *(
                (
                    typed,
                    f"'{typed}' is not a moment (such as 2025-11-01, 2025-11-01T09:30:00Z or @120)",
                )
                for typed in ("", "now", "@", "@-1", "@٣", "2024-01-01T00:00:00", "@" + "1" * 19)
            ),
        ],
    )
    def test_bad_moments(self, ledger: Ledger, known_at: Any, message: str) -> None:
        """A moment that is not there yet, or means nothing, is refused."""
        with pytest.raises(BadInput) as caught:
            ledger.at(date(2024, 1, 1), known_at)

        assert message == str(caught.value)
