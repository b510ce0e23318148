"""Currencies: the ISO 4217 codes, how many minor digits each has, and when it is a currency.

A code that ended stays good for events of its time: an amount of 2021 may be in HRK.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from dealledger.events.errors import BadInput, closest
from dealledger.events.text import shown
from dealledger.events.withdrawn import BEGAN, WITHDRAWN

_TWO_DIGITS: Final = """
AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE
CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD
HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK
MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD
RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH
USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG
"""
_IN_USE: Final[dict[str, int]] = {
    **dict.fromkeys(_TWO_DIGITS.split(), 2),
    **dict.fromkeys(
        [
            "BIF",
            "CLP",
            "DJF",
            "GNF",
            "ISK",
            "JPY",
            "KMF",
            "KRW",
            "PYG",
            "RWF",
            "UGX",
            "UYI",
            "VND",
            "VUV",
            "XAF",
            "XOF",
            "XPF",
        ],
        0,
    ),
    **dict.fromkeys(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"], 3),
    **dict.fromkeys(["CLF", "UYW"], 4),
}
"""Source: ISO 4217, list one of 2026-01-01."""

MINOR_DIGITS: Final = {code: span.digits for code, span in WITHDRAWN.items()} | _IN_USE
"""Currency code, also of those that ended, to minor digits: USD 2, JPY 0, KWD 3, HRK 2."""


def parse_currency(value: object) -> str:
    """Return *value* if it is, or ever was, an ISO 4217 code; in capital letters."""
    if isinstance(value, str) and value in MINOR_DIGITS:
        return value
    meant = closest(value, _IN_USE, fold=str.upper) if isinstance(value, str) else ""
    raise BadInput(f"{shown(value)} is not an ISO 4217 currency", meant or "such as USD")


def check_current(code: str, day: date) -> None:
    """Refuse a currency that was none on a day. Raises: BadInput, saying since or until when."""
    span = WITHDRAWN.get(code)
    if span and day > span.last:
        since = span.last + timedelta(days=1)
        successor = f"since then: {span.successor}" if span.successor else ""
        raise BadInput(f"{code} is not a currency since {since}, and this is of {day}", successor)
    first = span.first if span else BEGAN.get(code)
    if first and day < first:
        raise BadInput(f"{code} is a currency only since {first}, and this is of {day}")
