"""Formats of others come in: what has a place becomes events, all else is counted by its type."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealledger.cli.main import run
from dealledger.events import BadInput, Refused
from dealledger.events.names import Names
from dealledger.ledger.append.import_summary import ImportSummary
from dealledger.ledger.append.named_parties import Parties
from dealledger.ledger.foreign.beancount import read_journal
from dealledger.ledger.foreign.bods import read_bods
from dealledger.ledger.foreign.ftm import read_ftm
from dealledger.ledger.foreign.ocf import read_ocf

pytestmark = pytest.mark.usefixtures("empty_ledger")

Rows = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def recorded(capsys: pytest.CaptureFixture[str]) -> Rows:
    """Give a function that returns all recorded events, in order of the record."""

    def recorded() -> list[dict[str, Any]]:
        capsys.readouterr()
        assert 0 == run(["log", "--as-of", "9999-12-31", "-f", "json"])
        rows = json.loads(capsys.readouterr().out)["rows"]
        return sorted(rows, key=lambda row: row["position"])

    return recorded


def said(row: dict[str, Any], *names: str) -> tuple[Any, ...]:
    """Return some fields of an event."""
    return tuple(row.get(name) for name in names)


OCF: dict[str, Any] = {
    "Manifest": {
        "file_type": "OCF_MANIFEST_FILE",
        "issuer": {"object_type": "ISSUER", "id": "i", "legal_name": "Acme Inc.",
                   "formation_date": "2020-01-02", "country_of_formation": "US"},
    },
    "Stakeholders": {"items": [
        {"object_type": "STAKEHOLDER", "id": "s1", "name": {"legal_name": "Ann Founder"}},
        {"object_type": "STAKEHOLDER", "id": "s2", "name": {"legal_name": "Oak Fund"}},
        {"object_type": "STAKEHOLDER", "id": "s3", "name": {"legal_name": "Elm Fund"}},
    ]},
    "StockClasses": {"items": [
        {"object_type": "STOCK_CLASS", "id": "c", "name": "Common"},
    ]},
    "Transactions": {"items": [
        {"object_type": "TX_STOCK_ISSUANCE", "id": "t1", "security_id": "x1", "date": "2020-01-02", "stakeholder_id": "s1", "stock_class_id": "c", "quantity": "1000.00", "share_price": {"amount": "0.001", "currency": "USD"}},
        {"object_type": "TX_STOCK_TRANSFER", "id": "t2", "security_id": "x1", "date": "2021-02-03", "resulting_security_ids": ["x2"], "balance_security_id": "x3", "quantity": "400"},
        {"object_type": "TX_STOCK_ISSUANCE", "id": "t3", "security_id": "x2", "date": "2021-02-03", "stakeholder_id": "s2", "stock_class_id": "c", "quantity": "400"},
        {"object_type": "TX_STOCK_ISSUANCE", "id": "t4", "security_id": "x3", "date": "2021-02-03", "stakeholder_id": "s1", "stock_class_id": "c", "quantity": "600"},
        {"object_type": "TX_CONVERTIBLE_ISSUANCE", "id": "t5", "security_id": "y1", "date": "2022-03-04", "stakeholder_id": "s2", "convertible_type": "SAFE", "investment_amount": {"amount": "250000.00", "currency": "USD"}},
        {"object_type": "TX_WARRANT_ISSUANCE", "id": "t6", "security_id": "w1", "date": "2022-03-04", "stakeholder_id": "s9", "quantity": "50", "exercise_price": {"amount": "1.00", "currency": "USD"}, "warrant_expiration_date": "2032-03-04"},
        {"object_type": "TX_WARRANT_ISSUANCE", "id": "t10", "security_id": "w2", "date": "2022-03-04", "stakeholder_id": "s3"},
        {"object_type": "TX_STOCK_CANCELLATION", "id": "t7", "security_id": "x2", "date": "2022-05-06", "quantity": "401"},
        {"object_type": "TX_STOCK_ISSUANCE", "id": "t8", "security_id": "x8", "date": "2020-01-02", "stakeholder_id": "s1", "quantity": "0.5"},
        {"object_type": "TX_VESTING_START", "id": "t9", "security_id": "x1", "date": "2020-01-02"},
    ]},
}  # fmt: skip


@pytest.mark.parametrize("packed", [False, True])
def test_a_cap_table(capsys: pytest.CaptureFixture[str], recorded: Rows, packed: bool) -> None:
    """Shares that change hands are not issued twice; a security that gives too much is said."""
    Path("table").mkdir()
    for name, content in OCF.items():
        Path(f"table/{name}.ocf.json").write_text(json.dumps(content))
    name = "table"
    if packed:
        name = "table.ocf.zip"
        with zipfile.ZipFile(name, "w") as archive:
            for file in sorted(Path("table").iterdir()):
                archive.write(file, file.name)

    assert 0 == run(["import", name, "--register"])
    assert [
        (
            "deals: no place yet for 4 items: STOCK_CLASS 1, TX_STOCK_CANCELLATION 1, TX_STOCK_ISSUANCE "
            "of a fraction of a share 1, TX_VESTING_START 1"
        ),
        f"deals: {name}: stakeholders that no file describes are called by their ids: s9",
        f"deals: {name}: the security x2 gives 401 and was issued for 400",
    ] == capsys.readouterr().err.splitlines()
    rows = recorded()
    parties = {row["party"]: row for row in rows if row["kind"] == "party"}
    assert {"acme-inc", "ann-founder", "oak-fund", "elm-fund", "s9"} == parties.keys()
    assert "US" == parties["acme-inc"]["country"]
    assert [
        ("issuance", "ocf-t1", "ann-founder", None, 1000),
        ("transfer", "ocf-t2-1", None, "oak-fund", 400),
        ("funding", "ocf-t5", None, None, None),
        ("right", "ocf-t6", None, None, None),
        ("right", "ocf-t10", None, None, None),
    ] == [
        said(row, "kind", "id", "holder", "buyer", "shares")
        for row in rows
        if row["kind"] != "party"
    ]
    assert 0 == run(["stakes", "acme-inc", "--as-of", "2021-12-31", "-f", "json"])
    stakes = {row["holder"]: row["stake"] for row in json.loads(capsys.readouterr().out)["rows"]}
    assert {"ann-founder": "0.6", "oak-fund": "0.4"} == stakes
    assert 0 == run(["import", name, "--register"])
    assert "0 events recorded" in capsys.readouterr().out


def statement(record: str, kind: str, details: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return a statement of BODS 0.4."""
    return {"statementId": f"st-{record}", "recordId": record, "recordType": kind,
            "recordStatus": "new", "statementDate": "2019-05-06", "recordDetails": details,
            "publicationDetails": {"publicationDate": "2019-06-07"}, **more}  # fmt: skip


