"""How `commitments --by bearer` says who bears what, for people and for programs."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

from dealledger.projections.answers.bounds import SAID
from dealledger.projections.answers.numbers import amount, money, number
from dealledger.projections.answers.values import cell, to_json
from dealledger.projections.promises.burden import Burden, Share, effective_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dealledger.events import Json
    from dealledger.events.base import Bound

_KEYS: Final = (
    "id",
    "obligor",
    "beneficiary",
    "layer",
    "headline",
    "years",
    "per_year",
    "own_ratio",
    "own_per_year",
    "effective_bearers",
    "unassigned",
)


def borne_notes(shares: Iterable[Share], slug: str | None) -> Iterator[str]:
    """Yield, per layer and currency, what of the open *slug* bears, and how spread it is."""
    parts: dict[tuple[str, str], list[Share]] = {}
    for share in shares:
        parts.setdefault((share.layer, share.currency), []).append(share)
    for (layer, currency), found in parts.items():
        own = sum((share.share for share in found if share.key == slug), Fraction())
        bears = f"{slug} bears {cell(own)}, " if slug else ""
        spread = number(effective_number([share.share for share in found]))
        yield f"{layer}, {currency}: {bears}{spread} effective bearers of what is open"


def burden_json(burden: Burden, bound: Bound) -> Json:
    """Return one headline and its bearers, exact. bound: what kind of number the headline is."""
    said = {name: to_json(getattr(burden, name)) for name in _KEYS}
    bearers = [{"bearer": party, "amount": part.text()} for party, part in burden.bearers]
    return {**said, "currency": burden.headline.currency, "bound": bound, "bearers": bearers}  # type: ignore[dict-item]


def burden_note(burden: Burden, bound: Bound) -> str:
    """Return one headline in a line: how much, over how long, a year, and who bears it."""
    words = [f"{burden.id}: {SAID[bound]} {money(burden.headline)}".replace("  ", " ")]
    own = f"{burden.obligor} bears {cell(burden.own_ratio)}"
    if burden.years and burden.per_year and burden.own_per_year:
        words.append(f"over {number(burden.years)} years {amount(burden.per_year)} a year")
        own += f", {amount(burden.own_per_year)} a year"
    words.append(own)
    if burden.unassigned.minor:
        words.append(f"{amount(burden.unassigned)} unassigned")
    least = "at least " if burden.unassigned.minor else ""
    words.append(f"{least}{number(burden.effective_bearers)} effective bearers")
    return "; ".join(words)
