"""What the commands of analysis share: which web is asked for, and how an answer says so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import click

from dealledger.cli.params import DAY, IN_CURRENCY, undisclosed_note

if TYPE_CHECKING:
    from dealledger.events import Json
    from dealledger.ledger import View
    from dealledger.projections.analysis.web import Layer, Web

LAYERS: Final[tuple[Layer, ...]] = ("paid", "committed", "announced")


class LayersParam(click.ParamType):  # type: ignore[type-arg,unused-ignore]
    """Layers by name, joined by commas, of those in *known*."""

    name = "layers"

    def __init__(self, known: tuple[str, ...] = LAYERS) -> None:
        """Accept the layers in *known*, which are returned in this order."""
        self.known = known

    def convert(self, value: Any, param: Any, context: click.Context | None) -> tuple[Any, ...]:
        """Return the layers in their own order, each once."""
        if isinstance(value, tuple):
            return value
        asked = {each.strip() for each in str(value).split(",")}
        for name in sorted(asked - {*self.known}):
            self.fail(f"{name!r} is no layer: {', '.join(self.known)}", param, context)
        return tuple(layer for layer in self.known if layer in asked)


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


_LAYER: Final = click.option(
    "--layer", "layers", type=LayersParam(), default="paid", show_default=True, metavar="LAYERS",
    help="Which money: paid, committed, announced, or several: paid,committed. What is open of "
    "commitments counts, not what was drawn of them.",
)  # fmt: skip
_ACCRUE: Final = click.option(
    "--accrue", is_flag=True, help="Read cash with a period by its days, not on one day."
)
_SINCE: Final = click.option(
    "--since", type=DAY, metavar="DATE", help="Count only what ran on that day or later."
)

Command = Callable[..., Any]


def web_options(*, since: bool = False) -> Callable[[Command], Command]:
    """Add the options that choose a web as one `asked`; with --since where it means something."""

    def adding(function: Command) -> Command:
        def command(
            *args: Any,
            layers: tuple[Layer, ...],
            currency: str | None,
            accrue: bool,
            since: date | None = None,
            **others: Any,
        ) -> Any:
            return function(*args, asked=Asked(layers, currency, since, accrue), **others)

        command.__doc__ = function.__doc__
        command.__dict__.update(function.__dict__)
        for option in (*((_SINCE,) if since else ()), _ACCRUE, IN_CURRENCY, _LAYER):
            command = option(command)
        return command

    return adding


def web_extra(web: Web) -> dict[str, Json | None]:
    """Return what the JSON of every analysis says about its web."""
    from dealledger.cli.confidence import confidence_json
    from dealledger.cli.conversion import rates_extra
    from dealledger.projections.analysis.web import sureness

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
    from dealledger.cli.bounds import of_it
    from dealledger.cli.confidence import confidence_notes
    from dealledger.cli.conversion import rates_notes
    from dealledger.cli.wording import named
    from dealledger.projections.analysis.web import layers_said, sureness, vague_promises

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
