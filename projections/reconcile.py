"""What does not fit together: statements against computed numbers, and facts without a source.

Each finding names its events. Nothing is wrong with a ledger that has findings: sources disagree,
and here is where.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from dealledger.events import Holding, Money
from dealledger.events.fraction import percent
from dealledger.ledger import View
from dealledger.projections.memos import memos
from dealledger.projections.ownership.stakes import StakeRow, StakeTable, stakes, statements
from dealledger.projections.promises.commitments import CommitmentRow, commitments
from dealledger.projections.promises.endings import endings
from dealledger.projections.rights import RightRow, rights

OWNERSHIP_CAP: Final = "ownership-cap"
"""The right that limits what its grantee may hold of its grantor."""

_DERIVED: Final = frozenset({"party", "rivalry", "retraction", "rate"})
"""Kinds that need no source to be believed."""


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """One thing that does not fit. stated, computed: as numbers where there are two of them."""

    check: str
    subject: str
    stated: Money | Fraction | None
    computed: Money | Fraction | None
    message: str
    events: tuple[str, ...]


def reconcile(view: View) -> tuple[Discrepancy, ...]:
    """Return every finding, in the order of CHECKS."""
    return tuple(finding for check in CHECKS for finding in check(view))


def check_holdings(view: View) -> Iterator[Discrepancy]:
    """A stated holding is what the terms of rounds, or shares, gave until then."""
    for each in statements(view):
        event = each.record.event
        assert isinstance(event, Holding)
        if each.stated != each.computed:
            yield Discrepancy(
                "holding",
                f"{event.holder} in {event.issuer}",
                each.stated,
                each.computed,
                f"stated {percent(each.stated)} on {event.effective_on}, "
                f"{percent(each.computed)} by what was known before",
                (each.record.id,),
            )


def check_draws(view: View) -> Iterator[Discrepancy]:
    """Nobody draws more than was promised."""
    for row in commitments(view):
        if row.overdrawn and row.overdrawn.minor:
            yield Discrepancy(
                "overdrawn",
                row.id,
                row.committed,
                row.drawn,
                _overdrawn(row, row.overdrawn),
                row.events,
            )


def _overdrawn(row: CommitmentRow, over: Money) -> str:
    """Say by how much, and what explains it: what was cut off, or that the promise is vague."""
    said = f"drawn {over.exact()} {over.currency} more than was promised"
    if row.cancelled and row.cancelled.minor:
        said += f"; {row.cancelled.exact()} of the promise was cancelled"
    if row.bound in ("at-least", "about"):
        said += f"; but the promise is {row.bound.replace('-', ' ')} so much"
    return said


def check_allocation(view: View) -> Iterator[Discrepancy]:
    """The stakes of an issuer are at most 100 %, and nobody sells what it does not hold."""
    for table in stakes(view):
        if table.over:
            yield Discrepancy(
                "over-allocated",
                table.issuer,
                1 + table.over,
                Fraction(1),
                f"the stakes of {table.issuer} add up to {percent(1 + table.over)}",
                tuple(dict.fromkeys(each for row in table.rows for each in row.events)),
            )
        for flaw in table.flaws:
            yield Discrepancy(flaw.check, table.issuer, None, None, flaw.message, flaw.events)


def check_caps(view: View) -> Iterator[Discrepancy]:
    """Nobody holds more of a grantor than an ownership cap that is in force lets it."""
    caps = [row for row in rights(view) if row.right == OWNERSHIP_CAP and row.status == "in force"]
    tables = {table.issuer: table for table in stakes(view)} if caps else {}
    for cap in caps:
        table = tables.get(cap.grantor)
        held = [row for row in table.rows if row.holder == cap.grantee] if table else []
        for row in held:
            if cap.stake is not None and row.counted and row.stake and row.stake > cap.stake:
                yield Discrepancy(
                    "above its cap",
                    f"{cap.grantee} in {cap.grantor}",
                    cap.stake,
                    row.stake,
                    _above(cap, row, table),
                    (cap.id, *row.events),
                )


def _above(cap: RightRow, row: StakeRow, table: StakeTable | None) -> str:
    """Say how a stake is above its cap, and what it may be if money without terms came later."""
    assert row.stake is not None
    assert cap.stake is not None
    said = f"{percent(row.stake)} of {row.issuer}, capped at {percent(cap.stake)} since {cap.since}"
    late = table.unpriced if table else None
    if row.bound == "exact" or late is None:
        return said
    least = late.least.get(row.holder)
    count = len(late.fundings)
    money = f"{count} later funding{'s' if count > 1 else ''} without terms"
    if least is None or row.bound == "about":
        return f"{said}; {money} may have made it less"
    return f"{said}; {percent(least)} or more with {money}"


def check_rights(view: View) -> Iterator[Discrepancy]:
    """A right that has run out was ended by nobody: was it prolonged?"""
    ended = endings(view)
    for row in rights(view):
        if row.status == "ended" and row.id not in ended:
            said = f"{row.right} of {row.grantee} ran out on {row.ended_on}"
            yield Discrepancy(
                "right past its end", row.id, None, None,
                f"{said}; nothing says that it ended or was prolonged", (row.id,),
            )  # fmt: skip


def check_memos(view: View) -> Iterator[Discrepancy]:
    """What memos state is what is computed of the same."""
    for memo in memos(view):
        if memo.differs:
            event = memo.record.event
            yield Discrepancy(
                "memo",
                memo.subject,
                memo.stated,
                memo.computed,
                f"a {event.kind} stated on {event.effective_on} and never summed; {memo.said}",
                (memo.record.id, *memo.events),
            )


def check_sources(view: View) -> Iterator[Discrepancy]:
    """Every fact has a public source."""
    for record in view.events():
        event = record.event
        if event.kind not in _DERIVED and not (event.source_title or event.source_url):
            yield Discrepancy("no source", record.id, None, None, f"{event.kind} without a source",
                          (record.id,))  # fmt: skip


CHECKS: Final[tuple[Callable[[View], Iterator[Discrepancy]], ...]] = (
    check_holdings,
    check_draws,
    check_allocation,
    check_caps,
    check_rights,
    check_memos,
    check_sources,
)
"""Every check, in the order in which its findings are reported."""
