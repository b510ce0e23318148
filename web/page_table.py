"""A table of the page: how it is asked at every date, and of which parts.

Where an answer is made of parts that do not touch each other, such as the stakes in each issuer, it
is asked part by part, on the days of the part alone; an answer about the whole web is asked on a
few days, the marks, which the page names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from dealledger.events import Event, moving_kinds
from dealledger.ledger import View
from dealledger.projections.answers.report import Report

Ask: TypeAlias = Callable[[View], Report]
Behind: TypeAlias = Callable[[View], Callable[[Any], Iterable[str]]]
"""Tells of a View which events each row rests on, by their ids."""


@dataclass(frozen=True, slots=True)
class PageTable:
    """One table of the page. command: what asks it at a terminal.

    key: the columns that name a row. names: the parts that an event belongs to; None: the answer is
    one whole, and asked at the marks. owner: the column that says the part of a row; rows of other
    parts are incomplete there. common: kinds of events that every part needs. kinds: the only ones
    that matter, or all. behind: what a row rests on; default: its own events. countdown: a column
    of days that are left, which pass by themselves. sort: the order of rows, where that of the
    parts is not it. notes: whether the lines under the table are those of each part or of the
    whole answer, or neither would be true at every date.
    """

    name: str
    command: str
    ask: Ask
    key: tuple[str, ...]
    names: Callable[[Event], Iterable[str]] | None = None
    owner: str | None = None
    common: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    behind: Behind | None = None
    countdown: str | None = None
    sort: tuple[tuple[str, str], ...] = ()
    notes: Literal["parts", "whole", "none"] = "parts"


def moved(view: View) -> Callable[[Any], Iterable[str]]:
    """Return all that moved money in a View, which is a part made for the row."""
    found = [each.id for each in view.events(*moving_kinds()) if not each.event.memo]
    return lambda row: found


def moved_in_year(view: View) -> Callable[[Any], Iterable[str]]:
    """Return what moved money in the year of a row."""
    found = [each for each in view.events(*moving_kinds()) if not each.event.memo]
    return lambda row: [each.id for each in found if each.effective_on.year == row.year]


def pairs(event: Event) -> Iterable[str]:
    """Yield the pair between which an event moves money: two slugs, sorted, with a blank."""
    for posting in event.postings():
        yield " ".join(sorted((posting.source, posting.target)))


def movers(event: Event) -> Iterable[str]:
    """Yield who pays and who is paid by an event."""
    for posting in event.postings():
        yield posting.source
        yield posting.target


def money_of(view: View, *parties: str) -> list[str]:
    """Return what moved money, or promises it, between these parties, or of one of them, by id."""
    kinds = (*moving_kinds(), "commitment")
    return [each.id for each in view.events(*kinds) if {*parties} <= each.event.parties()]
