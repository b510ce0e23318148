"""deals exposure PARTY: who would be hit, and how hard, if something happened to one party."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dealledger.cli.params import DAY, PARTY, Query, query_options
from dealledger.cli.web_options import web_options
from dealledger.projections.answers.webs import Asked

if TYPE_CHECKING:
    from dealledger.ledger import View
    from dealledger.projections.answers.report import Report

VIEWS = ("direct", "debtrank", "clearing")
PATH = click.Path(path_type=Path)


@click.command("exposure")
@click.argument("party", type=PARTY)
@click.option(
    "--view",
    "which",
    type=click.Choice(VIEWS),
    default="direct",
    show_default=True,
    help="direct: stakes, promises, revenue, and what would be lost through all hands. "
    "debtrank: a loss that spreads through stakes. clearing: who can pay what is due.",
)
@click.option(
    "--capacities",
    type=PATH,
    metavar="FILE",
    help="For debtrank: what each party can lose. CSV: party, amount, currency, on, source.",
)
@click.option("--cash", type=PATH, metavar="FILE", help="For clearing: what cash each party has.")
@click.option("--due", type=DAY, metavar="DATE", help="For clearing: until when promises fall due.")
@web_options(since=True)
@query_options
def command(
    query: Query, asked: Asked, party: str, which: str, capacities: Path | None, cash: Path | None,
    due: date | None,
) -> None:  # fmt: skip
    """Show who is exposed to PARTY: three views, and never one score.

    What a party can lose, and its cash, are in no ledger: debtrank and clearing take them from a
    file in which each amount has a date and a source.

    \b
    Examples:
      deals exposure openai --as-of 2026-06-30
      deals exposure openai --view debtrank --capacities equity.csv
    """
    with query.view() as view:
        query.answer(report(view, asked, party, which, capacities, cash, due), view)


def report(
    view: View, asked: Asked, party: str, which: str = "direct", capacities: Path | None = None,
    cash: Path | None = None, due: date | None = None,
) -> Report:  # fmt: skip
    """Return one of the views of the exposure to a party."""
    from dealledger.projections.answers.exposure import (
        clearing_report,
        debtrank_report,
        direct_report,
    )
    from dealledger.projections.parties import find_party

    _check(which, {"--capacities": capacities}, {"--cash": cash, "--due": due})
    web, slug = asked.web(view), find_party(view, party)
    if which == "debtrank":
        return debtrank_report(view, web, slug, capacities)
    if which == "clearing":
        return clearing_report(view, web, slug, due, cash)
    return direct_report(view, web, slug)


def _check(which: str, debtrank: dict[str, object], clearing: dict[str, object]) -> None:
    """Refuse options that the view does not read."""
    from dealledger.events import BadInput

    for options, view in ((debtrank, "debtrank"), (clearing, "clearing")):
        for name, value in options.items():
            if value is not None and which != view:
                raise BadInput(f"{name} has no meaning with --view {which}", f"--view {view}")
