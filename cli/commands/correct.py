"""deals correct ID --set field=value: a reversing entry and a replacement, in one append."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from dealledger.cli.appending import Appending, appending_options, say_appended
from dealledger.cli.commands.retract import retraction
from dealledger.cli.params import DAY, EVENT, open_ledger

if TYPE_CHECKING:
    from dealledger.ledger import Ledger


@click.command("correct")
@click.argument("event_id", type=EVENT, metavar="ID")
@click.option("--set", "changes", multiple=True, required=True, metavar="FIELD=VALUE",
              help="A field to change; FIELD= takes it out. May be repeated.")  # fmt: skip
@click.option("--reason", required=True, metavar="TEXT", help="Why it was wrong.")
@click.option(
    "--id", "new_id", metavar="ID", help="The id of the replacement. Default: ID.2, ID.3 ..."
)
@appending_options
def command(
    event_id: str, changes: tuple[str, ...], reason: str, new_id: str | None, appending: Appending
) -> None:
    """Correct an event that was recorded wrongly; what draws on it draws on the replacement.

    \b
    Example:
      deals correct D010 --set amount=950M --reason "the filing gives the amount"
    """
    from dealledger.events import parse_event, to_json
    from dealledger.events.called import party_words, with_slugs
    from dealledger.events.typed import typed_unit
    from dealledger.ledger import Draft
    from dealledger.projections.answers.party_names import recorded_names
    from dealledger.projections.answers.whereabouts import find_record

    with open_ledger() as ledger:
        record = find_record(ledger, event_id, changing=True)
        event_id = record.id
        said: dict[str, Any] = to_json(record.event)
        said.pop("actor", None)
        kind, typed = record.event.kind, _parse_changes(changes)
        _check_fields(typed, kind)
        changed = _changed(kind, said, typed)
        changed = with_slugs(changed, recorded_names(ledger, party_words(changed)))
        changed["id"] = new_id or _next_id(ledger, event_id)
        replacement = Draft(parse_event(changed), unit=typed_unit(kind, typed))
        before = retraction(ledger, event_id, reason, changed["id"])
    say_appended(appending([Draft(before), replacement]), dry_run=appending.dry_run)


def _changed(kind: str, said: dict[str, Any], typed: dict[str, str]) -> dict[str, Any]:
    """Return the JSON of an event after changes, which are typed as the options of `append` are."""
    from dealledger.events import BadInput
    from dealledger.events.typed import priced_fields, typed_fields

    kept = {name: value for name, value in said.items() if name not in typed}
    new = typed_fields(kind, {name: text for name, text in typed.items() if text})
    before, after = said.get("currency"), new.get("currency")
    others = sorted(priced_fields(kind) & kept.keys())
    if others and before and after not in (None, before) and "currency" not in typed:
        raise BadInput(
            f"two currencies in one event: {after}, and {before} of {', '.join(others)}",
            f"--set currency={after}, if all are in {after}",
        )
    return {**kept, **new}


def _parse_changes(changes: tuple[str, ...]) -> dict[str, str]:
    from dealledger.events import BadInput

    typed: dict[str, str] = {}
    for change in changes:
        name, found, text = change.partition("=")
        name = name.strip().lstrip("-").replace("-", "_")
        name = "effective_on" if name == "on" else name
        if not found:
            raise BadInput(f"--set {change} has no =", "such as --set amount=950M")
        if name in typed:
            raise BadInput(f"--set {name} stands twice", "a field has one value")
        typed[name] = text.strip()
        if name in ("effective_on", "announced_on") and typed[name]:
            typed[name] = DAY.convert(typed[name], None, None).isoformat()
    return typed


def _check_fields(typed: dict[str, str], kind: str) -> None:
    from dealledger.events import BadInput
    from dealledger.events.typed import field_of

    for name in typed:
        field_of(kind, name)
        if name in ("id", "kind"):
            raise BadInput(f"the {name} of an event cannot be corrected", "retract it and append")


def _next_id(ledger: Ledger, event_id: str) -> str:
    number = 2
    while ledger.find(f"{event_id}.{number}"):
        number += 1
    return f"{event_id}.{number}"
