"""deals diff: what changed between two points of the ledger."""

from __future__ import annotations

import click

from dealledger.cli.params import Query, query_options


@click.command("diff")
@click.option(
    "--from", "first", metavar="POINT",
    help="A date, @WHEN, or DATE@WHEN. With --assume it may be left out: the same point as --to.",
)  # fmt: skip
@click.option("--to", "second", default="", metavar="POINT", help="The same. Default: now.")
@query_options
def command(query: Query, first: str | None, second: str) -> None:
    """Show what appeared, changed or went between two points, and the events that did it.

    A point is a date (2025-06-30), a moment of the record (@120 or, as --known-at takes it,
    @2026-11-26), or both (2025-06-30@120). Two moments at one date (--as-of) show what corrections
    and late records changed. What is not said is today, and all that is recorded. With --assume the
    first point is as recorded, and what is assumed counts at the second: without --from, what the
    assumption changes.

    \b
    Examples:
      deals diff --from 2025-06-30 --to 2025-12-31
      deals diff --from @300 --to @335 --as-of 2025-12-31
      deals diff --from @2025-11-01
      deals diff --assume what-if.jsonl
    """
    if first is None and not query.footing.files:
        raise click.MissingParameter(param_hint="'--from'", param_type="option")
    with query.footing.recorded() as recorded:
        from dealledger.projections.answers.diff import answer, point_text

        to = query.point.moved(second)
        one = (to if first is None else query.point.moved(first)).view(recorded)
        other = query.footing.view(recorded, to)
        asked = ["diff", "--from", point_text(one), "--to", point_text(other)]
        words = (first or "what is recorded", second or ("now" if first else "what is assumed"))
        query.answer(answer(other, one, words), other, asked)
