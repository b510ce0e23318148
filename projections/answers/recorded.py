"""What an answer says of the record itself: nothing, of events that are only assumed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from dealledger.ledger import Grounds, Record
    from dealledger.projections.answers.report import Column, Value

OF_RECORD: Final = ("position", "recorded_at", "late")
"""The keys of columns that tell where and when an event was recorded."""


def of_recorded(
    columns: Iterable[Column], grounds: Grounds, record_of: Callable[[Any], Record]
) -> list[Column]:
    """Return columns of which those of the record are empty where an event is only assumed.

    record_of: the record of a row. People read "assumed" in place of a position.
    """
    if not grounds.assumed:
        return [*columns]
    return [
        _emptied(each, lambda row: grounds.is_assumed(record_of(row).position))
        if each.key in OF_RECORD
        else each
        for each in columns
    ]


def _emptied(column: Column, is_assumed: Callable[[Any], bool]) -> Column:
    text = "assumed" if column.key == "position" else ""

    def exact(row: Any) -> Value:
        return None if is_assumed(row) else column.exact_value(row)

    def shown(row: Any) -> Value:
        return text if is_assumed(row) else column.shown_value(row)

    return replace(column, exact=exact, shown=shown)
