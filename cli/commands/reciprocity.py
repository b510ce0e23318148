"""deals reciprocity: how even the exchange is, between two parties and in the web."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from dealledger.cli.params import Query, query_options
from dealledger.cli.web_options import web_options
from dealledger.projections.answers.report import Column, Report
from dealledger.projections.answers.webs import Asked, web_extra, web_notes

if TYPE_CHECKING:
    from dealledger.ledger import View
    from dealledger.projections.analysis.reciprocity import Reciprocity

COLUMNS = (
    Column("a", "A"),
    Column("b", "B"),
    Column("a_to_b", "A to B"),
    Column("b_to_a", "B to A"),
    Column("reciprocity", "Reciprocity"),
    Column("imbalance", "Imbalance", rank=4),
    Column("a_capital", "A's capital for purchases", rank=2),
    Column("b_capital", "B's capital for purchases", rank=2),
    Column("barter", "Barter", rank=1),
)

MANY: int = 30
"""Below so many parties a comparison with chance says little: quantities, Q1."""


@click.command("reciprocity")
@click.option("--all", "everything", is_flag=True, help="Also pairs with money one way only.")
@web_options(since=True)
@query_options
def command(query: Query, asked: Asked, everything: bool) -> None:
    """Show how even the exchange is: 100 % if as much runs one way as the other.

    Capital for purchases is what one funded in the other and the other paid back as revenue;
    barter is what both bought from each other. There is no order in time in it: see cycles.

    \b
    Examples:
      deals reciprocity --as-of 2025-12-31
      deals reciprocity --layer paid,committed
    """
    with query.view() as view:
        query.answer(report(view, asked, everything=everything), view)


def report(view: View, asked: Asked, *, everything: bool = False) -> Report:
    """Return the reciprocity of every pair, and of the web."""
    from dealledger.projections.analysis.reciprocity import reciprocity
    from dealledger.projections.answers.values import to_json

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
    from dealledger.projections.answers.numbers import amount, share

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
    from dealledger.projections.answers.numbers import number, share

    if found.expected is None or found.excess is None or found.binary is None:
        return []
    money, links = (number(each, 3) for each in (found.excess, found.binary))
    chance = f"by the sizes of the parties alone it would be {share(found.expected)}"
    return [f"{chance}: rho {money}; of links without their amounts rho is {links}"]
