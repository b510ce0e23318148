"""Which currencies there are, and when: of ISO 4217, with those that ended."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from dealledger.events import KINDS, BadInput, parse_event
from dealledger.events.base import Priced
from dealledger.events.currency import MINOR_DIGITS, check_current, parse_currency
from dealledger.events.withdrawn import BEGAN, WITHDRAWN


@pytest.mark.parametrize(
    ("code", "last", "successor", "digits"),
    [
        ("BGN", "2025-12-31", "EUR", 2),
        ("HRK", "2022-12-31", "EUR", 2),
        ("LTL", "2014-12-31", "EUR", 2),
        ("LVL", "2013-12-31", "EUR", 2),
        ("EEK", "2010-12-31", "EUR", 2),
        ("SKK", "2008-12-31", "EUR", 2),
        ("CYP", "2007-12-31", "EUR", 2),
        ("SIT", "2006-12-31", "EUR", 2),
        ("DEM", "2001-12-31", "EUR", 2),
        ("FRF", "2001-12-31", "EUR", 2),
        ("ITL", "2001-12-31", "EUR", 0),
        ("TRL", "2005-12-31", "TRY", 0),
        ("ROL", "2005-06-30", "RON", 2),
        ("VEB", "2007-12-31", "VES", 2),
        ("VEF", "2018-08-20", "VES", 2),
        ("ZWL", "2024-08-31", "ZWG", 2),
        ("SLL", "2023-12-31", "SLE", 2),
        ("CUC", "2021-06-30", "CUP", 2),
        ("ANG", "2025-06-30", "XCG", 2),
        ("BYR", "2016-12-31", "BYN", 0),
        ("MRO", "2018-06-30", "MRU", 2),
        ("STD", "2017-12-31", "STN", 2),
        ("ZMK", "2012-12-31", "ZMW", 2),
        ("GHC", "2007-12-31", "GHS", 2),
        ("USS", "2014-03-31", "", 2),
    ],
)
def test_a_currency_that_ended(code: str, last: str, successor: str, digits: int) -> None:
    """It is good until its last day, with its own digits, and refused since, with what followed."""
    day = date.fromisoformat(last)
    assert (code, digits) == (parse_currency(code), MINOR_DIGITS[code])
    check_current(code, day)
    with pytest.raises(BadInput) as caught:
        check_current(code, day + timedelta(days=1))

    since = day + timedelta(days=1)
    hint = f" (since then: {successor})" if successor else ""
    assert f"{code} is not a currency since {since}, and this is of {since}{hint}" == str(
        caught.value
    )


@pytest.mark.parametrize(
    ("code", "first"),
    [("EUR", "1999-01-01"), ("ZWG", "2024-04-05"), ("XCG", "2025-03-31"), ("SLE", "2022-04-01"),
     ("VES", "2018-08-20"), ("BYN", "2016-07-01"), ("HRK", "1994-05-30"), ("VEF", "2008-01-01")],
)  # fmt: skip
def test_a_currency_that_began(code: str, first: str) -> None:
    """It is none before its first day."""
    day = date.fromisoformat(first)
    check_current(code, day)
    with pytest.raises(BadInput, match=f"^{code} is a currency only since {first}, and this is of"):
        check_current(code, day - timedelta(days=1))


@pytest.mark.parametrize("code", ["USD", "JPY", "GBP", "CHF", "KWD", "CLF"])
@pytest.mark.parametrize("day", [date.min, date(1998, 1, 1), date.max])
def test_a_currency_that_stays(code: str, day: date) -> None:
    """Most are good at any date."""
    check_current(code, day)


def test_the_table_is_whole() -> None:
    """No code both ended and is in use; what followed is known; days stand in order."""
    assert set() == WITHDRAWN.keys() & BEGAN.keys()
    for code, span in WITHDRAWN.items():
        assert not span.successor or span.successor in MINOR_DIGITS, code
        assert span.first is None or span.first < span.last, code
        assert span.digits in (0, 2), code
    assert BEGAN.keys() < MINOR_DIGITS.keys()
    assert 126 == len(WITHDRAWN)


def test_every_currency_of_a_kind_is_known_to_it() -> None:
    """What is asked at the append is every field that holds one."""
    for name, kind in KINDS.items():
        fields = [each for each in kind.model_fields if each in ("currency", "base", "quote")]
        assert bool(fields) == (issubclass(kind, Priced) or name == "rate")
    rate = {
        "kind": "rate",
        "base": "GBP",
        "quote": "HRK",
        "rate": "8",
        "effective_on": "2024-01-01",
    }

    assert ("GBP", "HRK") == parse_event(rate).currencies()
