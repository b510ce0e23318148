"""Amounts: what people type, what JSON holds, and what is refused."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from dealledger.events import BadInput, Money, PartMoney
from dealledger.events.currency import MINOR_DIGITS, parse_currency
from dealledger.events.decimals import parse_typed_number, parse_typed_whole
from dealledger.events.fraction import parse_typed_fraction
from dealledger.events.money import (
    LARGEST_MINOR,
    minor_units,
    parse_not_negative,
    parse_positive,
    parse_typed,
    short_text,
)

EXAMPLE = "(such as 13B, $13B, 1.4T, 500M or EUR 2.5M)"


@pytest.mark.parametrize(
    ("typed", "amount", "currency"),
    [
        ("13B", "13000000000", None),
        ("$13B", "13000000000", "USD"),
        ("1.40T", "1400000000000", None),
        ("500M", "500000000", None),
        ("EUR 2.5M", "2500000", "EUR"),
        ("EUR2.5M", "2500000", "EUR"),
        ("2.5M EUR", "2500000", "EUR"),
        ("2.5MEUR", "2500000", "EUR"),
        ("€2.5 M", "2500000", "EUR"),
        ("£ 1", "1", "GBP"),
        ("13_000_000_000", "13000000000", None),
        ("13,000,000.50", "13000000.5", None),
        ("007", "7", None),
        ("0", "0", None),
        ("0.10k", "100", None),
        ("1bn", "1000000000", None),
        ("1mn", "1000000", None),
        ("2tn", "2000000000000", None),
        ("5b", "5000000000", None),
        ("5K", "5000", None),
        (" 12 ", "12", None),
        ("100 MXN", "100", "MXN"),
        ("100 BTN", "100", "BTN"),
        ("100 TTD", "100", "TTD"),
        ("100M MXN", "100000000", "MXN"),
        ("123456789012345678901234567890", "123456789012345678901234567890", None),
    ],
)
def test_typed_amount_is_read(typed: str, amount: str, currency: str | None) -> None:
    """People write amounts with a sign or code, in groups of three, and with a letter for size."""
    assert (amount, currency) == parse_typed(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "", " ", "B", "$", "-5", "+5", "5-", "1e3", "1E+2", "NaN", "sNaN", "Infinity", "-0", "inf",
        "1e999", "1.", ".5", "1..5", "1.5.5", "1__000", "_1", "1_", "1 000",
        "5 B B", "13KB", "13Bn.", "US$5", "$EUR5", "５", "٣", "1\u00a0000 000", "13B\n5", "five",
        "0x10", "5%", "1/2", "¥5", "5 usd", "--5", "5B EURO", "1" * 5000 + "x",
    ],
)  # fmt: skip
def test_what_is_no_amount_is_refused(typed: str) -> None:
    """Anything else than one amount is refused, with examples of what is one."""
    with pytest.raises(BadInput) as caught:
        parse_typed(typed)

    assert str(caught.value).endswith(f" is not an amount {EXAMPLE}")


@pytest.mark.parametrize(
    "typed",
    ["1,50", "1,25", "1,00,000", "1250,000", "0,750M", "0,925", "00,750", "EUR 0,5", "1,2500",
     "1,250,00", ",250", "1,", "1_000,000", "1,000_000", "1000,000.5"],
)  # fmt: skip
def test_a_comma_groups_thousands_only(typed: str) -> None:
    """A comma that may stand for a decimal point is not an amount, and never one a thousand times it."""
    said = "is not an amount (a comma groups thousands only, as in 1,250,000; decimals: 0.75)"
    with pytest.raises(BadInput) as caught:
        parse_typed(typed)
    assert f"'{typed}' {said}" == str(caught.value)
    for parse in (parse_typed_number, parse_typed_whole, parse_typed_fraction):
        with pytest.raises(BadInput, match="a comma groups thousands only"):
            parse(typed)


@pytest.mark.parametrize("typed", ["1250_000", "0_750", "1_2", "1_2000", "_100", "100_"])
def test_an_underscore_groups_thousands_only(typed: str) -> None:
    """As a comma does."""
    for parse in (parse_typed, parse_typed_number, parse_typed_whole):
        with pytest.raises(BadInput, match=f"'{typed}' is not a"):
            parse(typed)


@pytest.mark.parametrize(
    ("typed", "number"),
    [("1.10", "1.1"), ("0.925", "0.925"), ("1,250", "1250"), ("1,250,000.5", "1250000.5"),
     ("1_250_000", "1250000"), (" 160 ", "160"), ("007", "7")],
)  # fmt: skip
def test_typed_number_is_read(typed: str, number: str) -> None:
    """A rate is a number and nothing beside it."""
    assert number == parse_typed_number(typed)
    for unit in (f"{typed} GBP", f"$ {typed}", f"{typed}M", f"{typed}%", f"-{typed}"):
        with pytest.raises(BadInput, match="is not a plain number"):
            parse_typed_number(unit)


@pytest.mark.parametrize(
    ("typed", "number"), [("8000000", 8_000_000), ("8,000,000", 8_000_000), ("8_000", 8_000)]
)
def test_typed_whole_number_is_read(typed: str, number: int) -> None:
    """Shares are whole."""
    assert number == parse_typed_whole(typed)
    for other in (f"${typed}", f"{typed}.5", f"{typed}M", f"{typed} USD", "1" * 18, "٣", "1,0"):
        with pytest.raises(BadInput, match="is not a whole number"):
            parse_typed_whole(other)


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("$5 USD", "'$5 USD' names a currency twice"),
        ("5 USB", "'USB' is not an ISO 4217 currency (did you mean "),
        ("XYZ 5", "'XYZ' is not an ISO 4217 currency (such as USD)"),
        ("9" * 31, "is not a plain decimal number (digits and a point, at most 30 of each)"),
        ("9" * 5000, "is not a plain decimal number (digits and a point, at most 30 of each)"),
        ("1." + "9" * 31, "is not a plain decimal number (digits and a point, at most 30 of each)"),
    ],
)
def test_almost_an_amount_is_refused(typed: str, message: str) -> None:
    """The message says what is wrong with the amount."""
    with pytest.raises(BadInput) as caught:
        parse_typed(typed)

    assert message in str(caught.value)


@pytest.mark.parametrize(
    "value",
    [
        "NaN", "sNaN", "-NaN", "Infinity", "-Infinity", "inf", "1e3", "1E+2", "1e999", "1e-5",
        "1e999999999", "+5", " 5", "5 ", "5\n", "", "1_000", "1,000", "５", "٣", "७", "0x10", "00",
        "01", "1.", ".5", "-.5", "--1", "1.2.3", "9" * 31, "9" * 5000, "0." + "1" * 31, "1/2",
        "\u22125", "5\x00", None, 5, 5.0, True, b"5", [], {}, Decimal("NaN"), Decimal("Infinity"),
    ],
)  # fmt: skip
def test_json_amount_is_plain(value: Any) -> None:
    """In JSON a number is a string of ASCII digits with a point."""
    with pytest.raises(BadInput):
        parse_positive(value)


@pytest.mark.parametrize("value", ["0", "-0", "0.00", "-1", "-0.0001"])
def test_amount_is_positive(value: str) -> None:
    """Nothing, and less than nothing, is not an amount."""
    with pytest.raises(BadInput, match="is not above zero"):
        parse_positive(value)


def test_remainder_may_be_zero() -> None:
    """What remains of a commitment is zero or more."""
    assert Decimal(0) == parse_not_negative("0") == parse_not_negative("-0")
    with pytest.raises(BadInput, match="-1 is below zero"):
        parse_not_negative("-1")


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ("2.5", "USD", 250),
        ("0.01", "USD", 1),
        ("1.10", "USD", 110),
        ("7", "JPY", 7),
        ("7.0", "JPY", 7),
        ("1.005", "KWD", 1005),
        ("0.0001", "CLF", 1),
        ("92000000000000000", "USD", LARGEST_MINOR),
        ("9200000000000000000", "JPY", LARGEST_MINOR),
    ],
)
def test_minor_units(amount: str, currency: str, minor: int) -> None:
    """An amount is a whole number of the currency's smallest unit."""
    assert minor == minor_units(Decimal(amount), currency)