def interest(**more: Any) -> dict[str, Any]:
    """Return an interest in a company."""
    return {"type": "shareholding", "directOrIndirect": "direct", "startDate": "2018-01-02", **more}


def test_statements_of_ownership(capsys: pytest.CaptureFixture[str], recorded: Rows) -> None:
    """Exact direct shares are holdings, which end; bands and all else are counted."""
    relation = {"subject": "e1", "interestedParty": "p1"}
    statements = [
        statement("e1", "entity", {"name": "Acme Ltd", "foundingDate": "2010-11-18", "jurisdiction": {"code": "GB"}}),
        statement("p1", "person", {"names": [{"fullName": "Ann Owner"}, {"fullName": "A. Owner"}]}),
        statement("e2", "entity", {"entityType": {"type": "unknownEntity"}}),
        statement("r1", "relationship", {**relation, "interests": [interest(share={"exact": 37.5}), interest(share={"minimum": 25, "maximum": 50}), interest(type="votingRights", share={"exact": 50}), interest(directOrIndirect="indirect", share={"exact": 10})]}),
        statement("r2", "relationship", {"subject": "e1", "interestedParty": {"reason": "unknown"}}),
        statement("r3", "relationship", {"subject": "e1", "interestedParty": "p1", "interests": [interest(share={"exact": 5}, endDate="2020-03")]}),
        statement("r4", "relationship", relation, recordStatus="closed"),
        {"statementType": "entityStatement"},
    ]  # fmt: skip
    Path("x.json").write_text(json.dumps(statements))

    assert 0 == run(["import", "x.json", "--register"])
    err = capsys.readouterr().err
    for part in ["closed relationship 1", "entity without a name 1", "votingRights 1",
                 "entityStatement before version 0.4 1", "indirect shareholding 1",
                 "relationship with somebody who is not in the file 1", "shareholding in a band 1"]:  # fmt: skip
        assert part in err
    rows = recorded()
    assert [("acme-ltd", "GB", None), ("ann-owner", None, ["A. Owner"])] == [
        said(row, "party", "country", "aliases") for row in rows[:2]
    ]
    assert [
        ("holding", "ann-owner", "acme-ltd", "0.375", "2018-01-02", "2019-06-07"),
        ("holding", "ann-owner", "acme-ltd", "0.05", "2018-01-02", "2019-06-07"),
        ("termination", None, None, None, "2020-03-31", "2020-03-31"),
    ] == [
        said(row, "kind", "holder", "issuer", "stake", "effective_on", "announced_on")
        for row in rows[2:]
    ]


