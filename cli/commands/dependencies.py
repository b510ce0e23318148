"""deals dependencies [PARTY]: tied capital, rights that bind, and what is promised for how long."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from dealledger.cli.params import PARTY, Query, query_options
from dealledger.projections.answers.report import Column, Report, plain

if TYPE_CHECKING:
    from dealledger.ledger import View
    from dealledger.projections.analysis.lockin import Clock

BY: Final = ("ties", "lock-in", "rights")

RIGHTS = (
    Column("id", "Id", lambda row: row.right.id),
    Column("grantor", "Grantor", lambda row: row.right.grantor),
    Column("grantee", "Grantee", lambda row: row.right.grantee),
    Column("right", "Right", lambda row: row.right.right),
    Column("exclusive", "Exclusive", lambda row: row.right.exclusive, rank=3),
    Column("royalty_free", wide=True, get=lambda row: row.right.royalty_free),
    Column("since", "Since", lambda row: row.right.since, rank=5),
    Column("until", "Until", lambda row: _until(row), narrow=True),
    Column("until", get=lambda row: row.right.until, wide=True),
    Column("precision", wide=True),
    Column("last_day", "Read as", lambda row: row.until, rank=4),
    Column("days_left", "Days left", lambda row: row.days, right=True, rank=2),
    Column("years_left", "Years left", lambda row: plain(row.years), right=True, rank=6),
    Column("or_earlier_if", "Or earlier if", lambda row: row.condition or "", narrow=True,
           rank=1, sparse=True),
    Column("or_earlier_if", get=lambda row: row.condition, wide=True),
    *(Column(key, get=lambda row, key=key: getattr(row.right, key), wide=True)  # type: ignore[misc]
      for key in ("firmness", "terms", "deal")),
)  # fmt: skip


@click.command("dependencies")
@click.argument("party", required=False, type=PARTY)
@click.option(
    "--by",
    type=click.Choice(BY),
    help="Only one table. ties: funding that has to be spent with the funder. lock-in: what is "
    "left to buy, and for how long. rights: those in force, and how long they last.",
)
@click.option("--in", "currency", metavar="CURRENCY", help="Convert amounts by the recorded rates.")
@click.option("--all", "everything", is_flag=True, help="With ties: also fundings without any.")
@query_options
def command(
    query: Query, party: str | None, by: str | None, currency: str | None, everything: bool
) -> None:
    """Show what a party depends on: tied capital, promises to suppliers, rights that bind.

    A tie is fulfilled by what the funded party pays later to whom it is tied. The average life
    of what is left to buy, and the years that it locks, count from the date that is asked for.

    \b
    Examples:
      deals dependencies openai --as-of 2025-10-28
      deals dependencies openai --by lock-in
      deals dependencies microsoft --by rights --as-of 2025-10-28
    """
    with query.view() as view:
        query.answer(report(view, party, by, currency, everything=everything), view)


def report(
    view: View, party: str | None = None, by: str | None = None, currency: str | None = None,
    *, everything: bool = False,
) -> Report:  # fmt: skip
    """Return what everybody or one party depends on, in one of three tables or in all."""
    from dealledger.events import BadInput
    from dealledger.events.currency import parse_currency
    from dealledger.projections.answers.lockin import lockin_report
    from dealledger.projections.answers.ties import ties_report
    from dealledger.projections.parties import find_party

    slug = find_party(view, party) if party else None
    code = parse_currency(currency) if currency else None
    if everything and by not in ("ties", None):
        raise BadInput(f"--all has no meaning with --by {by}", "leave it out")
    if code and by == "rights":
        raise BadInput("--in has no meaning with --by rights", "leave it out")
    if by == "lock-in":
        return lockin_report(view, slug, code)
    if by == "rights":
        return _rights(view, slug)
    found = ties_report(view, slug, code, everything=everything)
    if by is None:
        found.extra.pop("by")
        found.further = {"lock_in": lockin_report(view, slug, code), "rights": _rights(view, slug)}
    return found


def _rights(view: View, slug: str | None) -> Report:
    from dealledger.projections.analysis.lockin import clocks

    rows = clocks(view, slug)
    wordless = sum(row.until is None and row.condition is None for row in rows)
    notes = []
    if any(row.precision not in (None, "day") for row in rows):
        notes.append("a month, quarter or year is read as its last day")
    if wordless:
        notes.append(f"{wordless} without an end that a source names")
    return Report(
        "Rights in force" + (f" of {slug}" if slug else "") + ", by their end",
        RIGHTS,
        rows,
        extra={"by": "rights"},
        notes=notes,
    )


def _until(row: Clock) -> str:
    if row.until is None:
        return "no date" if row.condition else ""
    return row.right.until or ""
