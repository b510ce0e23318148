"""The terms of one funding: whether its stake, amount, pre- and post-money can all be true.

Sources round: two values agree if they are at most one part in a hundred apart, and a stake within
half a unit of its last digit, and within half a percent. In a deal others may have paid too.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from dealledger.events.decimals import decimal_text

if TYPE_CHECKING:
    from dealledger.events.kinds import Funding

ROUNDING: Final = Fraction(1, 100)
"""How far two values may be apart that say the same, as a part of the larger."""


def apart(low: Fraction, high: Fraction) -> bool:
    """Tell whether *high* is above *low* by more than rounding.

    >>> apart(Fraction("156.6"), Fraction(157)), apart(Fraction(10), Fraction(12))
    (False, True)
    """
    return high - low > ROUNDING * high


def contradiction(event: Funding) -> str | None:
    """Return what of a funding's own terms cannot all be true, or None.

    An amount "up to" may be less than it says, and one "at least" more.
    """
    return _between_values(event) or _with_stake(event)


def _between_values(event: Funding) -> str | None:
    pre, post, amount = event.pre_money, event.post_money, event.amount
    if pre is None or post is None:
        return None
    said = f"pre_money {decimal_text(pre)} and post_money {decimal_text(post)}"
    if pre > post:
        return f"{said} contradict each other"
    if amount is None:
        return None
    after = Fraction(pre) + Fraction(amount)
    above = event.bound != "up-to" and apart(Fraction(post), after)
    below = event.bound != "at-least" and not event.deal and apart(after, Fraction(post))
    return (
        f"amount {decimal_text(amount)}, {said} contradict each other" if above or below else None
    )


def _with_stake(event: Funding) -> str | None:
    pre, post, amount, stake = event.pre_money, event.post_money, event.amount, event.stake
    value = post if post is not None else pre
    if stake is None or amount is None or value is None:
        return None
    whole = Fraction(value) if post is not None else Fraction(value) + Fraction(amount)
    share = Fraction(amount) / whole
    slack = _half_a_digit(stake) + ROUNDING * share
    above = event.bound != "at-least" and stake > share + slack
    # In a round of several pre-money + one amount is not all of the post-money: it may take less.
    alone = post is not None or not event.deal
    below = event.bound != "up-to" and alone and stake < share - slack
    if not above and not below:
        return None
    name = "post_money" if post is not None else "pre_money"
    return (
        f"stake {decimal_text(stake)}, amount {decimal_text(amount)} and {name} "
        f"{decimal_text(value)} contradict each other"
    )


def _half_a_digit(stake: Decimal) -> Fraction:
    """Return half a unit of the last digit of a stake, at most half a percent."""
    places = -int(stake.normalize().as_tuple().exponent)
    return Fraction(1, 2 * 10 ** max(places, 2))
