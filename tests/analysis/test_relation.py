"""Everything between two parties: each fact from the projection that defines it, and its source."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest
from support.given import Look, event, funds, pays, promises

from dealledger.cli.main import run
from dealledger.events import Event, Money
from dealledger.projections.analysis.relation import Between, Source, relation, sources

PAGE = {"source_title": "Filing", "source_url": "https://example.org/filing"}

DEALS: tuple[Event, ...] = (
    event("holding", "h", holder="core", issuer="acme", stake="0.25", basis="issued"),
    event("valuation", "v", issuer="acme", amount="1000", currency="USD"),
    funds("f", "100", **PAGE),
    funds("credits", "30", instrument="credits"),
    funds("unknown", None),
    event("payment", "p", payer="acme", payee="core", amount="60", currency="USD", deal="cloud", **PAGE),
    promises("c", "50", beneficiary="core", purpose="cloud", end="2031-12-31", deal="cloud", **PAGE),
    event("payment", "d", payer="acme", payee="core", amount="20", currency="USD", commitment="c"),
    promises("talks", "9", beneficiary="core", firmness="talks"),
    event("right", "r", grantor="acme", grantee="core", right="ip-licence", until="2032", exclusive=True),
    event("rivalry", "riv", a="acme", b="core", market="models"),
    pays("else", "7"),
)  # fmt: skip


def said(facts: tuple[Between, ...], section: str) -> list[tuple[str, str, str, object, str]]:
    return [
        (fact.what, fact.source, fact.target, fact.value, fact.detail)
        for fact in facts
        if fact.section == section
    ]


def usd(minor: int) -> Money:
    return Money("USD", minor)


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        (
            "stakes",
            [("holds", "core", "acme", Fraction(1, 4), "stated, issued, since 2024-01-01, worth 250 USD")],
        ),
        (
            "cash",
            [
                ("paid as revenue", "acme", "core", usd(8000), ""),
                ("funded", "core", "acme", usd(10000), ""),
                ("funded", "core", "acme", None, "1 of undisclosed amount"),
            ],
        ),
        ("in kind", [("funded in credits", "core", "acme", usd(3000), "")]),
        (
            "commitments",
            [
                ("committed, cloud", "acme", "core", usd(3000),
                 "open of 50, 20 drawn, until 2031-12-31, definitive"),
            ],
        ),
        ("rights", [("ip-licence", "acme", "core", None, "exclusive, until 2032")]),
        ("rivalry", [("rivals", "acme", "core", None, "market: models")]),
        (
            "exchange",
            [
                ("reciprocity", "acme", "core", Fraction(8, 9), "paid"),
                ("imbalance", "acme", "core", Fraction(-1, 9), "paid; + if acme pays more"),
                ("capital for purchases", "core", "acme", usd(8000),
                 "paid; funded by core, and paid back as purchases"),
            ],
        ),
    ],
)  # fmt: skip
def test_facts_by_section(look: Look, section: str, expected: list[object]) -> None:
    """Stakes, cash by kind, open commitments, rights in force, rivalry, and the exchange."""
    assert expected == said(relation(look(*DEALS), "acme", "core"), section)


def test_it_is_the_same_relation_from_the_other_side(look: Look) -> None:
    """The same facts; only the imbalance turns its sign."""
    view = look(*DEALS)
    ours, theirs = relation(view, "acme", "core"), relation(view, "core", "acme")

    def told(facts: tuple[Between, ...]) -> set[tuple[object, ...]]:
        return {
            (fact.what, fact.value, frozenset((fact.source, fact.target)), fact.events)
            for fact in facts
            if fact.what != "imbalance"
        }

    assert told(ours) == told(theirs)
    assert [Fraction(-1, 9), Fraction(1, 9)] == [
        fact.value for fact in (*ours, *theirs) if fact.what == "imbalance"
    ]


def test_every_event_leads_to_its_source(look: Look) -> None:
    """Each source once, with its deals and the events that it tells; none for those without."""
    view = look(*DEALS)
    facts = relation(view, "acme", "core")
    found = sources(view, "acme", "core", facts)

    assert Source("Filing", "https://example.org/filing", ("cloud",), ("f", "p", "c")) in found
    assert {each for fact in facts for each in fact.events} == {
        each for source in found for each in source.events
    }


def test_a_bearer_stands_between_itself_and_the_beneficiary(look: Look) -> None:
    """Of 10 that acme owes beta, core bears 4: this is a fact between core and beta too."""
    view = look(promises("c", "10", bearers=[{"party": "core", "amount": "4"}]))

    assert [
        ("committed", "acme", "beta", usd(1000), "open of 10, definitive, also borne by core")
    ] == said(relation(view, "core", "beta"), "commitments")


def test_parties_without_anything_between_them(look: Look) -> None:
    """No facts, and no exchange of nothing."""
    assert () == relation(look(*DEALS), "beta", "people")


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """E1 between m and l: r = 1, q(m to l) = 6, barter 2 billion; and one party twice is refused."""
    case = Path(__file__).parents[1] / "cases" / "e1.jsonl"
    ledger = ["--ledger", str(tmp_path / "deals.db")]
    assert 0 == run([*ledger, "init"])
    assert 0 == run([*ledger, "import", str(case)])
    capsys.readouterr()

    assert 0 == run([*ledger, "relation", "m", "l", "--as-of", "2025-12-31", "-f", "json"])
    found = json.loads(capsys.readouterr().out)
    exchange = {row["what"]: row["value"] for row in found["rows"] if row["section"] == "exchange"}

    assert {
        "reciprocity": "1",
        "imbalance": "0",
        "capital for purchases": {"currency": "USD", "amount": "6000000000"},
        "barter": {"currency": "USD", "amount": "2000000000"},
    } == exchange
    assert 2 == run([*ledger, "relation", "m", "Cloud M"])
    assert "deals: m and Cloud M are the same party: m (name two)\n" == capsys.readouterr().err
