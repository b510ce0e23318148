"""What charts draw and no table has: quantities over time, what falls due, what runs how long."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from typing import Any, Final

from dealledger.events import Commitment, DealLedgerError, Money, Right
from dealledger.events.dates import last_day
from dealledger.events.decimals import decimal_text, exact_text
from dealledger.events.fraction import percent
from dealledger.ledger import MemoryView, Record, View
from dealledger.projections.answers.measures import circularity_measure, concentration_measure
from dealledger.projections.answers.numbers import amount, share
from dealledger.projections.answers.series import Measured, points_of
from dealledger.projections.answers.webs import Asked
from dealledger.projections.answers.wording import sentence
from dealledger.projections.parties import name_of
from dealledger.projections.promises.burden import by_year
from dealledger.projections.promises.commitments import CommitmentRow, commitments
from dealledger.projections.promises.endings import endings
from dealledger.projections.promises.owed import payers
from dealledger.projections.timeline import Part, swept
from dealledger.web.histories import Pool, over
from dealledger.web.places import Places
from dealledger.web.scope import Scope
from dealledger.web.table_histories import OF_WHOLES, WHOLE

MOST_BOOKS: Final = 4
"""So many parties have the concentration of their suppliers over time."""


def series(
    scope: Scope, buyers: Sequence[str], places: Places, focus: str | None = None
) -> dict[str, Any]:
    """Return the part `series` of the document.

    buyers: whose suppliers are followed. focus: a party; only what touches it is there.
    """
    found = {"circularity": _followed(scope, circularity_measure(), "circularity", places)}
    for party in buyers[:MOST_BOOKS]:
        what = concentration_measure(party, name_of(scope.view, party), "suppliers")
        command = f"concentration {party}"
        found[f"concentration/{party}"] = _followed(scope, what, command, places)
    terms = [
        each for each in _terms(scope, places) if focus in (None, each["source"], each["target"])
    ]
    return {**found, "due": _due(scope, focus), "gantt": terms}


def _followed(scope: Scope, what: Measured, command: str, places: Places) -> dict[str, Any]:
    """Return a quantity on each day that changed it, as known now, and the price moves."""
    said: dict[str, Any] = {
        "title": what.title,
        "command": f"deals history {command}",
        "notes": list(what.said),
        "unit": "index" if what.is_index else "share",
    }
    try:
        points = points_of(scope.view, Asked(), what)
    except DealLedgerError as error:
        return {**said, "points": [], "moves": [], "refused": str(error)}
    lines = [(point, what.line(point.value)) for point in points if point.value is not None]
    return {
        **said,
        "points": [
            [scope.stop_at(point.day), exact_text(value), _shown(value, what), places(point.events)]
            for point, value in lines
            if value is not None
        ],
        "moves": [_move(scope, move) for point in points for move in point.reactions],
    }


def _shown(value: Fraction, what: Measured) -> str:
    return f"{round(value * 10_000):,}" if what.is_index else percent(value)


def _move(scope: Scope, move: Record) -> list[Any]:
    event: Any = move.event
    sign = "+" if event.move > 0 else ""
    shown = f"{sign}{share(Fraction(event.move), 1)}"
    day = scope.stop_at(event.effective_on)
    return [day, event.party, decimal_text(event.move), shown, move.position]


def _due(scope: Scope, focus: str | None) -> dict[str, Any]:
    """Return what falls due in which year, by who owes it, at the marks."""
    pool: Pool[Any] = Pool()

    def ask(view: MemoryView, _part: str) -> Iterator[tuple[str, int]]:
        yield "bars", pool.number([each for each in _bars(view) if focus in (None, each[0])])

    lenses = scope.lenses[:OF_WHOLES]
    part = Part(WHOLE, scope.view.memory, scope.marks)
    found = swept(scope.view, lenses, [part], ask)
    return {
        "command": "deals commitments PARTY --by year",
        "marks": [scope.stop_at(day) for day in scope.marks],
        "lenses": len(lenses),
        "bars": over(found["bars"], scope.stops, int),
        "dues": pool.values,
    }


def _bars(view: View) -> Iterator[list[Any]]:
    """Yield who owes how much of which layer in which year: party, year, currency, exact, shown."""
    rows: dict[str, list[CommitmentRow]] = {}
    for row in commitments(view):
        for party in payers(row.event):
            rows.setdefault(party, []).append(row)
    for party in sorted(rows):
        owed = [row for row in rows[party] if row.beneficiary != party]
        for each in by_year(owed, view.as_of, party):
            if each.amount.minor:
                yield [party, each.key, each.currency, each.layer, *_money(each.amount)]


def _money(money: Money) -> tuple[str, str]:
    return money.text(), amount(money)


def _terms(scope: Scope, places: Places) -> Iterator[dict[str, Any]]:
    """Yield how long each right and commitment runs, as known now."""
    whole = scope.view.whole()
    ends = endings(whole)
    for record in whole.events("right", "commitment"):
        event: Any = record.event
        if event.memo:
            continue
        cut = min((each.effective_on for each in ends.get(record.id, ())
                   if _ends_all(each, event)), default=None)  # fmt: skip
        until = _until(event)
        yield {
            "kind": event.kind,
            "position": places([record.id])[0],
            "source": event.sides and getattr(event, event.sides[0]),
            "target": event.sides and getattr(event, event.sides[1]),
            "from": (getattr(event, "start", None) or event.effective_on).isoformat(),
            "until": _text(until),
            "ended_on": _text(cut),
            "condition": getattr(event, "until", None) if until is None else None,
            "firmness": event.firmness,
            "said": sentence(event),
        }


def _ends_all(termination: Any, event: Any) -> bool:
    return not (isinstance(event, Commitment) and termination.remaining)


def _until(event: Any) -> Any:
    if isinstance(event, Right):
        return last_day(event.until) if event.until else None
    return event.end


def _text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
