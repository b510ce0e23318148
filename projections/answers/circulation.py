"""How an answer says how much money goes round in a web: `deals circularity` without a party."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dealledger.projections.answers.report import Column, Number, Report
from dealledger.projections.answers.webs import web_extra, web_notes

if TYPE_CHECKING:
    from dealledger.events import Money, PartMoney
    from dealledger.projections.analysis.circles.circulation import Circularity
    from dealledger.projections.analysis.web import Web
    from dealledger.projections.answers.report import Value

COLUMNS = (
    Column("source", "From", kind="party", about="who pays"),
    Column("target", "To", kind="party", about="who is paid"),
    Column("amount", "Amount"),
    Column(
        "bff",
        "Goes round (BFF)",
        kind="amount",
        about="what goes round of it by balanced flow forwarding",
    ),
    Column("share", "Share", kind="share", about="bff of amount; null: nothing paid"),
    Column(
        "ceiling",
        "At most (C*)",
        kind="amount",
        about="its part of C*, of all splits the most even; null: not proved",
    ),
    Column(
        "forced",
        "Fixed",
        rank=1,
        kind="yes/no",
        about="the same in every split that reaches C*; null: not proved",
    ),
)


def report(web: Web) -> Report:
    """Return what goes round of every pair on a circle, and in the web as a whole."""
    from dealledger.projections.analysis.circles.circulation import circularity

    found = circularity(web)
    totals: dict[str, Value] = {"source": "all", "bff": found.bff, "ceiling": found.ceiling}
    return Report(
        "Money that goes round",
        COLUMNS,
        found.pairs,
        extra={"web": _whole(found), **web_extra(web)},
        notes=[*_notes(found), *web_notes(web)],
        totals=[totals] if found.pairs else [],
    )


def _whole(found: Circularity) -> Any:
    """Return the figures of the web as a whole, for programs."""
    from dealledger.projections.answers.values import to_json

    figures = {
        "total": found.total,
        "bilateral": found.bilateral,
        "bilateral_share": found.share(found.bilateral),
        "bff": found.bff,
        "bff_share": found.share(found.bff),
        "bff_exact": found.exact,
        "ceiling": found.ceiling,
        "index": found.share(found.ceiling),
        "excess": found.excess,
        "excess_share": found.share(found.excess),
        "revenue": found.revenue,
        "external_revenue": found.external,
        "revenue_multiple": found.multiple,
        "revenue_ceiling": found.revenue_ceiling,
        "revenue_ceiling_share": found.revenue_share,
        "finn": found.finn.index,
        "finn_reason": found.finn.reason,
    }
    return {key: to_json(value) for key, value in figures.items()}


def _notes(found: Circularity) -> list[str]:
    from fractions import Fraction

    from dealledger.projections.answers.numbers import amount, share

    if not found.total.minor:
        return ["nothing is paid in this web"]

    def part(money: Money | PartMoney) -> str:
        return f"{amount(money)} ({share(found.share(money) or Fraction())})"

    paid, pairs, fair, most = (
        amount(found.total), part(found.bilateral), part(found.bff), part(found.ceiling)
    )  # fmt: skip
    notes = [
        f"of {paid} in all: {pairs} between pairs, {fair} in proportion (BFF), {most} at most (C*)",
        f"if everybody could settle with everybody: {part(found.excess)}, the excess",
        *_revenue(found),
    ]
    if found.finn.index is not None:
        notes.append(f"Finn cycling index: {share(found.finn.index)}")
    if not found.pairs:
        return notes
    notes.append(
        "C* counts money once for each pair that it passes, so it takes long circles first; "
        "fixed: the same in every split that reaches it"
    )
    if found.pairs[0].ceiling is None:
        notes.append(
            "too many splits reach C* to prove which is the most even: only the sum is shown"
        )
    if not found.exact:
        notes.append(
            "BFF is in whole minor units that balance, each right to about a millionth of all"
        )
    return [*notes, "no order in time is in it: see deals cycles"]


def _revenue(found: Circularity) -> list[str]:
    from dealledger.projections.answers.numbers import amount, share
    from dealledger.projections.answers.values import cell

    if found.revenue_share is None:
        return []
    revenue = f"insiders' revenue is {amount(found.revenue)}"
    if found.multiple is None:
        revenue += ", none of it recorded from outside"
    else:
        times = cell(Number(found.multiple))
        revenue += f", {times} times what outsiders pay ({amount(found.external)})"
    circling = f"{amount(found.revenue_ceiling)} ({share(found.revenue_share)})"
    return [f"{revenue}; at most {circling} of it is on circles"]
