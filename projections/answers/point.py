"""Where in time an answer stands, and what its sums leave out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from dealledger.events import Json
    from dealledger.ledger import Grounds, Log, Record, Verified, View
    from dealledger.projections.answers.report import Report


@dataclass(frozen=True, slots=True)
class Point:
    """A point in time as somebody typed it: where to look. today: the day that "today" means."""

    today: date
    as_of: str = "today"
    known_at: str | None = None
    announced_by: str | None = None

    def view(self, ledger: Log) -> View:
        """Return what a ledger says at this point. Raises: BadInput."""
        from dealledger.events.dates import parse_as_of

        by = parse_as_of(self.announced_by, self.today) if self.announced_by else None
        return ledger.at(parse_as_of(self.as_of, self.today), self.known_at, by)

    def moved(self, typed: str) -> Point:
        """Return the point that *typed* says: DATE, @WHEN or DATE@WHEN; the rest is as here."""
        day, at, moment = typed.partition("@")
        known = f"@{moment}" if moment.isdecimal() else moment
        return replace(self, as_of=day or self.as_of, known_at=known if at else self.known_at)


def at_point(report: Report, view: View, query: Sequence[str] | None = None) -> Report:
    """Return an answer with the point in time that it belongs to: keys of its JSON, and a line.

    query: the question, in the words of the command line, by which it can be asked again.
    """
    point: dict[str, Json | None] = {
        "as_of": view.as_of.isoformat(), "known_at": view.grounds.recorded(view.known_at)
    }  # fmt: skip
    if view.announced_by:
        point["announced_by"] = view.announced_by.isoformat()
    if query is not None:
        point["query"] = [*query]
    extra = {**point, "root": view.root, **grounds_json(view.grounds), **report.extra}
    placed = report.noting(caption(view)).placing(view.positions)
    return replace(placed, extra=extra, cited=partial(_cited, view))


def _cited(view: View, ids: Iterable[str]) -> Sequence[Record]:
    """Return the records of events by their ids, in the order of the record, corrected or not."""
    wanted, whole = {*ids}, view.whole()
    found = [*whole.events(), *whole.events(retracted=True)]
    return sorted((each for each in found if each.id in wanted), key=lambda each: each.position)


def caption(view: View) -> str:
    """Return where in time an answer stands, and on what, for people."""
    by = f", as announced by {view.announced_by}" if view.announced_by else ""
    return f"as of {view.as_of}{by}, {caption_of_record(view)}"


def caption_of_record(view: View) -> str:
    """Return up to where the record is known, and what that stands on, for people."""
    from dealledger.projections.grounds import record_words

    return ", ".join(record_words(view.known_at, view.root, view.grounds))


def grounds_json(grounds: Grounds) -> dict[str, Json | None]:
    """Return what an answer stands on, as keys of its JSON: none, if on the database alone."""
    from dealledger.events import to_json

    found: dict[str, Json | None] = {}
    if (verified := grounds.verified) is not None:
        found["verified"] = {"records": verified.records, **_checkpoint(verified)}
    if grounds.assumed:
        found["assuming"] = [
            {"file": each.file, "events": [to_json(event) for event in each.events]}
            for each in grounds.assumed
        ]
    return found


def _checkpoint(verified: Verified) -> dict[str, Json]:
    """Return the checkpoint that records continue, as keys: none, if none was given."""
    if verified.file is None or verified.size is None:
        return {}
    return {
        "checkpoint": verified.file,
        "size": verified.size,
        "signed_by": [*verified.signed_by],
    }


def undisclosed_note(count: int) -> list[str]:
    """Return the line that says how many amounts the sums leave out."""
    if not count:
        return []
    return [f"{count} undisclosed amount{'s are' if count > 1 else ' is'} not in the sums"]
