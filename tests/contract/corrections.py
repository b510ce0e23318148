"""Corrections: a retraction turns what it retracts round, and a replacement takes its place."""

from __future__ import annotations

from datetime import date

import pytest
from support.given import event, funds, party, pays, promises, refused, retracts

from dealledger.events import Event, parse_event
from dealledger.ledger import Ledger

END = date(2030, 12, 31)


def ids(ledger: Ledger, known_at: int | None = None) -> list[str]:
    return [each.id for each in ledger.at(END, known_at).events() if each.event.kind != "party"]


class Corrections:
    def test_retraction_takes_back_event_and_sum(self, ledger: Ledger) -> None:
        """After a retraction the answers are as before the event, and the record is longer."""
        before = ledger.at(END)
        ledger.append([pays("a"), funds("b", None)])
        ledger.append([retracts("b"), retracts("a")])
        after = ledger.at(END)

        assert (before.events(), ()) == (after.events(), after.sums())
        assert (3, 7) == (before.known_at, after.known_at)
        assert ("a", "b") == tuple(each.id for each in ledger.at(END, 5).events()[3:])

    def test_retraction_takes_the_dates_of_its_target(self, ledger: Ledger) -> None:
        """A reversing entry lies where the wrong one lies, whenever it is recorded."""
        ledger.append([pays("a", on="2023-03-04", announced_on="2023-05-06"), retracts("a")])
        record = ledger.find("r-a")

        assert record is not None
        assert (date(2023, 3, 4), date(2023, 5, 6)) == (
            record.event.effective_on,
            record.event.announced_on,
        )

    @pytest.mark.parametrize(
        ("said", "is_right"),
        [
            ({}, True),
            ({"effective_on": "2023-03-04", "announced_on": "2023-05-06"}, True),
            ({"announced_on": "2023-05-06"}, True),
            ({"announced_on": "2023-05-07"}, False),
            ({"effective_on": "2023-03-04"}, False),  # announced the same day, if nothing is said
            ({"effective_on": "2023-03-05", "announced_on": "2023-05-06"}, False),
        ],
    )
    def test_dates_of_a_retraction_are_taken_or_compared(
        self, ledger: Ledger, said: dict[str, str], is_right: bool
    ) -> None:
        """What it does not say it takes from its target; what it says must be that."""
        ledger.append([pays("a", on="2023-03-04", announced_on="2023-05-06")])
        retraction = retracts("a", **said)
        if not is_right:
            dates = "2023-03-04, announced 2023-05-06 (leave them out, and it takes these)"
            assert [f"a retraction has the dates of what it retracts: {dates}"] == refused(
                ledger, [retraction]
            )
            return
        ledger.append([retraction])

        found = ledger.find("r-a")
        assert found is not None
        assert ("2023-03-04", "2023-05-06") == (
            str(found.event.effective_on),
            str(found.event.announced_on),
        )

    def test_replacement_counts_instead(self, ledger: Ledger) -> None:
        """A correction is a reversing entry and a new event, in one append."""
        ledger.append([pays("a", "100")])
        ledger.append([retracts("a", replaced_by="a2"), pays("a2", "90")])
        found = ledger.find("a")

        assert ["a2"] == ids(ledger)
        assert [9_000] == [each.minor for each in ledger.at(END).sums()]
        assert [10_000] == [each.minor for each in ledger.at(END, 4).sums()]
        assert found is not None
        assert "r-a" == getattr(ledger.retraction_of(found), "id", None)

    def test_reference_to_a_replaced_event_means_its_replacement(self, ledger: Ledger) -> None:
        """Who draws on what was replaced draws on what replaced it, however often."""
        ledger.append([promises("C"), pays("d", commitment="C")])
        ledger.append([promises("C2", "90"), retracts("C", replaced_by="C2")])
        ledger.append([promises("C3", "80"), retracts("C2", replaced_by="C3")])
        ledger.append([pays("e", commitment="C"), pays("f", commitment="C3")])
        view = ledger.at(END)

        assert ["C3"] * 3 == [view.resolve(each) for each in ("C", "C2", "C3")]
        assert ["C", "C2"] == [ledger.at(END, known).resolve("C") for known in (6, 7)]
        assert ("d", "e", "f") == ledger.referring("C3")
        assert ("d", "e") == ledger.referring("C")

    def test_replacement_is_needed_by_who_named_the_replaced(self, ledger: Ledger) -> None:
        """A dependant counts also where it named an event that was replaced since."""
        ledger.append([promises("C"), pays("d", commitment="C"), promises("C2")])
        ledger.append([retracts("C", replaced_by="C2")])

        message = "C2 is needed by d (retract them too: --cascade; or deals correct)"
        assert [message] == refused(ledger, [retracts("C2")])
        assert [message] == refused(ledger, [pays("e"), retracts("C2")])

    def test_chain_of_replacements_in_one_batch(self, ledger: Ledger) -> None:
        """Only the end of a chain must stand."""
        ledger.append([promises("C"), pays("d", commitment="C")])
        chain = [promises("C2"), retracts("C", replaced_by="C2")]
        ledger.append([*chain, promises("C3"), retracts("C2", replaced_by="C3")])

        assert ["d", "C3"] == ids(ledger)
        assert ("d",) == ledger.referring("C3")

    def test_cascade_order(self, ledger: Ledger) -> None:
        """What depends goes first: the same retractions the other way round are refused."""
        ledger.append([party("dora"), promises("C", obligor="dora")])
        ledger.append([pays("d", payer="dora", commitment="C"), promises("B", backs="C")])
        cascade = [retracts(each) for each in ("d", "B", "C", "p-dora")]

        assert ["C is needed by B, d (retract them too: --cascade; or deals correct)"] == (
            refused(ledger, [cascade[2], cascade[0], cascade[1]])
        )
        assert 4 == len(ledger.append(cascade))
        assert [] == ids(ledger)

    def test_retraction_in_the_batch_of_its_target(self, ledger: Ledger) -> None:
        """An event and its retraction can be imported together."""
        ledger.append([pays("a"), retracts("a"), pays("b")])

        assert ["b"] == ids(ledger)
        assert () == ledger.verify().findings

    @pytest.mark.slow
    def test_retraction_of_many_in_chunks(self, ledger: Ledger) -> None:
        """A long import and its long undoing leave nothing."""
        ledger.append(pays(f"e{n}") for n in range(1_050))
        ledger.append(retracts(f"e{n}") for n in range(1_050))

        assert () == ledger.at(END).sums()
        assert [] == ids(ledger)
        assert () == ledger.verify().findings

    @pytest.mark.parametrize("kind", ["retraction", "termination"])
    def test_own_dates_are_optional_for_retractions_only(self, kind: str) -> None:
        """Every other event says when it took effect."""
        data = {"kind": kind, "ends": ["C"]}
        if kind == "retraction":
            retraction: Event = parse_event({"kind": kind, "retracts": "C", "reason": "x"})
            assert date.min == retraction.effective_on
        else:
            with pytest.raises(Exception, match="missing field 'effective_on'"):
                parse_event(data)

    def test_correction_of_a_party(self, ledger: Ledger) -> None:
        """A wrong description is replaced; the slug stays registered all the time."""
        new = event("party", "p2", party="acme", name="Acme Corporation")
        ledger.append([pays("a"), new, retracts("p-acme", replaced_by="p2")])

        assert 1 == len(ledger.append([pays("b")]))
        assert ("p-beta", "p-core", "p2") == tuple(
            each.id for each in ledger.at(END).events("party")
        )
