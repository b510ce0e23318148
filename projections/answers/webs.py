"""Which web of money somebody asks about, and how an answer says so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dealledger.projections.answers.point import undisclosed_note

if TYPE_CHECKING:
    from datetime import date

    from dealledger.events import Json
    from dealledger.ledger import View
    from dealledger.projections.analysis.web import Layer, Web


@dataclass(frozen=True, slots=True)
class Asked:
    """Which money somebody asks about."""

    layers: tuple[Layer, ...] = ("paid",)
    currency: str | None = None
    since: date | None = None
    accrue: bool = False

    def code(self) -> str | None:
        """Return the currency that is asked for. Raises: BadInput, if it is none."""
        from dealledger.events.currency import parse_currency

        return parse_currency(self.currency) if self.currency else None

    def web(self, view: View) -> Web:
        """Return the web of *view*. Raises: BadInput, MissingRate."""
        from dealledger.projections.analysis.web import web

        return web(view, self.layers, currency=self.code(), since=self.since, accrue=self.accrue)


def web_extra(web: Web) -> dict[str, Json | None]:
    """Return what the JSON of every analysis says about its web."""
    from dealledger.projections.analysis.web import sureness
    from dealledger.projections.answers.confidence import confidence_json
    from dealledger.projections.answers.conversion import rates_extra

    return {
        "layers": list(web.layers),
        "currency": web.currency,
        "since": web.since.isoformat() if web.since else None,
        "outside": [*sorted(web.outside & {*web.parties()})],
        "confidence": confidence_json(sureness(web)),
        "undisclosed_amounts": web.undisclosed,
        **({"accrued": True} if web.accrued else {}),
        **rates_extra(web.rates),
    }


def web_notes(web: Web) -> list[str]:
    """Return the lines under a table that say what its amounts are."""
    from dealledger.projections.analysis.web import layers_said, sureness, vague_promises
    from dealledger.projections.answers.bounds import of_it
    from dealledger.projections.answers.confidence import confidence_notes
    from dealledger.projections.answers.conversion import rates_notes
    from dealledger.projections.answers.wording import named

    since = f" since {web.since}" if web.since else ""
    notes = [f"layer: {layers_said(web.layers)}{since}; amounts in {web.currency}"]
    outside = sorted(web.outside & {*web.parties()})
    if outside:
        notes.append(f"outside world: {named(outside)}")
    vague = vague_promises(web)
    if vague:
        notes.append(f"of the promises in it: {of_it(vague)}")
    if web.accrued:
        notes.append("amounts with a period are read by it, straight-line by days")
    return [
        *notes,
        *rates_notes(web.rates),
        *confidence_notes(sureness(web)),
        *undisclosed_note(web.undisclosed),
    ]
