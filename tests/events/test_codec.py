"""JSON in and out: strict reading, canonical bytes, and older versions of a kind."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from dealledger.events import BadInput, Refused, canonical_bytes, parse_event, read_object, to_json
from dealledger.ledger.proof.merkle import leaf_hash

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "jcs.json").read_text())
DOCUMENTS = {each["name"]: each for each in VECTORS["documents"]}


@pytest.mark.parametrize("name", ["french", "unicode", "weird"])
def test_canonical_bytes_are_those_of_rfc_8785(name: str) -> None:
    """The published documents that hold texts only: keys in UTF-16 order, least escaping.

    The documents `arrays`, `structures` and `values` hold null or floats, which no event has and
    `read_object` refuses; that the rfc8785 library passes them is its own test.
    """
    document = DOCUMENTS[name]
    found = canonical_bytes(read_object(document["input_utf8"]))

    assert document["canonical_hex"] == found.hex()
    assert document["canonical_utf8"] == found.decode()
    assert document["rfc6962_leaf_hash"] == leaf_hash(found).hex()


@pytest.mark.parametrize("name", ["structures", "values"])
def test_documents_with_floats_are_refused(name: str) -> None:
    """A number with a fraction never gets as far as the canonical bytes."""
    with pytest.raises(BadInput, match="is a number with a fraction"):
        read_object(DOCUMENTS[name]["input_utf8"])


def test_keys_are_sorted_by_utf_16() -> None:
    """U+1F600 sorts before U+E000, unlike in UTF-8."""
    assert '{"\U0001f600":1,"\ue000":2}'.encode() == canonical_bytes({"\ue000": 2, "\U0001f600": 1})


def test_canonical_bytes_of_an_event_never_change() -> None:
    """Changing this breaks existing ledgers."""
    event = parse_event(
        {"kind": "payment", "id": "D1", "effective_on": "2024-12-31", "payer": "a", "payee": "b",
         "amount": "1.10", "currency": "USD", "note": 'é\n"\u2028\x7f'[:4], "memo": False}
    )  # fmt: skip

    assert (
        '{"amount":"1.1","announced_on":"2024-12-31","currency":"USD",'
        '"effective_on":"2024-12-31","id":"D1","kind":"payment","note":"é\\n\\"\u2028",'
        '"payee":"b","payer":"a"}'
    ).encode() == canonical_bytes(to_json(event))


@pytest.mark.parametrize(
    "value",
    [
        {"a": 2**53},
        {"a": -(2**53)},
        {"a": "\ud800"},
        {"\ud800": "a"},
    ],
)
def test_what_has_no_canonical_bytes_is_refused(value: Any) -> None:
    """Integers that JSON readers round, and lone surrogates."""
    with pytest.raises(BadInput):
        canonical_bytes(value)


def test_endless_nesting_is_refused() -> None:
    """A value that holds itself is an error of one line."""
    value: dict[str, Any] = {}
    value["a"] = value
    with pytest.raises(BadInput, match="cannot be written as canonical JSON"):
        canonical_bytes(value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"a": 1, "b": 2, "a": 1}', "the key 'a' stands twice in one object"),
        ('{"x": {"a": 1, "a": 2}}', "the key 'a' stands twice in one object"),
        ('{"a": NaN}', 'NaN is a number with a fraction (write it as a string: "NaN")'),
        ('{"a": -Infinity}', "-Infinity is a number with a fraction"),
        ('{"a": 1.5}', '1.5 is a number with a fraction (write it as a string: "1.5")'),
        ('{"a": 1e3}', "1e3 is a number with a fraction"),
        ('{"a": 1e400}', "1e400 is a number with a fraction"),
        ('{"a": 123456789012345678}', "the number 123456789012345678… is too large"),
        ('{"a": ' + "9" * 5_000 + "}", "the number 99999999999999999999… is too large"),
        ('{"a": ' + "[" * 100_000 + "}", "this JSON is nested too deeply"),
        ('{"a": ' * 100_000, "this JSON is nested too deeply"),
        ("[]", 'this is not a JSON object (such as {"kind": "party", ...})'),
        ("null", "this is not a JSON object"),
        ('"a"', "this is not a JSON object"),
        ("", "this is not JSON: Expecting value at column 1"),
        ("{", "this is not JSON: "),
        ("{} {}", "this is not JSON: Extra data at column 4"),
        ("{'a': 1}", "this is not JSON: "),
        ('{"a": "\x01"}', "this is not JSON: Invalid control character at column 8"),
        (b"\xff{}", "this is not UTF-8: byte 1 is wrong"),
        (b'{"a": "\xc3\x28"}', "this is not UTF-8: byte 8 is wrong"),
        (b'{"a": "\xed\xa0\x80"}', "this is not UTF-8: byte 8 is wrong"),
        ('{"a": 1}'.encode("utf-16"), "this is not UTF-8: byte 1 is wrong"),
        ("\ufeff{}", "this is not JSON: "),
        (b"\xef\xbb\xbf{}", "this is not JSON: "),
    ],
)
def test_strict_json(text: str | bytes, message: str) -> None:
    """What Python's own reader lets through, or crashes on, is refused in one line."""
    with pytest.raises(BadInput) as caught:
        read_object(text)

    assert str(caught.value).startswith(message)


@pytest.mark.parametrize("depth", [50, 300, 600, 900, 980])
def test_deep_values_are_refused_in_any_field(depth: int) -> None:
    """Nesting that the reader still takes is no crash further on."""
    text = '{"kind": "party", "party": ' + "[" * depth + "]" * depth + "}"
    with pytest.raises((BadInput, Refused), match=r"is not a slug|nested too deeply"):
        parse_event(read_object(text))


@pytest.mark.parametrize("note", ["a\\u0000b", "\\ud800", "\\udc00\\ud800"])
def test_escapes_do_not_smuggle(note: str) -> None:
    """An escaped NUL or lone surrogate is refused as the character is."""
    data = '{"kind": "rivalry", "a": "x", "b": "y", "effective_on": "2024-01-01", "note": "%s"}'
    with pytest.raises(Refused, match="note: control character"):
        parse_event(read_object(data % note))


def test_version_1_of_reaction() -> None:
    """The move was said in percent."""
    old = {"kind": "reaction", "effective_on": "2025-09-10", "party": "oracle"}
    new = to_json(parse_event({**old, "v": 1, "move_pct": "35.950"}))

    assert "0.3595" == new["move"]
    assert "move_pct" not in new
    assert parse_event({**old, "move": "0.3595", "v": 2}) == parse_event({**old, "move": "0.3595"})


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"v": 3}, "reaction has no schema version '3' (a newer Deal Ledger may read it)"),
        ({"v": 0}, "reaction has no schema version '0' (a newer Deal Ledger may read it)"),
        ({"v": True}, "reaction has no schema version 'True' (a newer Deal Ledger may read it)"),
        ({"v": "1"}, "reaction has no schema version '1' (a newer Deal Ledger may read it)"),
        ({"v": None}, "reaction has no schema version 'None' (a newer Deal Ledger may read it)"),
        ({"v": 1, "move": "1"}, "'None' is not a decimal string (write it as \"2500000.50\")"),
        ({"v": 2, "move_pct": "1"}, "unknown field 'move_pct' (did you mean move?)"),
    ],
)
def test_other_versions_are_refused(change: dict[str, Any], message: str) -> None:
    """A version that is not known is never guessed at."""
    data = {"kind": "reaction", "effective_on": "2025-09-10", "party": "oracle", "move": "1"}
    with pytest.raises(Refused) as caught:
        parse_event({**data, **change})

    assert message in str(caught.value)
