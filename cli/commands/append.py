"""deals append KIND: one event, its fields as options."""

from __future__ import annotations

from datetime import date
from typing import Any

import click

from dealledger.cli.appending import Appending, appending_options, say_appended
from dealledger.cli.params import DAY, EVENT, PARTY, open_ledger

_CONFIDENCE = ("confirmed", "reported", "estimated")
_TEXTS = (
    ("--deal", "SLUG", "The deal that the event belongs to."),
    ("--id", "ID", "Its id; appending the same again is safe. Default: a new one."),
    ("--note", "TEXT", "A note."),
    ("--source-title", "TEXT", "The public source."),
    ("--source-url", "URL", "Where the source is."),
    ("--source-published-on", "DATE", "When it was published: 2025-10-28, 2025-10 or 2025."),
)


class Kinds(click.Group):
    """The kinds of events, each with options made from its fields."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the kinds in the order of the design."""
        from dealledger.events import KINDS

        return list(KINDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command that appends one kind, or None if there is no such kind."""
        from dealledger.events import KINDS

        return _command(cmd_name) if cmd_name in KINDS else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Name the closest kind for one that does not exist."""
        from dealledger.events import KINDS, BadInput
        from dealledger.events.errors import closest

        if args and args[0] not in KINDS and not args[0].startswith("-"):
            hint = closest(args[0], KINDS) or "see: deals append --help"
            raise BadInput(f"unknown kind '{args[0]}'", hint)
        return super().resolve_command(ctx, args)


@click.command("append", cls=Kinds)
def command() -> None:
    """Append one event. Amounts are typed as 13B, $13B or EUR 2.5M, stakes as 27%.

    A party is a slug, else a name, an alias or a ticker that it has on that date.

    \b
    Example:
      deals append funding --investor nvidia --investee openai --amount 30B --currency USD \\
        --on 2026-03-31 --deal openai-round-2026 --source-url https://... --confidence confirmed
    """


def _command(kind: str) -> click.Command:
    from dealledger.events import KINDS
    from dealledger.events.typed import own_fields

    model = KINDS[kind]
    options: list[click.Parameter] = [_option(kind, name) for name in own_fields(model)]
    needs_date = kind != "retraction"
    options += [
        click.Option(["--on", "effective_on"], type=DAY, required=needs_date, metavar="DATE",
                     help="When it took effect: a day, or today."),
        click.Option(["--announced-on"], type=DAY, metavar="DATE",
                     help="When the public could know it. Default: the same day."),
        *(click.Option([name], metavar=word, help=text) for name, word, text in _TEXTS),
        click.Option(["--confidence"], type=click.Choice(_CONFIDENCE), help="How sure it is."),
        click.Option(["--memo"], is_flag=True, help="A statement to show, never to sum."),
    ]  # fmt: skip

    @appending_options
    def append(appending: Appending, **typed: Any) -> None:
        _append(kind, typed, appending)

    params = options + list(reversed(getattr(append, "__click_params__", [])))
    summary, _, example = (model.__doc__ or "").partition("Example:")
    text = f"{summary.strip()}\n\n\b\nExample:\n  {' '.join(example.split())}"
    return click.Command(
        kind, params=params, callback=append, help=text, short_help=summary.strip()
    )


def _option(kind: str, name: str) -> click.Option:
    from dealledger.events.base import PARTY as PARTY_MARK
    from dealledger.events.base import REF as REF_MARK
    from dealledger.events.typed import anatomy_of, field_of, placeholder

    field = field_of(kind, name)
    about = anatomy_of(kind, name)
    flag = [f"--{name.replace('_', '-')}", name]
    required = field.is_required()
    if about.base is bool:
        return click.Option(flag, is_flag=True, help="Say that it is so.")
    if about.choices:
        return click.Option(flag, type=click.Choice(about.choices), required=required)
    kinds: dict[str, Any] = {PARTY_MARK: PARTY, REF_MARK: EVENT}
    type_ = next((kinds[mark] for mark in about.marks if mark in kinds), click.STRING)
    return click.Option(flag, type=type_, required=required, metavar=placeholder(about))


def _append(kind: str, typed: dict[str, Any], appending: Appending) -> None:
    from dealledger.events import KINDS, parse_event
    from dealledger.events.typed import own_fields, typed_fields, typed_unit
    from dealledger.ledger import Draft

    own = own_fields(KINDS[kind])
    given = {name: value for name, value in typed.items() if value not in (None, False)}
    flags = {name: value for name, value in given.items() if value is True}
    fields = {
        name: str(value) for name, value in given.items() if name in own and value is not True
    }
    common = {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in given.items()
        if name not in own
    }
    said = {"kind": kind, **common, **typed_fields(kind, fields), **flags}
    event = parse_event(_with_slugs(said))
    draft = Draft(event, unit=typed_unit(kind, fields))
    say_appended(appending([draft]), dry_run=appending.dry_run)


def _with_slugs(said: dict[str, Any]) -> dict[str, Any]:
    from dealledger.events.called import party_words, with_slugs
    from dealledger.projections.answers.party_names import recorded_names

    with open_ledger() as ledger:
        return with_slugs(said, recorded_names(ledger, party_words(said)))
