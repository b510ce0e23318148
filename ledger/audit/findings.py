"""What is found when a ledger is looked through."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Damage:
    """One thing that is not as it was appended. position: where, or None for the whole ledger."""

    position: int | None
    message: str

    def __str__(self) -> str:
        """Return the one line that people read."""
        return self.message if self.position is None else f"@{self.position}: {self.message}"
