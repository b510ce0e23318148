"""Q2: revenue net of the shares that a seller gives its customers."""

from __future__ import annotations

import pytest
from support.given import Look, event, pays, promises

from dealledger.events import Event, Money
from dealledger.projections.analysis.tracing.consideration import Consideration, consideration
from dealledger.projections.analysis.web import web

SALE = pays("sale", "30", payer="beta", payee="acme")


def warrant(name: str, **fields: str) -> Event:
    """Return a warrant of acme for beta, worth 10 if nothing else is said."""
    usual = {"grantor": "acme", "grantee": "beta", "right": "warrant", "value": "10",
             "currency": "USD"}  # fmt: skip
    return event("right", name, **{**usual, **fields})


def found(look: Look, *events: Event) -> Consideration:
    view = look(*events, on="2025-12-31")
    return consideration(view, web(view), "acme")


def test_shares_for_a_customer_are_taken_off(look: Look) -> None:
    """A warrant, and shares, each at its value."""
    shares = warrant("w2", right="share-issuance", value="5")

    assert Consideration(("w1", "w2"), ("beta",), Money("USD", 1500), 0) == found(
        look, SALE, warrant("w1"), shares
    )


def test_who_has_promised_to_buy_is_a_customer(look: Look) -> None:
    """AMD and OpenAI: a warrant of undisclosed value, for purchases still to come."""
    open_value = event("right", "w1", grantor="acme", grantee="beta", right="warrant")
    order = promises("order", "90", obligor="beta", beneficiary="acme", purpose="chips")

    assert Consideration(("w1",), ("beta",), Money("USD", 0), 1) == found(look, order, open_value)


@pytest.mark.parametrize("other", [
    warrant("w1", grantee="core"),
    warrant("w1", right="ip-licence"),
    warrant("w1", firmness="talks"),
    warrant("w1", on="2026-01-01"),
    event("right", "w1", grantor="beta", grantee="acme", right="warrant"),
])  # fmt: skip
def test_what_is_no_consideration(look: Look, other: Event) -> None:
    """Who is no customer, what is not a share, what is not agreed, comes later, or runs to acme."""
    assert () == found(look, SALE, other).events


def test_a_promise_of_capital_makes_no_customer(look: Look) -> None:
    """Beta is to fund acme: its warrant is part of that."""
    equity = promises("equity", "90", obligor="beta", beneficiary="acme", purpose="equity")

    assert () == found(look, equity, warrant("w1")).events
