"""deals diff: what changed between two points of the ledger."""

from __future__ import annotations

import click

from dealledger.cli.params import Query, open_ledger, query_options


@click.command("diff")
@click.option(
    "--from", "first", required=True, metavar="POINT", help="A date, @WHEN, or DATE@WHEN."
)
@click.option("--to", "second", default="", metavar="POINT", help="The same. Default: now.")
@query_options
def command(query: Query, first: str, second: str) -> None:
    """Show what appeared, changed or went between two points, and the events that did it.

    A point is a date (2025-06-30), a moment of the record (@120 or, as --known-at takes it,
    @2026-11-26), or both (2025-06-30@120). Two moments at one date (--as-of) show what corrections
    and late records changed. What is not said is today, and all that is recorded.

    \b
    Examples:
      deals diff --from 2025-06-30 --to 2025-12-31
      deals diff --from @300 --to @335 --as-of 2025-12-31
      deals diff --from @2025-11-01
    """
    with open_ledger() as ledger:
        from dealledger.projections.answers.diff import answer, point_text

        one, other = (query.point.moved(each).view(ledger) for each in (first, second))
        asked = ["diff", "--from", point_text(one), "--to", point_text(other)]
        query.answer(answer(other, one, (first, second or "now")), other, asked)
