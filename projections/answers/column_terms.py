"""What the keys of answers are, for docs/output.md: those that mean the same in every table.

A column that means something of its own says so itself. Kinds are explained on that page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from dealledger.projections.answers.report import Column

TERMS: Final[dict[str, tuple[str, str]]] = {
    "a": ("party", "the first of the two, by the alphabet"),
    "amount": ("amount", "how much"),
    "b": ("party", "the second of the two"),
    "beneficiary": ("party", "to whom it is promised"),
    "bound": ("text", "what kind of number it is: exact, up-to, at-least or about"),
    "confidence": ("text", "of the source: confirmed, reported or estimated; null: not said"),
    "currency": ("currency", "of the amounts of the row; null: there are none"),
    "days_left": ("count", "from the date to its last day; null: no date"),
    "deal": ("slug", "the deal that it belongs to; null: none"),
    "effective": ("number", "so many equal parts would be as concentrated; null: nothing paid"),
    "event": ("id", "the event"),
    "events": ("ids", "the events that it comes from"),
    "exclusive": ("yes/no", "nobody else has it"),
    "firmness": ("text", "talks, term-sheet, letter-of-intent, announced, reported or definitive"),
    "grantee": ("party", "who has the right"),
    "grantor": ("party", "who gave it"),
    "hhi": ("number", "the sum of squared shares, 0 to 10,000; null: nothing paid"),
    "hhi_least": ("number", "the least that it can be; null: nothing paid"),
    "id": ("id", "the event that says so"),
    "issuer": ("party", "whose shares they are"),
    "layer": ("text", "committed or announced; the two never add up"),
    "obligor": ("party", "who promised it"),
    "on": ("day", "the day"),
    "party": ("party", "whom the row is about"),
    "reactions": (
        "list of {event, party, move, basis}",
        "share prices that moved on the day, for whatever reason",
    ),
    "right": ("text", "what kind of right it is"),
    "royalty_free": ("yes/no", "it costs nothing"),
    "share": ("share", "as a part of all"),
    "since": ("day", "its first day"),
    "source_title": ("text", "of the source; null: not said"),
    "source_url": ("text", "of the source; null: not said"),
    "terms": ("text", "in the words of the source; null: not said"),
    "total": ("amount", "all together; null: not known"),
    "undisclosed_amounts": ("count", "amounts that are not disclosed, and in no sum"),
    "until": ("text", "a day, month, quarter or year, as the source says it; null: no date"),
}
"""The kind and the meaning of a key."""


def meaning(column: Column) -> tuple[str, str]:
    """Return the kind and the meaning of a column. Raises: KeyError, if nobody says it."""
    if column.kind and column.about:
        return column.kind, column.about
    kind, about = TERMS[column.key]
    return column.kind or kind, column.about or about
