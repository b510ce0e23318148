"""The terms of one funding: what contradicts itself, and what only rounds."""

from __future__ import annotations

from typing import Any

import pytest
from support.given import funds

from dealledger.events import Funding
from dealledger.events.terms import contradiction

GOOD = [
    {"amount": "2", "pre_money": "8", "post_money": "10"},
    {"amount": "6.6", "pre_money": "150", "post_money": "157"},
    # In a deal others may have paid the rest, and one "at least" may be more.
    {"amount": "2", "pre_money": "8", "post_money": "12", "deal": "a"},
    {"amount": "2", "pre_money": "8", "post_money": "12", "bound": "at-least"},
    {"amount": "5", "pre_money": "8", "post_money": "12", "bound": "up-to"},
    {"amount": None, "pre_money": "8", "post_money": "12", "currency": "USD"},
    {"amount": "2", "pre_money": "8"},
    {"amount": "2", "post_money": "10", "stake": "0.2"},
    {"amount": "2", "pre_money": "8", "stake": "0.2"},
    {"amount": "2", "pre_money": "8", "stake": "0.1", "deal": "a"},
    {"amount": "2", "post_money": "7.4", "stake": "0.27"},
    {"amount": "2", "post_money": "10", "stake": "0.5", "bound": "at-least"},
    {"amount": "2", "post_money": "10", "stake": "0.1", "bound": "up-to"},
    {"amount": "2", "stake": "0.9"},
]
BAD = [
    {"amount": "2", "pre_money": "8", "post_money": "12"},
    {"amount": "5", "pre_money": "8", "post_money": "12"},
    {"amount": "5", "pre_money": "8", "post_money": "12", "deal": "a"},
    {"amount": "10", "pre_money": "80", "post_money": "100"},
    {"amount": "5", "pre_money": "8", "post_money": "12", "bound": "at-least"},
    {"amount": "2", "pre_money": "8", "post_money": "12", "bound": "up-to"},
    {"amount": "2", "pre_money": "8", "post_money": "12", "bound": "about"},
    {"amount": None, "pre_money": "12", "post_money": "8", "currency": "USD"},
    {"amount": "2", "post_money": "10", "stake": "0.5"},
    {"amount": "2", "post_money": "10", "stake": "0.21"},
    {"amount": "2", "pre_money": "8", "stake": "0.1"},
    {"amount": "2", "pre_money": "8", "stake": "0.3", "deal": "a"},
    {"amount": "2", "post_money": "10", "stake": "0.1", "bound": "at-least"},
    {"amount": "2", "post_money": "10", "stake": "0.5", "bound": "up-to"},
]


def funding(fields: dict[str, Any]) -> Funding:
    found = funds("x", fields["amount"], **{k: v for k, v in fields.items() if k != "amount"})
    assert isinstance(found, Funding)
    return found


@pytest.mark.parametrize("fields", GOOD, ids=str)
def test_terms_that_can_all_be_true(fields: dict[str, Any]) -> None:
    """Exactly, by rounding, by what others paid, or by what the bound of the amount leaves open."""
    assert None is contradiction(funding(fields))


@pytest.mark.parametrize("fields", BAD, ids=str)
def test_terms_that_contradict_each_other(fields: dict[str, Any]) -> None:
    """What is said names each of them."""
    said = contradiction(funding(fields))

    assert said
    assert said.endswith("contradict each other")
    assert all(str(value) in said for name, value in fields.items()
               if value and name not in ("deal", "bound", "currency"))  # fmt: skip