def test_entities_of_investigators(capsys: pytest.CaptureFixture[str], recorded: Rows) -> None:
    """Payments, ownerships with a percentage, debts; entities in parts are one."""
    entities = [
        {"id": "a", "schema": "Company", "properties": {"country": ["de"]}},
        {"id": "a", "schema": "Company", "properties": {"name": ["Daimler AG"]}},
        {"id": "b", "schema": "Organization", "properties": {"name": ["SPD"]}},
        {"id": "c", "schema": "Person", "properties": {"name": ["Nobody"]}},
        {"id": "d", "schema": "Address", "properties": {"city": ["Ulm"]}},
        {"id": "1", "schema": "Payment", "properties": {"payer": ["a"], "beneficiary": ["b"], "amountEur": ["150000.5"], "date": ["2011-08-10"]}},
        {"id": "2", "schema": "Payment", "properties": {"payer": ["a"], "beneficiary": ["b"], "amount": ["7"], "currency": ["usd"], "date": ["2011-08"]}},
        {"id": "3", "schema": "Payment", "properties": {"payer": ["a"], "beneficiary": ["b"]}},
        {"id": "4", "schema": "Ownership", "properties": {"owner": ["b"], "asset": ["a"], "percentage": ["12.5 %"], "startDate": ["2010"], "endDate": ["2012-01-01"]}},
        {"id": "5", "schema": "Ownership", "properties": {"owner": ["b"], "asset": ["a"], "date": ["2010"]}},
        {"id": "6", "schema": "Debt", "properties": {"creditor": ["b"], "debtor": ["a"], "date": ["2013-01-01"], "amount": ["9"]}},
        {"id": "7", "schema": "Payment", "properties": {"payer": ["a"], "beneficiary": ["z"], "date": ["2013-01-01"]}},
    ]  # fmt: skip
    Path("x.ftm").write_text("".join(json.dumps(each) + "\n" for each in entities))

    assert 0 == run(["import", "x.ftm", "--register"])
    err = capsys.readouterr().err
    for part in ["Address 1", "Ownership without a percentage 1", "Payment without a date 1",
                 "Payment of somebody who is not in the file 1", "Person that no event names 1"]:  # fmt: skip
        assert part in err
    rows = [row for row in recorded() if row["kind"] != "party"]
    assert [
        ("ftm-1", "payment", "150000.5", "EUR", None, "2011-08-10"),
        ("ftm-2", "payment", "7", "USD", None, "2011-08-31"),
        ("ftm-4", "holding", None, None, "0.125", "2010-12-31"),
        ("ftm-4-end", "termination", None, None, None, "2012-01-01"),
        ("ftm-6", "funding", None, None, None, "2013-01-01"),
    ] == [said(row, "id", "kind", "amount", "currency", "stake", "effective_on") for row in rows]


