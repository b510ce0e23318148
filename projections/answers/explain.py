"""The events behind one number, each with its effect: the answers of `explain`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dealledger.projections.answers.confidence import confidence_json, confidence_notes
from dealledger.projections.answers.conversion import conversion, rates_extra, rates_notes
from dealledger.projections.answers.recorded import of_recorded
from dealledger.projections.answers.report import Report
from dealledger.projections.answers.tracing import What, explanation_columns, traced
from dealledger.projections.answers.values import to_json

if TYPE_CHECKING:
    from dealledger.ledger import View
    from dealledger.projections.answers.whereabouts import Opened


def stake(view: View, issuer: str, holder: str, *, everything: bool = False) -> Report:
    """Explain how much a holder has of an issuer. everything: with what was retracted."""
    return _explained(view, "stake", issuer, holder, everything=everything)


def net(
    view: View, a: str, b: str, currency: str | None = None, *, everything: bool = False
) -> Report:
    """Explain the net cash from one party to another. everything: with what was retracted."""
    return _explained(view, "net", a, b, currency=currency, everything=everything)


def balance(
    view: View, party: str, currency: str | None = None, *, everything: bool = False
) -> Report:
    """Explain what a party received less what it paid. everything: with what was retracted."""
    return _explained(view, "balance", party, currency=currency, everything=everything)


def commitment(view: View, commitment_id: str, opened: Opened) -> Report:
    """Explain what is still open of a commitment. opened: see `visible_commitment`."""
    return _explained(view, "commitment", commitment_id, opened=opened)


def _explained(
    view: View,
    what: What,
    *names: str,
    currency: str | None = None,
    everything: bool = False,
    opened: Opened | None = None,
) -> Report:
    convert = conversion(view, currency)
    found = traced(view, what, names, opened, everything=everything, currency=convert)
    value: Any = [to_json(each, full=True) for each in found.value()]
    return Report(
        found.title,
        of_recorded(explanation_columns(found), view.grounds, lambda step: step.record),
        found.steps,
        extra={
            "value": value,
            "confidence": confidence_json(found.confidence()),
            **rates_extra(convert.used()),
        },
        notes=[
            f"adds up to {found.said()}",
            *rates_notes(convert.used()),
            *confidence_notes(found.confidence()),
        ],
    )
