"""The rules of an append: the cases of `contract.rule_cases`, in one append and one by one."""

from __future__ import annotations

from typing import Any

import pytest
from contract.rule_cases import ALLOWED, CASES, GIVEN
from support.given import party, pays, refused, retracts

from dealledger.events import Event
from dealledger.ledger import Ledger
from dealledger.ledger.append import rules
from dealledger.ledger.append.batch import CHUNK


class Rules:
    @pytest.mark.parametrize(
        ("events", "messages"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
    )
    def test_refusal(self, unchanging: Ledger, events: list[Event], messages: list[str]) -> None:
        """What breaks a rule is refused with a line that says what, and what to do."""
        assert messages == refused(unchanging, events)

    @pytest.mark.parametrize(
        ("given", "events", "messages"),
        [
            pytest.param(case[1][:-1], case[1][-1:], case[2], id=case[0])
            for case in CASES
            if len(case[1]) > 1
            and case[0]
            not in (
                "party that comes later",
                "every event's problem",
                "one problem for one mistake",
                "replaces in a circle",
                "draw by no bearer",
                "draw on nothing",
                "back each other through a correction",
                "back in a circle of three",
                "draw in another currency by a correction",
            )
        ],
    )
    def test_refusal_of_the_last_alone(
        self, ledger: Ledger, given: list[Event], events: list[Event], messages: list[str]
    ) -> None:
        """What the record says counts as what stands earlier in the batch."""
        ledger.append([*GIVEN, *given])

        assert messages == refused(ledger, events)

    @pytest.mark.parametrize("events", [pytest.param(case[1], id=case[0]) for case in ALLOWED])
    def test_allowed(self, ledger: Ledger, events: list[Event]) -> None:
        """What the rules do not forbid is recorded, and verifies."""
        ledger.append(GIVEN)

        assert len(events) == len(ledger.append(events))
        assert () == ledger.verify().findings

    @pytest.mark.parametrize("case", ALLOWED, ids=[case[0] for case in ALLOWED])
    def test_allowed_one_by_one(self, ledger: Ledger, case: Any) -> None:
        """The same events are recorded one by one too, but for what names a later one."""
        ledger.append(GIVEN)
        if "correct" in case[0]:
            return  # its replacement comes later
        if case[0] == "replacement first named, then told":
            assert ["unknown event 'P2' (did you mean P?)"] == refused(ledger, case[1][:1])
            return
        for each in case[1]:
            assert 1 == len(ledger.append([each]))

    def test_circle_of_replacements_in_two_appends(self, ledger: Ledger) -> None:
        """What was replaced by an event cannot come back as its replacement."""
        ledger.append([*GIVEN, pays("d", commitment="C"), retracts("C", "x", replaced_by="B")])

        assert ["C is retracted and replaces nothing"] == refused(
            ledger, [retracts("B", "y", replaced_by="C")]
        )

    def test_names_of_before_stay_readable(
        self, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A line break that was recorded before it was refused is read, and known again."""
        old = party("dora", aliases=["Do\u2028ra"])
        with monkeypatch.context() as before:
            before.setattr(rules, "one_line", str)
            ledger.append([old])

        assert [old] == [record.event.model_copy(update={"actor": None})
                         for record in ledger.read(after=3)]  # fmt: skip
        assert [False] == [each.is_new for each in ledger.append([old])]
        assert () == ledger.verify().findings

    def test_a_replacement_may_stand_far_behind(self, ledger: Ledger) -> None:
        """More events may lie between the two than are decided at once, before it or behind it."""
        ledger.append(GIVEN)
        between = [pays(f"n{number}") for number in range(CHUNK + 1)]
        for last in ([], [pays("z", "9")]):
            old, new = ("P2", "P3") if last else ("P", "P2")
            ledger.append([retracts(old, replaced_by=new), *between, pays(new, "8"), *last])

        assert () == ledger.verify().findings
