"""deals diagram: the web of alliances as a picture."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, get_args

import click

from dealledger.cli.analysis import LayersParam
from dealledger.cli.marks import Marker, circular_marker, exposure_marker, rival_marker
from dealledger.cli.output import write
from dealledger.cli.params import PARTY, Query, caption, point_options

if TYPE_CHECKING:
    from datetime import date

    from dealledger.events import Money
    from dealledger.ledger import View
    from dealledger.projections.alliances import EdgeKind
    from dealledger.projections.analysis.web import Layer
    from dealledger.projections.diagram import Options

Form = Literal["svg", "png", "pdf", "dot"]
FORMS: Final[tuple[Form, ...]] = get_args(Form)


@click.command("diagram")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Where to; its ending says the format: svg, png, pdf, dot.",
)
@click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice(FORMS),
    help="The format. Without FILE, dot and svg go to stdout.",
)
@click.option("--diff-from", metavar="DATE", help="Show what was added and removed since then.")
@click.option("--focus", type=PARTY, metavar="PARTY", help="Only what is near this party.")
@click.option(
    "--hops",
    type=click.IntRange(1, 9),
    default=1,
    show_default=True,
    help="How many edges away from --focus.",
)
@click.option(
    "--only", metavar="KIND,...", help="Only these: funding, payment, commitment, right, rivalry."
)
@click.option("--min", "minimum", metavar="AMOUNT", help="Leave out smaller amounts: 10B.")
@click.option("--all", "everything", is_flag=True, help="Everything, however dense.")
@click.option("--circular", is_flag=True, help="Point out the money that goes round, in percent.")
@click.option(
    "--layer",
    "layers",
    type=LayersParam(),
    metavar="LAYERS",
    help="With --circular, which money: paid (the default), committed, announced.",
)
@click.option("--rivals", is_flag=True, help="Point out rivals that are partners.")
@click.option(
    "--exposure",
    type=PARTY,
    metavar="PARTY",
    help="Shade who loses revenue, and how much, if this party stops spending.",
)
@point_options
def command(
    query: Query, output: Path | None, form: Form | None, diff_from: str | None, focus: str | None,
    hops: int, only: str | None, minimum: str | None, everything: bool, circular: bool,
    layers: tuple[Layer, ...] | None, rivals: bool, exposure: str | None,
) -> None:  # fmt: skip
    """Draw the web of alliances as svg, png, pdf or dot. Needs no installed Graphviz.

    Revenue runs left to right, capital returns right to left. Parties keep their places at all
    dates, so pictures can be compared. Of a large web the largest amounts are drawn; the caption
    says how much of it that is.

    \b
    Examples:
      deals diagram -o web.svg --as-of 2025-10-28
      deals diagram -o change.png --as-of 2026-06-30 --diff-from 2025-06-30
      deals diagram -o openai.pdf --focus openai --hops 2 --only funding,commitment
      deals diagram -o round.svg --circular --layer paid,committed
      deals diagram -o hit.svg --exposure openai
    """
    from dealledger.events.dates import parse_as_of
    from dealledger.events.errors import BadInput
    from dealledger.projections.diagram import Options
    from dealledger.projections.parties import find_party

    form = form or _inferred(output)
    if output is None and form in ("png", "pdf"):
        raise BadInput(f"a {form} needs a file", f"such as -o web.{form}")
    since = parse_as_of(diff_from, query.today) if diff_from else None
    _check_one_of({"--diff-from": diff_from, "--circular": circular, "--rivals": rivals,
                   "--exposure": exposure})  # fmt: skip
    if layers and not circular:
        raise BadInput("--layer says which money --circular counts", "give both, or neither")
    with query.view() as view:
        options = Options(
            focus=find_party(view, focus) if focus else None,
            hops=hops,
            only=_kinds(only),
            minimum=_minimum(minimum),
            show_all=everything,
            rivals=rivals,
            circles=_circling(layers or ("paid",)) if circular else frozenset(),
            reach=find_party(view, exposure) if exposure else None,
        )
        marks: Marker | None = None
        if circular:
            marks = partial(circular_marker, view, layers or ("paid",))
        elif rivals:
            marks = partial(rival_marker, view)
        elif options.reach:
            marks = partial(exposure_marker, view, options.reach)
        write(picture(view, form, options, since, marks), output)
    if output is not None:
        write(f"drew {output}: {caption(view)}", None)


def picture(
    view: View, form: Form, options: Options | None = None, diff_from: date | None = None,
    marker: Marker | None = None,
) -> bytes:  # fmt: skip
    """Return the picture of a View.

    diff_from: an earlier date to compare with. marker: makes the marks of what to point out.
    """
    from dealledger.cli.render import render
    from dealledger.projections.alliances import alliances, horizon
    from dealledger.projections.diagram import Options, describe, dot_text

    options = options or Options()
    now, ever = alliances(view), horizon(view)
    before = alliances(view.at(diff_from)) if diff_from else None
    marks = marker(now.edges) if marker else None
    return render(
        dot_text(now, ever, options, before=before, marks=marks),
        form,
        title=f"Alliances {caption(view)}",
        description=describe(now, ever, options, before=before, marks=marks),
    )


def _circling(layers: tuple[Layer, ...]) -> frozenset[EdgeKind]:
    """Return the kinds of edges that money of these layers runs on."""
    paid: set[EdgeKind] = {"funding", "payment"} if "paid" in layers else set()
    return frozenset(paid | ({"commitment"} if {*layers} - {"paid"} else set()))


def _check_one_of(given: dict[str, str | bool | None]) -> None:
    from dealledger.events.errors import BadInput

    asked = [name for name, value in given.items() if value]
    if len(asked) > 1:
        raise BadInput(f"{' and '.join(asked)} are two pictures", "draw one at a time")


def _inferred(output: Path | None) -> Form:
    from dealledger.events.errors import BadInput

    if output is None:
        raise BadInput("where to draw?", "-o web.svg; or -f dot for stdout")
    ending = output.suffix.lower().lstrip(".")
    for form in FORMS:
        if ending == form:
            return form
    raise BadInput(f"what format is {output}?", "svg, png, pdf or dot; say it with -f")


def _kinds(only: str | None) -> frozenset[EdgeKind]:
    from dealledger.events.errors import BadInput, closest
    from dealledger.projections.alliances import EDGE_KINDS

    known: dict[str, EdgeKind] = {kind: kind for kind in EDGE_KINDS}
    named = [each.strip() for each in (only or "").split(",") if each.strip()]
    for name in named:
        if name not in known:
            raise BadInput(f"--only {name}: no such kind", closest(name, known) or ", ".join(known))
    return frozenset(known[name] for name in named)


def _minimum(typed: str | None) -> Money | None:
    from decimal import Decimal

    from dealledger.events import Money
    from dealledger.events.money import minor_units, parse_typed

    if typed is None:
        return None
    number, currency = parse_typed(typed)
    code = currency or "USD"
    return Money(code, minor_units(Decimal(number), code))
