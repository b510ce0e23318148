"""Which events likely tell one fact: the answer of `duplicates`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dealledger.events import BadInput
from dealledger.events.fraction import parse_typed_fraction
from dealledger.projections.answers.report import Column, Report
from dealledger.projections.duplicates import DAYS, WITHIN, duplicates
from dealledger.projections.parties import find_party

if TYPE_CHECKING:
    from dealledger.ledger import View

COLUMNS: Final = (
    Column("kind", "Kind", kind="text", about="the kind of both events"),
    Column("parties", "Parties", kind="parties", about="who is named by both"),
    Column("first", "One", kind="id", about="the earlier event"),
    Column("first_on", "On", rank=2, kind="day", about="its date"),
    Column("second", "Other", kind="id", about="the later event"),
    Column("second_on", "On", rank=2, kind="day", about="its date"),
    Column("days", right=True, kind="count", about="between the two dates"),
    Column("apart", right=True, kind="share", about="how much the amounts differ, as a part of the "
           "larger one; null: one is not disclosed"),
    Column("why", "Why", rank=1, kind="texts", about="what makes it likely that they are one fact"),
)  # fmt: skip
_HINT: Final = "keep one: deals retract ID --reason 'the same as ...'"


def answer(
    view: View, party: str | None = None, days: int = DAYS, within: str | None = None
) -> Report:
    """Return pairs of events that likely tell one fact, or those of a party.

    days: how far apart at most. within: how much amounts may differ, such as 5%.
    """
    if days < 0:
        raise BadInput(f"--days {days} is below zero", "such as 45")
    from fractions import Fraction

    part = WITHIN if within is None else Fraction(parse_typed_fraction(within))
    slug = None if party is None else find_party(view, party)
    found = duplicates(view, slug, days=days, within=part)
    notes = [_HINT] if found else []
    return Report("Events that are likely one fact", COLUMNS, found, notes=notes)
