"""One number over time: the answers of `history`.

A stake, a net and a commitment change with events, and are followed step by step; quantities of the
web change with days, and are measured again on each. What is drawn as well as shown comes in two
parts, what was found and its report.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dealledger.projections.answers.confidence import confidence_json, confidence_notes
from dealledger.projections.answers.conversion import conversion, rates_extra, rates_notes
from dealledger.projections.answers.measures import (
    circularity_measure,
    concentration_measure,
    round_trip_measure,
)
from dealledger.projections.answers.report import Report
from dealledger.projections.answers.series import points_of, points_report
from dealledger.projections.answers.tracing import Traced, What, history_columns, traced
from dealledger.projections.parties import find_party, name_of

if TYPE_CHECKING:
    from dealledger.ledger import View
    from dealledger.projections.analysis.market.concentration import Direction
    from dealledger.projections.answers.series import Measured
    from dealledger.projections.answers.webs import Asked
    from dealledger.projections.answers.whereabouts import Opened


def stake(view: View, issuer: str, holder: str) -> Report:
    """Return how much a holder had of an issuer over time."""
    return followed(view, "stake", issuer, holder)[1]


def net(view: View, a: str, b: str, currency: str | None = None) -> Report:
    """Return the net cash from one party to another over time."""
    return followed(view, "net", a, b, currency=currency)[1]


def commitment(view: View, commitment_id: str, opened: Opened) -> Report:
    """Return what was open of a commitment over time. opened: see `visible_commitment`."""
    return followed(view, "commitment", commitment_id, opened=opened)[1]


def circularity(view: View, asked: Asked, party: str | None = None) -> Report:
    """Return how much of the money goes round over time, or comes back to a party."""
    what = circularity_of(view, party)
    return points_report(view, asked, what, points_of(view, asked, what))


def concentration(
    view: View, asked: Asked, party: str, direction: Direction = "suppliers"
) -> Report:
    """Return how concentrated a book of a party was over time."""
    what = concentration_of(view, party, direction)
    return points_report(view, asked, what, points_of(view, asked, what))


def followed(
    view: View,
    what: What,
    *names: str,
    currency: str | None = None,
    opened: Opened | None = None,
) -> tuple[Traced, Report]:
    """Return the steps of a number, and their report. names, opened: see `traced`.

    Raises: BadInput, for an unknown party or commitment; MissingRate.
    """
    convert = conversion(view, currency)
    found = traced(view, what, names, opened, currency=convert)
    sure, used = found.confidence(), convert.used()
    report = Report(
        found.title,
        history_columns(found),
        tuple(step for step in found.steps if step.effect),
        extra={"confidence": confidence_json(sure), **rates_extra(used)},
        notes=[*rates_notes(used), *confidence_notes(sure)],
    )
    return found, report


def circularity_of(view: View, party: str | None) -> Measured:
    """Return what is measured of the web, or of the party that somebody names. Raises: BadInput."""
    if party is None:
        return circularity_measure()
    slug = find_party(view, party)
    return round_trip_measure(slug, name_of(view, slug))


def concentration_of(view: View, party: str, direction: Direction) -> Measured:
    """Return what is measured of a book of the party that somebody names. Raises: BadInput."""
    slug = find_party(view, party)
    return concentration_measure(slug, name_of(view, slug), direction)
