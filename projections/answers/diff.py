"""What changed between two points of the ledger: the answer of `diff`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from dealledger.projections.answers.confidence import confidence_json, confidence_notes
from dealledger.projections.answers.point import caption
from dealledger.projections.answers.report import Column, Nested, Report, Value
from dealledger.projections.answers.values import cell, to_json
from dealledger.projections.changes import Change, changes, sureness

if TYPE_CHECKING:
    from dealledger.events import Json
    from dealledger.ledger import View

COLUMNS: Final = (
    Column("what", "What", rank=3, kind="text", about="stake, net, commitment or right"),
    Column("name", "Name", shown=lambda row: _name(row), kind="text", about="which one"),
    Column("parties", kind="parties", about="whose it is"),
    Column("change", "Change", kind="text", about="appeared, changed or went"),
    Column(
        "before",
        "Before",
        full=True,
        right=True,
        kind="share or money or text",
        about="at the earlier point; null: it was not there, or not known",
    ),
    Column(
        "after",
        "After",
        full=True,
        right=True,
        kind="share or money or text",
        about="at the later point; null: it is gone, or not known",
    ),
    Column("events", "Events", rank=1, kind="ids", about="those that did it"),
    Column(
        "replaces",
        exact=lambda row: row.became[0] if row.became else None,
        kind="id",
        about="the event that a correction replaced; null: none",
    ),
    Column(
        "corrected",
        exact=lambda row: _corrected(row),
        kind="list of {field, before, after}",
        about="what the correction says anew",
    ),
)
HEADINGS: Final = {
    "stake": "Stakes",
    "net": "Net cash",
    "commitment": "Open commitments",
    "right": "Rights",
}


def answer(view: View, earlier: View, words: tuple[str, str] | None = None) -> Report:
    """Return what appeared, changed or went between two points, of the same record or of two.

    words: what the points are called, from and to; default: by their dates and positions.
    """
    rows, sure = changes(earlier, view), sureness(earlier, view)
    first, second = words or (point_text(earlier), point_text(view))
    return Report(
        f"From {first} to {second}",
        COLUMNS,
        rows,
        extra={"from": _point(earlier), "to": _point(view), "confidence": confidence_json(sure)},
        notes=[*confidence_notes(sure), f"from: {caption(earlier)}"],
        section=lambda row: HEADINGS[row.what],
    )


def point_text(view: View) -> str:
    """Return a point with both of its times, which means the same whenever it is asked again."""
    return f"{view.as_of}@{view.grounds.recorded(view.known_at)}"


def _point(view: View) -> Json:
    return {
        "as_of": view.as_of.isoformat(),
        "known_at": view.grounds.recorded(view.known_at),
        "root": view.root,
    }


def _name(change: Change) -> str:
    """Return what changed; of a correction also the event that it was, and the fields set anew."""
    if change.became is None:
        return change.name
    fields = [
        f"{each.field} {_field(each.before)} to {_field(each.after)}" for each in change.corrected
    ]
    text = f"{change.became[0]} became {change.became[1]} ({' to '.join(change.parties)})"
    return f"{text}: {', '.join(fields)}" if fields else text


def _field(value: Value) -> str:
    return "none" if value is None else cell(value)


def _corrected(change: Change) -> Nested:
    fields: list[Any] = [
        {"field": each.field, "before": to_json(each.before), "after": to_json(each.after)}
        for each in change.corrected
    ]
    return Nested(fields)
