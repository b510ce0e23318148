"""deals diagram: the web of alliances as a picture."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

import click

from dealledger.cli.params import PARTY, Query, point_options
from dealledger.cli.terminal.output import write
from dealledger.cli.web_options import LAYERS, LayersParam
from dealledger.projections.answers.marks import (
    Marker,
    circular_marker,
    exposure_marker,
    rival_marker,
)
from dealledger.projections.answers.point import caption

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from dealledger.events import Money
    from dealledger.ledger import View
    from dealledger.projections.alliances import EdgeKind, EdgeLayer
    from dealledger.projections.analysis.web import Layer
    from dealledger.projections.diagram.plan import Options

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
    "--party",
    "among",
    multiple=True,
    type=PARTY,
    metavar="PARTY,...",
    help="Only these parties, and what runs between them: openai,nvidia,oracle.",
)
@click.option(
    "--only", metavar="KIND,...", help="Only these: funding, payment, commitment, right, rivalry."
)
@click.option(
    "--layer",
    "layers",
    type=LayersParam((*LAYERS, "apart")),
    metavar="LAYERS",
    help="Only money of these layers: paid, committed, announced, apart (talks, term sheets, "
    "letters of intent). With --circular or --exposure, which money counts: paid (the default), "
    "committed, announced.",
)
@click.option("--min", "minimum", metavar="AMOUNT", help="Leave out smaller amounts: 10B.")
@click.option("--all", "everything", is_flag=True, help="Everything, however dense.")
@click.option("--circular", is_flag=True, help="Point out the money that goes round, in percent.")
@click.option("--rivals", is_flag=True, help="Point out rivals that are partners.")
@click.option(
    "--exposure",
    type=PARTY,
    metavar="PARTY",
    help="Shade who loses recorded revenue, and how much, if this party stops spending.",
)
@click.option("--in", "currency", metavar="CURRENCY", help="Convert amounts by the recorded rates.")
@click.option("--title", metavar="TEXT", help="A title of your own; the caption keeps the date.")
@point_options
def command(
    query: Query, output: Path | None, form: Form | None, diff_from: str | None, focus: str | None,
    hops: int, among: tuple[str, ...], only: str | None, layers: tuple[EdgeLayer, ...] | None,
    minimum: str | None, everything: bool, circular: bool, rivals: bool, exposure: str | None,
    currency: str | None, title: str | None,
) -> None:  # fmt: skip
    """Draw the web of alliances as svg, png, pdf or dot. Needs no installed Graphviz.

    Revenue runs left to right, capital returns right to left. What binds nobody (talks, term
    sheets, letters of intent) is thin and faint. Parties keep their places at all dates, so
    pictures can be compared. Of a large web the largest amounts are drawn, and always the ten
    largest of the date; the caption says how much of it that is.

    \b
    Examples:
      deals diagram -o web.svg --as-of 2025-10-28
      deals diagram -o change.png --as-of 2026-06-30 --diff-from 2025-06-30
      deals diagram -o openai.pdf --focus openai --hops 2 --only funding,commitment
      deals diagram -o five.svg --party openai,microsoft,nvidia,oracle,amd --title "The five"
      deals diagram -o round.svg --circular --layer paid,committed
      deals diagram -o hit.svg --exposure openai --layer committed
    """
    from dealledger.cli.page import one_title
    from dealledger.events.currency import parse_currency
    from dealledger.events.dates import parse_as_of
    from dealledger.projections.alliances import EDGE_LAYERS
    from dealledger.projections.diagram.plan import Options
    from dealledger.projections.parties import find_party

    form = form or _inferred(output)
    _check_target(form, output)
    since = parse_as_of(diff_from, query.point.today) if diff_from else None
    _check_one_of({"--diff-from": diff_from, "--circular": circular, "--rivals": rivals,
                   "--exposure": exposure})  # fmt: skip
    counted = _counted(layers) if circular or exposure else ()
    code = parse_currency(currency) if currency else None
    with query.view() as view:
        options = Options(
            focus=find_party(view, focus) if focus else None,
            hops=hops,
            among=tuple(find_party(view, name) for name in _names(among)),
            only=_kinds(only),
            layers=EDGE_LAYERS if counted else layers or EDGE_LAYERS,
            minimum=_minimum(minimum, code),
            show_all=everything,
            rivals=rivals,
            circular=circular,
            reach=find_party(view, exposure) if exposure else None,
            counted=counted,
            title=one_title(title),
        )
        marks = _marker(view, options, code)
        write(picture(view, form, options, since, marks, code), output)
    if output is not None:
        write(f"drew {output}: {caption(view)}", None)


def picture(
    view: View, form: Form, options: Options | None = None, diff_from: date | None = None,
    marker: Marker | None = None, currency: str | None = None,
) -> bytes:  # fmt: skip
    """Return the picture of a View.

    diff_from: an earlier date to compare with. marker: makes the marks of what to point out.
    currency: convert to it. Raises: BadInput, MissingRate.
    """
    from dealledger.events.text import visible
    from dealledger.projections.alliances import alliances, horizon
    from dealledger.projections.diagram.plan import Options, describe, dot_text
    from dealledger.projections.diagram.render import render

    options = options or Options()
    now, ever = alliances(view, currency), horizon(view, currency)
    before = alliances(view.at(diff_from), currency) if diff_from else None
    marks = marker(now.edges) if marker else None
    return render(
        dot_text(now, ever, options, before=before, marks=marks),
        form,
        title=f"{visible(options.title or 'Alliances')} {caption(view)}",
        description=describe(now, ever, options, before=before, marks=marks),
    )


def _marker(view: View, options: Options, currency: str | None) -> Marker | None:
    """Return what makes the marks of what is to be pointed out, if anything is."""
    counted: tuple[Any, ...] = options.counted
    if options.circular:
        return partial(circular_marker, view, counted, currency)
    if options.rivals:
        return partial(rival_marker, view)
    if options.reach is None:
        return None
    return partial(exposure_marker, view, options.reach, counted, currency)


def _check_target(form: Form, output: Path | None) -> None:
    from dealledger.events.errors import BadInput

    if output is None and form in ("png", "pdf"):
        raise BadInput(f"a {form} needs a file", f"such as -o web.{form}")


def _counted(layers: tuple[EdgeLayer, ...] | None) -> tuple[Layer, ...]:
    """Return which money a picture of what goes round, or of who is hit, counts."""
    from dealledger.events.errors import BadInput

    counted = tuple(layer for layer in layers or ("paid",) if layer != "apart")
    if len(counted) < len(layers or counted):
        raise BadInput(
            "what is apart binds nobody: it counts in no sum",
            f"--layer {', '.join(LAYERS)}",
        )
    return counted


def _names(typed: Sequence[str]) -> list[str]:
    """Return the parties of --party, each once: joined by commas, or the option given again."""
    from dealledger.events.errors import BadInput

    names = list(dict.fromkeys(name for each in typed for name in _listed(each)))
    if typed and len(names) < 2:
        raise BadInput(
            "--party draws what runs between parties", "name two or more, or say --focus PARTY"
        )
    return names


def _listed(typed: str) -> list[str]:
    return [name for each in typed.split(",") if (name := each.strip())]


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
    named = _listed(only or "")
    if only is not None and not named:
        raise BadInput("--only names no kind", ", ".join(known))
    for name in named:
        if name not in known:
            raise BadInput(f"--only {name}: no such kind", closest(name, known) or ", ".join(known))
    return frozenset(known[name] for name in named)


def _minimum(typed: str | None, asked: str | None) -> Money | None:
    from decimal import Decimal

    from dealledger.events import Money
    from dealledger.events.money import minor_units, parse_typed

    if typed is None:
        return None
    number, currency = parse_typed(typed)
    code = currency or asked or "USD"
    return Money(code, minor_units(Decimal(number), code))
