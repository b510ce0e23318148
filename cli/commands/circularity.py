"""deals circularity [PARTY]: how much of the money goes round, in the web or through one party."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from dealledger.cli.params import PARTY, Query, query_options
from dealledger.cli.web_options import web_options
from dealledger.projections.answers.webs import Asked

if TYPE_CHECKING:
    from dealledger.ledger import View
    from dealledger.projections.answers.report import Report

SEED = 1


@click.command("circularity")
@click.argument("party", required=False, type=PARTY)
@click.option("--shuffle", is_flag=True,
              help="Of PARTY: compare with 200 random orders of the same payments.")  # fmt: skip
@click.option(
    "--seed",
    type=click.IntRange(0, 2**32 - 1),
    metavar="N",
    help=f"What --shuffle draws from; the same seed draws the same. Default: {SEED}.",
)
@web_options(since=True)
@query_options
def command(
    query: Query, asked: Asked, party: str | None, shuffle: bool, seed: int | None
) -> None:  # fmt: skip
    """Show how much money goes round: in the whole web, or back to PARTY.

    Of the web: what pairs pay each other, what goes round in proportion (BFF), at most (C*), and
    how much revenue there is for each unit that outsiders pay. Of PARTY: how much of its revenue
    is its own funding come back, at least and at most, whose money the revenue is, and what it
    gave its customers in shares.

    \b
    Examples:
      deals circularity --as-of 2025-12-31
      deals circularity microsoft --since 2024-01-01
      deals circularity amazon --shuffle
    """
    with query.view() as view:
        query.answer(report(view, asked, party, seed=_seed(party, seed, shuffle=shuffle)), view)


def _seed(party: str | None, seed: int | None, *, shuffle: bool) -> int | None:
    """Return the seed to shuffle with, or None; refuse what would change nothing."""
    from dealledger.events import BadInput

    if shuffle and party is None:
        raise BadInput("--shuffle compares the round trip of a party", "name one")
    if seed is not None and not shuffle:
        raise BadInput("--seed says what --shuffle draws from", "give both, or neither")
    return (SEED if seed is None else seed) if shuffle else None


def report(
    view: View, asked: Asked, party: str | None = None, *, seed: int | None = None
) -> Report:  # fmt: skip
    """Return what goes round in the web, or where the revenue of a party comes from."""
    from dealledger.projections.answers import circulation, roundtrip
    from dealledger.projections.parties import find_party

    if party is None:
        return circulation.report(asked.web(view))
    from dealledger.projections.analysis.tracing.consideration import consideration

    slug, web = find_party(view, party), asked.web(view)
    return roundtrip.report(web, slug, consideration(view, web, slug), seed)
