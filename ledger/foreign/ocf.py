"""Cap tables in the Open Cap Format: a folder, a package (.ocf.zip) or one file of it.

Shares issued are issuances, shares that change hands transfers, convertibles fundings, warrants
rights. What a security gives is never more than it was issued for, or that is said. All other
objects are counted by their type.
"""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Final

from dealledger.events import BadInput
from dealledger.events.decimals import EXACT, decimal_text
from dealledger.events.kinds import MOST_SHARES
from dealledger.ledger.append.batch import Draft
from dealledger.ledger.append.import_summary import ImportSummary
from dealledger.ledger.append.named_parties import Parties
from dealledger.ledger.foreign.taking import (
    LARGEST_BYTES,
    Taking,
    country_of,
    day_of,
    document,
    id_of,
)
from dealledger.ledger.named_files import read_bytes

_ENDING: Final = ".ocf.json"
_TAKES: Final = ("CANCELLATION", "TRANSFER", "REPURCHASE", "EXERCISE", "RELEASE", "CONVERSION")
_MOST_SAID: Final = 10


@dataclass(slots=True)
class _Table:
    """All objects of a cap table, by type, in their order; files by which each is found."""

    issuer: Mapping[str, Any] | None = None
    items: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)

    def of(self, kind: str) -> list[tuple[str, Mapping[str, Any]]]:
        """Return the objects of one type with their places."""
        return [each for each in self.items if each[1].get("object_type") == kind]


def read_ocf(
    name: str, parties: Parties, account: ImportSummary, advance: Callable[[int], None]
) -> Iterator[Draft]:
    """Yield the drafts of a cap table. Raises: BadInput, Refused."""
    table = _Table()
    for file, data in _files(name):
        advance(len(data))
        said = document(data, f"{name}/{file}" if file else name)
        if not isinstance(said, dict):
            raise BadInput(f"{name}/{file} is not an OCF file", "a JSON object with items")
        if isinstance(said.get("issuer"), dict):
            table.issuer = said["issuer"]
        items = said.get("items")
        for number, item in enumerate(items if isinstance(items, list) else [], start=1):
            if isinstance(item, dict):
                table.items.append((f"{file or 'item'}:{number}", item))
    if table.issuer is None:
        raise BadInput(f"{name} names no issuer", "it stands in Manifest.ocf.json: give the folder")
    yield from _Reading(Taking(name, parties, account), table).drafts()


def _files(name: str) -> Iterator[tuple[str, bytes]]:
    path = Path(name)
    if path.is_dir():
        for each in sorted(path.glob(f"*{_ENDING}")):
            yield each.name, read_bytes(each, LARGEST_BYTES)
        return
    if not name.lower().endswith(".zip"):
        yield "", read_bytes(path, LARGEST_BYTES)
        return
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            inside = [member for member in members if member.filename.endswith(_ENDING)]
            if sum(member.file_size for member in inside) > LARGEST_BYTES:
                raise BadInput(f"{name} unpacks to more than {LARGEST_BYTES:,} bytes")
            for member in inside:
                yield member.filename, archive.read(member)
    except OSError as error:
        raise BadInput(f"{name} cannot be read: {error.strerror}") from None
    except zipfile.BadZipFile:
        raise BadInput(f"{name} is not a package", "a .ocf.zip, or a folder") from None