@pytest.mark.parametrize(
    ("amount", "currency", "message"),
    [
        ("0.001", "USD", "0.001 is too precise for USD (at most 2 decimals)"),
        ("0.5", "JPY", "0.5 is too precise for JPY (at most 0 decimals)"),
        ("1.0005", "KWD", "1.0005 is too precise for KWD (at most 3 decimals)"),
        (
            "92000000000000000.01",
            "USD",
            "92000000000000000.01 USD is too large (at most 92000000000000000)",
        ),
        ("1" + "0" * 29, "JPY", f"{'1' + '0' * 29} JPY is too large (at most 9200000000000000000)"),
    ],
)
def test_amount_fits_its_currency(amount: str, currency: str, message: str) -> None:
    """More decimals than the currency has, or more than 64 bits, are refused."""
    with pytest.raises(BadInput) as caught:
        minor_units(Decimal(amount), currency)

    assert message == str(caught.value)


@pytest.mark.parametrize(
    ("minor", "currency", "short", "exact"),
    [
        (0, "USD", "0", "0"),
        (1, "USD", "0.01", "0.01"),
        (-250, "USD", "-2.50", "-2.5"),
        (99_900, "USD", "999", "999"),
        (99_949, "USD", "999.49", "999.49"),
        (99_950, "USD", "999.50", "999.5"),
        (100_000, "USD", "1.00K", "1000"),
        (99_994_999, "USD", "999.9K", "999949.99"),
        (99_996_000, "USD", "1.00M", "999960"),
        (99_996_000_000, "USD", "1.00B", "999960000"),
        (999_499_000_000, "USD", "9.99B", "9994990000"),
        (999_500_000_000, "USD", "10.0B", "9995000000"),
        (1_300_000_000_000, "USD", "13.0B", "13000000000"),
        (140_000_000_000_000, "USD", "1.40T", "1400000000000"),
        (123_456_700_000_000_000, "USD", "1234.6T", "1234567000000000"),
        (125_000, "USD", "1.25K", "1250"),
        (-125_000_000_000, "USD", "-1.25B", "-1250000000"),
        (145_000_000_000, "USD", "1.45B", "1450000000"),
        (100_450_000_000, "USD", "1.00B", "1004500000"),
        (1_005_000_000_000, "USD", "10.1B", "10050000000"),
        (7, "JPY", "7", "7"),
        (1_234, "JPY", "1.23K", "1234"),
        (1_005, "KWD", "1.005", "1.005"),
        (3, "BHD", "0.003", "0.003"),
        (-3, "BHD", "-0.003", "-0.003"),
    ],
)
def test_amount_as_text(minor: int, currency: str, short: str, exact: str) -> None:
    """People read three digits or more, half away from zero; programs read the exact number."""
    money = Money(currency, minor)

    assert (short, exact) == (money.short(), money.text())
    assert short == short_text(minor, currency)


