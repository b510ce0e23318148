"""deals diagram: the web of alliances as a picture."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, get_args

import click

from dealledger.cli.output import write
from dealledger.cli.params import PARTY, Query, caption, point_options

if TYPE_CHECKING:
    from datetime import date

    from dealledger.events import Money
    from dealledger.ledger import View
    from dealledger.projections.alliances import EdgeKind
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
@point_options
def command(
    query: Query, output: Path | None, form: Form | None, diff_from: str | None, focus: str | None,
    hops: int, only: str | None, minimum: str | None, everything: bool,
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
    """
    from dealledger.events.dates import parse_as_of
    from dealledger.events.errors import BadInput
    from dealledger.projections.diagram import Options
    from dealledger.projections.parties import find_party

    form = form or _inferred(output)
    if output is None and form in ("png", "pdf"):
        raise BadInput(f"a {form} needs a file", f"such as -o web.{form}")
    since = parse_as_of(diff_from, query.today) if diff_from else None
    with query.view() as view:
        options = Options(
            focus=find_party(view, focus) if focus else None,
            hops=hops,
            only=_kinds(only),
            minimum=_minimum(minimum),
            show_all=everything,
        )
        write(picture(view, form, options, since), output)
    if output is not None:
        write(f"drew {output}: {caption(view)}", None)


def picture(
    view: View, form: Form, options: Options | None = None, diff_from: date | None = None
) -> bytes:
    """Return the picture of a View. diff_from: an earlier date to compare with."""
    from dealledger.cli.render import render
    from dealledger.projections.alliances import alliances, horizon
    from dealledger.projections.diagram import Options, describe, dot_text

    options = options or Options()
    now, ever = alliances(view), horizon(view)
    before = alliances(view.at(diff_from)) if diff_from else None
    return render(
        dot_text(now, ever, options, before=before),
        form,
        title=f"Alliances {caption(view)}",
        description=describe(now, ever, options, before=before),
    )


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
