"""The two times: what was so at a date, as known at a moment of the record."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from support.given import Clock, event, funds, pays, promises, retracts

from dealledger.events import BadInput
from dealledger.ledger import Ledger, PeriodLine, Sum

BIGGEST = "92000000000000000"


def total(ledger: Ledger, as_of: str, known_at: Any = None, announced_by: str = "") -> int:
    """Return what acme paid to beta in whole units, at these times."""
    public = date.fromisoformat(announced_by) if announced_by else None
    view = ledger.at(date.fromisoformat(as_of), known_at, public)
    return sum(each.minor for each in view.sums()) // 100


class Times:
    def test_dates_are_inclusive(self, ledger: Ledger) -> None:
        """What takes effect on a day is so at its end, and not on the day before."""
        ledger.append([pays("a", "7", on="2024-05-05")])

        assert [0, 7] == [total(ledger, day) for day in ("2024-05-04", "2024-05-05")]
        assert ["a"] == [each.id for each in ledger.at(date(2024, 5, 5)).events("payment")]
        assert () == ledger.at(date(2024, 5, 4)).events("payment")

    def test_salary(self, ledger: Ledger, clock: Clock) -> None:
        """Fowler's salary: what it was, and what we believed that it was."""
        clock("2024-01-01T09:00")
        ledger.append([pays("first", "6000", on="2024-01-01")])
        clock("2024-03-15T09:00")
        ledger.append([pays("rise", "500", on="2024-02-15")])
        moments = {month: f"2024-{month}-25T12:00:00Z" for month in ("01", "02", "03")}

        cases = {("01", "01"): 6000, ("02", "02"): 6000, ("03", "02"): 6500, ("03", "03"): 6500}
        for (known, actual), amount in cases.items():
            assert amount == total(ledger, f"2024-{actual}-25", moments[known])

    def test_late_trades(self, ledger: Ledger, clock: Clock) -> None:
        """A trade that is recorded late belongs to its day, and not to what was known before."""
        clock("2024-03-01T17:00")
        ledger.append([pays(f"t{n}", "1", on="2024-03-01") for n in range(3)])
        clock("2024-03-01T19:10")
        ledger.append([pays("late", "1", on="2024-03-01")])

        assert 4 == total(ledger, "2024-03-01")
        assert 3 == total(ledger, "2024-03-01", "2024-03-01T17:00:00Z")
        assert 3 == total(ledger, "2024-03-01", "2024-03-01T19:09:59.999999Z")
        assert 4 == total(ledger, "2024-03-01", "2024-03-01T19:10:00Z")
        assert 4 == total(ledger, "2024-03-01", "2024-03-01")

    def test_dates_may_lie_anywhere(self, ledger: Ledger, clock: Clock) -> None:
        """Before the deal's first event, long ago, or after the recording: kept as given."""
        clock("2024-03-01T17:00")
        days = ("2024-01-01", "1999-12-31", "2024-03-02", "9999-12-31")
        ledger.append([pays(f"t{n}", "1", deal="d", on=day) for n, day in enumerate(days)])

        assert list(days) == [str(each.event.effective_on) for each in ledger.read(after=3)]
        assert [1, 2, 3, 4] == [total(ledger, day) for day in sorted(days)]

    def test_snapshot_is_not_keyed_by_position_alone(self, ledger: Ledger, clock: Clock) -> None:
        """A retroactive event changes the past as now known, never as it was known."""
        clock("2024-01-01T00:00")
        ledger.append([pays("ten", "10", on="2024-01-01")])
        clock("2024-02-01T00:00")
        ledger.append([pays("twenty", "10", on="2024-02-01")])
        snapshot = ledger.at(date(2024, 1, 20))
        assert 1_000 == snapshot.sums()[0].minor
        clock("2024-03-01T00:00")
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
    def test_moments(self, empty: Ledger, clock: Clock, known_at: Any, position: int) -> None:
        """A moment is a position or a time, inclusive; a date means the end of that day."""
        parties = [event("party", party=slug, name=slug) for slug in ("acme", "beta", "core")]
        clock("2023-01-01T00:00")
        empty.append(parties)
        for moment in ("2024-01-01T23:59:59.999999", "2024-02-02T03:04:05.000006", "2024-03-01"):
            clock(moment)
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
                    f"'{typed}' is no moment (such as 2025-11-01, 2025-11-01T09:30:00Z or @120)",
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

    def test_announced_by_leaves_out_what_was_secret(self, ledger: Ledger) -> None:
        """What was announced later is left out, and its retraction with it."""
        ledger.append([pays("a", "1"), pays("b", "2", announced_on="2025-01-01")])
        public = [ledger.at(date(2024, 12, 31), None, date(2024 + n, 12, 31)) for n in (0, 1)]

        assert [1, 3, 3] == [
            total(ledger, "2024-12-31", None, day) for day in ("2024-12-31", "2025-01-01", "")
        ]
        assert [1, 2] == [len(view.events("payment")) for view in public]
        ledger.append([retracts("b")])
        assert [1, 1] == [
            total(ledger, "2024-12-31", None, day) for day in ("2024-12-31", "2025-01-01")
        ]

    def test_view_at_another_date_is_the_same_record(self, ledger: Ledger) -> None:
        """`at` moves in the world only."""
        ledger.append([pays("a"), pays("b", on="2025-01-01")])
        view = ledger.at(date(2024, 1, 1), 4, date(2024, 1, 1))
        other = view.at(date(2026, 1, 1))

        assert (view.known_at, view.root, view.announced_by) == (
            other.known_at,
            other.root,
            other.announced_by,
        )
        assert date(2026, 1, 1) == other.as_of

    def test_root_is_that_of_the_record_then(self, ledger: Ledger) -> None:
        """The root at a position is what the ledger's root was when it ended there."""
        roots = [ledger.at(date(2024, 1, 1)).root]
        for name in "abcdefgh":
            ledger.append([pays(name)])
            roots.append(ledger.verify().root)

        assert roots == [ledger.at(date(2020, 1, 1), 3 + n).root for n in range(9)]

    def test_sums_beyond_64_bits_are_exact(self, ledger: Ledger) -> None:
        """Amounts fit 64 bits, their sum need not."""
        ledger.append(pays(f"e{n}", BIGGEST) for n in range(5))
        ledger.append([pays("cent", "0.01")])
        ledger.append(pays(f"f{n}", BIGGEST, payer="beta", payee="acme") for n in range(3))
        ledger.append([retracts("f0"), retracts("f1"), retracts("f2")])

        (found,) = ledger.at(date(2024, 1, 1)).sums()
        assert 5 * 9_200_000_000_000_000_000 + 1 == found.minor
        assert "460000000000000000.01" == getattr(found.money, "text", str)()

    def test_sums_are_grouped_and_ordered(self, ledger: Ledger) -> None:
        """Category, source, target and currency; credits, transfers and memos are no cash."""
        ledger.append(
            [
                pays("a", "1"), pays("b", "2", currency="EUR"), pays("c", None),
                pays("d", "4", payer="beta", payee="acme"), funds("e", "5"),
                funds("f", "6", instrument="credits"), pays("g", "7", memo=True),
                event("transfer", "h", seller="acme", buyer="beta", issuer="core", stake="0.1",
                      amount="8", currency="USD"),
                pays("i", "9", on="2024-01-02"),
            ]
        )  # fmt: skip
        view = ledger.at(date(2024, 1, 1))
        wanted = (
            Sum("funding", "core", "acme", "USD", 500, 0),
            Sum("payment", "acme", "beta", None, 0, 1),
            Sum("payment", "acme", "beta", "EUR", 200, 0),
            Sum("payment", "acme", "beta", "USD", 100, 0),
            Sum("payment", "beta", "acme", "USD", 400, 0),
        )

        assert wanted == view.sums()
        assert wanted[:1] == view.sums(party="core")
        assert (Sum("credits", "core", "acme", "USD", 600, 0),) == view.sums("credits")
        assert (Sum("transfer", "beta", "acme", "USD", 800, 0),) == view.sums("transfer")

    def test_sums_by_day(self, ledger: Ledger) -> None:
        """One line per day, on request."""
        ledger.append([pays("a", "1"), pays("b", "2", on="2024-01-03"), pays("c", "4")])

        assert [(date(2024, 1, 1), 500), (date(2024, 1, 3), 200)] == [
            (each.day, each.minor) for each in ledger.at(date(2024, 2, 1)).sums(by_day=True)
        ]

    def test_sums_by_year(self, ledger: Ledger) -> None:
        """One line per calendar year, on request; what was retracted leaves no line."""
        ledger.append([pays("a", "1"), pays("b", "2", on="2024-12-31"), pays("c", on="2025-01-01")])
        ledger.append([pays("d", "4", on="2026-01-01"), retracts("d")])

        assert [(2024, 300), (2025, 10000)] == [
            (each.year, each.minor) for each in ledger.at(date(2030, 2, 1)).sums(by_year=True)
        ]

    @pytest.mark.parametrize(
        ("as_of", "found"),
        [("2023-12-31", 0), ("2024-01-01", 1), ("2024-06-29", 1), ("2024-06-30", 0)],
    )
    def test_straddling_periods(self, ledger: Ledger, as_of: str, found: int) -> None:
        """A period straddles a date if it has begun and is not over at the end of that day."""
        period = {"period_start": "2024-01-01", "period_end": "2024-06-30"}
        ledger.append([pays("a", "9", on="2024-06-30", **period), pays("b", None, **period)])
        view = ledger.at(date.fromisoformat(as_of))
        ends = (date(2024, 1, 1), date(2024, 6, 30))
        known = PeriodLine("payment", "acme", "beta", "USD", *ends, date(2024, 6, 30), 900, 0)
        unknown = PeriodLine("payment", "acme", "beta", None, *ends, date(2024, 1, 1), 0, 1)

        assert (unknown, known)[: 2 * found] == view.period_lines() == view.period_lines("beta")
        assert () == view.period_lines("core") == ledger.at(view.as_of, 3).period_lines()
        assert found == sum(line.straddles(view.as_of) for line in view.period_lines()) / 2

    @pytest.mark.parametrize(
        ("on", "as_of", "found"),
        [
            ("2024-01-01", "2024-01-01", True),  # paid before its period begins
            ("2024-01-01", "2024-06-30", False),
            ("2025-02-15", "2024-06-30", True),  # its period is over, and it is not paid yet
            ("2025-02-15", "2025-02-15", False),
            ("2025-02-15", "2024-02-29", False),
        ],
    )
    def test_what_the_sums_do_not_read_by_its_period(
        self, ledger: Ledger, on: str, as_of: str, found: bool
    ) -> None:
        """Prepaid, or in arrears: then sums and the period say another thing."""
        ledger.append([pays("a", on=on, period_start="2024-03-01", period_end="2024-06-30")])
        view = ledger.at(date.fromisoformat(as_of))

        assert [on] * found == [str(line.effective_on) for line in view.period_lines()]
        counted = view.as_of >= date.fromisoformat(on)
        assert found or counted == bool(view.period_lines(settled=True))

    def test_period_lines_of_a_retracted_payment_cancel(self, ledger: Ledger) -> None:
        """The reversing entry has the same period, so nothing is left."""
        period = {"period_start": "2024-01-01", "period_end": "2024-06-30"}
        ledger.append([pays("a", **period), retracts("a"), pays("b", "5", **period)])
        ledger.append([pays("b2", "3", **period), retracts("b", replaced_by="b2")])
        found = ledger.at(date(2024, 3, 1)).period_lines()

        assert [300] == [line.minor for line in found]

    def test_events_are_filtered_and_ordered(self, ledger: Ledger) -> None:
        """By effective date, then position; by kind, party, deal, and whether it refers."""
        ledger.append([promises("C", on="2024-02-01"), pays("b", deal="d", on="2024-01-02")])
        ledger.append([pays("a", on="2024-01-02"), pays("c", commitment="C", on="2024-01-01")])
        ledger.append([event("rivalry", "r", a="beta", b="core")])
        view = ledger.at(date(2024, 2, 1))

        def found(*kinds: str, **filters: Any) -> str:
            return " ".join(each.id for each in view.events(*kinds, **filters))

        assert "c r b a C" == found("payment", "rivalry", "commitment")
        assert "c b a" == found("payment")
        assert "p-core r" == found(party="core")
        assert "b" == found(deal="d")
        assert "c" == found(drawing=True)
        assert "" == found("holding") == found(party="nobody") == found(deal="x")
