"""deals diagram: the web of alliances as a picture."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import click

from dealledger.cli.params import IN_CURRENCY, PARTY, Query, point_options
from dealledger.cli.terminal.formats import by_ending
from dealledger.cli.terminal.output import write
from dealledger.cli.web_options import LAYERS, LayersParam
from dealledger.projections.answers.point import caption

if TYPE_CHECKING:
    from dealledger.projections.answers.diagram import Form

FORMS: Final = ("svg", "png", "pdf", "dot")


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
@IN_CURRENCY
@click.option("--title", metavar="TEXT", help="A title of your own; the caption keeps the date.")
@point_options
def command(
    query: Query, output: Path | None, form: Form | None, diff_from: str | None, **options: Any
) -> None:
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
    form = form or _inferred(output)
    _check_target(form, output)
    with query.view() as view:
        from dealledger.events.dates import parse_as_of
        from dealledger.projections.answers import diagram

        since = parse_as_of(diff_from, query.point.today) if diff_from else None
        write(diagram.answer(view, diagram.Wish(**options), form, since), output)
    if output is not None:
        write(f"drew {output}: {caption(view)}", None)


def _check_target(form: Form, output: Path | None) -> None:
    from dealledger.events.errors import BadInput

    if output is None and form in ("png", "pdf"):
        raise BadInput(f"a {form} needs a file", f"such as -o web.{form}")


def _inferred(output: Path | None) -> Form:
    from dealledger.events.errors import BadInput

    if output is None:
        raise BadInput("no output file", "-o web.svg; or -f dot for stdout")
    form = by_ending(output, {each: each for each in FORMS}, "{}; say it with -f")
    return cast("Form", form)
