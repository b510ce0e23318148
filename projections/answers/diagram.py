"""The web of alliances as a picture: which one somebody wants, and what it points out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from dealledger.events import BadInput, Money
from dealledger.events.currency import parse_currency
from dealledger.events.errors import closest
from dealledger.events.money import minor_units, parse_typed
from dealledger.events.text import one_line, visible
from dealledger.projections.alliances import EDGE_KINDS, EDGE_LAYERS, alliances
from dealledger.projections.answers.point import caption
from dealledger.projections.diagram.plan import Options, describe, dot_text
from dealledger.projections.diagram.render import render
from dealledger.projections.horizon import horizon
from dealledger.projections.parties import find_party, names_at

if TYPE_CHECKING:
    from datetime import date

    from dealledger.ledger import View
    from dealledger.projections.alliances import Edge, EdgeKind, EdgeLayer
    from dealledger.projections.analysis.web import Layer
    from dealledger.projections.diagram.marks import Marks

Form = Literal["svg", "png", "pdf", "dot"]
Marker: TypeAlias = "Callable[[Iterable[Edge]], Marks]"
"""Makes the marks of a picture from its edges."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Which picture somebody wants, as they type it.

    focus: only what is within *hops* edges of this party. among: only these parties, each text one
    or several with commas. only: kinds of edges, with commas. layers: money of these only; with
    circular or exposure, which money counts. minimum: leaves out smaller amounts, such as 10B.
    everything: however dense. circular, rivals, exposure: what is pointed out, one of them: money
    that goes round, rivals that are partners, who loses revenue if this party stops spending.
    """

    focus: str | None = None
    hops: int = 1
    among: tuple[str, ...] = ()
    only: str | None = None
    layers: tuple[EdgeLayer, ...] | None = None
    minimum: str | None = None
    everything: bool = False
    circular: bool = False
    rivals: bool = False
    exposure: str | None = None
    currency: str | None = None
    title: str | None = None

    def options(self, view: View) -> Options:
        """Return what the picture shows. Raises: BadInput."""
        counted = self._counted() if self.circular or self.exposure else ()
        return Options(
            focus=find_party(view, self.focus) if self.focus else None,
            hops=self.hops,
            among=tuple(find_party(view, name) for name in _names(self.among)),
            only=_kinds(self.only),
            layers=EDGE_LAYERS if counted else self.layers or EDGE_LAYERS,
            minimum=self._minimum(),
            show_all=self.everything,
            rivals=self.rivals,
            circular=self.circular,
            reach=find_party(view, self.exposure) if self.exposure else None,
            counted=counted,
            title=one_title(self.title),
        )

    def code(self) -> str | None:
        """Return the currency to convert to. Raises: BadInput, if it is none."""
        return parse_currency(self.currency) if self.currency else None

    def _counted(self) -> tuple[Layer, ...]:
        """Return which money a picture of what goes round, or of who is hit, counts."""
        counted = tuple(layer for layer in self.layers or ("paid",) if layer != "apart")
        if len(counted) < len(self.layers or counted):
            known = ", ".join(layer for layer in EDGE_LAYERS if layer != "apart")
            raise BadInput("what is apart binds nobody: it counts in no sum", f"--layer {known}")
        return counted

    def _minimum(self) -> Money | None:
        if self.minimum is None:
            return None
        number, currency = parse_typed(self.minimum)
        code = currency or self.code() or "USD"
        return Money(code, minor_units(Decimal(number), code))


def answer(view: View, wish: Wish, form: Form = "svg", since: date | None = None) -> bytes:
    """Return the picture that somebody wants of a View. since: show what changed since that day.

    Raises: BadInput, for unknown names and for two pictures at once; MissingRate.
    """
    wanted = {
        "--diff-from": since,
        "--circular": wish.circular,
        "--rivals": wish.rivals,
        "--exposure": wish.exposure,
    }
    asked = [name for name, value in wanted.items() if value]
    if len(asked) > 1:
        raise BadInput(f"{' and '.join(asked)} cannot be combined", "draw one picture at a time")
    options, code = wish.options(view), wish.code()
    return picture(view, form, options, since, _marker(view, options, code), code)


def picture(
    view: View,
    form: Form,
    options: Options | None = None,
    since: date | None = None,
    marker: Marker | None = None,
    currency: str | None = None,
) -> bytes:
    """Return the picture of a View.

    since: an earlier date to compare with. marker: makes the marks of what to point out.
    currency: convert to it. Raises: BadInput, MissingRate.
    """
    options = options or Options()
    now, ever = alliances(view, currency), horizon(view, currency)
    before = alliances(view.at(since), currency) if since else None
    marks = marker(now.edges) if marker else None
    return render(
        dot_text(now, ever, options, before=before, marks=marks),
        form,
        title=f"{visible(options.title or 'Alliances')} {caption(view)}",
        description=describe(now, ever, options, before=before, marks=marks),
    )


def one_title(typed: str | None) -> str | None:
    """Return a title that somebody typed. Raises: BadInput, if it is not one line."""
    try:
        return None if typed is None else one_line(typed)
    except BadInput as error:
        raise BadInput(f"--title: {error.message}", error.hint) from None


def _names(typed: Sequence[str]) -> list[str]:
    """Return the parties of --party, each once: joined by commas, or the option given again."""
    names = list(dict.fromkeys(name for each in typed for name in _listed(each)))
    if typed and len(names) < 2:
        raise BadInput(
            "--party draws what runs between parties", "name two or more, or say --focus PARTY"
        )
    return names


def _listed(typed: str) -> list[str]:
    return [name for each in typed.split(",") if (name := each.strip())]


def _kinds(only: str | None) -> frozenset[EdgeKind]:
    known: dict[str, EdgeKind] = {kind: kind for kind in EDGE_KINDS}
    named = _listed(only or "")
    if only is not None and not named:
        raise BadInput("--only names no kind", ", ".join(known))
    for name in named:
        if name not in known:
            raise BadInput(f"--only {name}: no such kind", closest(name, known) or ", ".join(known))
    return frozenset(known[name] for name in named)


def _marker(view: View, options: Options, currency: str | None) -> Marker | None:
    """Return what makes the marks of what is to be pointed out, if anything is."""
    counted: tuple[Any, ...] = options.counted
    if options.circular:
        return partial(_circular, view, counted, currency)
    if options.rivals:
        return partial(_rivals, view)
    if options.reach is None:
        return None
    return partial(_exposed, view, options.reach, counted, currency)


def _circular(
    view: View, layers: tuple[Layer, ...], currency: str | None, edges: Iterable[Edge]
) -> Marks:
    """Point out what goes round of the money in *layers*."""
    from dealledger.projections.analysis.circles.circulation import bff
    from dealledger.projections.analysis.web import web
    from dealledger.projections.diagram.marks import circular_marks

    found = web(view, layers, currency=currency)
    return circular_marks(found, bff(found), edges)


def _rivals(view: View, edges: Iterable[Edge]) -> Marks:
    """Point out what runs between rivals that are partners at the date."""
    from dealledger.projections.analysis.market.rivals import rival_partners
    from dealledger.projections.diagram.marks import rival_marks
    from dealledger.projections.rivalries import rivalries

    return rival_marks(rival_partners(view, rivalries(view)), edges)


def _exposed(
    view: View, party: str, layers: tuple[Layer, ...], currency: str | None, edges: Iterable[Edge]
) -> Marks:
    """Point out who loses revenue, of what is recorded in *layers*, if *party* stops spending."""
    from dealledger.projections.analysis.risk.extraction import extracted
    from dealledger.projections.analysis.web import web
    from dealledger.projections.diagram.marks import exposure_marks

    found = web(view, layers, currency=currency)
    return exposure_marks(party, extracted(found, party), found, edges, names_at(view))
