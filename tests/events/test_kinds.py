"""The kinds: what each takes, what it refuses, and what it names and moves."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError
from support.given import EXAMPLES, event, funds, pays, promises

from dealledger.events import KINDS, Moving, Posting, Refused, parse_event, to_json

FIRMNESS = "'talks', 'term-sheet', 'letter-of-intent', 'announced', 'reported' or 'definitive'"


def without(kind: str, *names: str, **fields: Any) -> dict[str, Any]:
    """Return the example of *kind* without some fields, and with others changed."""
    data = {name: value for name, value in EXAMPLES[kind].items() if name not in names}
    return {**data, **fields}


def test_each_kind_has_an_example() -> None:
    """They stand in the order of the kinds."""
    missing, gone = KINDS.keys() - EXAMPLES.keys(), EXAMPLES.keys() - KINDS.keys()

    assert not missing, f"add an example of {missing} to EXAMPLES in tests/support/given.py"
    assert not gone, f"take {gone} out of EXAMPLES in tests/support/given.py"
    assert list(KINDS) == list(EXAMPLES), "sort EXAMPLES in tests/support/given.py as KINDS"


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_round_trips(kind: str) -> None:
    """All fields are read, and written again in the canonical order."""
    found = to_json(parse_event(EXAMPLES[kind]))

    assert EXAMPLES[kind] == found
    assert list(EXAMPLES[kind]) == list(found)
    assert kind == parse_event(found).kind


@pytest.mark.parametrize("kind", KINDS)
def test_examples_have_every_field(kind: str) -> None:
    """The example of a kind has all fields of its own, so that each is tested."""
    common = set(KINDS["party"].model_fields) & set(KINDS["rate"].model_fields)

    missing = set(KINDS[kind].model_fields) - common - set(EXAMPLES[kind])

    assert not missing, f"give {missing} to the example of {kind} in tests/support/given.py"


@pytest.mark.parametrize("kind", KINDS)
def test_events_never_change(kind: str) -> None:
    """An event is frozen, and can be a member of a set."""
    found = parse_event(EXAMPLES[kind])
    with pytest.raises(ValidationError, match="frozen"):
        setattr(found, "note", "other")  # noqa: B010

    assert {found} == {found, parse_event(EXAMPLES[kind])}


def test_defaults_are_left_out() -> None:
    """What says nothing is not written; the date of announcement always is."""
    assert {
        "kind": "payment",
        "effective_on": "2024-01-01",
        "announced_on": "2024-01-01",
        "payer": "acme",
        "payee": "beta",
    } == to_json(pays(None, None, memo=False, bound="exact", announced_on=None, note=None))


@pytest.mark.parametrize(
    ("kind", "parties", "refs"),
    [
        ("party", {"openai"}, ()),
        ("rivalry", {"openai", "anthropic"}, ()),
        ("funding", {"microsoft", "openai"}, ("C1",)),
        ("issuance", {"acme", "founders"}, ()),
        ("transfer", {"founders", "beta", "acme"}, ()),
        ("holding", {"microsoft", "openai", "founders"}, ()),
        ("valuation", {"openai"}, ()),
        ("commitment", {"openai", "oracle", "softbank"}, ("C1",)),
        ("payment", {"microsoft", "coreweave"}, ("C1",)),
        ("right", {"openai", "microsoft"}, ()),
        ("termination", set(), ("C1",)),
        ("reaction", {"oracle"}, ()),
        ("rate", set(), ()),
        ("retraction", set(), ("E09", "E99")),
    ],
)
def test_events_know_what_they_name(kind: str, parties: set[str], refs: tuple[str, ...]) -> None:
    """Parties and references are found by their types, also in lists."""
    found = parse_event(EXAMPLES[kind])

    assert parties == found.parties()
    assert refs == found.refs()


PERIOD = (date(2023, 1, 23), date(2024, 12, 31))


@pytest.mark.parametrize(
    ("data", "posting"),
    [
        (EXAMPLES["funding"], ("funding", "microsoft", "openai", "USD", 10**12, PERIOD)),
        (
            without("funding", instrument="credits"),
            ("credits", "microsoft", "openai", "USD", 10**12, PERIOD),
        ),
        (EXAMPLES["transfer"], ("transfer", "beta", "founders", "KWD", 1005)),
        (without("transfer", "amount"), ("transfer", "beta", "founders", "KWD", None)),
        (
            without("payment", "amount", "currency", "period_start", "period_end"),
            ("payment", "microsoft", "coreweave", None, None),
        ),
    ],
)
def test_cash_that_moved(data: dict[str, Any], posting: tuple[Any, ...]) -> None:
    """Fundings, payments and prices move; credits are no cash; an unknown amount moves too."""
    assert (Posting(*posting),) == parse_event(data).postings()


@pytest.mark.parametrize(
    "kind",
    [kind for kind, of in KINDS.items() if kind != "transfer" and not issubclass(of, Moving)],
)
def test_nothing_else_moves(kind: str) -> None:
    """A promise, a right or a value is no flow; and a memo never is."""
    assert () == parse_event(EXAMPLES[kind]).postings()
    assert () == parse_event({**EXAMPLES["payment"], "memo": True}).postings()


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("rivalry", "a", "b"),
        ("funding", "investor", "investee"),
        ("issuance", "issuer", "holder"),
        ("transfer", "seller", "buyer"),
        ("holding", "holder", "issuer"),
        ("commitment", "obligor", "beneficiary"),
        ("payment", "payer", "payee"),
        ("right", "grantor", "grantee"),
        ("rate", "base", "quote"),
    ],
)
def test_sides_differ(kind: str, one: str, other: str) -> None:
    """Nobody deals with itself."""
    data = {**EXAMPLES[kind], other: EXAMPLES[kind][one]}
    with pytest.raises(Refused) as caught:
        parse_event(data)

    assert f"{one} and {other} are both {data[one]} (they must differ)" == str(caught.value)


REFUSED: list[Any] = [
    ({}, "missing field 'kind' (one of party, rivalry, funding, "),
    ({"kind": None}, "unknown kind 'None' (one of party, "),
    ({"kind": ["party"]}, "unknown kind '['party']' (one of party, "),
    ({"kind": "fundng"}, "unknown kind 'fundng' (did you mean funding?)"),
    ({"kind": "Payment"}, "unknown kind 'Payment' (did you mean payment?)"),
    (without("payment", "payer"), "missing field 'payer' (a payment needs it)"),
    (without("payment", "effective_on", "announced_on"), "missing field 'effective_on' (a payment"),
    (without("payment", payr="x"), "unknown field 'payr' (did you mean "),
    (without("payment", xyz="x"), "unknown field 'xyz'"),
    (without("payment", effective_on="2023-02-29"), "effective_on: there is no day 2023-02-29"),
    (without("payment", announced_on="soon"), "announced_on: 'soon' is not a date (YYYY-MM-DD)"),
    (without("payment", id="a b"), "id: 'a b' is not an event id (letters, digits, . _ : -, at most 64"),
    (without("payment", deal="A"), "deal: 'A' is not a slug (lower-case letters, digits and -"),
    (without("payment", memo="maybe"), "memo: Input should be a valid boolean"),
    (without("payment", confidence="sure"),
     "confidence: 'sure' is none of 'confirmed', 'reported' or 'estimated'"),
    (without("payment", amount=5), "amount: '5' is not a decimal string (write it as \"2500000.50\")"),
    (without("payment", amount="5.001"), "5.001 is too precise for USD (at most 2 decimals)"),
    (without("payment", amount="0"), "amount: 0 is not above zero"),
    (without("payment", "currency"), "an amount needs a currency (such as USD)"),
    (without("payment", currency="usd"),
     "currency: 'usd' is not an ISO 4217 currency (did you mean USD"),
    (without("payment", "period_end"), "a period needs period_start and period_end"),
    (without("payment", period_end="2023-12-31"),
     "the period ends on 2023-12-31, before it starts on 2024-01-01"),
    (without("funding", "period_start"), "a period needs period_start and period_end"),
    (without("funding", amount="30000000000"), "the amount is above post_money"),
    (without("funding", tied_amount="10000000000.01"), "tied_amount is above the amount"),
    (without("funding", stake="0"), "stake: a stake of 0 is none (leave it out if it is not known)"),
    (without("funding", instrument="cash"), "instrument: 'cash' is none of 'equity', "),
    (without("issuance", shares="5"), "shares: Input should be a valid integer, not '5'"),
    (without("issuance", shares=0), "shares: Input should be greater than 0, not '0'"),
    (without("issuance", shares=True), "shares: Input should be a valid integer, not 'True'"),
    (without("issuance", shares=2**53), "shares: Input should be less than or equal to "),
    (without("holding", stake="27"), "stake: 27 is not part of a whole (0 to 1: 0.27 is 27 %)"),
    (without("holding", includes="founders"), "includes: Input should be a valid tuple"),
    (without("holding", includes=["Founders"]), "includes.0: 'Founders' is not a slug"),
    (without("valuation", "amount"), "missing field 'amount' (a valuation needs it)"),
    (without("valuation", amount="0.5"), "0.5 is too precise for JPY (at most 0 decimals)"),
    (without("commitment", end="2026-12-31"),
     "the commitment ends on 2026-12-31, before it starts on 2027-01-01"),
    (without("commitment", "amount"), "bearers need the amount that they divide"),
    (without("commitment", "amount", "bearers"), "schedule need the amount that they divide"),
    (without("commitment", amount="60000000000"),
     "the amounts of bearers add up to more than the commitment"),
    (without("commitment", bearers=[], amount="60000000000"),
     "the amounts of schedule add up to more than the commitment"),
    (without("commitment", bearers=[{"party": "x", "amount": "1"}] * 2),
     "a party stands twice in bearers"),
    (without("commitment", bearers=[{"party": "x", "amount": "0.001"}]),
     "0.001 is too precise for USD (at most 2 decimals)"),
    (without("commitment", bearers=[{"party": "x"}]), "missing field 'bearers.0.amount'"),
    (without("commitment", bearers=[{"party": "x", "amount": "1", "y": 1}]),
     "unknown field 'bearers.0.y'"),
    (without("commitment", schedule=[{"year": "2027", "amount": "1"}]),
     "schedule.0.year: Input should be a valid integer, not '2027'"),
    (without("commitment", schedule=[{"year": 1899, "amount": "1"}]),
     "schedule.0.year: Input should be greater than or equal to 1900, not '1899'"),
    (without("commitment", firmness="sure"), f"firmness: 'sure' is none of {FIRMNESS}"),
    (without("right", until="2032-13"), "until: there is no month 2032-13"),
    (without("termination", ends=[]), "ends: "),
    (without("termination", ends="C1"), "ends: Input should be a valid tuple"),
    (without("termination", ends=["C1", "C2"]),
     "remaining says what one commitment keeps (terminate them one by one)"),
    (without("termination", remaining="-1"), "remaining: -1 is below zero"),
    (without("reaction", move="-1.5"), "move: -1.5 is not a price move (a fraction: -0.028 is -2.8 %)"),
    (without("rate", rate="0"), "rate: 0 is not above zero"),
    (without("retraction", "reason"), "missing field 'reason' (a retraction needs it)"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "message"), REFUSED)
def test_what_is_refused(data: dict[str, Any], message: str) -> None:
    """One problem, in one line that names the field and what to do."""
    with pytest.raises(Refused) as caught:
        parse_event(data)

    assert 1 == len(caught.value.problems)
    assert str(caught.value).startswith(message)


def test_all_problems_are_named() -> None:
    """One bad field never hides another."""
    with pytest.raises(Refused) as caught:
        parse_event({"kind": "payment", "payer": "A", "amount": "x", "zzz": 1})

    assert [
        "missing field 'effective_on'",
        "payer: 'A' is not a slug",
        "missing field 'payee'",
        "amount: 'x' is not a plain decimal number",
        "unknown field 'zzz'",
    ] == [problem.message for problem in sorted(caught.value.problems, key=_as_written)]


def _as_written(problem: Any) -> int:
    words = ("effective_on", "payer", "payee", "amount", "zzz")
    return next(n for n, word in enumerate(words) if word in problem.message)


def test_amounts_need_not_be_disclosed() -> None:
    """The fact stands without its amount."""
    for each in (pays("a", None), funds("b", None), promises("c", None)):
        assert "amount" not in to_json(each)


def test_money_of_an_event() -> None:
    """Events give their amounts in minor units."""
    found = event("funding", "a", investor="x", investee="y", amount="1.10", currency="KWD")

    assert "KWD 1100" == "{0.currency} {0.minor}".format(getattr(found, "money")())  # noqa: B009
    assert Decimal("1.10") == getattr(found, "amount", None)


@pytest.mark.parametrize("value", ["yes", "true", 1, "on"])
def test_flags_are_true_or_false(value: object) -> None:
    """What looks like a flag in other files is none in JSON."""
    with pytest.raises(Refused, match="memo"):
        parse_event({**EXAMPLES["right"], "memo": value})


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"value": "1.005"}, "1.005 is too precise for USD"),
        ({"currency": None}, "an amount needs a currency"),
    ],
)
def test_the_value_of_a_right_is_money(changes: dict[str, object], said: str) -> None:
    """It has a currency and fits it."""
    with pytest.raises(Refused, match=said):
        parse_event({**EXAMPLES["right"], **changes})
