"""The options by which the commands of analysis choose a web."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

from dealledger.cli.option_values import Option, gathered
from dealledger.cli.params import DAY, IN_CURRENCY
from dealledger.projections.answers.webs import Asked

if TYPE_CHECKING:
    from dealledger.projections.analysis.web import Layer

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
            self.fail(f"{name!r} is not a layer: {', '.join(self.known)}", param, context)
        return tuple(layer for layer in self.known if layer in asked)


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
_OPTIONS: Final[tuple[Option, ...]] = (_LAYER, IN_CURRENCY, _ACCRUE)

web_options: Final = gathered("asked", Asked, _OPTIONS)
"""Add the options that choose a web as one `asked`."""

web_options_since: Final = gathered("asked", Asked, (*_OPTIONS, _SINCE))
"""Add the same, with --since."""
