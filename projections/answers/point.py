"""Where in time an answer stands, and what its sums leave out."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dealledger.ledger import View


def caption(view: View) -> str:
    """Return where in time an answer stands, for people."""
    by = f", as announced by {view.announced_by}" if view.announced_by else ""
    return f"as of {view.as_of}{by}, known at @{view.known_at}, root {view.root[:8]}"


def undisclosed_note(count: int) -> list[str]:
    """Return the line that says how many amounts the sums leave out."""
    if not count:
        return []
    return [f"{count} undisclosed amount{'s are' if count > 1 else ' is'} not in the sums"]
