"""What an answer stands on, in words: the record up to a position, checked or not; assumptions."""

from __future__ import annotations

from dealledger.events.text import counted, visible
from dealledger.ledger import Assumed, Grounds, Verified


def record_words(known_at: int, root: str, grounds: Grounds) -> list[str]:
    """Return the phrases of a caption, the position first.

    >>> record_words(120, "5dc9da79ab", Grounds(Verified(335)))
    ['known at @120', 'verified: 335 records hashed, root 5dc9da79']
    """
    at, shown = f"known at @{grounds.recorded(known_at)}", f"root {root[:8]}"
    if grounds.verified is not None:
        shown = f"{_hashed(grounds.verified)}, {shown}{_continued(grounds.verified)}"
    return [at, shown, *map(_assumed, grounds.assumed)]


def _hashed(verified: Verified) -> str:
    return f"verified: {counted(verified.records, 'record')} hashed"


def _continued(verified: Verified) -> str:
    """Say which checkpoint the records continue, and who signed that, if it was asked for."""
    if verified.file is None:
        return ""
    by = f" signed by {' and '.join(verified.signed_by)}" if verified.signed_by else ""
    return f" (checkpoint {visible(verified.file)} of @{verified.size}{by})"


def _assumed(assumed: Assumed) -> str:
    name = "stdin" if assumed.file == "-" else visible(assumed.file)
    return f"assuming {counted(len(assumed.events), 'event')} of {name}"
