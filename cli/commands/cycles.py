"""deals cycles: how money comes back to who paid it, and over whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from dealledger.cli.params import Query, query_options
from dealledger.cli.web_options import web_options
from dealledger.projections.answers.report import Column, Report
from dealledger.projections.answers.webs import Asked, web_extra, web_notes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dealledger.projections.analysis.web import Leg, Web

TIMED = (
    Column("parties", "Cycle", lambda row: _circle(row.parties), narrow=True),
    Column("parties", wide=True),
    Column("bottleneck", "Bottleneck"),
    Column("days", "Days"),
    Column("start", "First", lambda row: row.legs[0].day, rank=2),
    Column("end", "Last", lambda row: row.legs[-1].day, rank=1),
    Column("begins_with", "Begins with", lambda row: _kind(row.legs[0].capital), rank=3),
    Column("events", "Events", lambda row: ", ".join(map(_marked, row.legs)), narrow=True, rank=4),
    Column("events", wide=True),
    Column(
        "periods", get=lambda row: tuple(leg.event for leg in row.legs if leg.period), wide=True
    ),
)

STATIC = (
    Column("parties", "Cycle", lambda row: _circle(row.parties), narrow=True),
    Column("parties", wide=True),
    Column("bottleneck", "Bottleneck"),
    Column("weakest", "Least runs from", lambda row: " to ".join(row.weakest), narrow=True),
    Column("weakest", wide=True),
    Column("amounts", "Amounts", narrow=True, rank=1),
    Column("amounts", wide=True, full=True),
)

SHOWN = 50


@click.command("cycles")
@click.option("--timed/--static", default=True,
              help="In the order of time (default), or of what pairs paid in all.")  # fmt: skip
@click.option("--within", type=click.IntRange(min=0), metavar="DAYS",
              help="Timed: at most so many days from the first amount to the last.")  # fmt: skip
@click.option("--length", type=click.IntRange(min=2), default=6, show_default=True, metavar="N",
              help="Over at most so many parties.")  # fmt: skip
@click.option("--limit", "-n", type=click.IntRange(min=1), default=SHOWN, show_default=True,
              metavar="N", help="Show only the N largest.")  # fmt: skip
@web_options(since=True)
@query_options
def command(
    query: Query, asked: Asked, timed: bool, within: int | None, length: int, limit: int
) -> None:
    """Show the cycles in which money comes back to who paid it, the largest first.

    Each amount follows the one before; --static asks what pairs paid in all, in any order.

    \b
    Examples:
      deals cycles --as-of 2025-12-31
      deals cycles --within 365
      deals cycles --static --layer paid,committed
    """
    from dealledger.events import BadInput

    if within is not None and not timed:
        raise BadInput("--within needs the order in time", "leave out --static")
    with query.view() as view:
        web = asked.web(view)
        query.answer(report(web, timed=timed, within=within, length=length, limit=limit), view)


def report(
    web: Web, *, timed: bool = True, within: int | None = None, length: int = 6, limit: int = SHOWN
) -> Report:
    """Return the largest cycles of a web: amounts in order, or pairs in any order."""
    from dealledger.projections.analysis.circles.cycles import static_cycles, timed_cycles

    found: Any = timed_cycles(web, length, within) if timed else static_cycles(web, length)
    count = len(found.cycles)
    extra = {"timed": timed, "within": within, "length": length}
    return Report(
        "Money that comes back" if timed else "Cycles in what pairs paid in all",
        TIMED if timed else STATIC,
        found.cycles[:limit],
        extra={**extra, "found": count, "stopped": found.stopped, **web_extra(web)},
        notes=[
            *_notes(count, limit, found.stopped, timed=timed, within=within, length=length),
            *_period_notes(found.cycles[:limit], web, timed=timed),
            *web_notes(web),
        ],
    )


def _period_notes(cycles: Sequence[Any], web: Web, *, timed: bool) -> list[str]:
    """Return what is to say of amounts that ran over a period: on which day they stand here."""
    if not timed or not any(leg.period for cycle in cycles for leg in cycle.legs):
        return []
    day = "its last day so far" if web.accrued else "one day of it (--accrue: read by its days)"
    return [f"~ an amount of a whole period, which stands here on {day}"]


def _notes(
    count: int, limit: int, stopped: str | None, *, timed: bool, within: int | None, length: int
) -> list[str]:
    window = "" if within is None else f" within {within} days"
    largest = "only the largest is" if limit == 1 else f"the {limit} largest are"
    shown = f", {largest} shown (--limit)" if count > limit else ""
    cycles = {0: "no cycle", 1: "1 cycle"}.get(count, f"{count:,} cycles")
    notes = [f"{cycles} of at most {length} parties{window}{shown}"]
    if stopped:
        notes.append(stopped)
    if count:
        notes.append(
            "the bottleneck is the smallest amount on the way; cycles share amounts, so "
            "bottlenecks do not add up: see deals circularity"
        )
    if timed:
        notes.append("each amount is later than the one before; of one day, in the ledger's order")
    return notes


def _marked(leg: Leg) -> str:
    """Return the id of a leg's event, marked if it is an amount of a whole period."""
    return f"{leg.event} ~" if leg.period else leg.event


def _circle(parties: tuple[str, ...]) -> str:
    return " → ".join((*parties, parties[0]))


def _kind(capital: bool) -> str:
    return "capital" if capital else "revenue"
