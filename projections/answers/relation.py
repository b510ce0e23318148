"""Everything between two parties: the answer of `relation`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dealledger.events import BadInput
from dealledger.events.bound import SIGNS
from dealledger.projections.analysis.relation import Between, Source, relation, sources, sureness
from dealledger.projections.answers.confidence import confidence_json, confidence_notes
from dealledger.projections.answers.conversion import conversion, rates_extra, rates_notes
from dealledger.projections.answers.numbers import amount
from dealledger.projections.answers.report import Column, Report
from dealledger.projections.answers.values import cell
from dealledger.projections.parties import find_party

if TYPE_CHECKING:
    from dealledger.ledger import View
    from dealledger.projections.answers.webs import Asked

COLUMNS = (
    Column(
        "section",
        kind="text",
        about="stakes, cash, in kind, commitments, rights, rivalry, apart, memo or exchange",
    ),
    Column("what", "What", kind="text", about="what it is"),
    Column("source", "From", kind="party", about="from whom"),
    Column("target", "To", kind="party", about="to whom"),
    Column(
        "value",
        "How much",
        shown=lambda row: _amount(row),
        full=True,
        right=True,
        kind="share or money",
        about="how much; null: not disclosed, or no amount",
    ),
    Column("bound"),
    Column("detail", "Detail", kind="text", about="what else is to be said"),
    Column("events", "Events", rank=1),
)
HEADINGS = {
    "stakes": "Stakes",
    "cash": "Cash that moved",
    "in kind": "Given in kind: no cash",
    "commitments": "Commitments: what is open",
    "rights": "Rights in force",
    "rivalry": "Rivalry",
    "apart": "Apart: talks, term sheets, letters of intent",
    "memo": "Stated, and never summed",
    "exchange": "Exchange",
}


def answer(view: View, asked: Asked, a: str, b: str) -> Report:
    """Return the facts between two parties by section.

    Raises: BadInput, for an unknown party, and if both are the same; MissingRate.
    """
    first, second = find_party(view, a), find_party(view, b)
    if first == second:
        raise BadInput(f"{a} and {b} are the same party: {first}", "name two")
    convert = conversion(view, asked.currency)
    rows = relation(view, first, second, asked.layers, convert, accrue=asked.accrue, say=amount)
    told, sure = sources(view, first, second, rows), sureness(view, first, second, convert)
    return Report(
        f"Between {first} and {second}",
        COLUMNS,
        rows,
        extra={
            "a": first,
            "b": second,
            "layers": list(asked.layers),
            "confidence": confidence_json(sure),
            "sources": [_source_json(each) for each in told],
            **({"accrued": True} if asked.accrue else {}),
            **rates_extra(convert.used()),
        },
        notes=[
            *(_source_note(each) for each in told),
            *confidence_notes(sure),
            *rates_notes(convert.used()),
        ],
        section=lambda row: HEADINGS[row.section],
    )


def _amount(fact: Between) -> str:
    """Return the value, with a dash only where there is an amount that nobody says."""
    if fact.value is None:
        return "" if fact.section in ("rights", "rivalry") else cell(None)
    return SIGNS[fact.bound] + cell(fact.value, full=True)


def _source_json(source: Source) -> dict[str, Any]:
    return {
        "source_title": source.title,
        "source_url": source.url,
        "deals": list(source.deals),
        "events": list(source.events),
    }


def _source_note(source: Source) -> str:
    said = (source.title or "none", source.url)
    return f"source of {', '.join(source.events)}: " + " ".join(word for word in said if word)
