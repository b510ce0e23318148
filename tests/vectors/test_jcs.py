"""RFC 8785 against all that its authors publish: documents, numbers, and what must be refused.

Events hold no floats, so `canonical_bytes` takes a part of it; the rest is asked of the library
that it stands on.
"""

from __future__ import annotations

import json
import os
import struct
from collections.abc import Iterator
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any, Final

import pytest
import rfc8785

from dealledger.events import BadInput, canonical_bytes, read_object
from dealledger.ledger.proof.merkle import leaf_hash

VECTORS: Final = json.loads((Path(__file__).parent / "jcs.json").read_text())
NUMBERS: Final = [*VECTORS["rfc8785_appendix_b_numbers"], *VECTORS["es6_static"]]

FORBIDDEN: Final[dict[str, tuple[list[Any], list[str]]]] = {
    "NaN": ([float("nan")], ['{"a": NaN}']),
    "Infinity": ([float("inf")], ['{"a": Infinity}', '{"a": 1e400}']),
    "-Infinity": ([float("-inf")], ['{"a": -Infinity}', '{"a": -1e400}']),
    "lone surrogate in string or key": (["\ud800", "\udc00x", {"\ud800": "a"}], []),
    "duplicate object keys on input (I-JSON, RFC 7493)": (
        [],
        ['{"a": "1", "a": "1"}', '{"x": {"a": "1", "b": "2", "\\u0061": "3"}}'],
    ),
}
"""What must be refused: as values to write, and as texts to read."""


def double(bits: int) -> float:
    """Return the number that 64 bits mean."""
    number: float = struct.unpack(">d", bits.to_bytes(8, "big"))[0]
    return number


def sequence() -> Iterator[int]:
    """Yield the published sequence of doubles, as bits: fixed ones, neighbours, then a hash chain.

    Source: testdata/README.md of cyberphone/json-canonicalization.
    """
    yield from (int(bits, 16) for bits, _ in VECTORS["es6_static"])
    yield from range(0x0010000000000000, 0x0010000000000000 + 2_000)
    block = bytes(32)
    while True:
        block = sha256(block).digest()
        yield from (bits for bits in struct.unpack("<4Q", block) if bits >> 52 & 0x7FF != 0x7FF)


@pytest.mark.parametrize("document", VECTORS["documents"], ids=lambda each: each["name"])
def test_each_document_has_its_bytes(document: dict[str, Any]) -> None:
    """The whole published set; `json.dumps` with sorted keys fails the ones that say so."""
    said = json.loads(document["input_utf8"])
    found = rfc8785.dumps(said)
    naive = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    assert document["input_sha256"] == sha256(document["input_utf8"].encode()).hexdigest()
    assert document["canonical_hex"] == found.hex()
    assert document["canonical_utf8"] == found.decode()
    assert document["canonical_sha256"] == sha256(found).hexdigest()
    assert document["rfc6962_leaf_hash"] == leaf_hash(found).hex()
    assert document["naive_python_sort_keys_matches"] is (naive.encode() == found)


@pytest.mark.parametrize("document", VECTORS["documents"], ids=lambda each: each["name"])
def test_our_reader_and_writer_give_the_same_bytes_or_refuse(document: dict[str, Any]) -> None:
    """An object without floats has the published bytes; lists and floats are no event."""
    if document["name"] in ("french", "unicode", "weird"):
        found = canonical_bytes(read_object(document["input_utf8"]))
        assert document["canonical_hex"] == found.hex()
        return
    with pytest.raises(BadInput, match=r"is not a JSON object|is a number with a fraction"):
        read_object(document["input_utf8"])


def test_each_number_has_its_text() -> None:
    """The numbers of appendix B of the RFC and the fixed ones of its authors."""
    assert 190 < len(NUMBERS)
    for bits, text in NUMBERS:
        assert text == rfc8785.dumps(double(int(bits, 16))).decode()


@pytest.mark.parametrize("count", [1_000, 10_000, *([100_000] if os.environ.get("CI") else [])])
def test_the_sequence_of_numbers_has_the_published_hash(count: int) -> None:
    """Each line: the bits in hex, a comma, and the number's text."""
    digest = sha256()
    for bits in islice(sequence(), count):
        digest.update(b"%x,%s\n" % (bits, rfc8785.dumps(double(bits))))

    assert VECTORS["es6_sequence_sha256"][str(count)] == digest.hexdigest()


@pytest.mark.parametrize("what", VECTORS["must_reject"])
def test_what_must_be_refused_is(what: str) -> None:
    """By the writer as a value, by the reader as a text: one line each."""
    values, texts = FORBIDDEN[what]

    assert values or texts
    for value in values:
        with pytest.raises(BadInput, match="cannot be written as canonical JSON"):
            canonical_bytes({"a": value})
    for text in texts:
        with pytest.raises(BadInput, match=r"stands twice|is a number with a fraction"):
            read_object(text)


@pytest.mark.parametrize("text", ['{"a": "\\ud800"}', '{"\\udc00": "a"}'])
def test_a_lone_surrogate_that_is_read_is_never_written(text: str) -> None:
    """The escape is JSON, so reading takes it; nothing with it has canonical bytes."""
    with pytest.raises(BadInput, match="cannot be written as canonical JSON"):
        canonical_bytes(read_object(text))