class _Reading:
    """The reading of one cap table.

    holders: names by the id of the stakeholder. classes: names by id. issued: issuances by the id
    of the security. resulting: securities that only take the place of others.
    """

    def __init__(self, taking: Taking, table: _Table) -> None:
        assert table.issuer is not None
        self._taking = taking
        self._table = table
        self._issuer_name = str(table.issuer.get("legal_name") or table.issuer.get("dba") or "")
        self._issuer = ""
        self._holders = {str(item.get("id")): _name(item) for _, item in table.of("STAKEHOLDER")}
        self._classes = {str(item.get("id")): str(item.get("name"))
                         for _, item in table.of("STOCK_CLASS")}  # fmt: skip
        self._issued = {str(item.get("security_id")): item
                        for _, item in table.of("TX_STOCK_ISSUANCE")}  # fmt: skip
        self._strangers: set[str] = set()
        self._resulting = {
            str(each)
            for _, item in table.items
            for each in [*_list(item, "resulting_security_ids"), item.get("balance_security_id")]
            if each is not None
        }

    def drafts(self) -> Iterator[Draft]:
        readers = {
            "TX_STOCK_ISSUANCE": self._issuance,
            "TX_STOCK_TRANSFER": self._transfer,
            "TX_CONVERTIBLE_ISSUANCE": self._convertible,
            "TX_WARRANT_ISSUANCE": self._warrant,
        }
        days = [day for _, item in self._table.items if (day := day_of(item.get("date")))]
        issuer = self._table.issuer or {}
        first = day_of(issuer.get("formation_date")) or min(days, default=None)
        if not self._issuer_name or first is None:
            raise BadInput(f"{self._taking.name}: the issuer has no name or no date")
        self._issuer = self._taking.slug("Manifest", self._issuer_name, first)
        for party in self._taking.parties.registrations():
            said = {"kind": "party", "id": party.id, "party": party.party, "name": party.name,
                    "effective_on": first.isoformat(),
                    "country": country_of(issuer.get("country_of_formation"))}  # fmt: skip
            yield from self._taking.event("Manifest", said)
        for place, item in self._table.items:
            kind = str(item.get("object_type"))
            read = readers.get(kind)
            if read is not None:
                yield from read(place, kind, item)
            elif kind != "STAKEHOLDER":
                self._taking.no_place(kind)
            elif name := _name(item):
                self._taking.slug(place, name, first)
                yield from self._taking.registered(f"{self._taking.name}:{place}")
            else:
                self._taking.no_place("STAKEHOLDER without a name")
        if self._strangers:
            self._taking.account.notes.append(
                f"{self._taking.name}: stakeholders that no file describes are called by their "
                f"ids: {', '.join(sorted(self._strangers))}"
            )
        self._check()

    def _issuance(self, place: str, kind: str, item: Mapping[str, Any]) -> Iterator[Draft]:
        if str(item.get("security_id")) in self._resulting:
            return  # what changed hands is said by the transfer
        shares = _whole(item.get("quantity"))
        sides = self._sides(place, kind, item)
        if sides is None:
            return
        if shares is None:
            self._taking.no_place(f"{kind} of a fraction of a share")
            return
        price = _money(item.get("share_price"))
        yield from self._taking.event(place, {
            "kind": "issuance", "id": id_of("ocf", str(item.get("id"))), **sides, "shares": shares,
            "share_class": self._classes.get(str(item.get("stock_class_id"))),
            "note": f"{price[0]} {price[1]} a share" if price else None,
            "issuer": self._issuer,
        })  # fmt: skip

    def _transfer(self, place: str, kind: str, item: Mapping[str, Any]) -> Iterator[Draft]:
        given = self._issued.get(str(item.get("security_id")))
        results = [self._issued.get(str(each)) for each in _list(item, "resulting_security_ids")]
        seller = self._holder(given) if given else ""
        day = day_of(item.get("date"))
        if given is None or not results or None in results or not seller or day is None:
            self._taking.no_place(f"{kind} of securities that are not in the file")
            return
        for number, result in enumerate(filter(None, results), start=1):
            buyer, shares = self._holder(result), _whole(result.get("quantity"))
            if not buyer or shares is None or buyer == seller:
                self._taking.no_place(f"{kind} to nobody else")
                continue
            yield from self._taking.event(place, {
                "kind": "transfer", "id": id_of("ocf", str(item.get("id")), str(number)),
                "seller": self._taking.slug(place, seller, day),
                "buyer": self._taking.slug(place, buyer, day), "issuer": self._issuer,
                "shares": shares, "effective_on": day.isoformat(),
                "share_class": self._classes.get(str(given.get("stock_class_id"))),
            })  # fmt: skip

    def _convertible(self, place: str, kind: str, item: Mapping[str, Any]) -> Iterator[Draft]:
        money = _money(item.get("investment_amount"))
        sides = self._sides(place, kind, item)
        if sides is None:
            return
        yield from self._taking.event(place, {
            "kind": "funding", "id": id_of("ocf", str(item.get("id"))),
            "investor": sides["holder"], "investee": self._issuer, "instrument": "convertible",
            "amount": money and money[0], "currency": money and money[1],
            "effective_on": sides["effective_on"],
            "note": str(item.get("convertible_type") or "") or None,
        })  # fmt: skip

    def _warrant(self, place: str, kind: str, item: Mapping[str, Any]) -> Iterator[Draft]:
        sides = self._sides(place, kind, item)
        if sides is None:
            return
        price, shares = _money(item.get("exercise_price")), _whole(item.get("quantity"))
        terms = [f"{shares:,} shares"] if shares else []
        terms += [f"at {price[0]} {price[1]}"] if price else []
        until = item.get("warrant_expiration_date")
        yield from self._taking.event(place, {
            "kind": "right", "id": id_of("ocf", str(item.get("id"))), "grantor": self._issuer,
            "grantee": sides["holder"], "right": "warrant", "terms": " ".join(terms) or None,
            "until": until if isinstance(until, str) else None,
            "effective_on": sides["effective_on"],
        })  # fmt: skip

    def _holder(self, item: Mapping[str, Any]) -> str:
        """Return the name of the stakeholder of a security; its id, if nothing describes it."""
        key = item.get("stakeholder_id")
        if not isinstance(key, str):
            return ""
        if key not in self._holders:
            self._strangers.add(key)
        return self._holders.get(key) or key

    def _sides(self, place: str, kind: str, item: Mapping[str, Any]) -> dict[str, Any] | None:
        """Return the holder and the date of an issuance; None, if one of them is not known."""
        name, day = self._holder(item), day_of(item.get("date"))
        if not name or day is None:
            what = "a date" if name else "a stakeholder"
            self._taking.no_place(f"{kind} without {what}")
            return None
        return {"holder": self._taking.slug(place, name, day), "effective_on": day.isoformat()}

    def _check(self) -> None:
        """Say which securities give more than they were issued for."""
        issued: Counter[str] = Counter()
        taken: Counter[str] = Counter()
        for _, item in self._table.items:
            kind, security = str(item.get("object_type")), str(item.get("security_id"))
            quantity = _number(item.get("quantity", item.get("quantity_converted")))
            if quantity is None or not kind.startswith("TX_"):
                continue
            if kind.endswith("_ISSUANCE"):
                issued[security] += quantity  # type: ignore[assignment]
            elif kind.endswith(_TAKES):
                taken[security] += quantity  # type: ignore[assignment]
        over = [(security, count) for security, count in taken.items() if count > issued[security]]
        for security, count in over[:_MOST_SAID]:
            was = issued[security]
            given = f"was issued for {decimal_text(Decimal(was))}" if was else "is issued nowhere"
            self._taking.account.notes.append(
                f"{self._taking.name}: the security {security} gives "
                f"{decimal_text(Decimal(count))} and {given}"
            )
        if len(over) > _MOST_SAID:
            more = f"{len(over) - _MOST_SAID:,} more securities give more than they have"
            self._taking.account.notes.append(more)


def _name(item: Mapping[str, Any]) -> str:
    name = item.get("name")
    return str(name.get("legal_name") or "") if isinstance(name, dict) else str(name or "")


def _list(item: Mapping[str, Any], key: str) -> list[Any]:
    found = item.get(key)
    return found if isinstance(found, list) else []


def _number(value: object) -> Decimal | None:
    if not isinstance(value, str | int | Decimal) or isinstance(value, bool):
        return None
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _whole(value: object) -> int | None:
    """Return a number of shares; None, if it is none, a fraction, or above what is exact."""
    number = _number(value)
    if number is None or number != number.to_integral_value() or not 0 < number <= MOST_SHARES:
        return None
    return int(number)


def _money(value: object) -> tuple[str, str] | None:
    if not isinstance(value, dict):
        return None
    number, currency = _number(value.get("amount")), value.get("currency")
    if number is None or number <= 0 or not isinstance(currency, str):
        return None
    return decimal_text(EXACT.plus(number)), currency
