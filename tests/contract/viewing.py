"""What every View answers, whatever it is made of."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from support.given import event, funds, pays, promises, retracts
from support.memory import Told

from dealledger.ledger import JournalLine, PeriodLine, Sum, Sure

BIGGEST = "92000000000000000"
END = date(2030, 12, 31)


def total(told: Told, as_of: str, known_at: Any = None, announced_by: str = "") -> int:
    """Return what acme paid to beta in whole units, at these times."""
    public = date.fromisoformat(announced_by) if announced_by else None
    view = told.at(date.fromisoformat(as_of), known_at, public)
    return sum(each.minor for each in view.sums()) // 100


class Viewing:
    """What a View promises. `told` knows acme, beta and core, at @1 to @3."""

    def test_announced_by_leaves_out_what_was_secret(self, told: Told) -> None:
        """What was announced later is left out, and its retraction with it."""
        told.append([pays("a", "1"), pays("b", "2", announced_on="2025-01-01")])
        public = [told.at(date(2024, 12, 31), None, date(2024 + n, 12, 31)) for n in (0, 1)]

        assert [1, 3, 3] == [
            total(told, "2024-12-31", None, day) for day in ("2024-12-31", "2025-01-01", "")
        ]
        assert [1, 2] == [len(view.events("payment")) for view in public]
        told.append([retracts("b")])
        assert [1, 1] == [
            total(told, "2024-12-31", None, day) for day in ("2024-12-31", "2025-01-01")
        ]

    def test_view_at_another_date_is_the_same_record(self, told: Told) -> None:
        """`at` moves in the world only."""
        told.append([pays("a"), pays("b", on="2025-01-01")])
        view = told.at(date(2024, 1, 1), 4, date(2024, 1, 1))
        other = view.at(date(2026, 1, 1))

        assert (view.known_at, view.root, view.announced_by) == (
            other.known_at,
            other.root,
            other.announced_by,
        )
        assert date(2026, 1, 1) == other.as_of

    def test_root_is_that_of_the_record_then(self, told: Told) -> None:
        """The root at a position is what the ledger's root was when it ended there."""
        roots = [told.at(date(2024, 1, 1)).root]
        for name in "abcdefgh":
            told.append([pays(name)])
            roots.append(told.at(date(2024, 1, 1)).root)

        assert roots == [told.at(date(2020, 1, 1), 3 + n).root for n in range(9)]

    def test_sums_beyond_64_bits_are_exact(self, told: Told) -> None:
        """Amounts fit 64 bits, their sum need not."""
        told.append(pays(f"e{n}", BIGGEST) for n in range(5))
        told.append([pays("cent", "0.01")])
        told.append(pays(f"f{n}", BIGGEST, payer="beta", payee="acme") for n in range(3))
        told.append([retracts("f0"), retracts("f1"), retracts("f2")])

        (found,) = told.at(date(2024, 1, 1)).sums()
        assert 5 * 9_200_000_000_000_000_000 + 1 == found.minor
        assert "460000000000000000.01" == getattr(found.money, "text", str)()

    def test_sums_are_grouped_and_ordered(self, told: Told) -> None:
        """Category, source, target and currency; credits, transfers and memos are no cash."""
        told.append(
            [
                pays("a", "1"), pays("b", "2", currency="EUR"), pays("c", None),
                pays("d", "4", payer="beta", payee="acme"), funds("e", "5"),
                funds("f", "6", instrument="credits"), pays("g", "7", memo=True),
                event("transfer", "h", seller="acme", buyer="beta", issuer="core", stake="0.1",
                      amount="8", currency="USD"),
                pays("i", "9", on="2024-01-02"),
            ]
        )  # fmt: skip
        view = told.at(date(2024, 1, 1))
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

    def test_sums_by_day(self, told: Told) -> None:
        """One line per day, on request."""
        told.append([pays("a", "1"), pays("b", "2", on="2024-01-03"), pays("c", "4")])

        assert [(date(2024, 1, 1), 500), (date(2024, 1, 3), 200)] == [
            (each.day, each.minor) for each in told.at(date(2024, 2, 1)).sums(by_day=True)
        ]

    def test_sums_by_year(self, told: Told) -> None:
        """One line per calendar year, on request; what was retracted leaves no line."""
        told.append([pays("a", "1"), pays("b", "2", on="2024-12-31"), pays("c", on="2025-01-01")])
        told.append([pays("d", "4", on="2026-01-01"), retracts("d")])

        assert [(2024, 300), (2025, 10000)] == [
            (each.year, each.minor) for each in told.at(date(2030, 2, 1)).sums(by_year=True)
        ]

    @pytest.mark.parametrize(
        ("as_of", "found"),
        [("2023-12-31", 0), ("2024-01-01", 1), ("2024-06-29", 1), ("2024-06-30", 0)],
    )
    def test_straddling_periods(self, told: Told, as_of: str, found: int) -> None:
        """A period straddles a date if it has begun and is not over at the end of that day."""
        period = {"period_start": "2024-01-01", "period_end": "2024-06-30"}
        told.append([pays("a", "9", on="2024-06-30", **period), pays("b", None, **period)])
        view = told.at(date.fromisoformat(as_of))
        ends = (date(2024, 1, 1), date(2024, 6, 30))
        known = PeriodLine("payment", "acme", "beta", "USD", *ends, date(2024, 6, 30), 900, 0)
        unknown = PeriodLine("payment", "acme", "beta", None, *ends, date(2024, 1, 1), 0, 1)

        assert (unknown, known)[: 2 * found] == view.period_lines() == view.period_lines("beta")
        assert () == view.period_lines("core") == told.at(view.as_of, 3).period_lines()
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
        self, told: Told, on: str, as_of: str, found: bool
    ) -> None:
        """Prepaid, or in arrears: then sums and the period say another thing."""
        told.append([pays("a", on=on, period_start="2024-03-01", period_end="2024-06-30")])
        view = told.at(date.fromisoformat(as_of))

        assert [on] * found == [str(line.effective_on) for line in view.period_lines()]
        counted = view.as_of >= date.fromisoformat(on)
        assert found or counted == bool(view.period_lines(settled=True))

    def test_period_lines_of_a_retracted_payment_cancel(self, told: Told) -> None:
        """The reversing entry has the same period, so nothing is left."""
        period = {"period_start": "2024-01-01", "period_end": "2024-06-30"}
        told.append([pays("a", **period), retracts("a"), pays("b", "5", **period)])
        told.append([pays("b2", "3", **period), retracts("b", replaced_by="b2")])
        found = told.at(date(2024, 3, 1)).period_lines()

        assert [300] == [line.minor for line in found]

    def test_events_are_filtered_and_ordered(self, told: Told) -> None:
        """By effective date, then position; by kind, party, deal, and whether it refers."""
        told.append([promises("C", on="2024-02-01"), pays("b", deal="d", on="2024-01-02")])
        told.append([pays("a", on="2024-01-02"), pays("c", commitment="C", on="2024-01-01")])
        told.append([event("rivalry", "r", a="beta", b="core")])
        view = told.at(date(2024, 2, 1))

        def found(*kinds: str, **filters: Any) -> str:
            return " ".join(each.id for each in view.events(*kinds, **filters))

        assert "c r b a C" == found("payment", "rivalry", "commitment")
        assert "c b a" == found("payment")
        assert "p-core r" == found(party="core")
        assert "b" == found(deal="d")
        assert "c" == found(drawing=True)
        assert "" == found("holding") == found(party="nobody") == found(deal="x")

    def test_formance_transactions(self, told: Told) -> None:
        """A back-dated transaction and a reverted one, at each of the two times."""
        told.append([pays("TX1", "100", on="2024-01-01"), pays("TX2", "50", on="2024-01-03")])
        told.append([pays("TX3", "20", on="2024-01-02")])
        told.append([retracts("TX1")])
        days = [date(2024, 1, day) for day in (1, 2, 3)]

        for known, expected in (
            (5, [100, 100, 150]),
            (6, [100, 120, 170]),
            (7, [0, 20, 70]),
        ):
            views = [told.at(day, known) for day in days]
            found = [sum(each.minor for each in view.sums()) // 100 for view in views]
            assert expected == found

    def test_undisclosed_amounts_are_taken_back_too(self, told: Told) -> None:
        """The count of what is not disclosed goes down again."""
        told.append([pays("a", None), pays("b", None), retracts("a")])

        assert (Sum("payment", "acme", "beta", None, 0, 1),) == told.at(END).sums()

    def test_what_was_retracted(self, told: Told) -> None:
        """It is told on request only, and counts again where its retraction is not known."""
        told.append([pays("a"), pays("b", on="2025-01-01"), retracts("a"), retracts("b")])
        view = told.at(date(2024, 6, 1))

        assert ["a"] == [each.id for each in view.events("payment", retracted=True)]
        assert () == view.events("payment")
        assert () == view.lines()
        assert ["a"] == [each.id for each in told.at(date(2024, 6, 1), 5).events("payment")]
        assert () == told.at(date(2024, 6, 1), 5).events(retracted=True)

    def test_a_reference_means_its_replacement(self, told: Told) -> None:
        """As far as the replacement is known; what nobody knows means itself."""
        told.append([promises("C"), promises("C2"), retracts("C", replaced_by="C2")])
        told.append([promises("C3"), retracts("C2", replaced_by="C3")])

        assert ["C3", "C3", "C3", "x"] == [
            told.at(END).resolve(each) for each in ("C", "C2", "C3", "x")
        ]
        assert ["C", "C2"] == [told.at(END, known).resolve("C") for known in (5, 6)]

    def test_positions(self, told: Told) -> None:
        """Where ids stand, retracted or not, announced or not, if they are known by then."""
        told.append([pays("a"), retracts("a"), pays("b", announced_on="2025-01-01")])
        view = told.at(date(2020, 1, 1), 5, date(2020, 1, 1))

        assert {"a": 4, "r-a": 5, "p-acme": 1} == view.positions(["r-a", "a", "b", "p-acme", "x"])
        assert {} == view.positions([])

    def test_how_sure(self, told: Told) -> None:
        """Per currency and confidence, of all or of one party; undisclosed amounts add nothing."""
        told.append([
            pays("a", "1", confidence="confirmed"), pays("b", "2", confidence="reported"),
            pays("c", "4", currency="EUR"), pays("d", None, confidence="reported"),
            funds("e", "8", confidence="reported"), pays("f", "16", confidence="reported"),
            retracts("f"), pays("g", "32", on="2024-01-02"),
        ])  # fmt: skip
        view = told.at(date(2024, 1, 1))
        wanted = (Sure("EUR", None, 400), Sure("USD", "confirmed", 100))

        assert (*wanted, Sure("USD", "reported", 1000)) == view.sureness()
        assert (*wanted, Sure("USD", "reported", 200)) == view.sureness(party="beta")
        assert (Sure("USD", "reported", 800),) == view.sureness("funding")
        assert (
            Sure("EUR", None, 400, date(2024, 1, 1)),
            Sure("USD", None, 3200, date(2024, 1, 2)),
            Sure("USD", "confirmed", 100, date(2024, 1, 1)),
            Sure("USD", "reported", 200, date(2024, 1, 1)),
        ) == told.at(END).sureness("payment", by_day=True)

    def test_lines(self, told: Told) -> None:
        """Amount by amount in order of time; by period, from its first day on."""
        period = {"period_start": "2024-03-01", "period_end": "2024-06-30"}
        told.append([pays("b", "2", on="2024-06-30", confidence="confirmed", **period)])
        told.append([pays("a", None), funds("c", "3", instrument="credits"), pays("d", "9")])
        told.append([retracts("d")])
        days = date(2024, 3, 1), date(2024, 6, 30)
        first = JournalLine("a", 5, date(2024, 1, 1), "payment", "acme", "beta", None, None, None)
        second = JournalLine(
            "b", 4, days[1], "payment", "acme", "beta", "USD", 200, "confirmed", days
        )

        assert (first, second) == told.at(days[1]).lines() == told.at(days[0]).lines(by_period=True)
        assert (
            (first,) == told.at(days[0]).lines() == told.at(date(2024, 2, 29)).lines(by_period=True)
        )
        assert ["c"] == [line.event for line in told.at(END).lines("credits")]

    def test_with_unannounced(self, told: Told) -> None:
        """The same point, with what the public did not know."""
        told.append([pays("a"), pays("b", announced_on="2025-01-01")])
        view = told.at(date(2024, 6, 1), 5, date(2024, 6, 1))

        assert 1 == len(view.events("payment"))
        assert told.at(date(2024, 6, 1), 5) == view.with_unannounced()
        assert 2 == len(view.with_unannounced().events("payment"))
