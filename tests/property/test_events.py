"""Laws of events and values, for whatever hypothesis thinks of."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.strategies import BUILDERS, event_json, events

from dealledger.events import (
    KINDS,
    BadInput,
    DealLedgerError,
    Event,
    Refused,
    canonical_bytes,
    parse_event,
    read_object,
    to_json,
)
from dealledger.events.dates import last_day, parse_as_of, parse_day, parse_instant
from dealledger.events.decimals import EXACT, decimal_text, exact_text, parse_decimal, scaled_text
from dealledger.events.fraction import parse_typed_fraction
from dealledger.events.money import Money, parse_typed, short_text
from dealledger.events.text import visible

numbers = st.decimals(allow_nan=False, allow_infinity=False, places=12, min_value=-(10**25), max_value=10**25)  # fmt: skip
words = st.text(max_size=30) | st.text("0123456789.,_-+eE%kKmMbBtTnUSDEUR$€ ", max_size=20)
any_json: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.floats(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


def refusal(read: Any, *values: Any) -> DealLedgerError | None:
    """Return why reading is refused, or None; every other exception comes through."""
    try:
        read(*values)
    except (BadInput, Refused) as error:
        return error
    return None


def test_there_is_a_strategy_for_every_kind() -> None:
    """Random events are of every kind."""
    missing, gone = KINDS.keys() - BUILDERS.keys(), BUILDERS.keys() - KINDS.keys()

    assert not missing, f"say in BUILDERS in tests/support/strategies.py how {missing} is drawn"
    assert not gone, f"take {gone} out of BUILDERS in tests/support/strategies.py"
    assert list(KINDS) == list(BUILDERS), "sort BUILDERS in tests/support/strategies.py as KINDS"


@given(events())
def test_json_round_trip(event: Event) -> None:
    """What is written is read back as the same event, also through text."""
    data = to_json(event)

    assert event == parse_event(data)
    assert event == parse_event(read_object(json.dumps(data)))
    assert data == to_json(parse_event(data))


@given(event_json(), st.randoms(use_true_random=False))
def test_equal_events_have_equal_bytes(data: dict[str, Any], chance: Any) -> None:
    """Neither the order of keys, nor zeros at the end, nor defaults that are spelled out matter."""
    other = {**data, "announced_on": data.get("announced_on", data["effective_on"])}
    for name in ("amount", "stake", "move", "rate"):
        if name in other:
            other[name] += "00" if "." in other[name] else ".00"
    keys = list(other)
    chance.shuffle(keys)
    other = {key: other[key] for key in keys}

    wanted, found = (canonical_bytes(to_json(parse_event(each))) for each in (data, other))
    assert wanted == found


@given(events())
def test_canonical_bytes_hold_all_of_it(event: Event) -> None:
    """The bytes are JSON that reads back as the event, with keys in order."""
    found = read_object(canonical_bytes(to_json(event)))

    assert event == parse_event(found)
    assert sorted(found, key=lambda key: key.encode("utf-16-be")) == list(found)


@given(events())
def test_names_and_references_are_found_in_any_kind(event: Event) -> None:
    """Whatever an event names stands in its JSON."""
    written = json.dumps(to_json(event))

    assert all(f'"{each}"' in written for each in (*event.parties(), *event.refs()))


@given(numbers)
def test_decimal_text_round_trip(number: Decimal) -> None:
    """Canonical text is exact, and equal for equal numbers."""
    text = decimal_text(number)

    assert number == parse_decimal(text)
    assert text == decimal_text(parse_decimal(text)) == decimal_text(EXACT.add(number, Decimal(0)))


@given(st.fractions())
def test_exact_text_round_trip(number: Fraction) -> None:
    """A fraction is written without loss, as a decimal or a ratio."""
    assert number == Fraction(exact_text(number))


@given(st.integers(), st.integers(0, 12))
def test_scaled_text_is_canonical(units: int, places: int) -> None:
    """Units over a power of ten have one text."""
    text = scaled_text(units, places)

    assert Fraction(units, 10**places) == Fraction(text)
    assert text == exact_text(Fraction(units, 10**places))


@given(st.integers(-(10**24), 10**24), st.sampled_from(["USD", "JPY", "KWD"]))
def test_short_amounts_are_near(minor: int, currency: str) -> None:
    """What people read is at most half of its last digit away, of three digits or more."""
    exact = Fraction(Money(currency, minor).text())
    text = short_text(minor, currency)
    scale = {"K": 10**3, "M": 10**6, "B": 10**9, "T": 10**12}.get(text[-1], 1)
    near = Fraction(text.rstrip("KMBT")) * scale
    digits = text.lstrip("-").rstrip("KMBT").replace(".", "")

    assert abs(near - exact) <= (abs(near) / 199 if scale > 1 else 0)
    assert scale == 1 or len(digits) >= 3
    assert text.endswith("T") or abs(near) < 1000 * scale


@given(words)
@pytest.mark.parametrize(
    "parse",
    [
        parse_typed,
        parse_typed_fraction,
        parse_decimal,
        parse_day,
        last_day,
        parse_instant,
        read_object,
        lambda text: parse_as_of(text, parse_day("2024-01-01")),
    ],
)
def test_readers_of_text_raise_nothing_else(parse: Any, text: str) -> None:
    """Whatever is typed is read, or refused with a message of one line that can be printed."""
    error = refusal(parse, text)

    assert error is None or visible(str(error)) == str(error)


@given(st.binary(max_size=40))
def test_reader_of_bytes_raises_nothing_else(data: bytes) -> None:
    """Bytes that are not JSON are refused, whatever they are."""
    error = refusal(read_object, data)

    assert error is None or visible(str(error)) == str(error)


@given(st.dictionaries(st.text(max_size=8), any_json, max_size=3), event_json(), st.data())
def test_reader_of_events_raises_nothing_else(
    more: dict[str, Any], data: dict[str, Any], chance: st.DataObject
) -> None:
    """JSON of any shape, in any field, is an event or refused."""
    field = chance.draw(st.sampled_from(sorted(data)))
    for each in (more, {**data, **more}, {**data, field: chance.draw(any_json)}):
        error = refusal(lambda each=each: canonical_bytes(to_json(parse_event(each))))
        assert error is None or str(error)


@given(event_json(), words, st.data())
def test_text_in_any_field_is_read_or_refused(
    data: dict[str, Any], text: str, chance: st.DataObject
) -> None:
    """A text in the place of another one never gets through half read."""
    field = chance.draw(st.sampled_from(sorted(data)))
    changed = {**data, field: text}
    if refusal(parse_event, changed) is None:
        assert parse_event(changed) == parse_event(to_json(parse_event(changed)))


@given(
    st.dictionaries(st.text(max_size=6), st.text(max_size=12) | st.booleans(), max_size=4),
    st.data(),
)
def test_what_is_read_at_once_is_what_is_read_with_care(
    said: dict[str, Any], chance: st.DataObject
) -> None:
    """The short way of reading gives the object of the long one, or leaves it to that."""
    separators = chance.draw(st.sampled_from([(",", ":"), (", ", ": "), (" ,", " : ")]))
    text = json.dumps(said, ensure_ascii=chance.draw(st.booleans()), separators=separators)
    doubled = f"{text[:-1]}, {text[1:]}"

    assert json.loads(text) == read_object(text) == read_object(text.encode())
    assert not said or "stands twice" in str(refusal(read_object, doubled))
