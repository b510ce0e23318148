"""How money comes back to who paid it, and over whom: the answer of `cycles`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dealledger.events import BadInput
from dealledger.projections.analysis.circles.cycles import static_cycles, timed_cycles
from dealledger.projections.answers.report import Column, Report
from dealledger.projections.answers.values import cell
from dealledger.projections.answers.webs import Asked, web_extra, web_notes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dealledger.ledger import View
    from dealledger.projections.analysis.web import Leg, Web

TIMED = (
    Column(
        "parties",
        "Cycle",
        shown=lambda row: _circle(row.parties),
        kind="parties",
        about="who pays whom, in order, and the last one the first",
    ),
    Column("bottleneck", "Bottleneck", kind="amount", about="the smallest amount on the way"),
    Column("days", "Days", kind="count", about="from the first amount to the last"),
    Column(
        "start",
        "First",
        lambda row: row.legs[0].day,
        rank=2,
        kind="day",
        about="of the first amount",
    ),
    Column(
        "end", "Last", lambda row: row.legs[-1].day, rank=1, kind="day", about="of the last amount"
    ),
    Column(
        "begins_with",
        "Begins with",
        lambda row: _kind(row.legs[0]),
        rank=3,
        kind="text",
        about="capital or revenue",
    ),
    Column("events", "Events", shown=lambda row: ", ".join(map(_marked, row.legs)), rank=4),
    Column(
        "periods",
        exact=lambda row: tuple(leg.event for leg in row.legs if leg.period),
        kind="ids",
        about="those of the events that are amounts of whole periods",
    ),
)

STATIC = (
    Column(
        "parties",
        "Cycle",
        shown=lambda row: _circle(row.parties),
        kind="parties",
        about="who pays whom, in order, and the last one the first",
    ),
    Column("bottleneck", "Bottleneck", kind="amount", about="the smallest amount on the way"),
    Column(
        "weakest",
        "Least runs from",
        shown=lambda row: " to ".join(row.weakest),
        kind="parties",
        about="the pair that carries least",
    ),
    Column(
        "amounts",
        "Amounts",
        shown=lambda row: cell(row.amounts),
        full=True,
        rank=1,
        kind="list of {currency, amount}",
        about="from each party to the next",
    ),
)

SHOWN = 50


def answer(
    view: View,
    asked: Asked,
    *,
    timed: bool = True,
    within: int | None = None,
    length: int = 6,
    limit: int = SHOWN,
) -> Report:
    """Return the largest cycles of a web: amounts in order, or pairs in any order.

    within: days from the first amount to the last. length: parties of a cycle, at most.
    Raises: BadInput, for *within* without an order in time; MissingRate.
    """
    if within is not None and not timed:
        raise BadInput("--within needs the order in time", "leave out --static")
    web = asked.web(view)
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


def _kind(leg: Leg) -> str:
    return "capital" if leg.capital else "revenue"
