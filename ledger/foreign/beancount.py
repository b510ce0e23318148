"""Journals in the syntax of Beancount, of deals: each transaction moves money between two parties.

A party is the last part of an account, such as Openai of Assets:Deals:Openai; money goes from the
posting below zero to the other one. `kind: "funding"` or the tag #funding makes it a funding, else
it is a payment. Transactions of more postings, prices and all other directives have no place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from dealledger.events import BadInput
from dealledger.events.decimals import decimal_text
from dealledger.ledger.append.batch import Draft
from dealledger.ledger.append.event_files import opened
from dealledger.ledger.append.import_summary import ImportSummary
from dealledger.ledger.append.lines import TextLines
from dealledger.ledger.append.named_parties import Parties
from dealledger.ledger.foreign.taking import Taking, day_of, id_of

_DATED: Final = re.compile(r"([0-9]{4})[-/]([0-9]{2})[-/]([0-9]{2})\s+(\S+)(.*)")
_POSTING: Final = re.compile(
    r"\s+(?:[*!]\s+)?(?P<account>[A-Z][\w-]*(?::[\w-]+)+)"
    r"(?:\s+(?P<amount>-?[0-9][0-9,]*(?:\.[0-9]+)?)\s+(?P<currency>[A-Z][A-Z0-9'._-]*)"
    r"(?P<rest>.*))?"
)
_META: Final = re.compile(r"\s+([a-z][\w-]*):\s*(.*)")
_QUOTED: Final = re.compile(r'"((?:[^"\\]|\\.)*)"')
_TAG: Final = re.compile(r"#([\w/.-]+)")
_COMMENT: Final = re.compile(r';(?=(?:[^"]*"[^"]*")*[^"]*$).*')


@dataclass(slots=True)
class _Transaction:
    """One transaction. postings: (account, amount or None, currency). is_plain: without prices."""

    line: int
    day: str
    head: str
    postings: list[tuple[str, Decimal | None, str]] = field(default_factory=list)
    meta: dict[str, str] = field(default_factory=dict)
    is_plain: bool = True


def read_journal(
    name: str, parties: Parties, account: ImportSummary, advance: Callable[[int], None]
) -> Iterator[Draft]:
    """Yield the drafts of a journal. Raises: BadInput, Refused."""
    taking = Taking(name, parties, account)
    seen: dict[str, int] = {}
    with opened(name, advance) as stream:
        for each in _transactions(TextLines(stream, name, "utf-8", advance), taking):
            yield from _drafts(each, taking, seen)


def _transactions(lines: TextLines, taking: Taking) -> Iterator[_Transaction]:
    """Yield the transactions, and count all other directives."""
    current: _Transaction | None = None
    for number, text in lines:
        plain = _COMMENT.sub("", text.rstrip())
        if not plain.strip():
            continue
        if plain[0].isspace():
            if current is not None:
                _add(current, plain, taking.name, number)
            continue
        if current is not None:
            yield current
        current = None
        match = _DATED.fullmatch(plain)
        if match and match[4] in ("*", "!", "txn"):
            current = _Transaction(number, "-".join(match.group(1, 2, 3)), match[5])
        elif match:
            taking.no_place(match[4])
        elif plain[0] not in "*;#:":  # lines of an outline
            taking.no_place(plain.split()[0])
    if current is not None:
        yield current


def _add(current: _Transaction, plain: str, name: str, number: int) -> None:
    if match := _POSTING.fullmatch(plain):
        amount = match["amount"]
        exact = None if amount is None else Decimal(amount.replace(",", ""))
        current.postings.append((match["account"], exact, match["currency"] or ""))
        current.is_plain = current.is_plain and not (match["rest"] or "").strip()
    elif match := _META.fullmatch(plain):
        current.meta[match[1]] = match[2].strip().strip('"')
    elif not plain.lstrip().startswith(("#", "^")):
        raise BadInput(
            f"{name}:{number}: this is not a posting", "such as  Assets:Deals:Acme  5 USD"
        )


def _drafts(each: _Transaction, taking: Taking, seen: dict[str, int]) -> Iterator[Draft]:
    found = _moved(each)
    day = day_of(each.day)
    if found is None or day is None:
        taking.no_place("transaction of other than two parties and one currency")
        return
    giver, taker, amount, currency = found
    funds = each.meta.get("kind") == "funding" or "funding" in _TAG.findall(each.head)
    sides = ("investor", "investee") if funds else ("payer", "payee")
    names = [each.meta.get("id") or f"{each.day}-{giver}-{taker}-{amount}-{currency}"]
    if "id" not in each.meta:
        seen[names[0]] = seen.get(names[0], 0) + 1
        names += [str(seen[names[0]])] if seen[names[0]] > 1 else []
    texts = _QUOTED.findall(each.head)
    slugs = [taking.slug(each.line, _called(account), day) for account in (giver, taker)]
    if slugs[0] == slugs[1]:
        taking.no_place("transaction of a party with itself")
        return
    yield from taking.event(each.line, {
        "kind": "funding" if funds else "payment", "id": id_of("journal", *names),
        "effective_on": each.day, **dict(zip(sides, slugs, strict=True)), "amount": amount,
        "currency": currency, "note": " | ".join(filter(None, texts)) or None,
    })  # fmt: skip


def _moved(each: _Transaction) -> tuple[str, str, str, str] | None:
    """Return giver, taker, amount and currency; None, if it is not one amount between two."""
    if len(each.postings) != 2 or not each.is_plain:
        return None
    (one, first, code), (two, second, other) = each.postings
    if first is None and second is not None:
        first, code = -second, other
    elif second is None and first is not None:
        second, other = -first, code
    if not first or second is None or first + second != 0 or code != other:
        return None
    giver, taker = (one, two) if first < 0 else (two, one)
    return giver, taker, decimal_text(abs(first)), code


def _called(account: str) -> str:
    """Return the party that an account is of: the words of its last part."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", account.rpartition(":")[2]).replace("-", " ")
