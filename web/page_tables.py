"""The tables of the page: which answers it has at every date, and how records are divided."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, Final

from dealledger.events import Event, Party, moving_kinds
from dealledger.ledger import View
from dealledger.projections.answers.webs import Asked
from dealledger.projections.timeline import OF_STAKES, issuers, targets
from dealledger.web.page_table import (
    Behind,
    PageTable,
    money_of,
    moved,
    moved_in_year,
    movers,
    pairs,
)
from dealledger.web.table_histories import WHOLE

MOST_PARTIES: Final = 6
"""So many parties have a table of who is exposed to them, and of whose money their revenue is."""


def page_tables(view: View) -> tuple[PageTable, ...]:
    """Return the tables of a page about a record, in the order in which it shows them."""
    return (
        *_of_holdings(),
        *_ofmoney_of(),
        *_of_promises(),
        *_of_webs(),
        *_of_spenders(view),
        *_of_earners(view),
    )


def _of_holdings() -> Iterator[PageTable]:
    from dealledger.projections.answers import parties, rights, stakes

    yield PageTable("stakes", "deals stakes", stakes.answer, ("issuer", "holder"), issuers,
                   owner="issuer", kinds=OF_STAKES,
                   sort=(("issuer", "asc"), ("stake", "desc")))  # fmt: skip
    yield PageTable(
        "rights", "deals rights --all", partial(rights.answer, everything=True), ("id",),
        targets, owner="grantee", kinds=("right", "termination"), countdown="days_left",
        notes="none",
        sort=(("grantor", "asc"), ("grantee", "asc"), ("since", "asc")),
    )  # fmt: skip
    yield PageTable(
        "parties", "deals parties", parties.answer,
        ("party",), lambda event: [event.party] if isinstance(event, Party) else (),
        kinds=("party",), notes="none",
    )  # fmt: skip


def _ofmoney_of() -> Iterator[PageTable]:
    from dealledger.projections.answers import flows

    kinds = moving_kinds()
    yield PageTable("flows_party", "deals flows", flows.answer, ("party", "currency"), movers,
                   owner="party", kinds=kinds, behind=moved, notes="whole")  # fmt: skip
    yield PageTable("flows_pair", "deals flows --by pair", partial(flows.answer, by="pair"),
                   ("a", "b", "currency"), pairs,
                   kinds=kinds, behind=moved, notes="whole")  # fmt: skip
    yield PageTable("flows_year", "deals flows --by year", partial(flows.answer, by="year"),
                   ("year", "currency"), _all_moving,
                   kinds=kinds, behind=moved_in_year)  # fmt: skip


def _of_promises() -> Iterator[PageTable]:
    from dealledger.projections.answers import commitments

    yield PageTable("commitments", "deals commitments", commitments.answer, ("id",), _promise,
                   owner="id", kinds=("commitment", "termination", *moving_kinds()), notes="none",
                   sort=(("obligor", "asc"), ("beneficiary", "asc")))  # fmt: skip
    for by in ("year", "bearer"):
        yield PageTable(
            f"commitments_{by}", f"deals commitments --by {by}",
            partial(commitments.answer, by=by),
            (by, "layer", "currency"), behind=_open(by),
        )  # fmt: skip


def _of_webs() -> Iterator[PageTable]:
    from dealledger.projections.answers import (
        circularity,
        concentration,
        dependencies,
        reciprocity,
        reconcile,
    )

    paid = Asked()
    yield PageTable("circularity", "deals circularity", partial(circularity.answer, asked=paid),
                   ("source", "target"), behind=_between)  # fmt: skip
    yield PageTable("reciprocity", "deals reciprocity",
                   partial(reciprocity.answer, asked=paid, everything=False),
                   ("a", "b"), behind=_between)  # fmt: skip
    yield PageTable("concentration", "deals concentration",
                   partial(concentration.answer, asked=paid),
                   ("party", "direction"), behind=_of_party)  # fmt: skip
    yield PageTable("rivals", "deals concentration --by rivals",
                   partial(concentration.answer, asked=paid, by="rivals"),
                   ("party",), behind=_of_party)  # fmt: skip
    keys: dict[dependencies.By, tuple[str, ...]] = {
        "ties": ("event",), "lock-in": ("buyer", "supplier", "layer"), "rights": ("id",)
    }  # fmt: skip
    for by, key in keys.items():
        yield PageTable(
            f"dependencies_{by.replace('-', '_')}", f"deals dependencies --by {by}",
            partial(dependencies.answer, by=by), key,
            behind={"ties": _tie, "lock-in": _lock_in, "rights": _right}[by],
        )  # fmt: skip
    yield PageTable("reconcile", "deals reconcile",
                   reconcile.answer,
                   ("check", "subject"))  # fmt: skip


def _of_spenders(view: View) -> Iterator[PageTable]:
    """Yield who is exposed to each of those who pay most."""
    from dealledger.projections.answers import exposure

    for party in _largest(view, "source"):
        yield PageTable(
            f"exposure/{party}", f"deals exposure {party}",
            partial(exposure.answer, asked=Asked(), party=party),
            ("party",), behind=_of_party,
        )  # fmt: skip


def _of_earners(view: View) -> Iterator[PageTable]:
    """Yield whose money the revenue is of each of those who earn most."""
    from dealledger.projections.answers import circularity

    for party in _largest(view, "target"):
        yield PageTable(
            f"revenue/{party}", f"deals circularity {party}",
            partial(circularity.answer, asked=Asked(), party=party),
            ("section", "what", "party"), behind=_paid(party),
        )  # fmt: skip


def _largest(view: View, side: str) -> list[str]:
    """Return who pays or earns most as revenue, in minor units of whatever currency."""
    sums: dict[str, int] = defaultdict(int)
    for each in view.sums("payment"):
        sums[getattr(each, side)] += each.minor
    return sorted(sums, key=lambda party: (-sums[party], party))[:MOST_PARTIES]


def buyers(view: View) -> list[str]:
    """Return those who pay most: whose suppliers are followed over time."""
    return _largest(view, "source")


def _promise(event: Event) -> Iterable[str]:
    return (event.id or "",) if event.kind == "commitment" else ()


def _all_moving(event: Event) -> Iterable[str]:
    return (WHOLE,) if event.kind in moving_kinds() else ()


def _between(view: View) -> Callable[[Any], Iterable[str]]:
    names = ("source", "target", "a", "b")
    return lambda row: money_of(view, *(getattr(row, name) for name in names if hasattr(row, name)))


def _of_party(view: View) -> Callable[[Any], Iterable[str]]:
    return lambda row: money_of(view, row.party)


def _paid(party: str) -> Behind:
    def behind(view: View) -> Callable[[Any], Iterable[str]]:
        found = [each.id for each in view.events("payment", party=party)]
        return lambda row: found

    return behind


def _open(by: str) -> Behind:
    """Tell which open commitments a part of what is open comes from."""

    def behind(view: View) -> Callable[[Any], Iterable[str]]:
        from dealledger.projections import by_bearer, by_year, commitments

        found: dict[Any, list[str]] = defaultdict(list)
        for row in commitments(view):
            shares = by_bearer([row]) if by == "bearer" else by_year([row], view.as_of)
            for each in shares:
                found[each.layer, each.currency, each.key] += row.events
        return lambda share: found.get((share.layer, share.currency, share.key), [])

    return behind


def _lock_in(_view: View) -> Callable[[Any], Iterable[str]]:
    return lambda row: row.commitments


def _tie(_view: View) -> Callable[[Any], Iterable[str]]:
    return lambda row: [row.event]


def _right(_view: View) -> Callable[[Any], Iterable[str]]:
    return lambda row: [row.right.id]