JOURNAL = """
option "title" "Deals"
2024-01-01 open Deals:Openai
2024-10-02 * "Thrive" "a; round" #funding
  Deals:Openai   1,250,000,000.00 USD ; in cash
  Deals:ThriveCapital
2024-12-31 txn "rent"
  id: "p1"
  Deals:Core-Weave  5 EUR
  Deals:Microsoft  -5 EUR
2024-12-31 * "three"
  Deals:A  5 USD
  Deals:B  -3 USD
  Deals:C  -2 USD
2024-12-31 * "priced"
  Deals:A  5 USD @ 2 EUR
  Deals:B  -5 USD
"""


def test_a_journal(capsys: pytest.CaptureFixture[str], recorded: Rows) -> None:
    """Transactions between two parties; all other directives are counted."""
    Path("x.beancount").write_text(JOURNAL)

    assert 0 == run(["import", "x.beancount", "--register"])
    said_last = "transaction of other than two parties and one currency 2, open 1, option 1"
    assert f"deals: no place yet for 4 items: {said_last}\n" == capsys.readouterr().err
    rows = [row for row in recorded() if row["kind"] != "party"]
    assert [
        (
            "funding",
            "thrive-capital",
            "openai",
            None,
            None,
            "1250000000",
            "USD",
            "Thrive | a; round",
        ),
        ("payment", None, None, "microsoft", "core-weave", "5", "EUR", "rent"),
    ] == [
        said(row, "kind", "investor", "investee", "payer", "payee", "amount", "currency", "note")
        for row in rows
    ]
    assert "journal-p1" == rows[1]["id"]
    assert 0 == run(["import", "x.beancount"])
    assert "0 events recorded, 2 known already" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("x.json", "{}", "deals: x.json is not a list of statements (BODS 0.4 is a JSON array)"),
        ("x.json", "[\n1,]", "deals: x.json:2: this is not JSON: "),
        ("x.ocf.json", '{"items": []}', "deals: x.ocf.json names no issuer (it stands in Manifest.ocf.json: give the folder)"),
        ("x.ocf.zip", "PK", "deals: x.ocf.zip is not a package (a .ocf.zip, or a folder)"),
        ("x.ftm", '{"id": "a"}', "x.ftm:1: this is not an entity: it has no schema or properties"),
        ("x.bean", '2024-01-01 * "x"\n  what\n', "deals: x.bean:2: this is not a posting"),
    ],
)  # fmt: skip
def test_what_is_none_of_them(
    capsys: pytest.CaptureFixture[str], name: str, text: str, message: str
) -> None:
    """One line with the place."""
    Path(name).write_text(text)

    assert 2 == run(["import", name, "--register"])
    assert capsys.readouterr().err.startswith(message)


def test_unknown_parties_are_not_made_unasked(capsys: pytest.CaptureFixture[str]) -> None:
    """Without --register the first one is said, with the slug that it would get."""
    Path("x.bean").write_text(JOURNAL)

    assert 2 == run(["import", "x.bean"])
    err = capsys.readouterr().err
    assert (
        "x.bean:4: unknown party 'Thrive Capital' (--register makes it known as thrive-capital)"
        in err
    )


values = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.sampled_from(
        ["relationship", "entity", "STAKEHOLDER", "TX_STOCK_ISSUANCE", "Payment", "2024-01-01", "", "s1"]
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["recordType", "recordDetails", "name", "items", "issuer", "object_type",
                         "date", "id", "schema", "properties", "payer", "quantity", "interests"]),
        inner, max_size=4,
    ),
    max_leaves=12,
)  # fmt: skip


@given(st.sampled_from([read_bods, read_ocf, read_ftm, read_journal]), values, st.text(max_size=30))
def test_whatever_a_file_holds(
    tmp_path_factory: pytest.TempPathFactory, read: Any, value: Any, text: str
) -> None:
    """It is read, or refused in our words."""
    for content in (json.dumps(value), json.dumps([value]), text):
        file = tmp_path_factory.mktemp("foreign") / "x"
        file.write_bytes(content.encode())
        account = ImportSummary()
        try:
            for draft in read(str(file), Parties(Names(), account, register=True), account, int):
                assert draft.event is None or draft.event.id
        except (BadInput, Refused):
            continue
