"""Everything that projections say of a View, so that two ledgers can be compared by it.

What a projection says of a web alone needs no place here: it is a function of that web, and the
webs themselves are compared.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import fields, is_dataclass, replace
from datetime import timedelta
from functools import cache
from typing import Any, Final

from dealledger import projections
from dealledger.events import DealLedgerError, Event
from dealledger.ledger import Record, View
from dealledger.projections import (
    alliances,
    commitments,
    flows,
    parties,
    rights,
    stakes,
)
from dealledger.projections.analysis.circles.circulation import circularity
from dealledger.projections.analysis.circles.cycles import timed_cycles
from dealledger.projections.analysis.lockin import clocks, lockin, purchases
from dealledger.projections.analysis.market.concentration import resale
from dealledger.projections.analysis.market.lookthrough import direct_stakes, look_through
from dealledger.projections.analysis.market.owners import known_stakes
from dealledger.projections.analysis.market.rivals import rival_partners
from dealledger.projections.analysis.relation import relation, sources, sureness
from dealledger.projections.analysis.risk.exposure import exposure, holdings, obligations
from dealledger.projections.analysis.series import series
from dealledger.projections.analysis.ties import ties
from dealledger.projections.analysis.tracing.consideration import consideration
from dealledger.projections.analysis.web import web
from dealledger.projections.changes import changes
from dealledger.projections.duplicates import duplicates
from dealledger.projections.parties import name_of, names_at, names_of
from dealledger.projections.promises.commitments import draws_of
from dealledger.projections.reconcile import reconcile
from dealledger.projections.rivalries import rivalries
from dealledger.projections.trace import (
    trace_balance,
    trace_commitment,
    trace_net,
    trace_stake,
)

Answers = Mapping[str, object]


def _of_parties(view: View) -> dict[str, object]:
    return {
        "parties": parties(view),
        "names_of": names_of(view),
        "names_at": names_at(view),
        "name_of": [name_of(view, row.party) for row in parties(view)],
    }


def _of_quantities(view: View) -> dict[str, object]:
    found = flows(view, years=True)
    rows = commitments(view)
    return {
        "stakes": stakes(view),
        "stakes in dollars": _said(lambda: stakes(view, currency="USD")),
        "flows": (found, found.by_pair(), found.by_party(), found.by_year(), found.by_kind()),
        "flows in dollars": _said(lambda: flows(view, currency="USD")),
        "commitments": rows,
        "draws_of": [draws_of(view, row.id) for row in rows],
        "rights": rights(view),
        "reconcile": reconcile(view),
        "duplicates": duplicates(view),
        "alliances": alliances(view),
    }


def _of_pair(view: View, pair: tuple[str, str]) -> dict[str, object]:
    return {
        "trace_stake": trace_stake(view, *pair),
        "trace_net": trace_net(view, *pair),
        "trace_balance": trace_balance(view, pair[0]),
        "trace_commitment": [
            _said(lambda row=row: trace_commitment(view, row.id))  # type: ignore[misc]
            for row in commitments(view, pair[0])
        ],
        "relation": _said(lambda: relation(view, *pair, currency="USD")),
        "sources": _said(lambda: sources(view, *pair, relation(view, *pair, currency="USD"))),
        "sureness": sureness(view, *pair),
        # Their events stand in the order of the record.
        "changes": [
            replace(change, events=tuple(sorted(change.events)))
            for change in changes(view.at(view.as_of - timedelta(days=60)), view)
        ],
    }


def _of_analysis(view: View, party: str) -> dict[str, object]:
    paid = web(view, currency="USD")
    bought = web(view, ("committed", "announced"), currency="USD")
    rivals = rivalries(view)
    return {
        "web": (paid, bought, web(view, currency="USD", since=view.as_of - timedelta(days=90))),
        "circularity": circularity(paid),
        "timed_cycles": timed_cycles(paid),
        "series": series(view, lambda each: each.amounts(), currency="USD"),
        "consideration": consideration(view, paid, party),
        "exposure": exposure(view, paid, party),
        "holdings": holdings(view, paid),
        "obligations": obligations(view, bought, view.as_of + timedelta(days=365)),
        "resale": resale(view, paid),
        "clocks": clocks(view),
        "lockin": lockin(view, purchases(bought)),
        "direct_stakes": direct_stakes(view),
        "look_through": look_through(direct_stakes(view)),
        "known_stakes": known_stakes(view),
        "rivalries": rivals,
        "rival_partners": rival_partners(view, rivals),
        "ties": ties(view, currency="USD"),
    }


NOT_COMPARED: Final = {
    "retracted_steps": "what was retracted is not visible",
    "endings": "may end what is not visible; what is, stands in commitments, rights and stakes",
    "open_over_time": "of the rows of a horizon, see there",
    **dict.fromkeys(("edges_of", "joined", "with_stakes", "rivalry_edges"), "a part of alliances"),
    "edges_between": "the edges of alliances, without stakes",
    "stakes_held": "the stakes of alliances",
    "horizon": "where parties stand in pictures, which is the same at all dates",
    "merge": "of two records, see tests of merging: what of one the other does not tell yet",
    "find_party": "reads a name that somebody typed, by parties and names_of",
    "converter": "reads rates for others, whose answers are compared",
    **dict.fromkeys(
        (
            "check_allocation",
            "check_caps",
            "check_draws",
            "check_holdings",
            "check_rights",
            "check_memos",
            "memos",
            "check_sources",
            "statements",
        ),
        "a part of reconcile",
    ),
}
"""Functions of a View that a fresh ledger need not answer alike, or that stand in another."""


def basics(view: View) -> Answers:
    """Return what the projections say that give tables of facts: parties, stakes, flows, commitments, rights, as `everything` does."""
    answers = {**_of_parties(view), **_of_quantities(view)}
    return {name: _plain(answer) for name, answer in answers.items()}


def everything(view: View, pair: tuple[str, str]) -> Answers:
    """Return what every projection says, by its name, without places in the record and roots.

    pair: of whom to ask what is asked of a party, or of two.
    """
    answers = {**_of_parties(view), **_of_quantities(view), **_of_pair(view, pair)}
    found = _said(lambda: _of_analysis(view, pair[0]))
    answers |= found if isinstance(found, dict) else {"analysis": found}
    return {name: _plain(answer) for name, answer in answers.items()}


def functions_of_a_view() -> set[str]:
    """Return the names of all public functions of projections that take a View first."""
    return {
        name
        for module in pkgutil.walk_packages(projections.__path__, f"{projections.__name__}.")
        if ".answers" not in module.name  # they say what projections have computed
        for name, function in inspect.getmembers(
            importlib.import_module(module.name), inspect.isfunction
        )
        if function.__module__ == module.name and not name.startswith("_")
        and "View" in [str(each.annotation) for each in inspect.signature(function).parameters.values()][:1]
    }  # fmt: skip


def _said(ask: Callable[[], object]) -> object:
    """Return an answer, or the line in which it is refused."""
    try:
        return ask()
    except DealLedgerError as error:
        return str(error)


@cache
def _names(kind: type) -> tuple[str, ...]:
    """Return the fields of a result that are no place in the record, nor what that stands on."""
    places = ("position", "known_at", "root", "grounds")
    return tuple(field.name for field in fields(kind) if field.name not in places)


def _plain(value: Any) -> object:
    """Return *value* without places in the record: records and events by their ids."""
    if isinstance(value, (Record, Event)):
        return value.id
    if is_dataclass(value) and not isinstance(value, type):
        return tuple(_plain(getattr(value, name)) for name in _names(type(value)))
    if isinstance(value, Mapping):
        return {_plain(key): _plain(each) for key, each in value.items()}
    if isinstance(value, AbstractSet):
        return frozenset(map(_plain, value))
    if isinstance(value, (tuple, list)):
        return tuple(map(_plain, value))
    return value
