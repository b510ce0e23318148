"""How even the exchange is, between two parties and in the web: the answer of `reciprocity`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dealledger.projections.analysis.reciprocity import Reciprocity, reciprocity
from dealledger.projections.answers.numbers import amount, number, share
from dealledger.projections.answers.report import Column, Report
from dealledger.projections.answers.values import to_json
from dealledger.projections.answers.webs import Asked, web_extra, web_notes

if TYPE_CHECKING:
    from dealledger.ledger import View

COLUMNS = (
    Column("a", "A"),
    Column("b", "B"),
    Column("a_to_b", "A to B", kind="amount", about="what a paid b"),
    Column("b_to_a", "B to A", kind="amount", about="what b paid a"),
    Column("reciprocity", "Reciprocity", kind="share", about="1: as much one way as the other"),
    Column("imbalance", "Imbalance", rank=4, kind="share", about="above 0: a pays more"),
    Column(
        "a_capital",
        "A's capital for purchases",
        rank=2,
        kind="amount",
        about="a's funding that b paid back as purchases",
    ),
    Column(
        "b_capital",
        "B's capital for purchases",
        rank=2,
        kind="amount",
        about="b's funding that a paid back as purchases",
    ),
    Column("barter", "Barter", rank=1, kind="amount", about="what both bought from each other"),
)

MANY: int = 30
"""Below so many parties a comparison with chance says little: quantities, Q1."""


def answer(view: View, asked: Asked, *, everything: bool = False) -> Report:
    """Return the reciprocity of every pair, and of the web."""
    web = asked.web(view)
    found = reciprocity(web)
    shown = [row for row in found.pairs if everything or row.reciprocity]
    names = ("total", "matched", "share", "expected", "excess", "links", "mutual", "binary")
    whole: dict[str, Any] = {name: to_json(getattr(found, name)) for name in names}
    return Report(
        "Reciprocity",
        COLUMNS,
        shown,
        extra={"web": {**whole, "parties": found.parties}, **web_extra(web)},
        notes=[*_whole(found, len(shown)), *web_notes(web)],
    )


def _whole(found: Reciprocity, shown: int) -> list[str]:
    if found.share is None:
        return ["nothing is paid in this web"]
    matched = f"{amount(found.matched)} ({share(found.share)})"
    notes = [
        f"of {amount(found.total)} in all, {matched} is met by money the other way, both counted"
    ]
    if found.parties >= MANY:
        notes += _beyond_chance(found)
    left_out = len(found.pairs) - shown
    if left_out:
        notes.append(f"{left_out} pairs with money one way only are left out (--all)")
    return notes


def _beyond_chance(found: Reciprocity) -> list[str]:
    """Say what the sizes of the parties explain, and what is beyond that, of money and of links."""
    if found.expected is None or found.excess is None or found.binary is None:
        return []
    money, links = (number(each, 3) for each in (found.excess, found.binary))
    chance = f"by the sizes of the parties alone it would be {share(found.expected)}"
    return [f"{chance}: rho {money}; of links without their amounts rho is {links}"]
