"""What moves between parties, and what each sort of it is: cash or not, capital or revenue.

One table says it, and everybody asks the table: sums of cash, webs, pictures and words. A new sort
of movement is one row here; a new kind of event that moves money names one of the rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Category:
    """One sort of movement.

    cash: money that changes hands, so that flows and webs count it. capital: it is paid in, and no
    revenue of who gets it. said: as a sentence has it between who gives and who gets. heading: the
    name of a column or row of it.
    """

    cash: bool
    capital: bool
    said: str
    heading: str


FUNDING: Final = "funding"
CREDITS: Final = "credits"
PAYMENT: Final = "payment"
TRANSFER: Final = "transfer"

CATEGORIES: Final[dict[str, Category]] = {
    FUNDING: Category(cash=True, capital=True, said="funded", heading="Funding"),
    PAYMENT: Category(cash=True, capital=False, said="paid as revenue", heading="Payments"),
    CREDITS: Category(cash=False, capital=True, said="funded in credits", heading="Credits"),
    # The price of a stake that was sold: cash between holders, not into a company.
    TRANSFER: Category(cash=False, capital=True, said="paid for a stake", heading="Transfers"),
}
"""Every category by the name that the journal keeps, in the order in which answers show them."""

CAPITAL_PURPOSES: Final = frozenset({"equity", "debt", "loan"})
"""Purposes of commitments to fund; all others are commitments to buy."""


def cash_categories() -> tuple[str, ...]:
    """Return the categories that are cash."""
    return tuple(name for name, category in CATEGORIES.items() if category.cash)


def is_cash(category: str) -> bool:
    """Tell whether flows and webs count what moved in a category."""
    return CATEGORIES[category].cash


def is_capital(category: str) -> bool:
    """Tell whether what moved is capital paid in; otherwise it is revenue."""
    return CATEGORIES[category].capital


def in_kind(instrument: str | None) -> bool:
    """Tell whether a funding is given in credits, which buy only from who gives them."""
    return instrument == CREDITS


def is_promised_capital(purpose: str | None) -> bool:
    """Tell whether a commitment promises capital; otherwise it promises to buy."""
    return purpose in CAPITAL_PURPOSES