@pytest.mark.parametrize(
    ("minor", "currency", "short", "exact"),
    [
        ("1/3", "USD", "< 0.01", "1/300"),
        ("-1/3", "USD", "> -0.01", "-1/300"),
        ("1/2", "USD", "0.01", "0.005"),
        ("2/5", "JPY", "< 1", "0.4"),
        # Rounded once: 1.24499... and not first up to whole cents, then up again.
        ("1244999999999/10", "USD", "1.24B", "1,244,999,999.999"),
        ("125000050001/2", "USD", "625.0M", "625,000,250.005"),
    ],
)
def test_part_of_a_minor_unit_as_text(minor: str, currency: str, short: str, exact: str) -> None:
    """What is not nothing is never printed as 0."""
    money = PartMoney(currency, Fraction(minor))

    assert (short, exact) == (money.short(), money.exact())


@pytest.mark.parametrize(
    ("minor", "currency", "exact"),
    [
        (0, "USD", "0"),
        (125_000_000_000, "USD", "1,250,000,000"),
        (-125_000_050, "USD", "-1,250,000.50"),
        (5, "USD", "0.05"),
        (-5, "USD", "-0.05"),
        (1_005, "KWD", "1.005"),
        (1_234, "JPY", "1,234"),
    ],
)
def test_exact_amount_for_people(minor: int, currency: str, exact: str) -> None:
    """To the last digit, thousands apart; decimals only where there are some, and then all."""
    assert exact == Money(currency, minor).exact()


def test_currencies_are_those_of_iso_4217() -> None:
    """Codes are in capitals; how many digits each has decides what an amount is."""
    assert (2, 0, 3, 4) == tuple(MINOR_DIGITS[code] for code in ("USD", "JPY", "KWD", "CLF"))
    assert "EUR" == parse_currency("EUR")
    for value in ("usd", "US", "USDD", "", None, 5, "BTC", "XXX"):
        with pytest.raises(BadInput, match="is not an ISO 4217 currency"):
            parse_currency(value)
